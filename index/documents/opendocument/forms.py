"""The fields of forms in OpenDocument files, with what was filled in."""

import re
from collections import Counter
from collections.abc import Sequence

from lxml import etree

from index.documents.decoding import clean
from index.documents.opendocument.odf import get, name, truth
from index.documents.package import elements
from index.documents.parts import Part
from index.types import BlockRole

__all__ = ["Forms"]

# What programs call a field that nobody has named.
_UNNAMED = re.compile(r"(?:[A-Za-zÁÉÍÓÚáéíóú]+ ){0,3}[A-Za-zÁÉÍÓÚáéíóú]*\d+", re.IGNORECASE)
_BOXES = frozenset(("form:checkbox", "form:radio"))
_FORMS = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}forms"
_CONTROLS = "{urn:oasis:names:tc:opendocument:xmlns:form:1.0}*"
_SILENT = frozenset(("form:hidden", "form:password", "form:button", "form:image", "form:file"))


class Forms:
    """The controls of all forms of a file, by the identifier that a drawing names."""

    def __init__(self, body: etree._Element | None) -> None:
        self._controls: dict[str, etree._Element] = {}
        self._names: Counter[str] = Counter()
        for forms in body.iter(_FORMS) if body is not None else ():
            for element in forms.iter(_CONTROLS):
                for identifier in (get(element, "xml:id"), get(element, "form:id")):
                    if identifier:
                        self._controls[identifier] = element
                if name(element.tag) != "form:fixed-text":
                    self._names[get(element, "form:name")] += 1

    def value(self, identifier: str) -> str:
        """What a control shows: its text, its choice, a box with its label."""
        control = self._controls.get(identifier)
        kind = name(control.tag) if control is not None else ""
        if control is None or kind in _SILENT:
            return ""
        if kind == "form:fixed-text":
            return clean(get(control, "form:label")).strip()
        if kind in _BOXES:
            state = get(control, "form:current-state") == "checked"
            box = "☒" if state or truth(control, "form:current-selected") else "☐"
            return f"{box} {clean(get(control, 'form:label'))}".strip()
        if kind == "form:listbox":
            chosen = (
                get(option, "form:label")
                for option in elements(control)
                if truth(option, "form:current-selected")
            )
            return clean(", ".join(chosen))
        shown = get(control, "form:current-value") or get(control, "form:value")
        return clean(shown).strip()

    def row(self, identifiers: Sequence[str]) -> list[Part]:
        """Controls that stand in a row without other words: each value after its label."""
        parts: list[Part] = []
        label = ""
        boxes: list[str] = []
        for identifier in [*identifiers, ""]:
            control = self._controls.get(identifier)
            kind = name(control.tag) if control is not None else ""
            value = self.value(identifier)
            if kind in _BOXES or (boxes and value and kind != "form:fixed-text"):
                boxes.append(value)
                continue
            if boxes:
                parts.append(_labelled(label, " ".join(boxes)))
                label, boxes = "", []
            if kind == "form:fixed-text" or not kind:
                parts += [_labelled("", label)] if label else []
                label = value
            elif value:
                parts.append(_labelled(label or self._name(identifier), value))
                label = ""
        return parts

    def _name(self, identifier: str) -> str:
        """What a control is called, if someone named it."""
        control = self._controls[identifier]
        label = (
            get(control, "form:label") or get(control, "form:title") or get(control, "form:name")
        )
        # A name that is not of one field alone was copied with it.
        if self._names[label] > 1:
            return ""
        return "" if _UNNAMED.fullmatch(label) else clean(label).strip().rstrip(":")


def _labelled(label: str, value: str) -> Part:
    if not label:
        return Part(BlockRole.PARAGRAPH, value)
    return Part(BlockRole.FIELD, f"{label.rstrip(': ')}: {value}")
