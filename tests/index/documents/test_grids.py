"""Tables of cells that span others: their header rows."""

from collections.abc import Sequence

from index.documents.grids import Cell, grid_parts

GROUPED = (
    ("Grupo", 0, 0, 2, 1),
    ("Asistentes", 0, 1, 1, 2),
    ("Mañana", 1, 1, 1, 1),
    ("Tarde", 1, 2, 1, 1),
    ("Primero", 2, 0, 1, 1),
    ("18", 2, 1, 1, 1),
    ("21", 2, 2, 1, 1),
)


def header_rows(cells: Sequence[tuple[str, int, int, int, int]], said: int = 0) -> int:
    return grid_parts([Cell(*cell) for cell in cells], said)[-1].header_rows


def plain(*rows: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    return [(text, r, c, 1, 1) for r, row in enumerate(rows) for c, text in enumerate(row)]


def test_a_header_goes_as_far_as_its_cells_reach() -> None:
    """A file that names one row as the header means the cells that begin in it."""
    assert header_rows(GROUPED, 1) == 2


def test_words_under_a_group_are_the_header_too() -> None:
    """No row is named: words over figures are the header, and so is what groups them."""
    assert header_rows(GROUPED) == 2
    years = [("", 0, 0, 1, 1), ("2023", 0, 1, 1, 2), *plain((), ("Zona", "Alta", "Baja"))]
    assert header_rows([*years, *plain((), (), ("Norte", "4", "5"))]) == 2


def test_a_label_of_several_rows_is_no_header() -> None:
    """A cell beside others that spans rows of the body leaves the header as it is."""
    cells = [*plain(("Zona", "Calle", "Costo")), ("Norte", 1, 0, 2, 1)]
    cells += [("Olmo", 1, 1, 1, 1), ("$5", 1, 2, 1, 1), ("Tilo", 2, 1, 1, 1), ("$6", 2, 2, 1, 1)]
    assert header_rows(cells) == 1


def test_a_table_of_figures_has_no_header() -> None:
    """A figure that spans columns groups nothing."""
    assert header_rows([("12", 0, 0, 1, 2), ("3", 0, 2, 1, 1), *plain((), ("a", "b", "c"))]) == 0


def test_figures_with_dates_among_them_are_values_of_a_form() -> None:
    """Two columns: what stands over figures of one kind is a header, over all kinds a value."""
    values = (("Folio", "00731"), ("Ingreso", "1.845,00 €"), ("Nacimiento", "09/11/1978"))
    assert header_rows(plain(("Solicitante", "Ana Ruiz"), *values)) == 0
    assert header_rows(plain(("Dato", "Valor"), *values)) == 1
    assert header_rows(plain(("Mes", "Total"), ("Enero", "12 €"), ("Marzo", "15 €"))) == 1
    assert header_rows(plain(("Acto", "Día"), ("Pago", "01/02/2024"), ("Vista", "03/02/2024"))) == 1
