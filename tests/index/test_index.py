"""The index: documents in, candidates out, and nothing lost on the way."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index import Candidate, Document, Index
from index import opened as module
from index.documents.decoding import clean
from index.embedders import Embedder
from index.errors import (
    DocumentError,
    DocumentNotFoundError,
    IndexDamagedError,
    IndexLockedError,
    IndexNotFoundError,
    IndexStateError,
    ModelError,
    ModelMismatchError,
    QuestionError,
)
from index.storage.bm25 import Lexical
from index.storage.derived import Stores
from index.storage.vectors import VectorStore
from index.types import Block, BlockRole, Notice, NoticeKind
from tests.conftest import ROOT

CATS = Document("cats", "Los gatos negros duermen en el tejado de la casa vieja.", title="Gatos")
BREAD = Document("bread", "El pan se hace con harina de trigo, agua y sal.", source="pan.txt")
VISIT = Document("visit", "Cuándo visitó el secretario la capital de México.", language="es")
DOGS = Document("dogs", "The dogs were running along the river at night.")
QUESTIONS = ["gatos", "¿Con qué se hace el pan?", "cuando visito", "Where did the dogs run?"]


class Counting(Embedder):
    """Vectors from the letters of a text, and the texts that were embedded."""

    name = identity = "counting"
    dimensions = 26
    max_tokens = 100

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """How often each letter occurs, as a unit vector."""
        self.embedded += texts
        letters = [[text.lower().count(chr(97 + n)) + 0.1 for n in range(26)] for text in texts]
        vectors = np.array(letters, dtype=np.float32).reshape(-1, 26)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words are its tokens."""
        return [len(text.split()) for text in texts]


ITEM = BlockRole.ITEM


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path, embedder: Embedder) -> Iterator[Index]:
    with Index.open(folder, create=True, model=embedder) as opened:
        opened.add([CATS, BREAD, VISIT, DOGS])
        yield opened


def small(folder: Path, model: Embedder | None = None) -> Index:
    return Index.open(folder, create=True, model=model or Counting())


def searched(index: Index) -> list[list[Candidate]]:
    return [index.candidates(question) for question in QUESTIONS]


def found(index: Index, question: str, only: list[str] | None = None) -> set[str]:
    """The documents that have a word of the question."""
    candidates = index.candidates(question, documents=only)
    return {one.passage.document_id for one in candidates if one.lexical is not None}


# Reading


def test_what_it_says_of_its_documents(index: Index, embedder: Embedder) -> None:
    """How many it holds, whether one is there, and by which model its vectors were made."""
    assert index.counts() == (4, 4)
    assert (index.counts().documents, index.counts().passages) == (4, 4)
    assert [index.has(id) for id in ("cats", "none", "", "\ud800")] == [True, False, False, False]
    assert index.identity == embedder.identity


def test_passages_of_a_document(folder: Path) -> None:
    """They come in order with all that a search gives; an unknown document is an error."""
    text = "\n\n".join(f"Un párrafo con el número {n} y palabras de sobra. " * 2 for n in range(30))
    with small(folder) as index:
        index.add([BREAD, Document("long", text), CATS])
        passages = index.passages_of("long")
        assert len(passages) == index.size("long") > 10
        assert [one.start for one in passages] == sorted(one.start for one in passages)
        assert all(one.text == text[one.start : one.end].strip() for one in passages)
        assert index.passages_of("long", 3) == passages[:3]
        brought = {one.passage for one in index.candidates("número", documents=["long"])}
        assert brought == set(passages)
        index.remove(["long"])
        for id in ("long", "none", "", "\ud800"):
            with pytest.raises(DocumentNotFoundError):
                index.passages_of(id)
        assert index.counts() == (2, 2)


# Adding, replacing, removing


def test_candidates_have_both_scores(index: Index, embedder: Embedder) -> None:
    """Each passage comes with its exact cosine, and its BM25 score where a word matches."""
    candidates = index.candidates("¿Dónde duermen los gatos?")
    assert candidates[0].passage.text == CATS.text
    assert [one.id for one in candidates] == [
        one.id for one in sorted(candidates, key=lambda one: -one.dense)
    ]
    (query,) = embedder.embed_queries(["¿Dónde duermen los gatos?"])
    texts = sorted(document.text for document in (CATS, BREAD, VISIT, DOGS))
    vectors = dict(zip(texts, embedder.embed_passages(texts), strict=True))
    for one in candidates:
        # Kept as float16, hence not to the last digit.
        assert one.dense == pytest.approx(vectors[one.passage.text] @ query, abs=5e-4)
    assert [one.lexical is not None for one in candidates] == [True, False, False, False]
    assert index.origins(["cats", "bread", "none"]).keys() == {"cats", "bread"}


def test_replaced_and_removed(index: Index) -> None:
    """A document of the same id takes the place of the earlier one; ids of others never change."""
    others = {one.id: one.passage for one in index.candidates("gatos") if one.id != 1}
    assert index.add([Document("cats", "Los delfines nadan.\n\nLas ballenas cantan.")]) == 1
    assert found(index, "gatos") == set()
    assert found(index, "delfines ballenas") == {"cats"}
    assert {one.id: one.passage for one in index.candidates("x") if one.id <= 4} == others
    assert index.remove(["bread", "nothing", "bread"]) == 1
    assert found(index, "pan") == set()
    assert sorted(one.id for one in index.candidates("x")) == [3, 4, 5]
    assert [info.id for info in index.documents()] == ["cats", "dogs", "visit"]
    with pytest.raises(KeyError):
        index.document("bread")


@pytest.mark.parametrize("how", ["removed", "replaced"])
def test_what_is_gone_is_in_no_file(index: Index, folder: Path, how: str) -> None:
    """Neither its text is left in any file of a small index, nor its words in the lexical store."""
    index.add([Document("secret", "El ornitorrinco guarda la contraseña."), BREAD])
    holding = [path for path in folder.rglob("*") if b"ornitorrinc" in contents(path)]
    assert holding
    if how == "removed":
        index.remove(["secret"])
    else:
        index.add([Document("secret", "Un texto sin secretos.")])
    words = index._opened.stores.words
    assert isinstance(words, Lexical)
    assert words.removed() == 0
    index.close()
    assert [path for path in folder.rglob("*") if b"ornitorrinc" in contents(path)] == []


def contents(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def test_the_last_of_equal_ids_stays(index: Index) -> None:
    """Of documents of one id in one call, the last is kept."""
    index.add([Document("twice", "Primera versión."), Document("twice", "Segunda versión.")])
    assert index.document("twice").text == "Segunda versión."
    assert found(index, "primera") == set()
    assert found(index, "segunda") == {"twice"}


def test_only_in_some_documents(index: Index) -> None:
    """``documents`` limits both searches; ids that are not there count for nothing."""
    assert {one.passage.document_id for one in index.candidates("pan", documents=["cats"])} == {
        "cats"
    }
    assert found(index, "pan gatos", ["bread", "dogs", "none", "\ud800"]) == {"bread"}
    assert index.candidates("pan", documents=[]) == []
    assert index.candidates("pan", documents=["none"]) == []


def test_words_in_both_languages(index: Index) -> None:
    """Accents and endings do not matter, in Spanish or in English."""
    assert found(index, "cuando visito") == {"visit"}
    assert found(index, "mexico") == {"visit"}
    assert found(index, "gata negra") == {"cats"}
    assert found(index, "the dog runs") == {"dogs"}
    languages = {info.id: info.language for info in index.documents()}
    assert languages == {"cats": "es", "bread": "es", "visit": "es", "dogs": "en"}


def test_only_what_changed_is_embedded(folder: Path) -> None:
    """Only passages whose words no document has are embedded: neither the rest of a changed
    document nor a copy of another."""
    paragraphs = [f"{word} " * 80 + "fin." for word in ("uno", "dos", "tres", "cuatro")]
    model = Counting()
    with small(folder, model) as index:
        index.add([Document("a", "\n\n".join(paragraphs))])
        assert sorted(model.embedded) == sorted(paragraphs)
        model.embedded.clear()
        paragraphs[2] = "cinco " * 80 + "fin."
        index.add([Document("a", "\n\n".join(paragraphs))])
        assert model.embedded == [paragraphs[2]]
        passages = [one.passage for one in index.candidates("x")]
        assert sorted(one.text for one in passages) == sorted(paragraphs)
        model.embedded.clear()
        index.add([Document("b", "\n\n".join(reversed(paragraphs)))])
        assert model.embedded == []
        assert len(index.candidates("x", documents=["b"])) == 4


def test_more_than_one_group(folder: Path) -> None:
    """Many documents are written in groups; all are found, each by its own words."""
    with small(folder) as index:
        many = [Document(f"d{n}", f"Documento con la palabra w{n}w.") for n in range(600)]
        assert index.add(iter(many)) == 600
        assert [found(index, f"w{n}w") for n in (0, 299, 599)] == [{"d0"}, {"d299"}, {"d599"}]


@pytest.mark.parametrize(("share", "times"), [(1e-9, 2), (1e9, 10)])
def test_publishing_costs_a_share_of_the_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch, share: float, times: int
) -> None:
    """A long write publishes what it has done, but no more often than its cost allows."""
    monkeypatch.setattr("index.sync.writer.EMBED_AT_ONCE", 2)
    monkeypatch.setattr("index.storage.derived.PUBLISH_SHARE", share)
    updates: list[int] = []
    real = Lexical.update

    def update(self: Lexical, *args: Any) -> None:
        updates.append(len(self))
        real(self, *args)

    monkeypatch.setattr(Lexical, "update", update)
    with small(folder) as index:
        index.add(Document(f"d{n}", f"Documento con la palabra w{n}w.") for n in range(20))
        assert len(updates) == times
        assert found(index, "w19w") == {"d19"}


# Documents that cannot be kept


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (Document("a", ""), "a: has no text to index"),
        (Document("a", " \n\t\u3000 ", source="a.txt"), r"a\.txt: has no text to index"),
        (Document("a", "\x00\u200b"), "a: has no text to index"),
        (Document("", "text"), "a document without an id: has an empty id"),
        (Document(" \n", "text", source="a.txt"), r"a\.txt: has an empty id"),
        (Document("a", "half \ud83d"), "a: holds half a character"),
        (Document("\udc00", "text"), r"\?: holds half a character"),
        (Document("a", "text", title="\ud83d"), "a: holds half a character"),
        (Document("a", "text", metadata={"k": "\ud83d"}), "a: holds half a character"),
        (Document("a", "text", page_starts=(0, 9)), "a: has pages that do not ascend"),
        (Document("a", "text", page_starts=(1, 2)), "a: has pages that do not ascend"),
        (Document("a", "text", page_starts=(0, 3, 2)), "a: has pages that do not ascend"),
        (Document("a", "text", page_labels=(1,)), "a: needs texts as its page_labels"),  # type: ignore[arg-type]
        (Document("a", "text", page_confidences=("x",)), "a: needs numbers as its page_conf"),  # type: ignore[arg-type]
        (Document("a", "text", notices=("x",)), "a: needs a list of notices"),  # type: ignore[arg-type]
        (Document("a", "text", notices=None), "a: needs a list as its notices"),  # type: ignore[arg-type]
        (Document("a", "text", blocks=(Block("x", 0, 2),)), "a: needs blocks of a role"),  # type: ignore[arg-type]
        (Document("a", "text", blocks=(Block(ITEM, "0", 2),)), "a: needs blocks of a role"),  # type: ignore[arg-type]
        (Document("a", "text", blocks=(Block(ITEM, 0, 9),)), "a: has blocks that overlap or leave"),
    ],
)
def test_unusable_documents(index: Index, document: Document, message: str) -> None:
    """The reason is said; the documents before it are kept, those after it not taken."""
    good, after = Document("good", "Un texto bueno."), Document("after", "Un texto posterior.")
    with pytest.raises(DocumentError, match=message):
        index.add([good, document, after])
    assert found(index, "texto bueno posterior") == {"good"}


def test_half_characters_in_notices_and_marks_are_left_out(index: Index) -> None:
    """They name what is in files; one such name must not keep the others from being indexed."""
    notice = Notice(NoticeKind.LOST, "foto\ud83d.png is damaged")
    blocks = (Block(ITEM, 0, 7, level=1, mark="\ud83d1."),)
    index.add(
        [Document("a", "1. Puno", page_starts=(0,), page_labels=("i\ud83d",), notices=(notice,))]
    )
    index.add([Document("b", "1. Puno", blocks=blocks)])
    kept = index.document("a")
    assert (kept.notices[0].text, kept.page_labels) == ("foto.png is damaged", ("i",))
    assert index.document("b").blocks[0].mark == "1."


@pytest.mark.parametrize(
    "text",
    [
        "nul \x00 here",
        "😀🎉",
        "ﷺ" * 150,
        "x" * 100_000,
        "a\r\nb\rc\u2028d",
        "e\u0301" * 900,
    ],
)
def test_odd_documents(index: Index, text: str) -> None:
    """Any text that can be encoded is kept clean, and its passages are stretches of it."""
    index.add([Document(" odd\x00id ", text, metadata={"\x00": "ñ"})])
    text = clean(text)
    assert index.document(" odd\x00id ").text == text
    passages = [one.passage for one in index.candidates("x", documents=[" odd\x00id "])]
    assert passages
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
    assert index.remove([" odd\x00id ", "\ud800"]) == 1


def test_a_question_that_is_no_text(index: Index) -> None:
    """A lone surrogate cannot be searched for, and that is said."""
    with pytest.raises(QuestionError, match="half a character"):
        index.candidates("gatos \ud83d")


def test_an_error_of_the_caller_s_documents(index: Index) -> None:
    """An error in the iterable passes through; the index stays whole."""

    def documents() -> Iterator[Document]:
        yield Document("good", "Un texto bueno.")
        raise FileNotFoundError("theirs")

    with pytest.raises(FileNotFoundError, match="theirs"):
        index.add(documents())
    assert found(index, "gatos") == {"cats"}


@pytest.mark.parametrize("bad", [np.nan, "shape"])
def test_a_model_that_gives_no_vectors(folder: Path, bad: object) -> None:
    """Vectors of another shape, or that are no numbers, do not get into the index."""

    class Bad(Counting):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return np.full((len(texts), 25 if bad == "shape" else 26), np.nan, dtype=np.float32)

    with small(folder, Bad()) as index:
        with pytest.raises(ModelError, match="counting gave no usable vectors"):
            index.add([CATS])
        assert index.documents() == []


# Opening


def test_no_index(folder: Path) -> None:
    """Without ``create`` nothing is made."""
    with pytest.raises(IndexNotFoundError, match="There is no index in"):
        Index.open(folder)
    assert not folder.exists()


@pytest.mark.parametrize("name", ["file", "file/below", "nul\0", "x" * 5000])
def test_a_folder_that_cannot_be(tmp_path: Path, name: str, embedder: Embedder) -> None:
    """The folder and the reason are named."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexStateError, match="cannot be made"):
        Index.open(tmp_path / name, create=True, model=embedder)
    assert (tmp_path / "file").read_text() == "x"


def test_an_unknown_model_leaves_nothing(folder: Path) -> None:
    """A model that cannot be loaded is one sentence, and no folder is made."""
    with pytest.raises(ModelError, match=r"^The model's name is empty[^\n.]*\.$"):
        Index.open(folder, create=True, model=" ")
    assert not folder.exists()


def test_a_path_with_spaces_and_accents(tmp_path: Path, embedder: Embedder) -> None:
    """Any name of a folder will do, and it may be relative."""
    folder = tmp_path / "mi índice 📚" / "año 2025"
    with Index.open(str(folder), create=True, model=embedder) as index:
        index.add([CATS])
    with Index.open(str(folder), model=embedder) as index:
        assert found(index, "gatos") == {"cats"}


def test_another_model_is_refused(index: Index, folder: Path, embedder: Embedder) -> None:
    """An index keeps to the model it was made with; nothing is lost."""
    before = searched(index)
    for create in (False, True):
        with pytest.raises(ModelMismatchError, match=r"made with the model e5-small.*not counting"):
            Index.open(folder, create=create, model=Counting())
    with Index.open(folder, model=embedder) as again:
        assert searched(again) == before


def test_stopped_before_the_model_was_recorded(folder: Path) -> None:
    """An index that was only half made is finished by the next who makes it."""
    folder.mkdir()
    from index.storage.catalog import SqliteCatalog

    SqliteCatalog(folder / "catalog.sqlite", create=True).close()
    with pytest.raises(IndexNotFoundError, match="There is no index in"):
        Index.open(folder)
    with small(folder) as index:
        index.add([CATS])
        assert found(index, "gatos") == {"cats"}


def test_a_closed_index_says_so(index: Index) -> None:
    """Its use is an error of ours that does not speak of damage; closing twice is nothing."""
    index.close()
    index.close()
    with pytest.raises(IndexStateError, match="closed"):
        index.candidates("gatos")


def test_a_folder_without_permission(
    tmp_path_factory: pytest.TempPathFactory, seeds_index: Path, embedder: Embedder
) -> None:
    """Where nothing may be written, writing is refused with the reason, and nothing changes."""
    from tests.index.sync.test_sync import as_nobody

    base = tmp_path_factory.mktemp("rights")
    for parent in (base, *list(base.parents)[:2]):
        parent.chmod(0o755)
    folder = base / "index"
    shutil.copytree(seeds_index, folder)
    with Index.open(folder, model=embedder) as index:
        before = index.candidates("Rubio")
        (folder / "writer.lock").chmod(0o444)
        with as_nobody(), pytest.raises(IndexStateError, match="cannot be written: "):
            index.add([CATS])
        assert index.candidates("Rubio") == before


# Damage


def vectors_file(folder: Path) -> Path:
    (file,) = folder.glob("vectors-*.faiss")
    return file


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize(
    "damage", [Path.unlink, flip, truncate, lambda path: path.write_bytes(b"")]
)
def test_vectors_are_made_again(index: Index, folder: Path, embedder: Embedder, damage) -> None:  # type: ignore[no-untyped-def]
    """Lost or damaged vectors are written anew from the catalog; searches give the same."""
    before = searched(index)
    index.close()
    good = vectors_file(folder).read_bytes()
    damage(vectors_file(folder))
    with Index.open(folder, model=embedder) as again:
        assert searched(again) == before
    assert vectors_file(folder).read_bytes() == good


@pytest.mark.parametrize("damage", ["deleted", "meta", "segments", "flipped"])
def test_words_are_made_again(index: Index, folder: Path, embedder: Embedder, damage: str) -> None:
    """So are the words, when the lexical folder is lost or cannot be opened."""
    before = searched(index)
    index.close()
    lexical = folder / "lexical"
    if damage == "deleted":
        shutil.rmtree(lexical)
    elif damage == "meta":
        (lexical / "meta.json").write_text("garbage")
    else:
        for path in [*lexical.glob("*.fast"), *lexical.glob("*.term")]:
            truncate(path) if damage == "segments" else flip(path)
    with Index.open(folder, model=embedder) as again:
        assert searched(again) == before


def test_what_was_left_over_is_cleared(index: Index, folder: Path) -> None:
    """Files of interrupted writers do not pile up."""
    (folder / "vectors-1.faiss.99.tmp").write_bytes(b"x")
    (folder / "vectors-0.faiss").write_bytes(b"x")
    index.add([Document("new", "Un texto nuevo.")])
    assert len(list(folder.glob("vectors-*"))) == 1


def test_a_damaged_catalog(index: Index, folder: Path, embedder: Embedder) -> None:
    """The catalog is the truth: its damage is an error, and nothing is overwritten."""
    index.close()
    catalog = folder / "catalog.sqlite"
    data = catalog.read_bytes()
    damaged = data[:4096] + b"\xff" * (len(data) - 4096)
    catalog.write_bytes(damaged)
    for create in (False, True):
        with pytest.raises(IndexDamagedError, match="is damaged: delete that folder"):
            Index.open(folder, create=create, model=embedder)
    assert catalog.read_bytes() == damaged


@pytest.mark.parametrize("damage", ["vectors", "words", "none"])
def test_mending_once_is_enough(
    index: Index, folder: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """The first search after an opening completes what is to be completed; the others search."""
    index.close()
    if damage == "vectors":
        flip(vectors_file(folder))
    elif damage == "words":
        shutil.rmtree(folder / "lexical")
    published: list[bool] = []
    real = Stores.publish

    def publish(self: Stores, new: VectorStore | None = None, *, last: bool = True) -> None:
        published.append(last)
        real(self, new, last=last)

    monkeypatch.setattr(Stores, "publish", publish)
    with Index.open(folder, model=embedder) as again:
        for _ in range(3):
            assert found(again, "gatos") == {"cats"}
        assert len(published) == (damage != "none")
        again.remove(["bread"])
        for _ in range(3):
            assert found(again, "pan") == set()
        assert len(published) == (damage != "none") + 1


# Several at once


def test_readers_see_what_a_writer_wrote(index: Index, folder: Path, embedder: Embedder) -> None:
    """A second object on the folder finds changes without being opened again."""
    with Index.open(folder, model=embedder) as reader:
        assert found(reader, "delfines") == set()
        index.add([Document("sea", "Los delfines nadan en el mar.")])
        assert found(reader, "delfines") == {"sea"}
        index.remove(["sea", "cats"])
        assert found(reader, "delfines gatos") == set()
        reader.add([Document("back", "Los gatos vuelven.")])
        assert found(index, "gatos") == {"back"}
        assert searched(index) == searched(reader)


HOLD = """
import sys
from filelock import FileLock
from pathlib import Path
with FileLock(sys.argv[1]):
    Path(sys.argv[1]).with_name("writer.pid").write_text("4711")
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_writer(folder: Path, index: Index) -> Iterator[None]:  # noqa: ARG001  # made before
    """Another process that holds the writer's lock."""
    command = [sys.executable, "-c", HOLD, str(folder / "writer.lock")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
        process.kill()


@pytest.mark.usefixtures("other_writer")
def test_one_writer_at_a_time(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process writes, writing is refused, and searching goes on."""
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.1)
    with pytest.raises(IndexLockedError, match=r"Another process is writing.*\(process 4711\)"):
        index.add([Document("late", "Tarde.")])
    with pytest.raises(IndexLockedError, match="Another process is writing"):
        index.remove(["cats"])
    with pytest.raises(IndexLockedError, match="Another process is writing"):
        index.sync(ROOT / "seeds")
    assert found(index, "gatos") == {"cats"}


@pytest.mark.usefixtures("other_writer")
def test_searching_while_another_process_is_amid_its_work(
    folder: Path, index: Index, embedder: Embedder
) -> None:
    """What was published last is searched at once; what is gone from the catalog is left out."""
    with index.catalog.transaction():
        index.catalog.remove(["cats"])
        index.catalog.advance()
    with Index.open(folder, model=embedder) as reader:
        assert found(reader, "gatos pan") == {"bread"}


def test_searching_while_a_thread_embeds(folder: Path) -> None:
    """A long write does not hold up searches in other threads of the same index."""
    embedding, go_on = threading.Event(), threading.Event()

    class Slow(Counting):
        def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if len(texts) > 1:
                embedding.set()
                assert go_on.wait(20)
            return super().embed_passages(texts)

    with small(folder, Slow()) as index:
        index.add([CATS])
        writer = threading.Thread(target=index.add, args=([BREAD, VISIT],))
        writer.start()
        assert embedding.wait(20)
        assert found(index, "gatos pan") == {"cats"}
        go_on.set()
        writer.join(20)
        assert found(index, "gatos pan") == {"cats", "bread"}


def test_threads(folder: Path) -> None:
    """Eight threads search while one writes: what is always there is always found, whole."""
    kept = [Document(f"kept{n}", f"Siempre gato k{n}k.\n\nOtra cosa.") for n in range(40)]
    errors: list[BaseException] = []
    stop = threading.Event()

    def search(index: Index, number: int) -> None:
        try:
            while not stop.is_set():
                assert found(index, f"k{number}k") == {f"kept{number}"}
                candidates = index.candidates("gato", k=100)
                assert len({one.id for one in candidates}) == len(candidates)
                held = {one.passage.document_id for one in candidates}
                assert held >= {document.id for document in kept}
        except BaseException as exc:  # noqa: BLE001  # raised again by the test, in its own thread
            errors.append(exc)

    with small(folder) as index:
        index.add(kept)
        threads = [threading.Thread(target=search, args=(index, n)) for n in range(8)]
        for thread in threads:
            thread.start()
        for turn in range(6):
            index.add([Document(f"new{n}", f"Nuevo {turn} {n}.") for n in range(20)])
            index.remove([f"new{n}" for n in range(0, 20, 2)])
        stop.set()
        for thread in threads:
            thread.join(20)
        assert errors == []
        assert len(index.documents()) == 50


KILLED = """
import sys
from index import Document, Index
from tests.index.test_index import Counting

index = Index.open(sys.argv[1], create=True, model=Counting())
for turn in range(1000):
    index.add([Document(f"d{n}", f"Vuelta t{turn}t del documento n{n}n.") for n in range(20)])
    print(turn, flush=True)
"""


@pytest.mark.parametrize("delay", [0.0, 0.004, 0.011])
def test_killed_while_writing(folder: Path, delay: float) -> None:
    """After kill -9 the index opens, holds whole documents of one turn, and finds them."""
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        while process.stdout.readline() != "2\n":
            assert process.poll() is None
        threading.Event().wait(delay)
        os.kill(process.pid, signal.SIGKILL)
    with Index.open(folder, model=Counting()) as index:
        texts = [index.document(info.id).text for info in index.documents()]
        turn = texts[0].split()[1]
        assert texts == [
            f"Vuelta {turn} del documento n{info.id[1:]}n." for info in index.documents()
        ]
        assert len(texts) == 20
        assert found(index, turn) == {f"d{n}" for n in range(20)}
        assert found(index, "n7n") == {"d7"}
        index.add([CATS])
        assert found(index, "gatos") == {"cats"}
