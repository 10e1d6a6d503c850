#!/usr/bin/env bash
# Found: when the reader of a streamed response goes away, a synchronous generator behind it is stopped
# where it is and not closed: what stands in its `finally` and `with` runs whenever Python's garbage
# collector next comes by, which may be never on a quiet server. An asynchronous generator's runs at once.
# So it is with Starlette's StreamingResponse and with FastAPI's EventSourceResponse.
# Why it matters: the generator that writes an answer holds one of the few places for answers, a lock or
# a model while it works. People leave a slow answer and ask again: each of them keeps a place taken,
# and soon the server says that it is busy while it does nothing. Give places back in an asynchronous
# generator around it, or in a background task.
# Seen with starlette 1.10.0, fastapi 0.165.0 and uvicorn 0.54.0 on CPython 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet \
	fastapi==0.165.0 starlette==1.10.0 uvicorn==0.54.0 anyio==4.16.0
"$folder/venv/bin/python" - <<'PY'
import asyncio
import gc
import socket
import threading
import time
from collections.abc import AsyncIterable, Iterable
from importlib.metadata import version

import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse

app = FastAPI()
given_back = set()


def sentences(place):
    try:
        for number in range(1000):
            time.sleep(0.02)
            yield f"data: sentence {number}\n\n"
    finally:
        given_back.add(place)


async def asynchronous(place):
    try:
        for number in range(1000):
            await asyncio.sleep(0.02)
            yield f"data: sentence {number}\n\n"
    finally:
        given_back.add(place)


@app.get("/sync")
def sync() -> StreamingResponse:
    return StreamingResponse(sentences("sync"), media_type="text/event-stream")


@app.get("/async")
def async_() -> StreamingResponse:
    return StreamingResponse(asynchronous("async"), media_type="text/event-stream")


@app.get("/events", response_class=EventSourceResponse)
def events() -> Iterable[str]:
    yield from sentences("events")


@app.get("/async-events", response_class=EventSourceResponse)
async def async_events() -> AsyncIterable[str]:
    async for sentence in asynchronous("async-events"):
        yield sentence


server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
thread = threading.Thread(target=server.run)
gc.disable()  # a quiet server: nothing else makes garbage enough
thread.start()
while not server.started:
    time.sleep(0.02)
port = server.servers[0].sockets[0].getsockname()[1]
for path in ("sync", "async", "events", "async-events"):
    reader = socket.create_connection(("127.0.0.1", port))
    reader.sendall(f"GET /{path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    while b"sentence 3" not in reader.recv(65536):
        pass
    reader.close()
time.sleep(3)
left = set(given_back)
gc.collect()
time.sleep(0.5)
print(*(f"{name} {version(name)}" for name in ("starlette", "fastapi", "uvicorn")))
print("given back three seconds after the readers left:", *sorted(left))
print("after a garbage collection:", *sorted(given_back))
server.should_exit = True
thread.join()
assert left == {"async", "async-events"}, "other places are given back"
assert given_back == {"sync", "async", "events", "async-events"}
PY
