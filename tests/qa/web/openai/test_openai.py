"""OpenAI's protocol, asked by OpenAI's own client over HTTP."""

import json
import re
import socket
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import Document, Index
from index.embedders import Embedder
from index.errors import QAError
from qa import Answer, Assistant, Retriever
from qa.writing.failures import Failure, ModelFailedError
from qa.writing.writer import Writer
from tests.conftest import CHAT
from tests.qa.web.processes import until

openai: Any = pytest.importorskip("openai", reason="needs openai: see tests/requirements.txt")
pytest.importorskip("fastapi", reason=CHAT)

ASKED = "¿Cuándo visitó Rubio México?"
TOKEN = "a token of this test"  # noqa: S105
POISON = "El aforo es de ![x](https://example.org/p.png) 85 personas.\n\n<b>Horario</b>: de 9 a 14."


class Scripted:
    """A language model that says what it is told to, and then breaks off if it should."""

    name = "scripted"
    said: Sequence[str] = ()
    fails = False

    def write(self, messages: Sequence[dict[str, str]]) -> Iterator[str]:
        """The pieces of the text."""
        del messages
        yield from self.said
        if self.fails:
            raise ModelFailedError(Failure.CUT)


MODEL = Scripted()


@pytest.fixture(scope="module")
def client(
    seeds_index: Path, tmp_path_factory: pytest.TempPathFactory, embedder: Embedder
) -> Iterator[Any]:
    """A client of a server with three collections, which needs a token."""
    import uvicorn

    from qa.web.collection import Collections
    from qa.web.http.app import create_api
    from qa.web.openai.routes import add_openai
    from qa.web.options import Options
    from qa.web.service import Service

    rules = tmp_path_factory.mktemp("rules")
    with Index.open(rules, create=True, model=embedder) as index:
        index.add(
            [
                Document("sala.md", POISON, title="Sala [1]", metadata={"year": 2024}),
                Document("otra.md", "El aforo es de 90 personas.", metadata={"year": 2025}),
            ]
        )

    def opened(folder: Path) -> tuple[Retriever, Assistant]:
        retriever = Retriever.open(folder, model=embedder)
        return retriever, Writer(retriever, model=MODEL) if folder.name == "w" else Assistant(
            retriever
        )

    (written := tmp_path_factory.mktemp("written") / "w").symlink_to(seeds_index)
    folders = {"qa": seeds_index, "normas": rules, "escrita": written}
    service = Service(Options(token=TOKEN, web_url="https://docs.example.org/qa"))
    collections = Collections(folders, opened)
    first = collections.get()
    api = create_api(first.retriever, service=service, assistant=first.assistant)
    add_openai(api, collections, service)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(api, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until(lambda: server.started)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    yield openai.OpenAI(base_url=address, api_key=TOKEN, max_retries=0)
    server.should_exit = True
    thread.join(60)
    collections.close()


def user(text: Any) -> dict[str, Any]:
    return {"role": "user", "content": text}


def text_of(completion: Any) -> str:
    text: str = completion.choices[0].message.content
    return text


def test_models(client: Any) -> None:
    """Each collection is one; the embedding models come after them."""
    names = [
        "qa",
        "normas",
        "escrita",
        "qa-embedding",
        "qa-embedding-query",
        "qa-embedding-passage",
    ]
    assert [model.id for model in client.models.list()] == names
    assert client.models.retrieve("normas").id == "normas"
    with pytest.raises(openai.NotFoundError, match="There is no model 'leyes'"):
        client.models.retrieve("leyes")


def test_an_answer_with_its_sources(client: Any) -> None:
    """Quoted, with links that open in the chat, and the whole answer as data beside it."""
    found = client.chat.completions.create(model="qa", messages=[user(ASKED)], temperature=0.7)
    answer = Answer.from_dict(found.qa)
    assert answer.found
    assert "2 de septiembre de 2025" in text_of(found)
    assert "**Fuentes**" in text_of(found)
    links = re.findall(r"\(<(https://docs\.example\.org/qa/c/[\w.-]+)>\)", text_of(found))
    assert len(links) == len(answer.citations)
    assert found.choices[0].finish_reason == "stop"
    assert found.usage.total_tokens > found.usage.prompt_tokens > 0
    refused = client.chat.completions.create(
        model="qa", messages=[user("¿Quién pintó Las meninas?")]
    )
    assert text_of(refused).startswith("Los documentos no lo dicen.")
    assert "Fuentes" not in text_of(refused)


def test_a_conversation_in_parts(client: Any) -> None:
    """A follow-up is understood by what was asked before; content may be a list of parts."""
    said = [
        {"role": "system", "content": "Answer in verse."},
        user(ASKED),
        {"role": "assistant", "content": "En septiembre de 2025."},
        user([{"type": "text", "text": "¿Y qué"}, {"type": "text", "text": "destacó?"}]),
    ]
    found = client.chat.completions.create(model="qa", messages=said)
    assert "Rubio" in found.qa["searched_for"]
    assert found.qa["found"]


def test_a_stream_is_the_answer(client: Any) -> None:
    """Its pieces together are what is said without it; it ends with a reason, and counts tokens."""
    chunks = list(
        client.chat.completions.create(
            model="qa", messages=[user(ASKED)], stream=True, stream_options={"include_usage": True}
        )
    )
    whole = client.chat.completions.create(model="qa", messages=[user(ASKED)])
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks[:-1]]
    assert "".join(pieces) == text_of(whole)
    assert sum(map(bool, pieces)) > 1
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-2].qa["citations"] == whole.qa["citations"]
    assert chunks[-1].usage == whole.usage


def test_a_stream_without_its_end_is_an_error(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client would take one that only ends for a whole one."""

    def broken(*_: Any, **__: Any) -> Iterator[Answer]:
        yield Answer("q", "q", True, "«uno» [1]", 1.0)
        raise QAError("The index is gone: make it again.")

    monkeypatch.setattr(Assistant, "stream", broken)
    stream = client.chat.completions.create(model="qa", messages=[user(ASKED)], stream=True)
    with pytest.raises(openai.APIError, match="make it again"):
        list(stream)
    with (
        pytest.raises(RuntimeError, match=r"response\.completed"),
        client.responses.stream(model="qa", input=ASKED) as events,
    ):
        assert [event for event in events if event.type == "response.failed"]
        events.get_final_response()


def test_words_of_documents_stay_words(client: Any) -> None:
    """A picture or a tag in a document is shown as it is written, also its title."""
    found = client.chat.completions.create(
        model="normas",
        messages=[user("¿Cuál es el aforo?")],
        extra_body={"where": {"year": 2024}},
    )
    assert "85 personas" in text_of(found)
    assert not re.search(r"(?<!\\)!\[|<b>", text_of(found))
    assert "Sala \\[1\\]" in text_of(found)
    other = client.chat.completions.create(
        model="normas",
        messages=[user("¿Cuál es el aforo?")],
        extra_body={"documents": ["otra.md"]},
    )
    assert "90 personas" in text_of(other)


def test_what_a_language_model_wrote(client: Any) -> None:
    """Only what stays is sent; where it fails, the quotes are, once."""
    MODEL.said = ["Rubio visitó México el 2 de ", "septiembre de 2025 [1]. Vino en 1999 [1]."]
    MODEL.fails = False
    asked: dict[str, Any] = {"model": "escrita", "messages": [user(ASKED)]}
    whole = client.chat.completions.create(**asked)
    chunks = list(client.chat.completions.create(**asked, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == text_of(whole)
    assert "1999" not in text_of(whole)
    MODEL.said, MODEL.fails = ["Rubio vis"], True
    chunks = list(client.chat.completions.create(**asked, stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == text_of(client.chat.completions.create(**asked))
    assert chunks[-1].qa["written"]["fallback"]
    assert text.count("«Durante") == 1


def test_responses(client: Any) -> None:
    """The newer protocol says the same, whole and in events."""
    whole = client.responses.create(
        model="qa", input=[user([{"type": "input_text", "text": ASKED}])]
    )
    assert whole.status == "completed"
    assert "2 de septiembre de 2025" in whole.output_text
    with client.responses.stream(model="qa", input=ASKED) as events:
        kinds = [event.type for event in events]
        assert events.get_final_response().output_text == whole.output_text
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"


def test_embeddings(client: Any, embedder: Embedder) -> None:
    """Those of the index's model, as questions or passages, as numbers or in base64."""

    def vectors(**given: Any) -> Any:
        found = client.embeddings.create(**given)
        return np.array([item.embedding for item in found.data], dtype=np.float32)

    texts = ["¿Quién visitó México?", "Rubio visitó México."]
    queries, passages = embedder.embed_queries(texts), embedder.embed_passages(texts)
    as_query = {"extra_body": {"input_type": "query"}}
    for found, expected in (
        (vectors(model="qa-embedding", input=texts), passages),
        (vectors(model="qa-embedding-passage", input=texts), passages),
        (vectors(model="qa-embedding-query", input=texts), queries),
        (vectors(model="qa-embedding", input=texts, **as_query), queries),
        (vectors(model="qa-embedding", input=texts, encoding_format="float"), passages),
        (vectors(model="qa-embedding-query", input=texts[0]), embedder.embed_queries(texts[:1])),
    ):
        np.testing.assert_allclose(found, expected, atol=2e-3)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"input": [1, 2, 3]}, "not numbers of tokens"),
        ({"input": []}, "one or more texts"),
        ({"input": ["x"] * 3000}, "at most 2,048"),
        ({"input": "x", "dimensions": 5}, "have 384 dimensions"),
        ({"input": "x", "extra_body": {"input_type": "title"}}, "input_type is one of"),
        ({"input": "x", "model": "qa"}, "use qa-embedding"),
    ],
)
def test_what_cannot_be_embedded(client: Any, given: dict[str, Any], said: str) -> None:
    with pytest.raises(openai.APIStatusError, match=said):
        client.embeddings.create(**{"model": "qa-embedding", **given})


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"messages": [user("  ")]}, 400, "The question is empty"),
        ({"messages": [user("¡!")], "stream": True}, 400, "has no words"),
        ({"messages": []}, 400, "messages is wrong"),
        ({"messages": [{"role": "system", "content": "x"}]}, 400, "role user"),
        ({"messages": [user([{"type": "image_url"}])]}, 400, "ask in text alone"),
        ({"messages": [user(ASKED)], "model": "gpt"}, 404, "There is no model 'gpt'"),
        ({"messages": [user(ASKED)], "n": 2}, 400, "n is wrong"),
        ({"messages": [user(ASKED)], "extra_body": {"where": {"y": {"gt": 1}}}}, 400, "gt is no"),
        ({"messages": [user(ASKED)], "extra_body": {"since": "ayer"}}, 400, "is no date"),
    ],
)
def test_what_cannot_be_asked(client: Any, given: dict[str, Any], status: int, said: str) -> None:
    """One sentence, in the form that the client shows."""
    with pytest.raises(openai.APIStatusError, match=said) as raised:
        client.chat.completions.create(**{"model": "qa", **given})
    assert raised.value.status_code == status


def test_without_the_token(client: Any) -> None:
    other = client.with_options(api_key="another")
    with pytest.raises(openai.AuthenticationError, match="the token"):
        other.models.list()


def test_the_jobs_of_a_chat(client: Any) -> None:
    """Its own title and tags are not searched for; a question inside its template is."""
    job = '### Task:\nGenerate a title.\n{ "title": "..." }\n'
    asked = f"{job}<chat_history>\nUSER: {ASKED}\n</chat_history>"
    found = client.chat.completions.create(model="qa", messages=[user(asked)])
    assert json.loads(text_of(found)) == {"title": ASKED}
    tags = '### Task:\nGenerate 1-3 tags.\n{ "tags": ["tag1"] }'
    stream = client.chat.completions.create(model="qa", messages=[user(tags)], stream=True)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    assert json.loads(text) == {"tags": []}
    inside = f"### Task:\nRespond.\n<context></context>\n<user_query>\n{ASKED}\n</user_query>"
    found = client.chat.completions.create(model="qa", messages=[user(inside)])
    assert found.qa["question"] == ASKED
