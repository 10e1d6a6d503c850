"""Equations (OMML) in one line: (a+b)/2, x², √(n)."""

import re

from index.documents.superscripts import RAISED, can_raise, lowered
from index.documents.word.markup import Element, W, local, put_away

__all__ = ["formula"]

_SIMPLE = re.compile(r"[\w.,∞′πθ]+")
_DEEPEST = 60


def formula(element: Element, depth: int = 0) -> str:
    """The text of an equation or of a part of it."""
    if depth > _DEEPEST:
        return "".join(text.text or "" for text in element.iter("{*}t"))
    name = local(element)
    if name == "t":
        return element.text or ""
    if name == "r":
        gone = put_away(element.find(f"{W}rPr"))
        return "" if gone else "".join(text.text or "" for text in element if local(text) == "t")
    write = _WRITERS.get(name)
    if write is not None:
        return write(element, depth + 1)
    if name.endswith("Pr") or name in ("del", "moveFrom"):
        return ""
    return "".join(formula(child, depth + 1) for child in element if isinstance(child.tag, str))


def _child(element: Element, name: str, depth: int) -> str:
    found = element.find(f"{{*}}{name}")
    return "" if found is None else formula(found, depth).strip()


def _setting(element: Element, properties: str, name: str) -> str | None:
    found = element.find(f"{{*}}{properties}/{{*}}{name}")
    return None if found is None else next(iter(found.attrib.values()), "")


def _grouped(text: str) -> str:
    whole = _SIMPLE.fullmatch(text) or (text.startswith("(") and text.endswith(")"))
    return text if whole else f"({text})"


def _above(text: str) -> str:
    if text in ("∘", "°", "º"):
        return "°"
    if can_raise(text):
        return text.translate(RAISED)
    return f"^{_grouped(text)}" if text else ""


def _below(text: str) -> str:
    if re.fullmatch(r"[\d+\-−]+", text):
        return lowered(text)
    return f"_{_grouped(text)}" if text else ""


def _fraction(element: Element, depth: int) -> str:
    return f"{_grouped(_child(element, 'num', depth))}/{_grouped(_child(element, 'den', depth))}"


def _scripts(element: Element, depth: int) -> str:
    base = _child(element, "e", depth)
    return base + _below(_child(element, "sub", depth)) + _above(_child(element, "sup", depth))


def _root(element: Element, depth: int) -> str:
    degree, base = _child(element, "deg", depth), _child(element, "e", depth)
    return f"{degree.translate(RAISED)}√{_grouped(base)}"


def _sum(element: Element, depth: int) -> str:
    sign = _setting(element, "naryPr", "chr")
    limits = _below(_child(element, "sub", depth)) + _above(_child(element, "sup", depth))
    return f"{'∫' if sign is None else sign}{limits} {_child(element, 'e', depth)}"


def _delimited(element: Element, depth: int) -> str:
    first, last = (_setting(element, "dPr", name) for name in ("begChr", "endChr"))
    between = _setting(element, "dPr", "sepChr")
    parts = [formula(part, depth).strip() for part in element.iterfind("{*}e")]
    inner = ("|" if between is None else between).join(parts)
    return f"{'(' if first is None else first}{inner}{')' if last is None else last}"


def _limit(element: Element, depth: int) -> str:
    base, limit = _child(element, "e", depth), _child(element, "lim", depth)
    return base + (_below(limit) if local(element) == "limLow" else _above(limit))


def _function(element: Element, depth: int) -> str:
    name, argument = _child(element, "fName", depth), _child(element, "e", depth)
    return f"{name}{argument}" if argument.startswith("(") else f"{name} {argument}"


def _matrix(element: Element, depth: int) -> str:
    rows = (
        ", ".join(formula(cell, depth).strip() for cell in row.iterfind("{*}e"))
        for row in element.iterfind("{*}mr")
    )
    return f"[{'; '.join(rows)}]"


_WRITERS = {
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "rad": _root,
    "nary": _sum,
    "d": _delimited,
    "limLow": _limit,
    "limUpp": _limit,
    "func": _function,
    "m": _matrix,
}
