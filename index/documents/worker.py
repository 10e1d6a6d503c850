"""The process in which files are converted: one request a line in, one answer a line out, in JSON.

Started by `index.sync.pool`. A file that crashes, hangs or fills the memory takes this process with
it and nothing else. JSON, because what a converter of hostile files says is not to be unpickled.
"""

import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.documents.read import ReadOptions, read_document
from index.errors import DocumentError

__all__ = ["serve"]

GRACE = 5  # seconds after which this process ends itself when nobody is there to end it


def serve(memory: int) -> None:
    """Answer requests until standard input ends; ``memory``: bytes that may be allocated."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    _limit(memory)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if hasattr(signal, "alarm"):
            # The operating system ends this process, whatever the converter does.
            signal.alarm(int(request["seconds"]) + GRACE)
        options = ReadOptions(request["ocr"], tuple(request["passwords"]))
        answer = _answer(request["path"], request["id"], options)
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        answers.write(json.dumps(answer).encode() + b"\n")
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
