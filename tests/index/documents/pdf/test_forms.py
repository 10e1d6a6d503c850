"""What the fields of a PDF form show."""

import io
from collections.abc import Callable
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from index.documents.pdf.forms import FormValue, form_values, hidden_values
from index.documents.pdf.open import open_pdf

Draw = Callable[[Any], object]
HERE = {"x": 100, "y": 600, "width": 200, "height": 20}


def page_of(draw: Draw) -> Any:
    """The page of a PDF whose form was drawn so."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    draw(canvas.acroForm)
    canvas.showPage()
    canvas.save()
    return open_pdf(buffer.getvalue())[0]


def values_of(draw: Draw) -> list[FormValue]:
    """The values that the page shows."""
    return form_values(page_of(draw))


def test_a_text_field() -> None:
    """Its value, its place, its name for readers and its own."""
    (value,) = values_of(
        lambda form: form.textfield(name="f1", tooltip="Razón social", value="Ñandú", **HERE)
    )
    assert value == FormValue((100, 600, 300, 620), "Ñandú", "Razón social", "f1")


def test_lines_stay_lines() -> None:
    """In a field of several lines."""
    (value,) = values_of(
        lambda form: form.textfield(name="a", value="uno\ndos", fieldFlags="multiline", **HERE)
    )
    assert value.value == "uno\ndos"


def test_empty_fields_and_buttons_are_nothing() -> None:
    """They show no value."""
    assert values_of(lambda form: form.textfield(name="a", value="", **HERE)) == []


def test_a_password_is_masked() -> None:
    """As on the page."""
    (value,) = values_of(
        lambda form: form.textfield(name="a", value="secreto", fieldFlags="password", **HERE)
    )
    assert value.value == "••••••"


def test_lists_show_what_is_chosen() -> None:
    """The words that the reader sees, not the codes that are sent."""
    countries = [("México", "mx"), ("España", "es"), ("Perú", "pe")]
    (value,) = values_of(lambda form: form.choice(name="a", value="es", options=countries, **HERE))
    assert value.value == "España"
    (value,) = values_of(
        lambda form: form.listbox(
            name="b", value=["mx", "pe"], options=countries, fieldFlags="multiSelect", **HERE
        )
    )
    assert value.value == "México, Perú"


def test_boxes() -> None:
    """Checked or not, both are shown; a state's own name says nothing."""

    def draw(form: Any) -> None:
        form.checkbox(name="a", tooltip="Acepta", checked=True, x=100, y=700, size=12)
        form.checkbox(name="b", checked=False, x=100, y=600, size=12)

    found = [(value.value, value.label, value.export) for value in values_of(draw)]
    assert found == [("☒", "Acepta", ""), ("☐", "", "")]


def test_buttons_of_a_group() -> None:
    """What each stands for is kept."""

    def draw(form: Any) -> None:
        form.radio(name="r", value="Soltera", selected=False, x=100, y=700, size=12)
        form.radio(name="r", value="Casada", selected=True, x=200, y=700, size=12)

    assert [(value.value, value.export) for value in values_of(draw)] == [
        ("☐", "Soltera"),
        ("☒", "Casada"),
    ]


def test_hidden_fields_are_counted_only() -> None:
    """Those that are hidden, that are not viewed, and that have no area."""

    def draw(form: Any) -> None:
        form.textfield(name="a", value="oculto", annotationFlags="hidden", **HERE)
        form.textfield(name="b", value="oculto", annotationFlags="noview", **HERE)
        form.textfield(name="c", value="visto", annotationFlags="print", **HERE)
        form.textfield(name="d", value="", annotationFlags="hidden", **HERE)

    page = page_of(draw)
    assert [value.value for value in form_values(page)] == ["visto"]
    assert hidden_values(page) == 2


def test_they_come_from_top_to_bottom() -> None:
    """And from left to right, whatever their order in the file."""

    def draw(form: Any) -> None:
        for name, x, y in (("c", 100, 500), ("b", 300, 700), ("a", 100, 700)):
            form.textfield(name=name, value=name, x=x, y=y, width=90, height=20)

    assert [value.value for value in values_of(draw)] == ["a", "b", "c"]


def test_a_value_is_shown_as_a_script_writes_it() -> None:
    """The number is in the field; the page shows it with its marks."""
    (value,) = form_values(open_pdf(FORMATTED)[0])
    assert value.value == "1.234,50 €"


def test_a_drawing_of_another_value_is_not_believed() -> None:
    """A program that filled the field did not draw it anew."""
    (value,) = form_values(open_pdf(FORMATTED.replace(b"/V (1234.50)", b"/V (9876.50)"))[0])
    assert value.value == "9876.50"


def test_a_signature_is_shown_where_it_is_given() -> None:
    """With its name; an empty one is nothing."""
    signed = FORMATTED.replace(b"/FT /Tx", b"/FT /Sig").replace(b"/V (1234.50)", b"/V << >>    ")
    (value,) = form_values(open_pdf(signed)[0])
    assert (value.value, value.label) == ("✓", "Importe")
    assert form_values(open_pdf(signed.replace(b"/V << >>", b"        "))[0]) == []


def test_a_page_without_a_form_has_none() -> None:
    """And nothing fails."""
    assert values_of(lambda _: None) == []


def _formatted() -> bytes:
    """A field with a number that a script of the form writes as money."""
    drawn = b"/Tx BMC BT /F 10 Tf (1.234,50 \\200) Tj ET EMC"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /DA (/F 10 Tf) >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Annots [4 0 R] >>",
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (f) /TU (Importe) /V (1234.50)"
        b" /Rect [100 600 300 620] /F 4 /AP << /N 5 0 R >>"
        b" /AA << /F << /S /JavaScript /JS (AFNumber_Format\\(2\\);) >> >> >>",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 200 20] /Length %d >>\nstream\n%s\nendstream"
        % (len(drawn), drawn),
    ]
    body = b"%PDF-1.7\n"
    for number, text in enumerate(objects, 1):
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    return body + b"trailer << /Root 1 0 R /Size 6 >>\n%%EOF\n"


FORMATTED = _formatted()
