"""In the chat: the collection that is asked, and the way to its documents."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from qa.web.collection import Collections
from qa.web.service import Service

__all__ = ["asked_for", "choice_of", "chosen_updates"]

_MOST = 500  # documents of an address to search in


def choice_of(collections: Collections, say: Any, service: Service) -> list[Any]:
    """The collections to choose from, and the way to their documents, where there are several.

    With one alone nothing has to be chosen, and the way stays as it is.
    """
    import gradio as gr

    several = len(collections.names) > 1
    choice = []
    if several:
        chooser = gr.Dropdown(
            choices=collections.names,
            value=None,  # until the page is opened: its address may name one
            label=say("collection"),
            elem_id="collection",
            filterable=False,
            container=False,
            min_width=80,
        )
        chooser.preprocess = lambda chosen: chosen  # an unknown one is said where it is opened
        choice.append(chooser)
    address = f"{service.options.root_path}/documents"
    library = gr.Button(
        say("library"), elem_id="library", size="sm", link=address, link_target="_self"
    )
    return [*choice, library] if several else []


def chosen_updates(collections: Collections, name: str, service: Service) -> tuple[Any, ...]:
    """What a choice changes of what `choice_of` gives."""
    import gradio as gr

    if len(collections.names) == 1:
        return ()
    address = f"{service.options.root_path}/documents?{urlencode({'collection': name})}"
    return gr.update(value=name), gr.update(link=address)


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
