"""Filled-in fields of forms: what a reader of the page sees as label and value."""

import re

from lxml import etree

__all__ = ["value_of"]

_FILLED = frozenset(
    ("text", "number", "date", "email", "tel", "url", "time", "month", "week", "datetime-local", "")
)
_SEARCH = re.compile(r"search|busca|query|^[qs]$", re.IGNORECASE)


def value_of(element: etree._Element) -> tuple[str, str] | None:
    """Label and value of a field that shows one, of a label ``("", "")``; None where it has none.

    None of a label means that it belongs to no field: it is text.
    """
    tag = element.tag
    if tag == "label":
        return ("", "") if _labels_field(element) else None
    if any(True for form in element.iterancestors("form") if _is_login(form)):
        return None
    value = _value(element, str(tag))
    if not value or _SEARCH.search(element.get("name") or "") or element.get("role") == "search":
        return None
    kind = (element.get("type") or "").lower()
    if kind in ("checkbox", "radio"):
        legend = _legend(element)
        label = _label(element, after=True)
        return (legend, label) if label and legend else (label, "☒") if label else None
    return _label(element), value


def _is_login(form: etree._Element) -> bool:
    """Whether a form asks for a password: it belongs to the site, not to the document."""
    return any((field.get("type") or "").lower() == "password" for field in form.iter("input"))


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


def _labels_field(label: etree._Element) -> bool:
    """Whether a label belongs to a field, by its ``for``, by what is in it, or by what follows."""
    target = label.get("for")
    if target:
        root = label.getroottree()
        found = root.xpath("//*[@id=$name]", name=target)
        return bool(found) and found[0].tag in ("input", "select", "textarea")
    if any(True for _ in label.iter("input", "select", "textarea")):
        return True
    following = label.getnext()
    return following is not None and following.tag in ("input", "select", "textarea")


def _label(element: etree._Element, *, after: bool = False) -> str:
    """What stands as the field's label: a label element, or the words just before the field."""
    name = element.get("id")
    if name:
        found = element.getroottree().xpath("//label[@for=$name]", name=name)
        if found:
            return _own_words(found[0])
    for above in list(element.iterancestors())[:4]:
        if above.tag == "label":
            return _own_words(above)
    stated = element.get("aria-label") or element.get("title")
    if stated:
        return stated
    if after:
        return " ".join((element.tail or "").split())
    return _words_before(element)


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
    if previous is None:
        return ""
    alone = not previous.get("for") and not any(True for _ in previous.iter("input", "select"))
    if previous.tag == "label" and alone and not (previous.tail or "").strip():
        return _own_words(previous)
    return ""


def _legend(element: etree._Element) -> str:
    for above in element.iterancestors("fieldset"):
        legend = above.find("legend")
        return _words(legend) if legend is not None else ""
    return ""
