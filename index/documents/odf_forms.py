"""The fields of forms in OpenDocument files, with what was filled in."""

import re

from lxml import etree

from index.documents.decoding import clean
from index.documents.odf import get, name, truth
from index.documents.package import elements
from index.documents.parts import Part
from index.types import BlockRole

__all__ = ["Forms"]

# What programs call a field that nobody has named.
_UNNAMED = re.compile(r"(?:[A-Za-zÁÉÍÓÚáéíóú]+ ){0,3}[A-Za-zÁÉÍÓÚáéíóú]*\d+", re.IGNORECASE)
_SILENT = frozenset(("form:hidden", "form:password", "form:button", "form:image", "form:file"))


class Forms:
    """The controls of all forms of a file, by the identifier that a drawing names."""

    def __init__(self, body: etree._Element | None) -> None:
        self._controls: dict[str, etree._Element] = {}
        for element in body.iter() if body is not None else ():
            if isinstance(element.tag, str) and name(element.tag).startswith("form:"):
                for identifier in (get(element, "xml:id"), get(element, "form:id")):
                    if identifier:
                        self._controls[identifier] = element
        self._labels = {
            get(control, "form:label")
            for control in self._controls.values()
            if name(control.tag) == "form:fixed-text"
        }

    def value(self, identifier: str) -> str:
        """What a control shows: its text, its choice, a box with its label."""
        control = self._controls.get(identifier)
        kind = name(control.tag) if control is not None else ""
        if control is None or kind in _SILENT:
            return ""
        if kind == "form:fixed-text":
            return clean(get(control, "form:label")).strip()
        if kind in ("form:checkbox", "form:radio"):
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

    def parts(self, identifier: str) -> list[Part]:
        """A control that stands by itself."""
        control = self._controls.get(identifier)
        value = self.value(identifier)
        if control is None or not value:
            return []
        if name(control.tag) in ("form:fixed-text", "form:checkbox", "form:radio"):
            return [Part(BlockRole.PARAGRAPH, value)]
        return [
            Part(
                BlockRole.FIELD, f"{label}: {value}" if (label := self.label(identifier)) else value
            )
        ]

    def label(self, identifier: str) -> str:
        """What a control is called, if someone named it."""
        control = self._controls[identifier]
        label = (
            get(control, "form:label") or get(control, "form:title") or get(control, "form:name")
        )
        return "" if _UNNAMED.fullmatch(label) else clean(label).strip().rstrip(":")
