"""The process in which files are converted: one request a line in, one answer a line out, in JSON.

Long work says that it goes on by empty lines (`STEP`) before its answer.

Started by `index.sync.pool`. A file that crashes, hangs or fills the memory takes this process with
it and nothing else. JSON, because what a converter of hostile files says is not to be unpickled.
"""

import json
import os
import signal
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from index.documents.progress import on_step
from index.documents.read import ReadOptions, read_document
from index.errors import DocumentError

__all__ = ["STEP", "serve"]

STEP = b""  # the line that says that a step of long work is done
GRACE = 5  # seconds after which this process ends itself when nobody is there to end it


def serve(memory: int) -> None:
    """Answer requests until standard input ends; ``memory``: bytes that may be allocated."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    _limit(memory)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        seconds = int(request["seconds"]) + GRACE
        if hasattr(signal, "alarm"):
            # The operating system ends this process, whatever the converter does.
            signal.alarm(seconds)
        options = ReadOptions(request["ocr"], tuple(request["passwords"]))
        with on_step(partial(_tell, answers, seconds, STEP)):
            answer = _answer(request["path"], request["id"], options)
        _tell(answers, 0, json.dumps(answer).encode())


def _tell(answers: BinaryIO, seconds: int, line: bytes) -> None:
    """Write a line, and set the time within which the next one is due; 0: whenever it comes."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)
    answers.write(line + b"\n")
    answers.flush()


def _answer(path: str, id: str, options: ReadOptions) -> dict[str, Any]:
    try:
        return {"document": asdict(read_document(Path(path), id, options))}
    except DocumentError as exc:
        return {"reason": exc.reason}
    except MemoryError:
        return {"reason": "needs more memory than a file may take; split it into smaller files"}
    # Whatever a converter raises on a damaged file must fail that file only.
    except Exception as exc:  # noqa: BLE001
        return {"reason": f"cannot be converted ({type(exc).__name__}); save it anew"}


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:
        return  # Windows has no such limits
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    for limit, value in ((kind, memory), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(limit, (value, value))
        except (OSError, ValueError):
            continue  # a stricter one is in force
