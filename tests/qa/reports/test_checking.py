"""`check_report` against an index whose documents change, are renamed and go."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from index import Document, Index
from index.embedders import Embedder
from index.errors import DocumentError, InputError
from qa import Assistant, Retriever, Turn
from qa.reports.checking import Check, Finding, Status, check_report
from qa.reports.export import Format
from qa.reports.telling import heading, told
from tests.qa.reports.made import answered, cited, exported, saved

LAW = """Ley de aguas

Artículo 1. Esta ley regula el uso de las aguas del valle.

Artículo 2. Quien riegue de noche sin permiso paga una multa de 1.500 euros.

Artículo 3. El permiso lo da el ayuntamiento en treinta días.
"""
FINE = "Quien riegue de noche sin permiso paga una multa de 1.500 euros."
RATES = "Tasas\n\nAño\tTasa\tPlazo\n2023\t20 euros\t30 días\n2024\t25 euros\t45 días\n"
FORMATS = list(Format)


@pytest.fixture
def folder(tmp_path: Path, embedder: Embedder) -> Path:
    """A folder with two documents, indexed in the folder beside it."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "ley.txt").write_text(LAW, encoding="utf-8")
    (docs / "tasas.txt").write_text(RATES, encoding="utf-8")
    with Index.open(tmp_path / "index", create=True, model=embedder) as index:
        index.sync(docs)
    return tmp_path


def report(folder: Path, form: Format = Format.HTML, language: str = "es") -> Path:
    """A report of one quote of the law and one of two rows of the rates."""
    with Index.open(folder / "index") as index:
        law, rates = index.document("ley.txt"), index.document("tasas.txt")
    rows = "2023\t20 euros\t30 días\n2024\t25 euros\t45 días"
    turns = (
        answered(cited(law, FINE, "1.500 euros")),
        answered(cited(rates, rows, "25 euros", header="Año\tTasa\tPlazo")),
    )
    return saved(folder, *turns, form=form, language=language)


def checked(folder: Path, path: Path, *, sync: bool = True) -> list[Check]:
    """What is found after the index was brought in step with its folder."""
    with Index.open(folder / "index") as index:
        if sync:
            index.sync(folder / "docs")
        return list(check_report(path, Retriever(index)).checks)


@pytest.mark.parametrize("form", FORMATS)
def test_what_has_not_changed_stands(folder: Path, form: Format) -> None:
    """Each quote is found at its offsets, a row below its header, too."""
    first, second = checked(folder, report(folder, form))
    assert (first.finding, second.finding) == (Finding.SAME, Finding.SAME)
    assert first.place is not None
    assert first.place.text == FINE
    assert (first.place.document_id, first.place.page, first.place.paragraph) == (
        "ley.txt",
        None,
        3,
    )
    assert heading(first, "es") == "Cita 1: sigue igual"


@pytest.mark.parametrize("form", FORMATS)
def test_a_document_that_grew_still_says_it(folder: Path, form: Format) -> None:
    """The words are found where they stand now, nearest to where they stood."""
    path = report(folder, form)
    (folder / "docs" / "ley.txt").write_text(f"Decreto nuevo.\n\n{LAW}", encoding="utf-8")
    (first, second) = checked(folder, path)
    assert first.finding is Finding.MOVED
    assert first.finding.status is Status.ELSEWHERE
    assert first.stands
    assert first.place is not None
    assert first.place.start == LAW.index(FINE) + len("Decreto nuevo.\n\n")
    assert second.finding is Finding.SAME


@pytest.mark.parametrize(
    ("now", "nearest"),
    [
        (
            "multa de 1.600 euros",
            "Quien riegue de noche sin permiso paga una multa de 1.600 euros.",
        ),
        ("multa de 1.500,75 euros", "paga una multa de 1.500,75 euros."),
        ("multa de 1.500 eurosoles", "paga una multa de 1.500 eurosoles."),
    ],
)
def test_a_changed_number_is_noticed(folder: Path, now: str, nearest: str) -> None:
    """The nearest words are shown; a number that only begins alike is another one."""
    path = report(folder)
    changed = LAW.replace("multa de 1.500 euros", now)
    (folder / "docs" / "ley.txt").write_text(changed, encoding="utf-8")
    first = checked(folder, path)[0]
    assert (first.finding, first.stands) == (Finding.REWORDED, False)
    assert first.place is not None
    assert nearest in first.place.text
    assert first.place.text in changed
    assert now in told(first, "es")


def test_a_quote_does_not_stand_inside_of_longer_words(folder: Path) -> None:
    """A quote that ends in a number does not stand where the number goes on."""
    with Index.open(folder / "index") as index:
        law = index.document("ley.txt")
    path = saved(folder, answered(cited(law, "una multa de 1.500")), form=Format.HTML)
    assert checked(folder, path)[0].finding is Finding.SAME
    for other in ("15.000", "1.5001", "1.500.000", "1.500,5"):
        changed = LAW.replace("1.500", other)
        (folder / "docs" / "ley.txt").write_text(changed, encoding="utf-8")
        assert checked(folder, path)[0].finding is Finding.REWORDED, other


@pytest.mark.parametrize("form", FORMATS)
def test_a_changed_cell_is_noticed(folder: Path, form: Format) -> None:
    """So is one that only moved a digit to its neighbour; another header is another table."""
    path = report(folder, form)
    rates = folder / "docs" / "tasas.txt"
    for before, now in (("25 euros", "26 euros"), ("2024\t25", "202\t425"), ("Plazo", "Recargo")):
        rates.write_text(f"{RATES.replace(before, now)}\nFin.", encoding="utf-8")
        assert checked(folder, path)[1].finding is Finding.REWORDED, now


def test_words_that_are_gone(folder: Path) -> None:
    """Where nothing is like them, that is said."""
    path = report(folder)
    (folder / "docs" / "ley.txt").write_text("Se deroga todo lo anterior.", encoding="utf-8")
    first = checked(folder, path)[0]
    assert (first.finding, first.place) == (Finding.REWORDED, None)
    assert told(first, "es").endswith("Nada de lo que dice se le parece.")
    assert told(first, "en").endswith("Nothing that it says is like it.")


def test_a_renamed_document_is_found_by_its_text(folder: Path) -> None:
    """The quote stands, in a document of another name; also where a new one has the old name."""
    path = report(folder)
    (folder / "docs" / "ley.txt").rename(folder / "docs" / "ley-2024.txt")
    first = checked(folder, path)[0]
    assert (first.finding, first.stands) == (Finding.RENAMED, True)
    assert first.place is not None
    assert first.place.document_id == "ley-2024.txt"
    (folder / "docs" / "ley.txt").write_text("Otra ley.", encoding="utf-8")
    assert checked(folder, path)[0].finding is Finding.RENAMED


def test_a_removed_document(folder: Path) -> None:
    """It is said; and where another one says the same, that too, but it does not stand."""
    path = report(folder)
    (folder / "docs" / "ley.txt").unlink()
    first = checked(folder, path)[0]
    assert (first.finding, first.place, first.stands) == (Finding.REMOVED, None, False)
    (folder / "docs" / "boletín.txt").write_text(f"Boletín. {FINE} Fin.", encoding="utf-8")
    first = checked(folder, path)[0]
    assert first.finding is Finding.REMOVED
    assert first.place is not None
    assert first.place.document_id == "boletín.txt"


@pytest.mark.parametrize("form", [Format.MARKDOWN, Format.HTML])
def test_a_report_that_was_edited(folder: Path, form: Format) -> None:
    """Text around the quotes does not matter; a quote that was changed is noticed."""
    path = report(folder, form)
    text = path.read_text(encoding="utf-8")
    mark = "Referencia: caracteres"
    remark = f"Comprobado por mí.\n\n{mark}" if form is Format.MARKDOWN else mark
    start = "# Informe" if form is Format.MARKDOWN else "<h1>Informe"
    edited = text.replace(mark, remark).replace("# Consulta", start).replace("<h1>Consulta", start)
    path.write_text(edited, encoding="utf-8")
    assert [check.finding for check in checked(folder, path)] == [Finding.SAME, Finding.SAME]
    path.write_text(edited.replace("Quien riegue", "Nadie riegue"), encoding="utf-8")
    altered = checked(folder, path)[0]
    assert (altered.finding, altered.stands) == (Finding.ALTERED, False)
    assert altered.place is not None
    assert altered.place.text == FINE
    path.write_text(edited.replace("«Quien", "«No es cierto: Quien"), encoding="utf-8")
    assert checked(folder, path)[0].finding is Finding.ALTERED
    path.write_text(edited.replace("«Quien", "Quien"), encoding="utf-8")
    missing = checked(folder, path)[0]
    assert (missing.finding, missing.stands) == (Finding.MISSING, False)


def test_a_quote_cut_into_paragraphs(folder: Path) -> None:
    """One that a person has cut in two, or set in another language's marks, is still one."""
    path = report(folder, Format.MARKDOWN)
    text = path.read_text(encoding="utf-8")
    cut = text.replace("sin permiso", "sin permiso\n\n").replace("«", "“").replace("»", "”")
    path.write_text(cut, encoding="utf-8")
    assert [check.finding for check in checked(folder, path)] == [Finding.SAME, Finding.SAME]
    # One that is not closed does not reach into the next.
    path.write_text(cut.replace("”", ""), encoding="utf-8")
    assert [check.finding for check in checked(folder, path)] == [Finding.MISSING, Finding.SAME]


def test_offsets_that_are_not_right(folder: Path) -> None:
    """The words are found where the text has them."""
    path = report(folder)
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"caracteres \d+–\d+", "caracteres 3–9", text), encoding="utf-8")
    first, second = checked(folder, path)
    assert (first.finding, second.finding) == (Finding.MISPLACED, Finding.MISPLACED)
    assert first.place is not None
    assert first.place.text == FINE


def test_a_quote_without_its_reference(folder: Path) -> None:
    """It is looked for in all documents; one that none says stands nowhere."""
    path = report(folder, Format.MARKDOWN)
    lines = path.read_text(encoding="utf-8").split("\n")
    bare = "\n".join(line for line in lines if not line.startswith("Referencia"))
    path.write_text(bare, encoding="utf-8")
    first, second = checked(folder, path)
    assert (first.finding, first.stands) == (Finding.UNREFERENCED, True)
    assert first.place is not None
    assert first.place.document_id == "ley.txt"
    assert second.place is not None
    assert (second.finding, second.place.document_id) == (Finding.UNREFERENCED, "tasas.txt")
    path.write_text(bare.replace("de noche", "de día"), encoding="utf-8")
    first = checked(folder, path)[0]
    assert (first.finding, first.stands, first.place) == (Finding.UNKNOWN, False, None)


def test_pages_and_labels_are_named(tmp_path: Path, embedder: Embedder) -> None:
    """The place names the page, and what is printed on it where that is another number."""
    text = "Prólogo del libro.\n\nEl faro se encendió en 1890."
    book = Document("libro", text, page_starts=(0, 20), page_labels=("i", "ii"))
    path = saved(tmp_path, answered(cited(book, "se encendió en 1890")), form=Format.HTML)
    with Index.open(tmp_path / "index", create=True, model=embedder) as index:
        index.add([book])
        (check,) = check_report(path, Retriever(index)).checks
    assert told(check, "es") == "libro, página ii (hoja 2), párrafo 2, caracteres 28–47."
    assert told(check, "en") == "libro, page ii (sheet 2), paragraph 2, characters 28–47."


def test_answers_of_the_assistant(folder: Path) -> None:
    """What it quotes, also beside a refusal, stands; the report is in the question's language."""
    with Retriever.open(folder / "index") as retriever:
        assistant = Assistant(retriever, beyond_limit=True)
        asked = ("¿Qué multa paga quien riega de noche?", "¿Quién pintó Las meninas en 1656?")
        turns = [Turn(question, assistant.ask(question)) for question in asked]
        assert [turn.answer.found for turn in turns] == [True, False]
        for form in FORMATS:
            path = saved(folder, *turns, form=form)
            found = check_report(path, retriever)
            assert {check.finding for check in found.checks} == {Finding.SAME}
            assert len(found.checks) > len(turns[0].answer.citations)
            assert found.language == "es"
        english = saved(folder, *turns, form=Format.HTML, language="en")
        assert check_report(english, retriever).language == "en"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize("ending", ["docx", "odt", "doc", "rtf"])
def test_a_report_saved_by_libreoffice(folder: Path, ending: str) -> None:
    """A Word file that another program saved anew is read as before."""
    path = report(folder, Format.WORD)
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", ending, "--outdir", str(folder / "saved"), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    again = folder / "saved" / f"{path.stem}.{ending}"
    assert [check.finding for check in checked(folder, again)] == [Finding.SAME, Finding.SAME]


def test_files_that_are_no_reports(folder: Path) -> None:
    """They are refused in one sentence."""
    plain = folder / "plain.md"
    plain.write_text("# Hola\n\nUna tabla:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"plain\.md has no quote that can be checked"):
        checked(folder, plain, sync=False)
    binary = folder / "binary.md"
    binary.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(DocumentError, match="binary data"):
        checked(folder, binary, sync=False)
    with pytest.raises(DocumentError, match="does not exist"):
        checked(folder, folder / "nothing.docx", sync=False)
    damaged = folder / "damaged.docx"
    damaged.write_bytes(exported(answered()).data[:500])
    with pytest.raises((DocumentError, InputError)):
        checked(folder, damaged, sync=False)
