"""In the chat: the collection that is asked, and the way to its documents.

Which one it is stands in the page's address, ``?collection=NAME``: to choose another opens another
page, with a conversation of its own. Gradio sends the address of the page with each event.
"""

from typing import TYPE_CHECKING, Any

from qa.web.collection import Collection, Collections
from qa.web.service import Service

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["add_chooser", "asked_for", "documents_of"]

_MOST = 500  # documents of an address to search in


def add_chooser(collections: Collections, say: Any, service: Service) -> None:
    """Add the place for the collections, where there are several, and the link to the documents.

    chooser.js fills the one, and keeps the other with the collection.
    """
    import gradio as gr

    if len(collections.names) > 1:
        gr.Column(elem_id="collection")
    address = f"{service.options.root_path}/documents"
    gr.Button(
        say("library"),
        elem_id="library",
        elem_classes="qa-button quiet",
        link=address,
        link_target="_self",
    )


def asked_for(collections: Collections, request: "Request") -> Collection:
    """The collection of the page; raises RefusedError for one that there is not."""
    return collections.get(request.query_params.get("collection"))


def documents_of(request: "Request") -> list[str]:
    """The documents in which the page's address says to search: ``?in=ID``, once for each."""
    params = request.query_params
    return params.getlist("in")[:_MOST] if hasattr(params, "getlist") else []
