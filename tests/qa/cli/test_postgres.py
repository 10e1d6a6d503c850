"""The command line and the collections of the chat, over an index in PostgreSQL."""

import pickle
from pathlib import Path

from typer.testing import CliRunner

from qa.cli.app import app
from qa.web.collection import Collections, opener
from tests.postgres import Server


def test_a_collection_by_its_address(postgres: Server, tmp_path: Path) -> None:
    """It is indexed, asked and verified; the password is in nothing that is printed."""
    (tmp_path / "tren.txt").write_text("El tren a Sevilla sale a las 9:30.", encoding="utf-8")
    address = postgres.address().replace("postgres@", "postgres:sesame@")
    shown = address.replace(":sesame@", "@")
    said = ""
    for command, output in (
        (["index", str(tmp_path)], "1 added"),
        (["ask", "¿A qué hora sale el tren a Sevilla?"], "9:30"),
        (["status"], shown),
        (["status", "--json"], shown),
        (["verify"], "all agree"),
        (["remove", "tren.txt"], "1 removed"),
    ):
        result = CliRunner().invoke(app, [*command, "--store", address])
        assert output in result.output, result.output
        said += result.output
    assert "sesame" not in said


def test_the_collections_of_a_chat(postgres: Server, tmp_path: Path) -> None:
    """One is opened by its address; all app servers stamp links with the same key."""
    (tmp_path / "tren.txt").write_text("El tren a Sevilla sale a las 9:30.", encoding="utf-8")
    address = postgres.address()
    CliRunner().invoke(app, ["index", str(tmp_path), "--store", address])
    gone = address.replace(f":{postgres.port}/", ":1/")
    servers = [
        Collections({"trains": Path(address), "gone": Path(gone)}, opener(None, None))
        for _ in range(2)
    ]
    keys = [server.keys() for server in servers]
    assert keys[0] == keys[1]
    assert keys[0].keys() == {"trains"}
    retriever = servers[0].get("trains").retriever
    with pickle.loads(pickle.dumps(retriever)) as sent:  # noqa: S301  # our own
        assert [hit.document_id for hit in sent.search("tren")] == ["tren.txt"]
    for server in servers:
        server.close()
