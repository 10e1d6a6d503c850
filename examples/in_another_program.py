"""Put the search into a web application of your own: one open retriever, many threads."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qs, urlencode

from index import Index
from qa import Retriever
from qa.errors import QuestionError
from qa.serialize import hits_json

SEEDS = Path(__file__).parent.parent / "seeds"


def search_page(retriever: Retriever) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """A WSGI application: ``?q=...`` gives the three best passages as JSON."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        question = parse_qs(environ["QUERY_STRING"]).get("q", [""])[0]
        try:
            status, body = "200 OK", json.dumps(hits_json(retriever.search(question, k=3)))
        except QuestionError as exc:  # an empty question, for one
            status, body = "422 Unprocessable Content", json.dumps({"error": str(exc)})
        start_response(status, [("Content-Type", "application/json")])
        return [body.encode()]

    return application


with TemporaryDirectory() as folder:
    with Index.open(folder, create=True) as index:
        index.sync(SEEDS)
    with Retriever.open(folder) as retriever:
        application = search_page(retriever)  # give this to your WSGI server
        for question in ("Marco Rubio", ""):
            print(*application({"QUERY_STRING": urlencode({"q": question})}, print))
