"""What the fields of a PDF form hold, as the page shows it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.documents.decoding import clean, one_line

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

__all__ = ["CHECKED", "UNCHECKED", "Box", "FormValue", "form_values", "hidden_values"]

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points of the page before it is turned, as PDFium's text has."""

CHECKED, UNCHECKED = "☒", "☐"
_SIGNED = "✓"
_MASK = "••••••"
_DRAWN = re.compile(r"\(((?:[^()\\]|\\.)*)\)\s*(?:Tj|'|\")", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-7]{1,3}|.)", re.DOTALL)
_CHARS = 100_000  # of one value
_PASSWORD = 1 << 13  # a flag of text fields
# Names that programs give to the state of a box; they mean no more than that it is checked.
_STATES = frozenset(("", "yes", "on", "off", "true", "1", "x", "checked", "sí", "si"))


@dataclass(frozen=True, slots=True)
class FormValue:
    """What one widget of a form shows.

    ``value`` may have several lines; a box or button is ☒ or ☐. ``label`` is what the form's author
    named it for readers (the tooltip), "" without; ``name`` the field's internal name. ``export``
    is what a box or button stands for, where that is more than that it is checked.
    """

    box: Box
    value: str
    label: str = ""
    name: str = ""
    export: str = ""


def form_values(page: "PdfPage") -> list[FormValue]:
    """The values that a page shows, from top to bottom and left to right.

    Empty fields, push buttons and hidden fields are left out, and what a password field holds is
    masked. The document must have been opened by `index.documents.pdf.open.open_pdf`.
    """
    shown = [value for value, hidden in _values(page) if not hidden]
    return sorted(shown, key=lambda value: (-round(value.box[3]), value.box[0]))


def hidden_values(page: "PdfPage") -> int:
    """The number of fields that hold a value and are not shown."""
    return sum(hidden for _, hidden in _values(page))


def _values(page: "PdfPage") -> Iterator[tuple[FormValue, bool]]:
    """The values of a page's fields, and whether each is hidden."""
    from pypdfium2 import raw

    document = page.pdf
    if document is None or document.formenv is None:
        return
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) != raw.FPDF_ANNOT_WIDGET:
                continue
            widget = _Widget(document.formenv, annotation)
            value = widget.value()
            if not value:
                continue
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
        field = FormValue(widget.box, value, widget.label, widget.name, widget.export)
        yield field, widget.is_hidden


class _Widget:
    """One field's appearance on a page, asked through PDFium while its annotation is open."""

    def __init__(self, form: Any, annotation: Any) -> None:
        from pypdfium2 import raw

        self._form, self._annotation = form, annotation
        self._kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
        self._flags = raw.FPDFAnnot_GetFormFieldFlags(form, annotation)
        self.name = _one_line(self._text(raw.FPDFAnnot_GetFormFieldName))
        self.label = _one_line(self._text(raw.FPDFAnnot_GetFormFieldAlternateName))
        self.box = _box(annotation)
        left, bottom, right, top = self.box
        unseen = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
        flags = raw.FPDFAnnot_GetFlags(annotation)
        self.is_hidden = bool(flags & unseen) or right - left < 1 or top - bottom < 1
        self.export = ""

    def value(self) -> str:
        """What it shows; "" for an empty field, and for one that holds no value."""
        from pypdfium2 import raw

        if self._kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
            export = _one_line(self._text(raw.FPDFAnnot_GetFormFieldExportValue))
            means_no_more = export.isdigit() or (
                self._kind == raw.FPDF_FORMFIELD_CHECKBOX and export.lower() in _STATES
            )
            self.export = "" if means_no_more else export
            checked = raw.FPDFAnnot_IsChecked(self._form, self._annotation)
            return CHECKED if checked else UNCHECKED
        if self._kind == raw.FPDF_FORMFIELD_SIGNATURE:
            return _SIGNED if raw.FPDFAnnot_HasKey(self._annotation, b"V") else ""
        if self._kind == raw.FPDF_FORMFIELD_TEXTFIELD:
            text = _lines(self._text(raw.FPDFAnnot_GetFormFieldValue))
            return _MASK if text and self._flags & _PASSWORD else self._formatted(text)
        if self._kind in (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
            return ", ".join(self._chosen()) or _lines(self._text(raw.FPDFAnnot_GetFormFieldValue))
        return ""

    def _formatted(self, value: str) -> str:
        """The value as a script of the form writes it: 1234.5 as 1.234,50 €."""
        from pypdfium2 import raw

        script = raw.FPDFAnnot_GetFormAdditionalActionJavaScript
        form, annotation = self._form, self._annotation
        if script(form, annotation, raw.FPDF_ANNOT_AACTION_FORMAT, None, 0) <= 2:
            return value
        normal = raw.FPDF_ANNOT_APPEARANCEMODE_NORMAL
        content = _text(lambda buffer, size: raw.FPDFAnnot_GetAP(annotation, normal, buffer, size))
        drawn = _drawn(content)
        # A drawing that was not made anew, or in an unknown encoding, says something else.
        known = _digits(value).strip("0") and _digits(value).strip("0") in _digits(drawn)
        return drawn if known else value

    def _chosen(self) -> list[str]:
        """The options that are chosen, as the list shows them."""
        from pypdfium2 import raw

        count = raw.FPDFAnnot_GetOptionCount(self._form, self._annotation)
        chosen = (
            self._option(number)
            for number in range(max(0, count))
            if raw.FPDFAnnot_IsOptionSelected(self._form, self._annotation, number)
        )
        return [option for option in chosen if option]

    def _option(self, number: int) -> str:
        from pypdfium2 import raw

        return _one_line(
            _text(
                lambda buffer, size: raw.FPDFAnnot_GetOptionLabel(
                    self._form, self._annotation, number, buffer, size
                )
            )
        )

    def _text(self, function: Callable[..., int]) -> str:
        return _text(lambda buffer, size: function(self._form, self._annotation, buffer, size))


def _box(annotation: Any) -> Box:
    from pypdfium2 import raw

    rectangle = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, rectangle)
    left, right = sorted((rectangle.left, rectangle.right))
    bottom, top = sorted((rectangle.bottom, rectangle.top))
    return left, bottom, right, top


def _text(function: Callable[[Any, int], int]) -> str:
    """A text that PDFium writes into a buffer, in UTF-16; its size in bytes is asked first."""
    from pypdfium2.raw import FPDF_WCHAR

    size = function(None, 0)
    if not 2 < size <= 2 * _CHARS:
        return ""
    buffer = (FPDF_WCHAR * (size // 2))()
    function(buffer, size)
    return bytes(buffer).decode("utf-16-le", "ignore").rstrip("\0")


def _one_line(text: str) -> str:
    return one_line(text)


def _lines(text: str) -> str:
    lines = clean(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def _drawn(content: str) -> str:
    """The strings that a field's appearance draws, as far as its font has the usual letters."""
    strings = (match[1] for match in _DRAWN.finditer(content))
    text = " ".join(_ESCAPE.sub(_unescaped, string) for string in strings)
    # PDFium takes the bytes for PDF's own encoding, where Windows' euro is a bullet.
    return _one_line(text.replace("•", "€"))


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    if code.isdigit():
        return bytes([int(code, 8) & 255]).decode("cp1252", "ignore")
    return " " if code in "nrt" else code


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
