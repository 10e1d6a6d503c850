"""All files, made into a folder, each with its truth. The same seed gives the same contents."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.formats import office, write_books, write_slides
from benchmarks.formats.contents import contents
from benchmarks.formats.decks import decks
from benchmarks.formats.truth import Content, Item, Table, Truth, hidden_texts
from benchmarks.formats.write_books import Book
from benchmarks.formats.write_fodt import write_fodt
from benchmarks.formats.write_laid_out import write_laid_out
from benchmarks.formats.write_odp import write_odp
from benchmarks.formats.write_odt import write_odt
from benchmarks.formats.write_pdf import flattened, write_pdf
from benchmarks.formats.write_plain import mails, texts
from benchmarks.formats.write_slides import Deck
from benchmarks.formats.write_web import with_one_header, write_epub, write_html, write_markdown
from benchmarks.formats.write_word import write_docx

__all__ = ["make"]

_TRACKED = frozenset(("deleted", "inserted"))
_WAYS: tuple[tuple[str, str, Callable[[Content, Path], None]], ...] = (
    ("docx", "python-docx", write_docx),
    ("odt", "odfpy", write_odt),
    ("fodt", "by hand", write_fodt),
    ("html", "by hand", write_html),
    ("epub", "by hand", write_epub),
    ("md", "by hand", write_markdown),
    ("pdf", "reportlab", write_pdf),
)
# LibreOffice prints what was deleted, struck through, and keeps no changes in EPUB.
_OFFICE_TEXTS = ("docx", "odt", "doc", "rtf", "pdf", "epub:EPUB")
_OFFICE_BOOKS = ("ods", "xls", "xlsx:Calc MS Excel 2007 XML")
_OFFICE_DECKS = ("odp", "ppt", "pptx:Impress MS PowerPoint 2007 XML")
_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true"


def make(folder: Path, *, seed: int = 16, soffice: str | None = None) -> list[Truth]:
    """Write every file under ``folder``, and say what is in them; their paths are relative to it.

    Without ``soffice`` what LibreOffice writes is left out.
    """
    found: list[Truth] = []
    for sub in ("texts", "books", "slides", "pdf", "other"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    for content in contents(seed):
        for suffix, maker, write in _WAYS:
            path = folder / "texts" / f"{content.name}-{maker.replace(' ', '-')}.{suffix}"
            write(content, path)
            found.append(_text_truth(content, path, folder, maker))
    for book in write_books.books(seed):
        found += _book(book, folder)
    for deck in decks():
        found += _deck(deck, folder)
    found += _under("pdf", write_laid_out(folder / "pdf"))
    found += _under("books", write_books.delimited(folder / "books", seed))
    found += _under("other", [*mails(folder / "other"), *texts(folder / "other")])
    if soffice:
        found += _by_office(found, seed, folder, soffice)
    return found


def _under(sub: str, truths: Sequence[Truth]) -> list[Truth]:
    return [replace(truth, path=f"{sub}/{truth.path}") for truth in truths]


def _text_truth(content: Content, path: Path, folder: Path, maker: str) -> Truth:
    kinds = content.kinds
    suffix = path.suffix.removeprefix(".")
    silent = suffix in ("md", "pdf", "html", "epub") or maker == "odfpy"
    gone = {"hidden": "hidden", "deleted": "deleted", "comment": "comment"}
    told = {notice for kind, notice in gone.items() if kind in kinds}
    if silent:
        told = {"hidden"} & told if suffix in ("odt", "html", "epub") else set()
    pieces = content.pieces
    notes = maker not in ("reportlab",) and suffix != "md"
    if not notes:
        pieces = flattened(pieces)
    if suffix in ("html", "epub"):
        # A browser writes "a." where others write "a)".
        pieces = tuple(
            replace(p, mark=p.mark.replace(")", ".")) if isinstance(p, Item) else p for p in pieces
        )
    if suffix == "md":
        pieces = tuple(with_one_header(p) if isinstance(p, Table) else p for p in pieces)
    return Truth(
        path.relative_to(folder).as_posix(),
        maker,
        pieces,
        hidden_texts(content.pieces, ("hidden", "comment", "deleted")),
        tuple(sorted(told)),
        title=content.title,
        author=content.author if suffix != "md" else "",
        levels=suffix != "pdf",
        furniture=content.running if suffix in ("pdf", "docx", "odt", "doc", "rtf", "fodt") else (),
    )


def _book(book: Book, folder: Path) -> Iterator[Truth]:
    pieces, hidden = write_books.pieces_of(book)
    for suffix, maker, write in (
        ("xlsx", "openpyxl", write_books.write_xlsx),
        ("ods", "odfpy", write_books.write_ods),
    ):
        path = folder / "books" / f"{book.name}-{maker}.{suffix}"
        write(book, path)
        name = path.relative_to(folder).as_posix()
        told = ("hidden",) if hidden else ()
        yield Truth(name, maker, pieces, hidden, told, title=book.title)


def _deck(deck: Deck, folder: Path) -> Iterator[Truth]:
    pieces, hidden = write_slides.pieces_of(deck)
    told = ("hidden",) if hidden else ()
    for suffix, maker, write in (
        ("pptx", "python-pptx", write_slides.write_pptx),
        ("odp", "odfpy", write_odp),
    ):
        path = folder / "slides" / f"{deck.name}-{maker}.{suffix}"
        write(deck, path)
        name = path.relative_to(folder).as_posix()
        kept = tuple(p for p in pieces if suffix != "odp" or not isinstance(p, Table))
        yield Truth(name, maker, kept, hidden, told, title=deck.title, author=deck.author)


def _by_office(found: Sequence[Truth], seed: int, folder: Path, soffice: str) -> Iterator[Truth]:
    """What LibreOffice makes of the flat files, the workbooks, the presentations and the pages."""
    flat = [t for t in found if t.format == "fodt"]
    tracked = {c.name for c in contents(seed) if c.kinds & _TRACKED}
    for to in _OFFICE_TEXTS:
        final = to.partition(":")[0] in ("pdf", "epub")
        chosen = [t for t in flat if not (final and _stem(t) in tracked)]
        yield from _office(chosen, to, folder, soffice)
    books = [t for t in found if t.maker == "openpyxl"]
    for to in _OFFICE_BOOKS:
        yield from _office(books, to, folder, soffice)
    one = [replace(t, said=()) for t in books if _stem(t) == "pagos"]
    yield from (
        replace(t, pieces=t.pieces[1:], title="") for t in _office(one, _CSV, folder, soffice)
    )
    decks = [t for t in found if t.maker == "python-pptx"]
    for to in _OFFICE_DECKS:
        yield from _office(decks, to, folder, soffice)


def _stem(truth: Truth) -> str:
    return Path(truth.path).stem.partition("-")[0]


def _office(truths: Sequence[Truth], to: str, folder: Path, soffice: str) -> Iterator[Truth]:
    suffix = to.partition(":")[0]
    out = folder / "libreoffice" / suffix
    out.mkdir(parents=True, exist_ok=True)
    sources = []
    for truth in truths:
        # Under a name of its own, so that the converted file gets it.
        source = out / f"{_stem(truth)}-libreoffice.{truth.format}"
        if source.suffix == f".{suffix}":
            source = out / f"{_stem(truth)}-again.{truth.format}"
        sources.append(Path(shutil.copyfile(folder / truth.path, source)))
    if any(source.suffix == f".{suffix}" for source in sources):
        into = out / "made"
        into.mkdir(exist_ok=True)
        made = office.converted(soffice, sources, to, into)
    else:
        made = office.converted(soffice, sources, to, out)
    for source in sources:
        source.unlink()
    for truth, path in zip(truths, made, strict=True):
        yield _adapted(
            replace(truth, path=path.relative_to(folder).as_posix(), maker="LibreOffice")
        )


def _adapted(truth: Truth) -> Truth:
    """What LibreOffice does not write into the format is not asked of it."""
    if truth.format == "pdf":
        return replace(truth, said=(), levels=False)
    if truth.format == "epub":
        # It writes neither header rows, nor the numbers of lists, nor which paragraph is a heading.
        pieces = (p if isinstance(p, Table) else replace(p, mark="") for p in truth.pieces)
        bodies = tuple(
            replace(p, rows=p.rows[p.header_rows :], header_rows=0, spans=())
            if isinstance(p, Table)
            else p
            for p in pieces
        )
        return replace(truth, said=(), headings=False, pieces=bodies)
    return truth
