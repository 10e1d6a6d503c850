"""Titles, authors and dates: from where they can be trusted, and from nowhere else."""

from pathlib import Path

import pytest

from index.documents.authors import author_in, trusted_author
from index.documents.dates import published_date
from index.documents.read import read_document
from index.documents.titles import MAX_CHARS, file_title, title_in, trusted_title
from index.types import Document

LONG = "Los antecedentes del caso son muchos, y se cuentan en un párrafo de más de ochenta letras."


def read(folder: Path, name: str, text: str) -> Document:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_document(path, "d")


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Microsoft Word - Ley de Aguas.doc", "Ley de Aguas"),
        ("Microsoft Word - acta.doc", None),
        ("Sin título 1", None),
        ("Documento1", None),
        ("PowerPoint Presentation", None),
        ("Presentación de PowerPoint", None),
        ("acta_final_v2", None),
        ("plantilla.dotx", None),
        ("*", None),
        ("Convenio de Toledo*", "Convenio de Toledo"),
        ("", None),
    ],
)
def test_titles_of_metadata(given: str, title: str | None) -> None:
    assert trusted_title(given) == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Informe[^1] de *pesca*\n\nTexto.", "Informe de pesca"),
        (f"LEY DE ARCHIVOS\nDEL ESTADO\n\n{LONG}", "LEY DE ARCHIVOS DEL ESTADO"),
        (f"3 de septiembre de 2025\n\nActa de la junta\n\n{LONG}", "Acta de la junta"),
        (f"Convenio de Toledo*\n\n{LONG}", "Convenio de Toledo"),
        (f"Presupuesto 2026\n\nResumen\n\n{LONG}", "Presupuesto 2026"),
        (f"Mayo 2026\n\nActa de la junta\n\n{LONG}", "Acta de la junta"),
        (f"Sept. 2026\n\nActa de la junta\n\n{LONG}", "Acta de la junta"),
        (f"Primavera 2026\n\nActa de la junta\n\n{LONG}", "Acta de la junta"),
        ("Una frase completa. Y otra.", None),
        ("- uno\n- dos", None),
    ],
)
def test_titles_of_texts(text: str, title: str | None) -> None:
    assert title_in(text, (), markdown=text.startswith("#")) == title


def test_a_wrapped_paragraph_gives_no_title(tmp_path: Path) -> None:
    text = (
        "El Consejo General de la Organización de Cooperación acordó que la coope-\n"
        "ración entre los Estados miembros se regirá por los principios de buena\n"
        "fe y que la cuota anual de cada uno será de doce mil quinientos euros.\n"
    )
    assert read(tmp_path, "acuerdo_general.txt", text).title == "acuerdo general"


def test_a_file_name_that_says_nothing_gives_way_to_the_first_sentence() -> None:
    words = "El consejo acordó " + "muchas cosas " * 20
    title = file_title("scan0001", words)
    assert title.startswith("El consejo acordó") and title.endswith("muchas…")
    assert len(title) <= MAX_CHARS


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("# Informe\n\nAutora: Marisol Ibáñez\n\nTexto.", "Marisol Ibáñez"),
        ("Informe\n\n**Autor:** Secretaría de Salud\n", "Secretaría de Salud"),
        ("El faro\n\nPor Ana López y Luis Paz\n\nTexto.", "Ana López y Luis Paz"),
        ("By Jane Doe | May 3, 2024\n\nText.", "Jane Doe"),
        ("Texto.\n" * 300 + "\nElaboró: Lic. Juan Pérez\nRevisó: Ana Ruiz", "Lic. Juan Pérez"),
        ("Por la tarde llovió\n\nTexto.", None),
        ("El autor: un desconocido que calla.", None),
    ],
)
def test_authors_of_texts(text: str, author: str | None) -> None:
    assert author_in(text) == author


@pytest.mark.parametrize(
    "name", ["python-docx", "openpyxl", "Usuario", "user", "PC-1234", " ", None]
)
def test_programs_and_accounts_are_no_authors(name: str | None) -> None:
    assert trusted_author(name) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Ley\n\nPublicado en el D.O.F. el 3 de septiembre de 2025\n\nTexto.", "2025-09-03"),
        (
            "LEY\n\nLey publicada en el Diario Oficial de la Federación el 1º de abril de 1970\n"
            "Última reforma publicada DOF 01-04-2024\n",
            "2024-04-01",
        ),
        (
            "LEY\n\nFECHA DE ULTIMA REFORMA: P.O. 393 P. O. 72 DE FECHA 6 DE SEPTIEMBRE DE 2015.\n"
            "PUBLICADA EN EL PERIODICO OFICIAL 92 DE FECHA 16 DE NOVIEMBRE DE 2014.",
            "2015-09-06",
        ),
        (
            "Archivos conforme al art. 7 de la Ley núm. 45, publicada en el D.O.F. del 3/9/1996.",
            None,
        ),
        ("Texto conforme a la Ley 45, publicada en el D.O.F. del 3 de sept. de 1996.", None),
    ],
)
def test_the_date_of_a_law_is_that_of_its_version(text: str, date: str | None) -> None:
    assert published_date(text) == date


def test_a_date_says_where_it_comes_from(tmp_path: Path) -> None:
    said = read(tmp_path, "a.txt", "Acta\n\nFecha: 3 de septiembre de 2025\n\nTexto.")
    named = read(tmp_path, "2025-09-03 acta.txt", "Acta\n\nTexto.")
    front = read(tmp_path, "a.md", "---\ndate: 2025-09-03\n---\nTexto.")
    dates = [(d.metadata["date"], d.metadata["date_from"]) for d in (said, named, front)]
    assert dates == [
        ("2025-09-03", "text"),
        ("2025-09-03", "name"),
        ("2025-09-03", "front matter"),
    ]


def test_a_subject_of_one_word_with_a_number_is_a_title(tmp_path: Path) -> None:
    """People gave it: it is no file's name."""
    path = tmp_path / "a.eml"
    path.write_bytes(b"From: a@b.mx\nSubject: COVID-19\n\nHola a todos.\n")
    assert read_document(path, "a").title == "COVID-19"


def test_a_long_first_line_is_the_title_and_not_who_wrote_it() -> None:
    """A lede without a full stop, above the author's name, is cut after a word."""
    lede = "Ambos funcionarios revisaron los avances en cooperación y relación bilateral, " * 2
    text = f"{lede.strip(', ')}\nDiego Mendoza López\n{'El encuentro fue en México. ' * 9}"
    title = title_in(text, ())
    assert title is not None
    assert title.startswith("Ambos funcionarios")
    assert title.endswith("…")
    assert len(title) <= 120
