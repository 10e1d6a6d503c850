"""An index in PostgreSQL: as one in a folder, for several app servers, each role seeing its own."""

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest

from index import Document, Index
from index.errors import (
    IndexLockedError,
    IndexNotFoundError,
    IndexStateError,
    InputError,
    ModelMismatchError,
)
from index.storage.opening import open_catalog, place_of
from index.storage.postgres import schema, sessions
from index.storage.postgres.address import Address
from index.text.phrases import Phrase
from tests.conftest import ROOT
from tests.index.test_index import Counting
from tests.postgres import Server

TEXTS = [
    "Los gatos negros duermen en el tejado de la casa vieja.",
    "El pan se hace con harina de trigo, agua y sal.",
    "Cuándo visitó el secretario la capital de México.",
    "The dogs were running along the river at night.",
]
DOCUMENTS = [
    Document(f"d{n}", text, title=f"T{n}", metadata={"year": 2020 + n, "kind": ["acta", f"k{n}"]})
    for n, text in enumerate(TEXTS)
]
QUESTIONS = ["gatos", "¿Con qué se hace el pan?", "cuando visito", "Where did the dogs run?"]


@pytest.fixture
def address(postgres: Server) -> str:
    return postgres.address()


@pytest.fixture
def index(address: str) -> Iterator[Index]:
    with Index.open(address, create=True, model=Counting()) as opened:
        opened.add(DOCUMENTS)
        yield opened


def seen(index: Index, question: str, **limits: Any) -> dict[str, tuple[float, float | None]]:
    """The documents of the candidates, with their scores to a thousandth."""
    return {
        one.passage.document_id: (
            round(one.dense, 3),
            None if one.lexical is None else round(one.lexical, 3),
        )
        for one in index.candidates(question, **limits)
    }


def zipped(files: dict[str, str]) -> bytes:
    """An archive with these texts."""
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


def in_another(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Another app server: a process of its own."""
    start = "import sys; from index import Document, Index; from tests.index.test_index import"
    return subprocess.Popen(
        [sys.executable, "-c", f"{start} Counting; address = sys.argv[1]\n{code}", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_DATA_HOME": f"{os.environ['XDG_DATA_HOME']}/other"},
    )


def test_as_in_a_folder(index: Index, tmp_path: Path) -> None:
    """What is found, with which scores, and what is said of it is what a folder gives."""
    with Index.open(tmp_path / "index", create=True, model=Counting()) as other:
        other.add(DOCUMENTS)
        for change in range(2):
            for question in QUESTIONS:
                for limits in ({}, {"documents": ["d1", "d3"]}, {"k": 1}):
                    assert seen(index, question, **limits) == seen(other, question, **limits)
            assert index.documents() == other.documents()
            assert index.names() == other.names()
            assert index.inventory() == other.inventory()
            assert index.origins(["d1"]) == other.origins(["d1"])
            assert index.passages_of("d2", 1) == other.passages_of("d2", 1)
            for where in ({"year": {"$gt": 2021}}, {"kind": "k1"}, {"kind": {"$nin": ["k2"]}}):
                assert sorted(index.matching(where)) == sorted(other.matching(where))
            phrase = Phrase("harina de trigo")
            assert index.mentions(phrase) == other.mentions(phrase)
            words = ["pan", "gat"]
            assert index.idf(words, "es") == pytest.approx(other.idf(words, "es"))
            assert index.verify().problems == []
            health, there = index.health(), other.health()
            assert (health.documents, health.unpublished, health.outdated) == (
                there.documents,
                there.unpublished,
                there.outdated,
            )
            assert health.size > 0
            if not change:
                for one in (index, other):
                    assert one.remove(["d0", "none"]) == 1
                    one.keep_setting("x", "y")
                    one.add([Document("d1", "El pan de maíz."), Document("d9", "Otra cosa.")])


def test_folders_are_synced(address: str, tmp_path: Path) -> None:
    """Files come, change, move and go, as in a folder."""
    docs = tmp_path / "docs"
    docs.mkdir()
    for n, text in enumerate(TEXTS):
        (docs / f"{n}.txt").write_text(text, encoding="utf-8")
    (docs / "in.zip").write_bytes(zipped({"a.txt": TEXTS[0], "b.txt": TEXTS[1] * 2}))
    with (
        Index.open(address, create=True, model=Counting()) as index,
        Index.open(tmp_path / "index", create=True, model=Counting()) as other,
    ):
        both = (index, other)
        first, expected = (replace(one.sync(docs), seconds=0) for one in both)
        assert first == expected
        assert len(first.added) == 5
        (docs / "0.txt").rename(docs / "new.txt")
        (docs / "in.zip").rename(docs / "out.zip")
        (docs / "2.txt").unlink()
        (docs / "3.txt").write_text("Nothing of it is left.", encoding="utf-8")
        (docs / "4.bin").write_bytes(b"\0\1")
        second, expected = (replace(one.sync(docs), seconds=0) for one in both)
        assert second == expected
        assert (len(second.moved), len(second.removed), len(second.changed)) == (2, 1, 1)
        for one in both:
            inner = [filed.id for filed in one.inventory().documents if filed.container]
            assert one.remove(inner[:1]) == 1
            assert len(one.sync(docs).changed) == 1
            assert one.verify().problems == []
        assert index.documents() == other.documents()
        health, expected_health = (replace(one.health(), folders={}, size=0) for one in both)
        assert health == expected_health


def test_texts_that_the_server_cannot_hold(index: Index) -> None:
    """A zero byte, which PostgreSQL's texts never have, is written as the sign for unknown."""
    index.add([Document("a\0b", "Algo de pan.", source="x\0", metadata={"k\0": "v\0", "n": 1})])
    assert index.document("a\0b").metadata == {"k\ufffd": "v\ufffd", "n": 1}
    assert index.matching({"k\0": "v\0"}) == ("a\ufffdb",)
    assert index.matching({"n": 1}) == ("a\ufffdb",)
    assert index.remove(["a\0b"]) == 1


def test_several_app_servers(index: Index, address: str) -> None:
    """What one has committed, the next search of another finds; what it removed, none finds."""
    with in_another(
        "with Index.open(address, model=Counting()) as index:\n"
        "    index.add([Document('new', 'Un zorro cruza el campo.')]); index.remove(['d1'])\n"
        "    print(len(index.candidates('zorro')))",
        address,
    ) as other:
        out, error = other.communicate(timeout=300)
    assert (out.strip(), other.returncode) == ("4", 0), error
    assert seen(index, "zorro")["new"][1] is not None
    assert "d1" not in seen(index, "pan")
    assert index.verify().problems == []


def test_one_writes_at_a_time(index: Index, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another writer is told who writes; the lock of one that was killed is free at once."""
    monkeypatch.setattr("index.opened.LOCK_SECONDS", 0)
    with in_another(
        "with Index.open(address)._writing() as opened, opened.catalog.transaction():\n"
        "    opened.catalog.remove(['d0']); print('in', flush=True); sys.stdin.read()",
        address,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        with pytest.raises(IndexLockedError, match=rf"\(qa {other.pid}\): wait until"):
            index.remove(["d1"])
        assert "d0" in seen(index, "gatos")  # half of a write is not seen
        other.send_signal(signal.SIGKILL)
        other.wait()
    monkeypatch.setattr("index.opened.LOCK_SECONDS", 60)
    assert index.remove(["d1"]) == 1
    assert index.has("d0")


def test_one_model_of_several_that_make_it(address: str) -> None:
    """Of programs that make an index at once, one makes it; another model is refused."""

    class Other(Counting):
        name = identity = "other"

    def make(model: Counting) -> None:
        try:
            with Index.open(address, create=True, model=model) as index:
                assert index.model is model
                index.first_setting("key", model.name)
        except ModelMismatchError:
            refused.append(model.name)

    refused: list[str] = []
    threads = [threading.Thread(target=make, args=[kind()]) for kind in (Counting, Other) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Index.open(address) as index:
        made = index.catalog.get("identity")
        assert index.setting("key") == made
        assert refused == [name for name in ("counting", "other") if name != made] * 3


def test_a_role_sees_its_collections_alone(postgres: Server, address: str, index: Index) -> None:
    """Without the right, a role neither sees nor counts nor searches, nor does it by plain SQL."""
    place = Address.parse(address)
    other = Address.parse(postgres.address())
    with Index.open(other, create=True, model=Counting()) as second:
        second.add([Document("secret", "El pan de la otra colección.")])
    postgres.sql("CREATE ROLE reader LOGIN", user="postgres")
    postgres.sql(f'GRANT USAGE ON SCHEMA "{place.schema}" TO reader')
    postgres.sql(f'GRANT SELECT ON ALL TABLES IN SCHEMA "{place.schema}" TO reader')
    as_reader = str(place).replace("postgres@", "reader@")
    with Index.open(as_reader, model=Counting()) as read:
        assert seen(read, "pan") == seen(index, "pan")
        assert read.counts() == index.counts()
        with pytest.raises(IndexStateError, match=r"reader may read .* and not write"):
            read.remove(["d0"])
    with pytest.raises(IndexStateError, match="reader may not use the collection"):
        Index.open(str(other).replace("postgres@", "reader@"))
    from pg8000.exceptions import DatabaseError

    for table in ("documents", "passages", "vectors", "meta", "spare", "failures"):
        with pytest.raises(DatabaseError, match="permission denied for schema"):
            postgres.sql(f'SELECT count(*) FROM "{other.schema}".{table}', user="reader")
        with pytest.raises(DatabaseError, match="permission denied"):
            postgres.sql(f'DELETE FROM "{place.schema}".{table}', user="reader")


@pytest.mark.parametrize("doing", ["search", "sync"])
def test_the_server_is_killed(
    postgres: Server, address: str, tmp_path: Path, doing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said; nothing is lost, doubled or half there; and what was open goes on."""
    monkeypatch.setattr(sessions, "AWAY_SECONDS", 0.2)
    monkeypatch.setattr("index.sync.writer.EMBED_AT_ONCE", 4)
    docs = tmp_path / "docs"
    docs.mkdir()
    for n in range(40):
        (docs / f"{n:02d}.txt").write_text(f"{TEXTS[n % 4]} w{n}w", encoding="utf-8")
    with Index.open(address, create=True, model=Counting()) as index:
        if doing == "sync":
            with pytest.raises(IndexStateError, match=r"server at 127.0.0.1:\d+ "):
                index.sync(docs, on_progress=lambda step: postgres.kill() if step.files > 9 else 0)
        else:
            index.sync(docs)
            stop, said = threading.Event(), list[str]()

            def search() -> None:
                while not stop.is_set():
                    try:
                        assert len(index.candidates("w7w")) == 40
                    except IndexStateError as exc:
                        said.append(str(exc))

            threads = [threading.Thread(target=search) for _ in range(3)]
            for thread in threads:
                thread.start()
            postgres.kill()
            while len(said) < 3:
                time.sleep(0.01)
        with pytest.raises(IndexStateError, match="cannot be reached: start it"):
            index.candidates("w7w")
        postgres.start()
        if doing == "search":
            stop.set()
            for thread in threads:
                thread.join()
            assert all("server at 127.0.0.1:" in one for one in said)
        else:
            done = index.counts().documents
            assert 10 <= done < 40
            # Nothing but what was not indexed yet.
            assert not [one for one in index.verify().problems if "index" not in one]
            assert index.counts().passages == done
            assert len(index.sync(docs).added) == 40 - done
        assert index.counts() == (40, 40)
        assert index.verify().problems == []
        assert len(index.candidates("w7w")) == 40


@pytest.mark.parametrize("at", range(1, 8, 2))
def test_a_client_is_killed(address: str, tmp_path: Path, at: int) -> None:
    """At whichever commit, it leaves whole documents, and the next sync completes them."""
    docs = tmp_path / "docs"
    docs.mkdir()
    for n in range(12):
        (docs / f"{n:02d}.txt").write_text(f"{TEXTS[n % 4]} w{n}w", encoding="utf-8")
    with in_another(
        "import os, index.sync.writer\n"
        "from index.storage.postgres.sessions import Session\n"
        "index.sync.writer.EMBED_AT_ONCE = 4; do = Session.do; done = 0\n"
        "def counted(self, sql):\n"
        "    global done\n"
        f"    done += sql == 'COMMIT'; at = done == {at} and sql == 'COMMIT'\n"
        f"    if at and {at} % 4 == 1: os._exit(9)\n"
        "    do(self, sql)\n"
        "    if at: os._exit(9)\n"
        "with Index.open(address, create=True, model=Counting()) as index:\n"
        "    Session.do = counted; index.sync(sys.argv[2])",
        address,
        str(docs),
    ) as other:
        _, error = other.communicate(timeout=300)
    assert other.returncode in {0, 9}, error
    with Index.open(address, model=Counting()) as index:
        found = index.counts()
        assert found.documents == found.passages == len(index.candidates("pan"))
        index.sync(docs)
        assert index.counts() == (12, 12)
        assert index.verify().problems == []


def test_an_interruption(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """Amid an answer of the server, it ends the write and undoes it; the next one is as usual."""
    from pg8000.native import PreparedStatement

    run = PreparedStatement.run

    def interrupted(self: PreparedStatement, **values: Any) -> Any:
        if "INSERT INTO passages" in self.statement:
            raise KeyboardInterrupt
        return run(self, **values)

    monkeypatch.setattr(PreparedStatement, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        index.add([Document("d0", "Otra cosa."), Document("new", "Un zorro.")])
    monkeypatch.undo()
    assert index.document("d0").text == TEXTS[0]
    assert index.add([Document("new", "Un zorro.")]) == 1
    assert seen(index, "zorro")["new"][1] is not None


def test_what_is_open_notices_another_collection(postgres: Server, index: Index) -> None:
    """One that was dropped and made anew is another one; one that is gone is said to be gone."""
    place = index.place
    assert isinstance(place, Address)
    assert "d0" in seen(index, "gatos")
    postgres.sql(f'DROP SCHEMA "{place.schema}" CASCADE')
    with pytest.raises(IndexNotFoundError, match="There is no index in postgresql://"):
        index.candidates("gatos")
    with Index.open(place, create=True, model=Counting()) as anew:
        anew.add([Document("anew", "Los gatos nuevos.")])
    assert seen(index, "gatos").keys() == {"anew"}


def test_vectors_are_made_anew(address: str) -> None:
    """Other weights of the model: by words alone, until all are made anew."""

    class Other(Counting):
        identity = "counting@2"

    with Index.open(address, create=True, model=Counting()) as index:
        index.add(DOCUMENTS)
        catalog = index.catalog
        engine = index._opened.stores
        with catalog.transaction():
            catalog.put("renewal", "")
            engine.withdraw_vectors()
        assert {score for score, _ in map(tuple, seen(index, "gatos").values())} != {1.0}
        assert all(np.isnan(one.dense) for one in index.candidates("gatos"))
        engine.publish_remade()
        assert not any(np.isnan(one.dense) for one in index.candidates("gatos"))
        assert index.verify().problems == []


# What cannot be opened


def test_an_earlier_and_a_later_format(
    address: str, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one is brought up to date, all of it or nothing; the other is refused."""
    monkeypatch.setattr("index.storage.postgres.database.FORMAT", schema.FORMAT + 1)
    steps = {schema.FORMAT: "ALTER TABLE documents ADD COLUMN more text; SELECT 1 / 0"}
    monkeypatch.setattr("index.storage.postgres.database.STEPS", steps)
    with pytest.raises(IndexStateError, match="division by zero"):
        Index.open(address)
    assert index.catalog.get("format") == str(schema.FORMAT)
    steps[schema.FORMAT] = "ALTER TABLE documents ADD COLUMN more text DEFAULT 'x'"
    with Index.open(address, model=Counting()) as upgraded:
        assert upgraded.catalog.rows("SELECT DISTINCT more FROM documents") == [("x",)]
    assert len(index.candidates("gatos")) == 4  # prepared before the tables were changed
    monkeypatch.undo()
    with pytest.raises(IndexStateError, match="has format 2, and this release of qa knows 1: inst"):
        Index.open(address)


def test_what_is_not_there(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is one sentence, and none shows the password."""
    monkeypatch.setattr(sessions, "AWAY_SECONDS", 0.1)
    address = postgres.address().replace("postgres@", "postgres:sesame@")
    with pytest.raises(IndexNotFoundError, match="There is no index in postgresql://postgres@"):
        Index.open(address)
    for wrong, said in (
        (address.replace("/qa?", "/nowhere?"), "has no database nowhere: make it with createdb"),
        (address.replace("postgres:", "nobody:"), "does not let nobody in"),
        (address.replace(f":{postgres.port}/", ":1/"), "127.0.0.1:1 cannot be reached: start it"),
    ):
        with pytest.raises(IndexStateError, match=said) as caught:
            Index.open(wrong, create=True, model=Counting())
        assert "sesame" not in str(caught.value)
        assert "\n" not in str(caught.value)


def test_passwords(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right one opens it; a wrong one, or none, is said without showing it."""
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", "/nowhere")
    postgres.sql("CREATE ROLE locked LOGIN PASSWORD 'open sesame'")
    postgres.sql("GRANT CREATE ON DATABASE qa TO locked")
    address = postgres.address(user="locked")
    for given in (address, address.replace("locked@", "locked:close%20sesame@")):
        with pytest.raises(IndexStateError, match="does not let locked in") as caught:
            Index.open(given, create=True, model=Counting())
        assert "sesame" not in str(caught.value)
    monkeypatch.setenv("PGPASSWORD", "open sesame")
    postgres.sql("CREATE DATABASE bare OWNER locked")
    with (
        Index.open(address.replace("/qa?", "/bare?"), create=True, model=Counting()) as bare,
        pytest.raises(IndexStateError, match=r"bare at .* has no pgvector: let an administrator"),
    ):
        bare.add(DOCUMENTS)
    postgres.sql("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public")
    with Index.open(address, create=True, model=Counting()) as index:
        index.add(DOCUMENTS)
        assert "sesame" not in f"{index.path} {index.place!r} {index.catalog.shown}"
    monkeypatch.delenv("PGPASSWORD")
    with Index.open(address.replace("locked@", "locked:open%20sesame@")) as index:
        assert index.counts() == (4, 4)


def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for some time, and no longer."""
    import socket

    monkeypatch.setattr(sessions, "CONNECT_SECONDS", 0.2)
    monkeypatch.setattr(sessions, "AWAY_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(IndexStateError, match=r"did not answer in 0\.2 seconds"):
            Index.open(f"postgresql://postgres@127.0.0.1:{port}/qa")


def test_a_statement_that_takes_too_long(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is given up, and the connection is used again."""
    monkeypatch.setattr(sessions, "STATEMENT_SECONDS", 1)
    catalog = open_catalog(place_of(postgres.address()), create=True)
    with pytest.raises(IndexStateError, match="took more than 1 seconds"):
        catalog.rows("SELECT pg_sleep(?)", [60])
    assert catalog.counts() == (0, 0)
    catalog.close()


# Addresses


def test_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts that are left out come from the environment, as for PostgreSQL's own programs."""
    for name in ("PGHOST", "PGPORT", "PGDATABASE", "PGSSLMODE", "PGPASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGUSER", "ana")
    full = Address.parse("postgresql://bo%40b:p%2Fw@db.example.org:6543/docs?collection=Leyes 2024")
    assert (full.user, full.host, full.port, full.database) == (
        "bo@b",
        "db.example.org",
        6543,
        "docs",
    )
    assert (full.schema, full.password()) == ("qa_Leyes 2024", "p/w")
    shown = "postgresql://bo%40b@db.example.org:6543/docs?collection=Leyes%202024"
    assert str(full) == shown
    assert "p/w" not in repr(full)
    assert Address.parse(Path(shown)) == Address.parse(shown)  # a Path has one slash less
    short = Address.parse("postgres://")
    assert (short.user, short.host, short.port, short.database, short.collection) == (
        "ana",
        "localhost",
        5432,
        "ana",
        "default",
    )
    socket = Address.parse("postgresql:///docs?host=/run/postgresql&sslmode=disable")
    for one in (full, short, socket, Address.parse("postgresql://a@[::1]:1/d?sslmode=require")):
        assert Address.parse(str(one)) == one
    assert (socket.socket, socket.tls()) == ("/run/postgresql/.s.PGSQL.5432", False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("postgresql://h:port/d", "no address of a collection"),
        ("postgresql://h/d?colection=x", "takes no colection"),
        ("postgresql://h/d?collection=a;b", "name of a collection has letters"),
        ("postgresql://h/d?collection=", "name of a collection has letters"),
        ("postgresql://h/d?sslmode=never", "no sslmode never"),
    ],
)
def test_what_is_no_address(given: str, said: str) -> None:
    """It is said what to write."""
    with pytest.raises(InputError, match=said):
        Index.open(given)


def test_passwords_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first line that fits is taken, if nobody else may read the file."""
    monkeypatch.delenv("PGPASSWORD", raising=False)
    file = tmp_path / "pgpass"
    file.write_text("# none\nother:*:*:*:no\n*:5432:do\\:cs:ana:se\\\\same\n*:*:*:*:any\n")
    monkeypatch.setenv("PGPASSFILE", str(file))
    file.chmod(0o600)
    assert Address.parse("postgresql://ana@h/do:cs").password() == "se\\same"
    assert Address.parse("postgresql://ana@h/x").password() == "any"
    monkeypatch.setenv("PGPASSWORD", "mine")
    assert Address.parse("postgresql://ana@h/x").password() == "mine"
    monkeypatch.delenv("PGPASSWORD")
    file.chmod(0o644)
    assert Address.parse("postgresql://ana@h/x").password() is None
