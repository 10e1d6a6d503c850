#!/usr/bin/env bash
# Found: when the generator behind FastAPI's own server-sent events (EventSourceResponse) fails, the
# response is closed as if it were complete: status 200 and the closing chunk. A failure before the
# first event is an empty answer of the same kind. Over Starlette's StreamingResponse the same generator
# leaves the body unfinished, which HTTP clients report as an error. (A generator that fails in the very
# moment of its start, without waiting for anything, leaves it unfinished here, too.)
# Why it matters: an answer written sentence by sentence whose second half failed is read as a whole
# one, and none at all as "the documents do not say". The stream needs a last event of its own that says
# how it ended, also where the generator fails, and clients have to wait for it.
# Seen with fastapi 0.165.0, starlette 1.10.0 and uvicorn 0.54.0, synchronous and asynchronous.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet \
	fastapi==0.165.0 starlette==1.10.0 uvicorn==0.54.0 anyio==4.16.0
"$folder/venv/bin/python" - <<'PY'
import asyncio
import http.client
import threading
import time
from collections.abc import AsyncIterable, Iterable
from importlib.metadata import version

import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse

app = FastAPI()


def sentences(failing):
    for number in range(3):
        time.sleep(0.05)
        if number == failing:
            raise RuntimeError("the model's server is gone")
        yield f"sentence {number}"


@app.get("/events/{failing}", response_class=EventSourceResponse)
def events(failing: int) -> Iterable[str]:
    yield from sentences(failing)


@app.get("/async/{failing}", response_class=EventSourceResponse)
async def asynchronous(failing: int) -> AsyncIterable[str]:
    for number in range(3):
        await asyncio.sleep(0.05)  # as the model's next words take their time
        if number == failing:
            raise RuntimeError("the model's server is gone")
        yield f"sentence {number}"


@app.get("/plain/{failing}")
def plain(failing: int) -> StreamingResponse:
    return StreamingResponse(sentences(failing), media_type="text/event-stream")


server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
thread = threading.Thread(target=server.run)
thread.start()
while not server.started:
    time.sleep(0.02)
port = server.servers[0].sockets[0].getsockname()[1]


def read(path):
    """The status, how many sentences came, and whether the client saw an error."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    response = connection.getresponse()
    try:
        body, error = response.read(), None
    except http.client.IncompleteRead as exc:
        body, error = exc.partial, type(exc).__name__
    return response.status, body.count(b"sentence"), error


paths = [f"/{kind}/{at}" for kind in ("events", "async", "plain") for at in (9, 1, 0)]
seen = {path: read(path) for path in paths}
again = [{path: read(path) for path in paths} for _ in range(4)]
server.should_exit = True
thread.join()
print(*(f"{name} {version(name)}" for name in ("fastapi", "starlette", "uvicorn")))
for path, found in seen.items():
    print(path, found)
assert all(each == seen for each in again), "it differs from one time to the next"
for kind in ("events", "async"):
    assert seen[f"/{kind}/9"] == (200, 3, None)
    assert seen[f"/{kind}/1"] == (200, 1, None), "a failed stream is left unfinished"
    assert seen[f"/{kind}/0"] == (200, 0, None), "a failure at once is told"
assert seen["/plain/9"] == (200, 3, None)
assert seen["/plain/1"] == (200, 1, "IncompleteRead")
assert seen["/plain/0"] == (200, 0, "IncompleteRead")
PY
