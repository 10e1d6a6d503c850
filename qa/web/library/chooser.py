"""In the chat: the collection that is asked, and the way to its documents."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from qa.web.collection import Collections
from qa.web.service import Service

__all__ = ["asked_for", "chooser_of", "library_address", "library_link"]

_MOST = 500  # documents of an address to search in


def chooser_of(collections: Collections, say: Any) -> Any:
    """The collections to choose from, where there are several; None is no choice yet."""
    import gradio as gr

    return gr.Dropdown(
        choices=collections.names,
        value=None,
        label=say("collection"),
        elem_id="collection",
        visible=len(collections.names) > 1,
        filterable=False,
        container=False,
        min_width=120,
    )


def library_link(say: Any, service: Service) -> Any:
    """The way to the page of documents."""
    import gradio as gr

    address = f"{service.options.root_path}/documents"
    return gr.Button(
        say("library"), elem_id="library", size="sm", link=address, link_target="_self"
    )


def library_address(collections: Collections, name: str, service: Service) -> str:
    """The address of the page of a collection's documents."""
    named = f"?{urlencode({'collection': name})}" if len(collections.names) > 1 else ""
    return f"{service.options.root_path}/documents{named}"


def asked_for(
    collections: Collections, chosen: str | None, address: Mapping[str, str]
) -> tuple[str, list[str]]:
    """The collection that is chosen, and the documents to search in.

    As long as nothing is chosen, both are those of the page's address: ``?collection=...&in=ID``,
    with ``in`` once for each document. A name that there is none of stays, and is said to be
    unknown where it is opened.
    """
    if chosen:
        return chosen, []
    listed = address.getlist("in") if hasattr(address, "getlist") else []
    return address.get("collection") or collections.names[0], listed[:_MOST]
