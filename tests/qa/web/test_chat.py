"""The web chat without a browser: what it serves, what it shows, and how it starts."""

import hashlib
import html
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Document, Index
from index.errors import IndexNotFoundError, QuestionError
from index.text.paragraphs import paragraph_spans
from qa import Answer, Assistant, Citation, Hit, Retriever, Turn
from qa.types import Lack, LackKind, Refusal
from qa.web import chat
from qa.web.own_files import file_address
from qa.web.render import literal, render, shorten
from qa.web.responding import Said, answers
from qa.web.source import document_of, is_ours, key_of, link_to, source_of
from qa.web.strings import WORDS, language_of
from tests.conftest import CHAT

pytest.importorskip("gradio", reason=CHAT)
from fastapi import FastAPI
from fastapi.testclient import TestClient

KEY = b"k" * 32
ROOT = Path(__file__).parents[3]
TEXT = (
    "El puerto de Nerja\n"
    "El puerto de Nerja exporta 470 toneladas de aguacate. Lo dirige Marta Soler, directora.\n"
    "En 1998 ardió el faro. El faro mide 30 metros.\n"
    "Nadie recuerda más."
)
QUOTE = "Lo dirige Marta Soler, directora."
HOSTILE = "<script>alert(1)</script> ![x](http://evil.example/x.png) [y](javascript:z) **b** $x$"


def citation(start: int, end: int, highlight: tuple[int, int] | None = None) -> Citation:
    paragraph = sum(begin <= start for begin, _ in paragraph_spans(TEXT))
    return Citation(
        "nerja/ñ",
        "puerto.txt",
        "El puerto",
        None,
        paragraph,
        start,
        end,
        TEXT[start:end],
        highlight,
    )


def quoted(highlight: tuple[int, int] | None = None) -> Citation:
    start = TEXT.index(QUOTE)
    return citation(start, start + len(QUOTE), highlight)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("chat") / "index"
    with Index.open(folder, create=True) as index:
        index.add([Document("nerja/ñ", TEXT, title="El puerto", source="/home/ana/puerto.txt")])
        index.sync(ROOT / "seeds")
    with Retriever.open(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(retriever: Retriever) -> Iterator[TestClient]:
    with browser(chat.create_app(retriever, Assistant(retriever))) as opened:
        yield opened


def browser(app: FastAPI) -> TestClient:
    """What asks the application under the name that it has on its own machine."""
    return TestClient(app, "http://127.0.0.1:7860")


# Text stays text


@given(st.text())
def test_literal_text_means_itself(text: str) -> None:
    """It reads as the same words, on one line, and holds nothing but letters and references."""
    written = literal(text)
    assert html.unescape(written) == html.unescape(re.sub("&", "&amp;", " ".join(text.split())))
    assert not re.search(r"[!-/:-@\[-`{-~]", re.sub(r"&#\d+;", "", written))


def test_hostile_words_leave_no_markup_in_a_message() -> None:
    """In question, title, quote and short answer alike."""
    quote = f"{HOSTILE} {'a' * len(HOSTILE)}"
    cited = Citation(HOSTILE, f"/{HOSTILE}.pdf", HOSTILE[:60], 1, 1, 0, 9, quote)
    answer = Answer("q", HOSTILE, True, HOSTILE, 0.9, (cited,), short=HOSTILE)
    message = render(answer, KEY)
    assert html.unescape(message).count(HOSTILE) == 3
    assert html.unescape(message).count(HOSTILE[:60]) == 4
    assert not re.search(r"<|!\[|\]\((?!#)|\$", message)
    assert re.findall(r"\]\((.*?)\)", message) == [link_to(cited, KEY), "#copy"]


def test_a_long_text_is_cut_between_words() -> None:
    """And inside a word only where there is no other place."""
    assert shorten("uno dos tres", 9) == "uno dos…"
    assert shorten("uno dos tres", 12) == "uno dos tres"
    assert shorten("a" * 20, 5) == "aaaaa…"


# Messages


def test_an_answer_shows_short_answer_quotes_and_numbered_links() -> None:
    """Each quote is followed by its number, which links to its source, and by its place."""
    start = TEXT.index("470")
    first = citation(start, start + 3)
    answer = Answer("¿q?", "¿q?", True, "", 0.9, (first, quoted()), short="470")
    lines = html.unescape(render(answer, KEY)).splitlines()
    assert lines[0] == f"> 470 [\\[1\\]]({link_to(first, KEY)})"  # no headline that repeats it
    assert f"> {QUOTE} [\\[2\\]]({link_to(quoted(), KEY)})" in lines
    assert lines.count("> *El puerto · puerto.txt · párr. 2*") == 2


def test_a_line_of_dashes_alone_is_shown_as_it_is() -> None:
    """A quote may begin below a table's header."""
    place = Citation("d", None, "t", None, 1, 0, 9, "|---|---|")
    answer = Answer("¿Qué?", "¿Qué?", True, "", 0.9, citations=(place,))
    assert "|---|---|" in html.unescape(render(answer, KEY))


def test_a_quoted_row_is_a_small_table() -> None:
    """Below its header, with the words that answer in a mark in their cell."""
    quote = "Jaiba\t190\t205 *"
    cited = Citation("d", None, "P", None, 7, 90, 90 + len(quote), quote, (100, 103))
    cited = replace(cited, header="Especie\t2024\t2025 | t")
    answer = Answer("q", "q", True, "", 0.9, (cited,), short="205")
    lines = html.unescape(render(answer, KEY)).splitlines()
    assert lines[2:6] == [
        "> | Especie | 2024 | 2025 | t |",
        "> |---|---|---|",
        "> | Jaiba | 190 | <mark>205</mark> * |",
        ">",
    ]


def test_text_and_rows_in_one_quote() -> None:
    """Each is shown as what it is; Markdown's rows without their row of dashes."""
    quote = "La captura bajó:\n\n| Especie | 2025 |\n|---|---|\n| Jaiba | 205 |"
    cited = Citation("d", None, "P", None, 1, 0, len(quote), quote)
    answer = Answer("q", "q", True, "", 0.9, (cited,))
    lines = html.unescape(render(answer, KEY)).splitlines()
    assert lines[:7] == [
        "> La captura bajó:",
        ">",
        "> |  |  |",
        "> |---|---|",
        "> | Especie | 2025 |",
        "> | Jaiba | 205 |",
        ">",
    ]


def test_no_answer_shows_the_closest_passages_as_links() -> None:
    """In the language of the question, three at most."""
    hit = Hit(QUOTE, 1.0, "nerja/ñ", quoted(), None, 0.8, 3.0)  # type: ignore[arg-type]
    answer = Answer(
        "q?", "q?", False, "The documents do not say.", 0.1, hits=(hit,) * 5, language="en"
    )
    message = html.unescape(render(answer, KEY))
    assert message.startswith("The documents do not say.\n\nThe closest that they say:")
    assert message.count(link_to(quoted(), KEY)) == 3
    assert "El puerto · puerto.txt · para. 2" in message


def test_a_refusal_says_what_the_nearest_passage_lacks() -> None:
    """Each quote is below its sentence, the other passages are folded; three sentences at most."""
    hit = Hit(QUOTE, 1.0, "nerja/ñ", quoted(), None, 0.8, 3.0)  # type: ignore[arg-type]
    lacks = (Lack(LackKind.NAME, "**Goya**", "<b>Soler</b>"),)
    refusal = Refusal(1, 9, 1, quoted(), lacks, beyond=quoted(), limited=True)
    text = "The documents do not say.\nI searched."
    answer = Answer("q?", "q?", False, text, 0.1, hits=(hit,) * 5, language="en", refusal=refusal)
    message = render(answer, KEY)
    assert "<b>" not in message
    assert "**" not in message
    parts = html.unescape(message).split("\n\n")
    assert parts[0] == "The chosen document does not say · [Search in all](#everywhere)"
    assert parts[1] == (
        "I searched only 1 chosen document (9 passages). "
        "The nearest passage speaks of “<b>Soler</b>”, not of “**Goya**”:"
    )
    assert parts[3] == "Try all documents; outside the chosen ones there is an answer:"
    assert parts[5] == "<details><summary>Other passages that are close</summary>"
    assert [
        f"[\\[{n}\\]]({link_to(quoted(), KEY)})" in parts[p] for n, p in enumerate((2, 4, 6, 7), 1)
    ] == [True] * 4
    alone = replace(answer, hits=(), refusal=Refusal(0, 0))
    assert html.unescape(render(alone, KEY)) == (
        "The documents do not say.\n\nThere are no documents in the index."
    )


def test_a_follow_up_shows_what_it_was_taken_for() -> None:
    """Only where that differs from the question."""
    answer = Answer("¿Y hoy?", "¿Quién dirige hoy?", False, "No.", 0.1)
    assert html.unescape(render(answer, KEY)).startswith("*Entendido como: ¿Quién dirige hoy?*")


@pytest.mark.parametrize(
    ("header", "language"),
    [("es-MX,es;q=0.9,en;q=0.8", "es"), ("es", "es"), ("en-US,es;q=0.9", "en"),
     ("fr,es;q=0.5", "en"), ("est", "en"), ("", "en"), (None, "en")],
)  # fmt: skip
def test_the_first_language_of_the_browser_decides(header: str | None, language: str) -> None:
    """Spanish for Spanish, English for everything else; unless one was chosen in the page."""
    headers = {} if header is None else {"accept-language": header}
    assert language_of(headers) == language
    for chosen in ("es", "en"):
        assert language_of(headers | {"cookie": f"a=b; qa_language={chosen}"}) == chosen
    assert language_of(headers | {"cookie": "qa_language=fr; not_qa_language=es"}) == language


def test_both_languages_have_the_same_words() -> None:
    """No text of the interface is missing in one of them."""
    assert WORDS["es"].keys() == WORDS["en"].keys()


class Failing:
    """An assistant that cannot take the question."""

    def stream(self, *_: object, **__: object) -> Iterator[Answer]:
        """Nothing but an error."""
        raise QuestionError("The question is <empty>: write one.")


def test_an_error_is_one_sentence_in_the_chat_and_no_turn() -> None:
    """It is shown as text, and the conversation does not remember it."""
    shown = list(answers(Failing(), KEY, "", [], [], "en"))  # type: ignore[arg-type]
    assert [html.unescape(said.content or "") for said in shown] == [
        "Reading the closest passages…",
        "The question is <empty>: write one.",
    ]
    assert [(said.turn, said.failed) for said in shown] == [(None, False), (None, True)]


def test_an_answer_grows_and_is_remembered_once(retriever: Retriever) -> None:
    """First a word that passages are read, then the quotes; the last one is the whole turn."""
    assistant = Assistant(retriever)
    question = "¿Cuántas toneladas de aguacate exporta el puerto de Nerja?"
    shown = list(answers(assistant, KEY, question, [], [], "es"))
    assert shown[0] == Said(WORDS["es"]["reading"])
    final = assistant.ask(question)
    assert final.found
    assert shown[-1] == Said(render(final, KEY), Turn(question, final), whole=True)
    assert not any(said.whole for said in shown[:-1])


@pytest.mark.parametrize("question", ["", "  \n", "🙂🙂", "palabra " * 12_500])
def test_a_question_that_cannot_be_asked_gets_a_sentence(
    retriever: Retriever, question: str
) -> None:
    """Empty, emoji only, or 100,000 characters; in the language of the interface."""
    for language, beginning in (("es", "La pregunta "), ("en", "The question ")):
        *_, said = answers(Assistant(retriever), KEY, question, [], [], language)
        assert html.unescape(said.content or "").startswith(beginning)
        assert (said.turn, said.failed) == (None, True)


# Sources


@given(st.text(min_size=1), st.integers(0, 99), st.integers(1, 99), st.booleans())
def test_a_link_names_its_document_and_offsets(
    name: str, start: int, length: int, highlight: bool
) -> None:
    """Whatever the document's id, with nothing that could end the link."""
    within = (start, start + 1) if highlight else None
    cited = Citation(name, None, None, None, 1, start, start + length, "", within)
    link = link_to(cited, KEY)
    assert re.fullmatch(r"#cite-[\w-]*(\.\d+){2,4}\.h\.[\w-]{22}", link)
    assert is_ours(link, KEY)
    assert document_of(link) == name


@given(st.data())
def test_a_source_marks_exactly_the_quote(data: st.DataObject) -> None:
    """The marked pieces are the quoted words; all pieces are whole paragraphs of the document."""
    spans = paragraph_spans(TEXT)
    begin, stop = data.draw(st.sampled_from(spans))
    start = data.draw(st.integers(begin, stop - 1))
    end = data.draw(st.integers(start + 1, stop))
    cited = citation(start, end)
    source = source_of(link_to(cited, KEY), Document(cited.document_id, TEXT))
    pieces = [piece for paragraph in source.paragraphs for piece in paragraph]
    assert "".join(piece.text for piece in pieces if piece.kind != "context") == cited.quote
    at = spans.index((begin, stop))
    around = spans[max(0, at - 1) : at + 2]
    shown = ["".join(piece.text for piece in paragraph) for paragraph in source.paragraphs]
    assert shown == [TEXT[a:b] for a, b in around]
    assert source.paragraph == at + 1 == cited.paragraph


def test_a_source_is_cut_to_what_is_near() -> None:
    """A quote in the middle of an endless paragraph does not bring all of it."""
    text = "a " * 5000 + "QUOTE" + " b" * 5000
    start = text.index("QUOTE")
    cited = Citation("d", None, None, None, 1, start, start + 5, "QUOTE")
    (pieces,) = source_of(link_to(cited, KEY), Document("d", text)).paragraphs
    assert [piece.text for piece in pieces if piece.kind == "quote"] == ["QUOTE"]
    assert sum(len(piece.text) for piece in pieces) == 1000 + 5 + 1000 + 2
    assert pieces[0].text == pieces[-1].text == "…"


def test_the_page_of_a_source_is_that_of_its_first_character() -> None:
    """From 1, and none for a document without pages."""
    document = Document("d", TEXT, page_starts=(0, TEXT.index("En 1998")))
    start = TEXT.index("El faro")
    link = link_to(Citation("d", None, None, 2, 3, start, start + 7, "El faro"), KEY)
    assert source_of(link, document).page == 2
    assert source_of(link, Document("d", TEXT)).page is None


def test_the_server_tells_the_source_of_a_citation(
    client: TestClient, retriever: Retriever
) -> None:
    """Title, place, and the paragraphs with what is quoted and what answers."""
    start = TEXT.index("Marta Soler")
    link = link_to(quoted((start, start + 11)), key_of(retriever.index.folder))
    source = client.get("/source", params={"link": link}).json()
    assert source["title"] == "El puerto"
    assert source["name"] == "puerto.txt"
    assert (source["page"], source["paragraph"]) == (None, 2)
    assert source["paragraphs"][1] == [
        {"kind": "context", "text": "El puerto de Nerja exporta 470 toneladas de aguacate. "},
        {"kind": "quote", "text": "Lo dirige "},
        {"kind": "answer", "text": "Marta Soler"},
        {"kind": "quote", "text": ", directora."},
    ]


def test_a_citation_of_a_text_that_has_changed_is_stale(tmp_path: Path) -> None:
    """It opens again when the same text is indexed anew, but not over other words."""
    path = tmp_path / "docs" / "puerto.txt"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    with Index.open(tmp_path / "index", create=True) as index:
        index.sync(path.parent)
        retriever = Retriever(index)
        (cited, *_) = Assistant(retriever).ask("¿Quién dirige el puerto de Nerja?").citations
        assert cited.hash == hashlib.sha256(TEXT.encode()).hexdigest()
        key = key_of(index.folder)
        with browser(chat.create_app(retriever, Assistant(retriever))) as client:

            def status() -> int:
                return client.get("/source", params={"link": link_to(cited, key)}).status_code

            assert (status(), retriever.is_stale(cited)) == (200, False)
            index.remove([cited.document_id])
            assert (status(), retriever.is_stale(cited)) == (404, True)
            index.sync(path.parent)
            assert (status(), retriever.is_stale(cited)) == (200, False)
            path.write_text("Otro primer párrafo.\n" + TEXT, encoding="utf-8")
            index.sync(path.parent)
            assert (status(), retriever.is_stale(cited)) == (409, True)
            path.write_text("Corto.", encoding="utf-8")
            index.sync(path.parent)
            assert (status(), retriever.is_stale(cited)) == (409, True)


def test_only_a_stamped_link_opens_its_source(client: TestClient, retriever: Retriever) -> None:
    """A link that was made by hand, with another key, or changed afterwards is not found."""
    key = key_of(retriever.index.folder)
    link = link_to(quoted(), key)
    unstamped, _, stamp = link.rpartition(".")
    name, start, rest = unstamped.split(".", 2)
    hand_made = [
        "",
        "#cite-",
        "#cite-!.0.1",
        "#cite-eA.0.1",
        "#cite-é.0.1",
        unstamped,
        unstamped + ".",
    ]
    changed = [f"{name}.0.{rest}.{stamp}", f"{name}.{start}.{rest}.{stamp[:-1]}", link + ".1"]
    for other in [*hand_made, *changed, f"{link}é", link_to(quoted(), KEY)]:
        assert client.get("/source", params={"link": other}).status_code == 404, other
    assert client.get("/source").status_code == 404
    assert client.get("/source", params={"link": link}).status_code == 200


@pytest.mark.parametrize(
    "cited",
    [citation(5, 0), citation(0, len(TEXT) + 1), citation(3, 3), citation(3, 9, (1, 5)),
     citation(-2, 5)],
)  # fmt: skip
def test_a_link_to_nowhere_is_a_value_error(cited: Citation) -> None:
    """Offsets outside of the document are never cut to fit."""
    with pytest.raises(ValueError, match="cite"):
        source_of(link_to(cited, KEY), Document("d", TEXT))


def test_the_key_is_kept_where_the_index_is(tmp_path: Path) -> None:
    """For its owner alone, the same after a restart; a damaged one is made anew."""
    key = key_of(tmp_path)
    assert (len(key), key_of(tmp_path)) == (32, key)
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"")
    assert key_of(tmp_path) != key
    assert key_of(tmp_path) == path.read_bytes()


def test_an_index_that_cannot_be_written_has_a_key_all_the_same(tmp_path: Path) -> None:
    """One of the process, and nothing is made in its place."""
    file = tmp_path / "file"
    file.touch()
    for folder in (file, tmp_path / "gone"):  # that no file can be made in, by root neither
        assert len(key_of(folder)) == 32
        assert key_of(folder) != key_of(folder)
    assert list(tmp_path.iterdir()) == [file]


def test_a_long_quote_is_cut_around_the_words_that_answer() -> None:
    """However long document, paragraphs, quote and title are, what is shown is bounded."""
    text = "\n\n".join(f"Párrafo {number} " + "x" * 90 for number in range(10_000))
    start = text.index("Párrafo 5000")
    cited = Citation("d", None, None, None, 1, 0, len(text), text, (start, start + 12))
    source = source_of(link_to(cited, KEY), Document("d", text, title="t" * 9999))
    pieces = [piece for paragraph in source.paragraphs for piece in paragraph]
    assert [piece.text for piece in pieces if piece.kind == "answer"] == ["Párrafo 5000"]
    assert 4000 < sum(len(piece.text) for piece in pieces) < 6100
    assert source.cut
    assert (source.paragraph, len(source.title)) == (1, 500)
    whole = Document("d", TEXT)
    assert not source_of(link_to(quoted(), KEY), whole).cut


# The server


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/config", 200), (file_address("", "chat.js"), 200),
     (file_address("", "chat.css"), 200), (file_address("", "words.py"), 404),
     ("/web/0123456789abcdef/chat.js", 404), (file_address("", "..%2Fwords.py"), 404),
     ("/source?link=", 404), ("/docs", 404)],
)  # fmt: skip
def test_every_response_keeps_the_page_to_itself(
    client: TestClient, path: str, status: int
) -> None:
    """Scripts, pictures and requests come from the server alone, for errors as well."""
    response = client.get(path)
    assert response.status_code == status
    policy = response.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "connect-src 'self'"} <= set(policy)
    assert {"img-src 'self' data:", "frame-ancestors 'none'"} <= set(policy)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["permissions-policy"].startswith("camera=()")
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    kept = status == 200 and path.startswith("/web/")
    assert ("immutable" in response.headers["cache-control"]) == kept
    assert (response.headers["cache-control"] == "no-store") != kept


def test_importing_the_chat_loads_nothing_heavy() -> None:
    """Gradio is imported when the page is made, after it has been told to be quiet."""
    heavy = "{'gradio', 'torch', 'faiss', 'onnxruntime'}"
    code = f"import app, qa.web.chat, sys; print({heavy} & set(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == "set()\n"


def test_a_port_in_use_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error, with exit status 2."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        monkeypatch.setenv("HOST", "127.0.0.1")
        assert chat.main() == 2
    assert capsys.readouterr() == (
        "",
        f"Cannot listen on 127.0.0.1, port {port} (Address already in use): "
        "set PORT or HOST to another.\n",
    )


@pytest.mark.parametrize("port", ["abc", "-1", "65536", "7860.0", "٣"])
def test_a_port_that_is_none_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    """Anything but a number from 0 to 65535."""
    monkeypatch.setenv("PORT", port)
    assert chat.main() == 2
    assert capsys.readouterr().err == (f"PORT is {port!r}: set it to a number from 0 to 65535.\n")


def test_a_mistyped_index_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Nothing is made in its place: the seeds are indexed only where no index is named."""
    monkeypatch.setenv("PORT", "0")
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "none"))
    assert chat.main() == 2
    assert capsys.readouterr().err == (
        f"There is no index in {tmp_path / 'none'}: make one with qa index FOLDER.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_no_index_and_no_seeds_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As where the package is installed without a checkout."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(chat, "_SEEDS", tmp_path / "seeds")
    with pytest.raises(IndexNotFoundError):
        chat._make(Path(".qa-index"), None)
    assert list(tmp_path.iterdir()) == []


def test_without_an_index_there_is_one_of_the_seeds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """So that a hosted Space, or a new clone, has something to be asked about."""
    monkeypatch.chdir(tmp_path)
    for _ in range(2):  # the second time it is there
        chat._make(Path(".qa-index"), None)
    with Retriever.open(".qa-index") as retriever:
        sources = {Path(document.source or "").name for document in retriever.documents()}
    assert sources == {path.name for path in (ROOT / "seeds").iterdir()}
