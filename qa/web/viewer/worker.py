"""The process that shows pages: requests in, answers out, each a line of JSON and some bytes.

Started by `qa.web.viewer.process`. A file that crashes, hangs or fills the memory takes this
process with it and nothing else. pdfium is used by one thread alone, which is this process's.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from index.documents.worker import limit_memory, set_alarm
from qa.web.viewer.boxes import Place
from qa.web.viewer.files import ViewError
from qa.web.viewer.pictures import Shelf

__all__ = ["serve"]

_IDLE = 600  # seconds after which it ends when nobody asks, and its memory is free
_GRACE = 5  # seconds after which it ends itself when nobody is there to end it
_NICE = 5  # answers go first


def serve(memory: int) -> None:
    """Answer requests until standard input ends; ``memory``: bytes that may be allocated."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    limit_memory(memory)
    if hasattr(os, "nice"):
        os.nice(_NICE)
    shelf = Shelf()
    set_alarm(_IDLE)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        set_alarm(int(request["seconds"]) + _GRACE)
        answer, body = _answer(shelf, request)
        head = json.dumps({**answer, "bytes": len(body)})
        answers.write(head.encode() + b"\n" + body)
        answers.flush()
        set_alarm(_IDLE)


def _answer(shelf: Shelf, request: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        return _done(shelf, request)
    except ViewError as exc:
        return {"error": str(exc)}, b""
    # Whatever a damaged file brings about must fail that file only.
    except Exception:  # noqa: BLE001
        return {"error": "unreadable"}, b""


def _done(shelf: Shelf, request: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    pages = shelf.pages(request["path"], request["hash"])
    if request["do"] == "picture":
        return {}, pages.picture(request["number"], request["pixels"])
    answer = request["place"]["answer"]
    place = Place(**{**request["place"], "answer": tuple(answer) if answer else None})
    numbers = request["numbers"]
    if request["do"] == "ocr":
        found = [pages.scanned_boxes(place, number) for number in numbers]
        boxes = [box for some, _ in found for box in some]
        share = sum(part for _, part in found)
    else:
        boxes, share = pages.boxes(place, numbers)
        wider = sorted({*numbers, numbers[0] - 1, numbers[-1] + 1})
        if share < 1 and request["wider"]:  # a note stands with the words that name it
            boxes, share = max((boxes, share), pages.boxes(place, wider), key=lambda one: one[1])
    width, height = pages.size(min(pages.count, numbers[0]))
    return {
        "pages": pages.count,
        "ratio": height / width,
        "boxes": [asdict(box) for box in boxes],
        "share": round(min(1.0, share), 4),
    }, b""
