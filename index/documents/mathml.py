"""Formulas of MathML on one line: ``x² + 1``, ``(a + b)/2``, ``√(2)``."""

import re

from lxml import etree

from index.documents.superscripts import RAISED, can_lower, can_raise, lowered

__all__ = ["math_text"]

_MATH_DEPTH = 40
_CLOSE_SIGNS = frozenset(("", "(", ")", "[", "]", "{", "}", "|", "!", "\u2061", "\u2062", "\u2063"))
_MATH_SKIPPED = frozenset(("annotation", "annotation-xml", "mphantom", "none", "mprescripts"))


def math_text(math: etree._Element) -> str:
    """A formula of MathML on one line: ``x² + 1``, ``(a + b)/2``, ``√(2)``."""
    shown = " ".join(_math(math, 0).split())
    return shown or " ".join((math.get("alttext") or "").split())


def _math(element: etree._Element, depth: int) -> str:
    tag = str(element.tag).rpartition("}")[2].rpartition(":")[2]
    if tag in _MATH_SKIPPED or depth > _MATH_DEPTH:
        return ""
    if len(element) == 0:
        return _token(tag, " ".join((element.text or "").split()))
    inner = [_math(child, depth + 1) for child in element if isinstance(child.tag, str)]
    if tag in ("mfrac", "msup", "msub", "msubsup", "mroot") and len(inner) >= 2:
        return _scripted(tag, [part.strip() for part in inner])
    if tag in ("munder", "mover", "munderover"):
        return _stacked(tag, [part.strip() for part in inner])
    return _enclosed(element, tag, inner)


def _token(tag: str, text: str) -> str:
    if text == ",":
        return ", "
    spaced = tag == "mo" and text not in _CLOSE_SIGNS
    return f" {text} " if spaced else text.strip("\u2061\u2062\u2063")


def _enclosed(element: etree._Element, tag: str, inner: list[str]) -> str:
    whole = "".join(inner)
    if tag == "mfenced":
        opening, closing = element.get("open", "("), element.get("close", ")")
        return f"{opening}{', '.join(inner)}{closing}"
    if tag == "mtr":
        return " ".join(part.strip() for part in inner) + "; "
    return f"√{_grouped(whole)}" if tag == "msqrt" else whole


_ACCENTS = {"˙": "\u0307", "→": "\u20d7", "⃗": "\u20d7", "^": "\u0302", "ˆ": "\u0302", "¯": "\u0304",
            "‾": "\u0304", "~": "\u0303", "˜": "\u0303", "¨": "\u0308"}  # fmt: skip


def _stacked(tag: str, inner: list[str]) -> str:
    """What stands above or below: an accent, or the limits of a sum."""
    base, others = inner[0] if inner else "", inner[1:]
    if tag == "mover" and others and len(base) == 1 and others[0] in _ACCENTS:
        return base + _ACCENTS[others[0]]
    below = others[0] if tag != "mover" and others else ""
    above = others[-1] if tag == "mover" and others else others[1] if len(others) > 1 else ""
    low = f"_{_grouped(below)}" if below else ""
    return f"{base}{low}{f'^{_grouped(above)}' if above else ''} "


def _scripted(tag: str, inner: list[str]) -> str:
    base, first = inner[0], inner[1]
    if tag == "mfrac":
        return f"{_grouped(base)}/{_grouped(first)}"
    if tag == "mroot":
        return f"{first}√{_grouped(base)}"
    low = first if tag in ("msub", "msubsup") else ""
    high = first if tag == "msup" else inner[2] if tag == "msubsup" and len(inner) > 2 else ""
    below = lowered(low) if can_lower(low) else f"_{_grouped(low)}" if low else ""
    flat = high.replace(" ", "")
    above = flat.translate(RAISED) if can_raise(flat) else f"^{_grouped(high)}" if high else ""
    return base + below + above


def _grouped(text: str) -> str:
    text = " ".join(text.split())
    return text if re.fullmatch(r"-?[\w.,]*[⁰¹²³⁴-⁹ⁿ]?", text) else f"({text})"
