"""Each tool, as a client has it, in both protocols: words, data, links, and what is refused."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.conftest import MCP

pytest.importorskip("mcp", reason=MCP)

from mcp.shared.exceptions import MCPError

from qa import Answer, Hit, Retriever
from qa.mcp import places
from qa.mcp.server import Server, create_server
from tests.qa.mcp.made import (
    ASKED,
    DEFINITIONS,
    MINUTES,
    PAGES,
    SHORT,
    Calls,
    asking,
    links,
    words,
)

Test = Callable[[Calls], Awaitable[None]]


@pytest.fixture(scope="module")
def server(documents_index: Path) -> Iterator[Server]:
    with Retriever.open(documents_index) as retriever:
        yield create_server(retriever)


@pytest.fixture(params=["auto", "legacy"])
def run(server: Server, request: pytest.FixtureRequest) -> Callable[[Test], None]:
    """Runs a test with a client that speaks one of the two protocols."""

    def run(test: Test) -> None:
        async def main() -> None:
            async with asking(server, request.param) as calls:
                await test(calls)

        asyncio.run(main())

    return run


def test_search(run: Callable[[Test], None]) -> None:
    """Passages with their places, as data, in words and as links; limits are those of `search`."""

    async def test(calls: Calls) -> None:
        data = await calls("search_documents", question=ASKED, k=2)
        first = data["hits"][0]
        hit = Hit.from_dict(first)
        assert (hit.document_id, hit.citation.page, hit.id) == (MINUTES, 2, first["id"])
        result = await calls.result("search_documents", question=ASKED, k=2)
        assert f"Acta de mayo (2024-05-03), p. 2, ¶ 2 | id: {first['id']}" in words(result)
        assert first["text"] in words(result)
        assert links(result)[0] == first["citation"]["link"]
        for limit in (
            {"where": {"kind": "ley"}},
            {"where": '{"kind": "ley"}'},  # as some clients send it
            {"documents": ["ley-7"], "where": None, "since": None},
            {"documents": '["ley-7"]'},
            {"until": "2019"},
        ):
            found = await calls("search_documents", question=ASKED, **limit)
            assert {one["document_id"] for one in found["hits"]} == {"ley-7"}, limit
        nothing = await calls("search_documents", question=ASKED, since="2031", documents=[])
        assert nothing == {"hits": []}

    run(test)


def test_ask(run: Callable[[Test], None]) -> None:
    """An answer with its quotes, a refusal, a follow-up, and the mentions of a phrase."""

    async def test(calls: Calls) -> None:
        data = await calls("ask_documents", question=ASKED)
        answer = Answer.from_dict(data)
        assert answer.found
        assert SHORT in (answer.short or "")
        assert len(data["hits"]) <= 3
        result = await calls.result("ask_documents", question=ASKED)
        assert data["answer"] in words(result)
        assert "[1] Acta de mayo (2024-05-03), p. 2" in words(result)
        assert links(result) == [one["link"] for one in data["citations"]]
        refused = await calls("ask_documents", question="¿Quién pintó Las meninas?")
        assert (refused["found"], refused["citations"]) == (False, [])
        assert refused["refusal"]["nearest"]["citation"]["link"].startswith("qa://documents/")
        history = [{"role": "user", "content": ASKED}, {"role": "assistant", "content": SHORT}]
        followed = await calls("ask_documents", question="¿Y en qué mes?", history=history)
        assert "puente" in followed["searched_for"]
        mentioned = await calls("ask_documents", question='"canon de riego"')
        assert mentioned["mentions"]["total"] == 1

    run(test)


def test_read(run: Callable[[Test], None]) -> None:
    """Words by their id or link, and any part of a document, exactly; changed words are refused."""

    async def test(calls: Calls) -> None:
        whole = "\n\n".join(PAGES)
        cited = (await calls("ask_documents", question=ASKED))["citations"][0]
        read = await calls("read_passage", id=cited["link"], before=20, after=9)
        start, end = cited["start"], cited["end"]
        assert read["text"] == cited["quote"]
        assert read["before"] == whole[start - 20 : start]
        assert read["after"] == whole[end : end + 9]
        assert {**read["citation"], "highlight": None} == {
            **{name: cited[name] for name in read["citation"]},
            "highlight": None,
        }
        assert await calls("read_passage", id=read["id"], before=20, after=9) == read
        part = await calls("read_passage", document=MINUTES, start=3, end=10)
        assert (part["text"], part["next"], part["length"]) == (whole[3:10], 10, len(whole))
        assert part["citation"]["page"] == 1
        rest = await calls("read_passage", document=MINUTES, start=10)
        assert (rest["text"], rest["next"]) == (whole[10:], None)
        assert "changed" in await calls.refused("read_passage", id=f"{read['id'][:-8]}00000000")
        for wrong in ({}, {"id": "x", "document": MINUTES}):
            assert "either an id" in await calls.refused("read_passage", **wrong)
        assert "no id of a passage" in await calls.refused("read_passage", id=MINUTES)
        beyond = await calls.refused("read_passage", document=MINUTES, start=len(whole))
        assert f"from 0 to {len(whole)}" in beyond

    run(test)


def test_long_parts_are_read_one_by_one(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """``next`` leads on until the end, and nothing is lost or read twice."""
    monkeypatch.setattr(places, "LONGEST", 50)
    monkeypatch.setattr(places, "LONGEST_WHOLE", 100)

    async def main() -> None:
        async with asking(server) as calls:
            texts, start = [], 0
            while start is not None:
                part = await calls("read_passage", document=MINUTES, start=start)
                texts.append(part["text"])
                start = part["next"]
            assert (len(texts), "".join(texts)) == (4, "\n\n".join(PAGES))
            with pytest.raises(MCPError, match=r"read a part, as .*#0-50, or one of"):
                await calls.client.read_resource(places.address_of(MINUTES))

    asyncio.run(main())


def test_list(run: Callable[[Test], None]) -> None:
    """Documents by id, a part at a time, those that a pattern and a condition fit."""

    async def test(calls: Calls) -> None:
        data = await calls("list_documents", limit=2)
        assert (data["total"], data["next"]) == (3, 2)
        assert [one["id"] for one in data["documents"]] == ["/srv/Lighthouse.txt", MINUTES]
        assert data["documents"][1]["metadata"]["tags"] == ["obras", "museo"]
        rest = await calls("list_documents", limit=2, offset=2)
        assert ([one["id"] for one in rest["documents"]], rest["next"]) == (["ley-7"], None)
        for pattern, found in {
            "LIGHT": ["/srv/Lighthouse.txt"],
            "*.pdf": [MINUTES],
            "ley ? de*": ["ley-7"],
            "light*": [],
        }.items():
            data = await calls("list_documents", pattern=pattern)
            assert [one["id"] for one in data["documents"]] == found, pattern
        data = await calls("list_documents", where={"date": {"$gte": "2020"}})
        assert [one["id"] for one in data["documents"]] == [MINUTES]
        shown = words(await calls.result("list_documents", pattern="ley-7"))
        assert "ley-7 | Ley 7 de aguas | 2019-01-31 | es | " in shown

    run(test)


def test_explain(run: Callable[[Test], None]) -> None:
    """Where an expected passage was lost, by its document or its words."""

    async def test(calls: Calls) -> None:
        found = await calls("explain_miss", question=ASKED, words="puente de San Roque")
        assert (found["document"], found["paragraph"], found["lost"]) == (MINUTES, 2, None)
        lost = await calls("explain_miss", question=ASKED, document="ley-7")
        assert lost["lost"] in {"fusion", "reader"}
        result = await calls.result("explain_miss", question=ASKED, document="ley-7")
        assert lost["sentence"] in words(result)
        assert "- fusion: " in words(result)
        assert "No mention" in await calls.refused("explain_miss", question=ASKED, words="nada así")
        assert "Name the document" in await calls.refused("explain_miss", question=ASKED)

    run(test)


def test_what_is_wrong_is_one_sentence(run: Callable[[Test], None]) -> None:
    """Unknown, missing and wrong arguments are named, and errors of ours say what to do."""

    async def test(calls: Calls) -> None:
        known = "search_documents takes question, k, documents, where, since, until."
        for arguments, said in (
            ({"question": "a", "document": ["ley-7"]}, f"Unknown: document: {known}"),
            ({}, f"Missing: question: {known}"),
            ({"question": "a", "k": 51, "q": 1}, "Unknown: q; wrong: k (input should be less"),
            ({"question": "a", "documents": "ley-7"}, "Wrong: documents (input should be a valid"),
            ({"question": "a", "documents": ["x"]}, "no document x: list_documents has the ids."),
            ({"question": "a", "where": {"a": {"$b": 1}}}, "$b is no operator on a: use $eq"),
            ({"question": "a", "since": "yesterday"}, "yesterday"),
            ({"question": "🙂"}, "The question has no words"),
        ):
            sentence = await calls.refused("search_documents", **arguments)
            assert said in sentence
            assert "\n" not in sentence
        message = {"role": "user", "content": "a", "name": "b"}
        assert "history" in await calls.refused("ask_documents", question="a", history=[message])

    run(test)


def test_what_a_client_is_told(server: Server) -> None:
    """Tools only read, refuse what they do not know, and say when to call them."""

    async def main() -> None:
        async with asking(server) as calls:
            tools = (await calls.client.list_tools()).tools
            assert [tool.name for tool in tools] == [
                "search_documents",
                "ask_documents",
                "read_passage",
                "list_documents",
                "explain_miss",
            ]
            for tool in tools:
                hints = tool.annotations
                assert hints is not None
                assert hints.read_only_hint
                assert not hints.open_world_hint
                assert tool.title
                assert "Use it" in (tool.description or "")
                assert tool.input_schema["additionalProperties"] is False
                assert all(one["description"] for one in tool.input_schema["properties"].values())
            assert "word for word" in (calls.client.instructions or "")

    asyncio.run(main())


def test_the_schemas_are_those_of_the_json(server: Server) -> None:
    """Each tool's result has the keys and types of its definition in docs/json.schema.json."""

    async def main() -> None:
        for tool in await server.list_tools():
            ours = tool.output_schema or {}
            theirs = {"$ref": f"#/$defs/{tool.name}"}
            assert shape(ours, ours.get("$defs", {})) == shape(theirs, DEFINITIONS), tool.name

    asyncio.run(main())


def shape(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """What a schema allows, without words and limits: types, keys, items and choices."""
    if "$ref" in schema:
        return shape(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return frozenset().union(*(shape(one, definitions) for one in schema["anyOf"]))
    if "enum" in schema:
        return frozenset((json.dumps(value),) for value in schema["enum"] if value is not None) | (
            {("null",)} if None in schema["enum"] else frozenset()
        )
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    found = set()
    for kind in kinds:
        inside: Any = ()
        if kind == "array":
            inside = shape(schema["items"], definitions)
        elif kind == "object" and "properties" in schema:
            names = schema["properties"]
            inside = frozenset((name, shape(one, definitions)) for name, one in names.items())
        found.add((kind, inside) if inside else (kind,))
    return frozenset(found)


def test_resources(run: Callable[[Test], None]) -> None:
    """Documents can be listed and read, whole, by page and by place; errors are one sentence."""

    async def test(calls: Calls) -> None:
        async def read(address: str) -> str:
            (content,) = (await calls.client.read_resource(address)).contents
            return str(getattr(content, "text", None))

        listed = (await calls.client.list_resources()).resources
        address = f"qa://documents/{quote(MINUTES, safe='/')}"
        assert [one.uri for one in listed][:3] == [
            "qa://documents",
            "qa://documents//srv/Lighthouse.txt",
            address,
        ]
        assert json.loads(await read("qa://documents"))["total"] == 3
        assert await read(address) == "\n\n".join(PAGES)
        assert (await read("qa://documents//srv/Lighthouse.txt")).startswith("The lighthouse")
        assert await read(f"{address}?page=2") == PAGES[1]
        cited = (await calls("ask_documents", question=ASKED))["citations"][0]
        assert await read(cited["link"]) == cited["quote"]
        assert await read(f"{address}#0-10") == PAGES[0][:10]
        for wrong, said in {
            "qa://documents/../../etc/passwd": "There is no document ../../etc/passwd",
            f"{address}?page=3": "has pages 1 to 2",
            "qa://documents/ley-7?page=1": "has no pages",
            f"{address}#0-10-00000000": "has changed",
        }.items():
            with pytest.raises(MCPError, match=said):
                await read(wrong)

    run(test)


def test_the_prompt(run: Callable[[Test], None]) -> None:
    """It asks for quotes in the question's language, also where no question is given."""

    async def test(calls: Calls) -> None:
        async def asked(**arguments: str) -> str:
            prompt = await calls.client.get_prompt("answer_with_quotes", arguments)
            (message,) = prompt.messages
            return str(getattr(message.content, "text", None))

        assert f"documentos: {ASKED}" in await asked(question=ASKED)
        english = await asked(question="When was the lighthouse lit?")
        assert "word for word" in english
        assert "my documents say: When was the lighthouse lit?" in english
        assert "palabra por palabra" in await asked()

    run(test)


def test_links_lead_to_the_chat_where_its_address_is_known(documents_index: Path) -> None:
    """They are the permanent links of `qa web` over the same index."""
    from qa.web.source import document_of, is_ours, key_of, span_of

    async def main(server: Server) -> None:
        async with asking(server) as calls:
            cited = (await calls("ask_documents", question=ASKED))["citations"][0]
            assert cited["link"] in words(await calls.result("ask_documents", question=ASKED))
            assert (await calls("read_passage", id=cited["link"]))["text"] == cited["quote"]
            document, *rest = cited["link"].split(".h")
            other = ".h".join([document, f"{'0' * 12}{rest[-1][12:]}"])
            assert "has changed" in await calls.refused("read_passage", id=other)
            for wrong in ("https://docs.example.org/c/", "https://docs.example.org/c/a.b.c.d"):
                assert "no id" in await calls.refused("read_passage", id=wrong)
        base, _, rest = cited["link"].rpartition("/c/")
        link = f"#cite-{rest}"
        assert base == "https://docs.example.org/qa"
        assert is_ours(link, key_of(documents_index))
        assert document_of(link) == MINUTES
        assert span_of(link)[:2] == (cited["start"], cited["end"])

    with Retriever.open(documents_index) as retriever:
        asyncio.run(main(create_server(retriever, web="https://docs.example.org/qa/")))
