"""CSV and TSV files: the values as they stand."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.parts import ReadOptions
from index.documents.sheets.delimited import read_csv
from index.errors import DocumentError
from index.types import BlockRole, NoticeKind
from tests.index.documents.sheets.books import read, roles


def text(tmp_path: Path, data: str | bytes, name: str = "a.csv") -> str:
    return read(tmp_path, data.encode() if isinstance(data, str) else data, name).text


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ("pais,hab\nChile,19\n", "pais\thab\nChile\t19"),
        ('a;b\n1,5;"2;3"\n', "a\tb\n1,5\t2;3"),
        ("a;b\n1,5;2,5\n3,5;4,5\n", "a\tb\n1,5\t2,5\n3,5\t4,5"),
        ("1,5;2,5\n3,5;4,5\n", "1,5\t2,5\n3,5\t4,5"),
        ("a|b|c\nx, y|z|1\n", "a\tb\tc\nx, y\tz\t1"),
        ("a\tb\n1,5\t2\n", "a\tb\n1,5\t2"),
        ('a,b\n"x\ny","dijo ""no"""\n', 'a\tb\nx y\tdijo "no"'),
        ('a, b\n1, "x, y"\n', "a\tb\n1\tx, y"),
        ("a,b,c\n1\n2,3,4\n", "a\tb\tc\n1\n2\t3\t4"),
        ("Nombre\nAna\nLuis\n", "Nombre\nAna\nLuis"),
        ("a;b\r1;2\r", "a\tb\n1\t2"),
        ("\ufeffa;b\n1;2", "a\tb\n1\t2"),
    ],
)
def test_values(tmp_path: Path, data: str, shown: str) -> None:
    """Each delimiter is seen, also beside decimal commas, quotes and line ends in quotes."""
    assert text(tmp_path, data) == shown


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;", "sep=;\r"])
def test_separator_line(tmp_path: Path, line: str) -> None:
    """Excel's first line names the delimiter and is no value."""
    assert text(tmp_path, f"{line}\nTienda;Nota\nLeón;1,5\n") == "Tienda\tNota\nLeón\t1,5"


def test_separator_line_is_obeyed(tmp_path: Path) -> None:
    """Also where another delimiter would be seen."""
    assert text(tmp_path, "sep=|\na,b|c\n1,2|3\n") == "a,b\tc\n1,2\t3"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16", "utf-8-sig"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """The letters are right."""
    assert text(tmp_path, "Año;Ciudad\n1;León\n".encode(encoding)) == "Año\tCiudad\n1\tLeón"


def test_title_and_sections(tmp_path: Path) -> None:
    """Lines above the header are the caption; after an empty line another table may begin, and
    rows without a header go on."""
    data = (
        "Ventas de 2024\n(euros)\n\nTienda,Ventas\nLeón,5\n\nLugo,6\n\n"
        "Gastos\nTienda,Gasto\nLeón,1\n"
    )
    document = read(tmp_path, data.encode(), "a.csv")
    assert roles(document) == [
        (BlockRole.CAPTION, "Ventas de 2024\n(euros)"),
        (BlockRole.TABLE, "Tienda\tVentas\nLeón\t5\nLugo\t6"),
        (BlockRole.CAPTION, "Gastos"),
        (BlockRole.TABLE, "Tienda\tGasto\nLeón\t1"),
    ]
    assert [block.header_rows for block in document.blocks] == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        ("Tienda;Ventas\nLeón;5\n", 1),
        ("Concepto;2022;2023\nVentas;1;2\n", 1),
        ("1;2\n3;4\n", 0),
        ("León;5\nLugo;6\n", 0),
        ("Ana;1990\nLuis;1985\n", 0),
        ("05/08/2024;pan\n06/08/2024;sal\n", 0),
    ],
)
def test_header(tmp_path: Path, data: str, headers: int) -> None:
    """Names are a header, figures are none, years over other figures are."""
    assert read(tmp_path, data.encode(), "a.csv").blocks[0].header_rows == headers


def test_quote_that_is_not_closed(tmp_path: Path) -> None:
    """One stray quote does not swallow the rest of the file."""
    rows = "".join(f"{n};fila {n}\n" for n in range(1000))
    document = read(tmp_path, f'id;nota\n0;"abierta\n{rows}'.encode(), "a.csv")
    assert '0\t"abierta\n0\tfila 0\n' in document.text
    assert document.text.endswith("999\tfila 999")
    assert document.notices[0].kind is NoticeKind.OTHER


def test_tabs(tmp_path: Path) -> None:
    """A TSV file is split at tabs, whatever else stands in it."""
    assert text(tmp_path, "a\tb\nx,y;z\t1\n", "a.tsv") == "a\tb\nx,y;z\t1"


def test_other_encodings_and_binary(tmp_path: Path) -> None:
    """An encoding of East Asia is still read; binary data is refused."""
    assert "東京" in text(tmp_path, "名前,住所\n佐藤太郎,東京\n三木英子,大阪\n".encode("shift-jis"))
    with pytest.raises(DocumentError, match="binary"):
        text(tmp_path, bytes(range(256)) * 10)


CELLS = st.text(alphabet="abcñé 0123456789.-", min_size=1, max_size=8).filter(str.strip)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=2, max_size=30), st.sampled_from(",;\t|"))
def test_all_values_are_kept(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    """What a writer puts into rows of equal length comes out in the same rows and columns."""
    data = "\n".join(delimiter.join(row) for row in rows).encode()
    lines = "\n".join(part.text for part in read_csv(data, ReadOptions()).parts).split("\n")
    assert lines == ["\t".join(" ".join(cell.split()) for cell in row) for row in rows]


def test_text_that_a_spreadsheet_keeps_as_text(tmp_path: Path) -> None:
    """Its formula shows the digits with their zeros; a value that only holds such words stays."""
    data = 'Clave,Nombre\n="00123",Ana\n"=""00456""","Luis, =""x""."\n'
    assert text(tmp_path, data) == 'Clave\tNombre\n00123\tAna\n00456\tLuis, ="x".'


def test_a_stray_zero_byte(tmp_path: Path) -> None:
    """One in a name, and many that fill the file up."""
    assert text(tmp_path, b"Zona,Cuota\nNo\0rte,12\n" + bytes(500)) == "Zona\tCuota\nNorte\t12"


def test_units_below_the_names_belong_to_the_header(tmp_path: Path) -> None:
    document = read(tmp_path, b"Rio,Largo\n,km\nLerma,708\n", "a.csv")
    assert [block.header_rows for block in document.blocks] == [2]
