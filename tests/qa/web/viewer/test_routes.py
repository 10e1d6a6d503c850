"""What the panel asks the server for: boxes, pages and files, by the links of citations alone."""

import asyncio
import io
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from index import Document, Index
from qa import Assistant, Retriever
from qa.web.chat import create_app
from qa.web.options import Options
from qa.web.service import Service
from qa.web.source import key_of, link_to
from qa.web.viewer.files import ViewError
from qa.web.viewer.process import Renderer
from tests.conftest import CHAT
from tests.qa.web.viewer.drawn import drawn, law, lines

pytest.importorskip("gradio", reason=CHAT)
from starlette.testclient import TestClient

from qa.types import Citation
from qa.web.own_files import file_address

NAME = 'ley "de aguas"; nº 1.pdf'
PAGE = "<script>alert(1)</script><p>El faro de Punta Brava se pintó en 1990, con cal.</p>"
PASSWORD = "clave larga"  # noqa: S105  # of no one
ROWS = "\n".join(f"Muelle {number};{number}" for number in range(40))


def files(folder: Path) -> None:
    """One file of each kind that is shown in its own way."""
    folder.mkdir()
    (folder / NAME).write_bytes(law())
    (folder / "faro.html").write_text(PAGE, encoding="utf-8")
    (folder / "barcos.csv").write_text(f"Puerto;Barcos\n{ROWS}\nPuerto Viejo;71\n")

    def huge(canvas: Canvas) -> None:
        lines(canvas, ["El cartel mide cinco metros de alto."], 700)

    (folder / "cartel.pdf").write_bytes(drawn(huge, (14_000, 14_000)))
    with zipfile.ZipFile(folder / "envío.zip", "w") as archive:
        archive.writestr(
            "dentro/acta.pdf", drawn(lambda c: c.drawString(60, 700, "Acta de la sesión."))
        )
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("secreto"))
    canvas.drawString(60, 700, "El contrato reservado es de nueve mil pesos.")
    canvas.save()
    (folder / "contrato.pdf").write_bytes(file.getvalue())


class Site:
    """The chat over an index of files that may change."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "files"
        self.index = folder / "index"
        files(self.files)
        self.sync()
        self.retriever = Retriever.open(self.index)
        app = create_app(self.retriever, Assistant(self.retriever))
        self.client = TestClient(app, base_url="http://localhost")

    def sync(self) -> None:
        """Index the files as they are."""
        with Index.open(self.index, create=True) as index:
            report = index.sync(self.files, passwords=["secreto"])
        assert not report.failed

    def link(self, name: str, quote: str, answer: str = "") -> str:
        """The link of a citation of these words in the document of this name."""
        info = next(one for one in self.retriever.documents() if one.id.endswith(name))
        text = self.retriever.document(info.id).text
        start = text.index(quote)
        inner = text.index(answer, start)
        return link_to(
            Citation(
                info.id, None, None, 1, 1, start, start + len(quote), quote,
                (inner, inner + len(answer)) if answer else None, hash=info.hash,
            ),
            key_of(self.index),
        )  # fmt: skip

    def get(self, path: str, link: str, **values: Any) -> Any:
        """The response for a link."""
        return self.client.get(f"/{path}", params={"link": link, **values})


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """One for each test that changes something."""
    site = Site(tmp_path)
    yield site
    site.retriever.close()


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One that no test changes."""
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.retriever.close()


FINE = ("una multa de 350 pesos, que", "350 pesos")


def test_the_page_and_its_boxes(fixed: Site) -> None:
    """The page as a picture of the asked width, rounded up, and where the words are on it."""
    link = fixed.link(NAME, *FINE)
    view = fixed.get("view", link).json()
    assert (view["pages"], view["page"], view["share"], view["scan"]) == (3, 1, 1, False)
    assert view["ratio"] == pytest.approx(2**0.5, abs=0.001)
    assert [(box["page"], box["kind"]) for box in view["boxes"]] == [(1, "quote"), (1, "answer")]
    response = fixed.get("page", link, number=1, pixels=700)
    assert response.headers["content-type"] == "image/webp"
    assert response.headers["cache-control"] == "no-store"
    picture = Image.open(io.BytesIO(response.content)).convert("L")
    assert abs(picture.width - 800) <= 1
    width, height = picture.size
    # The words leave ink inside of their box, and none around it between the lines.
    box = view["boxes"][1]
    left, top = box["left"] * width, box["top"] * height
    inside = picture.crop(
        (round(left), round(top), round(left + box["width"] * width),
         round(top + box["height"] * height))
    )  # fmt: skip
    assert inside.getextrema()[0] < 100  # type: ignore[operator]
    below = picture.crop((0, round(0.3 * height), width, height))
    assert below.getextrema()[0] > 240  # type: ignore[operator]
    assert fixed.get("page", link, number=2, pixels=9000).status_code == 200


def test_a_table_has_cells_and_its_header(fixed: Site) -> None:
    """The rows around the one that is quoted, and the header although it is far away."""
    source = fixed.get("source", fixed.link("barcos.csv", "Puerto Viejo\t71", "71")).json()
    (table,) = source["tables"]
    rows = [["".join(piece["text"] for piece in cell) for cell in row] for row in table["rows"]]
    assert (table["header_rows"], table["gap"]) == (1, True)
    assert rows[0] == ["Puerto", "Barcos"]
    assert rows[-2:] == [["Muelle 39", "39"], ["Puerto Viejo", "71"]]
    assert [piece["kind"] for cell in table["rows"][-1] for piece in cell] == ["quote", "answer"]
    assert source["file"] == {"name": "barcos.csv", "pages": False, "whole": False}


@pytest.mark.parametrize(
    ("name", "quote", "kind", "shown"),
    [
        (NAME, FINE[0], "application/pdf", "inline"),
        ("faro.html", "El faro", "application/octet-stream", "attachment"),
        ("acta.pdf", "Acta de la", "application/octet-stream", "attachment"),
    ],
)
def test_the_file_itself(fixed: Site, name: str, quote: str, kind: str, shown: str) -> None:
    """Shown only if it is a PDF; of a file in an archive, it is the archive. Never as a page."""
    link = fixed.link(name, quote)
    response = fixed.get("original", link)
    assert response.status_code == 200
    assert response.headers["content-type"] == kind
    disposition = response.headers["content-disposition"]
    assert re.fullmatch(rf"{shown}; filename\*=UTF-8''[\w.%-]+", disposition)
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert response.headers["x-content-type-options"] == "nosniff"
    file = "envío.zip" if name == "acta.pdf" else name
    assert response.content == (fixed.files / file).read_bytes()
    kept = fixed.get("original", link, download=True).headers["content-disposition"]
    assert kept.startswith("attachment; ")


def test_what_has_no_pages(fixed: Site) -> None:
    """A web page, a file in an archive, a locked PDF: one word says why."""
    for name, quote, reason in (
        ("faro.html", "El faro", "unreadable"),
        ("acta.pdf", "Acta de la", "unreadable"),
        ("contrato.pdf", "El contrato", "locked"),
    ):
        link = fixed.link(name, quote)
        for path in ("view", "page"):
            response = fixed.get(path, link)
            assert (response.status_code, response.json()) == (422, {"reason": reason})
    source = fixed.get("source", fixed.link("acta.pdf", "Acta de la")).json()
    assert source["file"] == {"name": "envío.zip", "pages": False, "whole": True}


def test_a_huge_page_is_a_picture_of_bounded_size(fixed: Site) -> None:
    """Fourteen thousand points wide and high, as large as a page may be."""
    link = fixed.link("cartel.pdf", "El cartel mide")
    response = fixed.get("page", link, number=1, pixels=10**9)
    with Image.open(io.BytesIO(response.content)) as picture:
        assert picture.width * picture.height <= 12_100_000
    for number in (0, 2, -1, 10**12):
        assert fixed.get("page", link, number=number).status_code == 422


@pytest.mark.parametrize("path", ["source", "view", "page", "original"])
def test_only_links_of_ours_lead_anywhere(fixed: Site, path: str) -> None:
    """No other offsets, no other document, no path of a file."""
    link = fixed.link(NAME, *FINE)
    for forged in ("", "#cite-", link[:-1], link.replace(".", ".1", 1), "/etc/passwd", "../a.pdf"):
        assert fixed.get(path, forged).status_code == 404
    assert fixed.client.get(f"/{path}").status_code == 404


def test_a_file_that_changes_or_goes(site: Site, tmp_path: Path) -> None:
    """Neither its pages nor its bytes are had any more, also those that were seen before."""
    link = site.link(NAME, *FINE)
    path = site.files / NAME
    status = path.stat()
    assert site.get("page", link).status_code == 200
    path.write_bytes(law(2)[: status.st_size].ljust(status.st_size, b" "))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    (tmp_path / "secret").write_text("secret")
    for change in ("changed", "gone", "link", "pipe"):
        if change != "changed":
            path.unlink(missing_ok=True)
        if change == "link":
            path.symlink_to(tmp_path / "secret")
        if change == "pipe":
            os.mkfifo(path)
        expected = 410 if change in {"gone", "pipe"} else 409
        for name in ("view", "page", "original"):
            assert site.get(name, link).status_code == expected, (change, name)
        reason = "gone" if expected == 410 else "changed"
        assert site.get("view", link).json() == {"reason": reason}
        assert "secret" not in site.get("original", link).text
        said = site.client.get(
            "/original", params={"link": link}, headers={"accept-language": "es"}
        )
        assert ("ya no está donde se leyó" in said.text) == (expected == 410)
    assert site.get("source", link).status_code == 200


def test_a_permanent_link(site: Site) -> None:
    """Opens a page of its own; says in one sentence that the document has changed, or is gone."""
    permanent = "/c/" + site.link(NAME, *FINE).removeprefix("#cite-")
    spanish = {"accept-language": "es-MX,es;q=0.9"}
    page = site.client.get(permanent, headers=spanish)
    assert page.status_code == 200
    assert '<html lang="es">' in page.text
    assert '<div id="source"' in page.text
    assert page.headers["cache-control"] == "no-store"
    (site.files / NAME).write_bytes(
        drawn(lambda c: c.drawString(60, 700, "Otra ley, de otras aguas."))
    )
    site.sync()
    changed = site.client.get(permanent, headers=spanish)
    assert (changed.status_code, "ha cambiado" in changed.text) == (409, True)
    (site.files / NAME).unlink()
    site.sync()
    gone = site.client.get(permanent, headers={"accept-language": "en"})
    assert (gone.status_code, "no longer in the index" in gone.text) == (404, True)
    assert site.client.get("/c/none").status_code == 404
    assert site.client.get("/c/").status_code == 404


def test_a_permanent_link_behind_a_log_in(fixed: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """Leads to the log-in and from there back, under the page's path; the log names no document."""
    options = Options(password=PASSWORD, root_path="/docs", log=True)
    assistant = Assistant(fixed.retriever)
    app = create_app(fixed.retriever, assistant, service=Service(options))
    client = TestClient(app, base_url="http://localhost", follow_redirects=False)
    permanent = "/c/" + fixed.link(NAME, *FINE).removeprefix("#cite-")
    visit = {"accept": "text/html"}
    away = client.get(f"/docs{permanent}", headers=visit)
    assert (away.status_code, away.headers["location"]) == (303, f"/docs/login?then={permanent}")
    for path in ("source", "view", "page", "original"):
        assert client.get(f"/docs/{path}").status_code == 401
    sent = {"password": PASSWORD, "then": permanent}
    back = client.post("/docs/login", data=sent, headers={"origin": "http://localhost"})
    assert back.headers["location"] == f"/docs{permanent}"
    page = client.get(back.headers["location"], headers=visit)
    assert page.status_code == 200
    assert file_address("/docs", "permalink.js") in page.text
    logged = capsys.readouterr().err
    assert r"/c/\u2026" in logged
    assert permanent not in logged


def test_a_document_without_a_file(site: Site) -> None:
    """One that a program added has its text alone."""
    with Index.open(site.index) as index:
        index.add([Document("memo", "El pozo se limpió en marzo.", source="/etc/hostname")])
    link = site.link("memo", "El pozo")
    assert site.get("source", link).json()["file"] is None
    for path in ("view", "page", "original"):
        assert site.get(path, link).status_code == 404


def test_a_picture_is_its_own_page() -> None:
    """In colour, as it is."""
    from qa.web.viewer.pictures import Pages

    file = io.BytesIO()
    image = Image.new("RGB", (400, 200), (200, 30, 30))
    image.save(file, "PNG")
    pages = Pages(file.getvalue(), ".png")
    assert pages.count == 1
    with Image.open(io.BytesIO(pages.picture(1, 800))) as picture:
        red, green, blue = picture.convert("RGB").getpixel((400, 200))  # type: ignore[misc]
    assert red > 150
    assert max(green, blue) < 80


def test_a_renderer_that_ends_is_started_anew(fixed: Site) -> None:
    """As after a crash; a file that ends it once more is unreadable; too many at once are told."""
    path = fixed.files / NAME
    info = next(one for one in fixed.retriever.documents() if one.id.endswith(NAME))
    (file,) = fixed.retriever.index.catalog.files(str(path))
    assert file.id == info.id
    asked = {
        "path": str(path),
        "hash": file.stamp.hash,
        "do": "picture",
        "number": 1,
        "pixels": 800,
    }
    renderer = Renderer(60, 1)
    try:
        _, first = asyncio.run(renderer.ask(asked))
        assert renderer._process is not None
        renderer._process.kill()
        _, second = asyncio.run(renderer.ask(asked))
        assert first == second

        async def two() -> Any:
            return await asyncio.gather(
                renderer.ask(asked), renderer.ask(asked), return_exceptions=True
            )

        answers = asyncio.run(two())
        assert [str(one) for one in answers if isinstance(one, ViewError)] == ["busy"]
    finally:
        renderer.close()
    late = Renderer(0.01, 1)
    with pytest.raises(ViewError, match="slow"):
        asyncio.run(late.ask(asked))
    late.close()
