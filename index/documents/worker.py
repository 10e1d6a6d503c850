"""The process in which files are converted: requests in and answers out, line by line, in JSON.

Long work says that it goes on by empty lines (`STEP`) before its answer.

Started by `index.sync.pool`. A file that crashes, hangs or fills the memory takes this process with
it and nothing else. JSON, because what a converter of hostile files says is not to be unpickled.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from index.documents.contents import Contents
from index.documents.parts import ReadOptions
from index.documents.progress import on_step
from index.errors import DocumentError

__all__ = ["STEP", "limit_memory", "serve", "set_alarm"]

STEP = b""  # the line that says that a step of long work is done
GRACE = 5  # seconds after which this process ends itself when nobody is there to end it


def serve(memory: int) -> None:
    """Answer requests until standard input ends; ``memory``: bytes that may be allocated."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answers
    limit_memory(memory)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        limit = int(request["seconds"]) + GRACE
        set_alarm(limit)
        with on_step(partial(_tell, answers, limit, STEP)):
            for answer in _answers(request):
                _tell(answers, limit, json.dumps(answer).encode())
        set_alarm(0)


def _tell(answers: BinaryIO, limit: int, line: bytes) -> None:
    """Write a line; the next one is due within so many seconds."""
    answers.write(line + b"\n")
    answers.flush()
    set_alarm(limit)


def set_alarm(seconds: int) -> None:
    """The operating system ends this process then, whatever the converter does."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _answers(request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What is found of a file: what is in it, as it is read, and last the file's own document."""
    options = ReadOptions(request["ocr"], tuple(request["passwords"]))
    path, known = Path(request["path"]), frozenset(request["known"])
    contents = Contents(path, request["id"], options, request["failed"], known)
    try:
        for found in contents.members():
            yield {"reading": found} if isinstance(found, str) else {"member": asdict(found)}
        yield {"document": asdict(contents.own())}
    except DocumentError as exc:
        yield {"reason": exc.reason}
    except MemoryError:
        yield {"reason": "needs more memory than a file may take; split it into smaller files"}
    # Whatever a converter raises on a damaged file must fail that file only.
    except Exception as exc:  # noqa: BLE001
        yield {"reason": f"cannot be converted ({type(exc).__name__}); save it anew"}


def limit_memory(memory: int) -> None:
    """Let this process allocate so many bytes, and leave no core file."""
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
