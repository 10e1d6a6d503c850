"""Filled-in fields of forms: what a reader of the page sees as label and value."""

import re
from itertools import islice

from lxml import etree

__all__ = ["Form"]

_FILLED = frozenset(
    ("text", "number", "date", "email", "tel", "url", "time", "month", "week", "datetime-local", "")
)
_FIELDS = ("input", "select", "textarea")
_SEARCH = re.compile(r"search|busca|query|^[qs]$", re.IGNORECASE)


class Form:
    """The fields of a page and their labels."""

    def __init__(self, root: etree._Element) -> None:
        self._fields = {e.get("id"): e for e in root.iter(*_FIELDS) if e.get("id")}
        self._labels = {e.get("for"): e for e in root.iter("label") if e.get("for")}
        # A form that asks for a password belongs to the site, not to the document.
        self._logins = {
            form
            for field in root.iter("input")
            if (field.get("type") or "").lower() == "password"
            for form in islice(field.iterancestors("form"), 1)
        }

    def is_label(self, label: etree._Element) -> bool:
        """Whether a label belongs to a field; another one is text."""
        target = label.get("for")
        if target:
            return target in self._fields
        if next(label.iter(*_FIELDS), None) is not None:
            return True
        following = label.getnext()
        return following is not None and following.tag in _FIELDS

    def value_of(self, field: etree._Element) -> tuple[str, str] | None:
        """Label and value of a field; None where it shows none that belongs to the document."""
        value = _value(field, str(field.tag))
        if not value or _SEARCH.search(field.get("name") or ""):
            return None
        if self._logins and not self._logins.isdisjoint(field.iterancestors("form")):
            return None
        if (field.get("type") or "").lower() not in ("checkbox", "radio"):
            return self._label(field), value
        label = self._label(field, after=True)
        legend = _legend(field)
        return (legend or label, label if legend else value) if label else None

    def _label(self, field: etree._Element, *, after: bool = False) -> str:
        """What stands as the field's label: a label element, or the words just before the field."""
        label = self._labels.get(field.get("id"))
        above = next((a for a in islice(field.iterancestors(), 4) if a.tag == "label"), label)
        if above is not None:
            return _own_words(above if label is None else label)
        stated = field.get("aria-label") or field.get("title")
        if stated:
            return str(stated)
        return " ".join((field.tail or "").split()) if after else _words_before(field)


def _value(element: etree._Element, tag: str) -> str:
    if tag == "textarea":
        return "".join(element.itertext()).strip()
    if tag == "select":
        chosen = [option for option in element.iter("option") if "selected" in option.attrib]
        return ", ".join(_words(option) for option in chosen)
    kind = (element.get("type") or "").lower()
    if kind in ("checkbox", "radio"):
        return "☒" if "checked" in element.attrib else ""
    return (element.get("value") or "").strip() if kind in _FILLED else ""


def _words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _own_words(label: etree._Element) -> str:
    """The words of a label without those of the field in it."""
    skipped = {inner for f in label.iter("select", "textarea") for inner in f.iter()}
    words = [label.text or ""]
    for element in label.iterdescendants():
        if element not in skipped:
            words.append(element.text or "")
        if element not in skipped or element.tag in ("select", "textarea"):
            words.append(element.tail or "")
    return " ".join("".join(words).split())


def _words_before(element: etree._Element) -> str:
    previous = element.getprevious()
    while previous is not None and previous.tag == "br":
        previous = previous.getprevious()
    if previous is None or previous.tag != "label" or (previous.tail or "").strip():
        return ""
    alone = not previous.get("for") and next(previous.iter(*_FIELDS), None) is None
    return _own_words(previous) if alone else ""


def _legend(element: etree._Element) -> str:
    fieldset = next(element.iterancestors("fieldset"), None)
    legend = fieldset.find("legend") if fieldset is not None else None
    return _words(legend) if legend is not None else ""
