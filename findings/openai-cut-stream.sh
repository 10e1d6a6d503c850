#!/usr/bin/env bash
# Found: OpenAI's client takes a chat answer that was cut short for a whole one. Where the stream ends
# without a finish_reason and without [DONE], as when a proxy's time is up or the process that wrote it
# was stopped, the loop over it just ends, and the helper that collects the answer gives what came so
# far with finish_reason None. Only a connection that breaks within a chunk is an error, and so is a cut
# stream of the newer /v1/responses, collected by its helper.
# Why it matters: in Spanish and English alike the end of a sentence can turn it round: "El plazo se
# amplía" is what came of "El plazo se amplía solo para quienes lo pidieron". Who checks each sentence
# of a model against the documents has to know that it is a whole one: finish_reason is to be asked for.
# Seen with openai 3.57.0, over HTTP with a chunked body that is properly closed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet openai==3.57.0
"$folder/venv/bin/python" - <<'PY'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

import openai

WORDS = ("El plazo se amplía", " solo para quienes lo pidieron.")
EMPTY = {"id": "r", "object": "response", "created_at": 1, "model": "m", "output": [], "tools": []}
SHARED = {"output_index": 0, "item_id": "i", "content_index": 0, "logprobs": []}


def chat(words, reason=None):
    choice = {"index": 0, "delta": {"content": words}, "finish_reason": reason}
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "choices": [choice]}


def responses():
    """The events of /v1/responses up to the first words."""
    item = {"id": "i", "type": "message", "role": "assistant", "content": []}
    part = {"type": "output_text", "text": "", "annotations": []}
    yield {"type": "response.created", "response": EMPTY}
    yield {"type": "response.output_item.added", "output_index": 0, "item": item}
    yield {"type": "response.content_part.added", "part": part, **SHARED}
    yield {"type": "response.output_text.delta", "delta": WORDS[0], **SHARED}


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        events = [chat(WORDS[0])]
        if self.path.startswith("/whole"):
            events += [chat(WORDS[1]), chat("", "stop"), "[DONE]"]
        if self.path.endswith("/responses"):
            events = list(responses())
        for event in events:
            data = event if isinstance(event, str) else json.dumps(event)
            self.send(f"data: {data}\n\n".encode())
        if not self.path.startswith("/broken"):
            self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True

    def send(self, data):
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def log_message(self, *_):
        pass


def loop(client):
    words, reason = "", None
    asked = [{"role": "user", "content": "¿Se amplía el plazo?"}]
    for chunk in client.chat.completions.create(model="m", messages=asked, stream=True):
        words += chunk.choices[0].delta.content
        reason = chunk.choices[0].finish_reason or reason
    return words, reason


def helper(client):
    asked = [{"role": "user", "content": "¿Se amplía el plazo?"}]
    with client.chat.completions.stream(model="m", messages=asked) as stream:
        choice = stream.get_final_completion().choices[0]
    return choice.message.content, choice.finish_reason


def newer(client):
    with client.responses.stream(model="m", input="¿Se amplía el plazo?") as stream:
        return stream.get_final_response().output_text


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
seen = {}
for kind, read in (
    ("whole", loop),
    ("cut", loop),
    ("cut", helper),
    ("broken", loop),
    ("cut", newer),
):
    url = f"http://127.0.0.1:{server.server_port}/{kind}"
    try:
        found = read(openai.OpenAI(base_url=url, api_key="none", max_retries=0))
    except (openai.OpenAIError, RuntimeError) as error:
        found = type(error).__name__
    seen[kind, read.__name__] = found
server.shutdown()
print(f"openai {version('openai')}")
for (kind, name), found in seen.items():
    print(f"{kind}, {name}: {found}")
assert seen["whole", "loop"] == ("".join(WORDS), "stop")
assert seen["cut", "loop"] == (WORDS[0], None), "a cut stream is told in the loop"
assert seen["cut", "helper"] == (WORDS[0], None), "a cut stream is told by the helper"
assert seen["broken", "loop"] == "APIConnectionError"
assert seen["cut", "newer"] == "RuntimeError"
PY
