"""Markdown to parts without its signs, for texts that are inside of other files."""

import re
from collections.abc import Iterator

from index.documents.decoding import clean
from index.documents.html.read import parts_of_html
from index.documents.parts import Part, table
from index.types import BlockRole

__all__ = ["markdown_parts"]

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+(.*)")
_CELLS = re.compile(r"^[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?::?-+:?)?[ \t]*$")
_HTML = re.compile(
    r"<(?:/?(?:div|p|table|ul|ol|h[1-6]|details|center|blockquote|pre|section|style|script)\b|!--)",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]*>")
_IMAGE = re.compile(r"!\[[^\]\n]*\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]*\])")
_LINK = re.compile(r"\[([^\[\]\n]+)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]*\])")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_WEAK = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_]+?)(?<=\S)\1(?![\w*])")
_STRUCK = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~", re.DOTALL)
_CODE = re.compile(r"(`+)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_DEFINITION = re.compile(r" {0,3}\[[^\]^\n]+\]:\s+\S+.*$")
_HTML_LINES = 200
_INLINE_CHARS = 20_000
_CODE_SIGN = "\ufdd0"


def markdown_parts(text: str) -> list[Part]:
    """The headings, paragraphs, lists, tables and code of a Markdown text."""
    return [part for part in _blocks(text.expandtabs(4).split("\n")) if part.text.strip()]


def _blocks(lines: list[str]) -> Iterator[Part]:
    paragraph: list[str] = []
    indents: list[int] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        found, after = _block(lines, at, paragraph, indents)
        if found is None:
            item = _ITEM.fullmatch(line)
            continued = bool(indents) and not line.startswith(" ") and not paragraph
            if continued and item is None and line.strip():
                indents = []
            paragraph.append(line)
            at += 1
            continue
        yield from _paragraph(paragraph)
        yield from found
        at = after
    yield from _paragraph(paragraph)


def _block(
    lines: list[str], at: int, paragraph: list[str], indents: list[int]
) -> tuple[list[Part] | None, int]:
    """The parts that begin at a line and where they end; None where it continues a paragraph."""
    line = lines[at]
    fence, item = _FENCE.fullmatch(line), _ITEM.fullmatch(line)
    if fence:
        return _fenced(lines, at, fence[1])
    heading = _heading(line, paragraph)
    if heading is not None:
        indents.clear()
        return [heading], at + 1
    if not line.strip() or _RULE.fullmatch(line) or _DEFINITION.fullmatch(line):
        return [], at + 1
    if "|" in line and at + 1 < len(lines) and _CELLS.fullmatch(lines[at + 1]):
        return _table(lines, at)
    if item:
        return _item(lines, at, item, indents)
    is_html = bool(_HTML.match(line.lstrip())) and not paragraph
    return _html(lines, at) if is_html else (None, at)


def _heading(line: str, paragraph: list[str]) -> Part | None:
    """The heading that a line is, or that it makes of the paragraph before it."""
    heading = _HEADING.fullmatch(line)
    if heading:
        return Part(BlockRole.HEADING, _inline(heading[2]), level=len(heading[1]))
    under = _UNDERLINE.fullmatch(line)
    if not under or not paragraph or _ITEM.fullmatch(paragraph[0]):
        return None
    words = _inline(" ".join(paragraph))
    paragraph.clear()
    return Part(BlockRole.HEADING, words, level=1 if "=" in under[1] else 2)


def _fenced(lines: list[str], at: int, sign: str) -> tuple[list[Part], int]:
    end = at + 1
    close = re.compile(rf" {{0,3}}{re.escape(sign[0])}{{{len(sign)},}}\s*")
    while end < len(lines) and not close.fullmatch(lines[end]):
        end += 1
    code = clean("\n".join(lines[at + 1 : end])).strip("\n").rstrip()
    return [Part(BlockRole.CODE, code)], end + 1


def _html(lines: list[str], at: int) -> tuple[list[Part], int]:
    end = at
    while end < len(lines) and lines[end].strip():
        end += 1
    # A table or list of HTML may have blank lines in it.
    opened = re.match(r"<(\w+)", lines[at].lstrip())
    if opened and opened[1].lower() in ("table", "ul", "ol", "details", "pre"):
        close = f"</{opened[1].lower()}"
        near = range(at, min(len(lines), at + _HTML_LINES))
        last = next((n for n in near if close in lines[n].lower()), end - 1)
        end = max(end, last + 1)
    return parts_of_html("\n".join(lines[at:end])), end


def _table(lines: list[str], at: int) -> tuple[list[Part], int]:
    rows = [_cells(lines[at])]
    end = at + 2
    while end < len(lines) and "|" in lines[end]:
        rows.append(_cells(lines[end])[: len(rows[0])])
        end += 1
    part = table(rows, header_rows=1 if any(rows[0]) else 0)
    return ([part] if part else []), end


def _cells(line: str) -> list[str]:
    line = line.strip().removeprefix("|")
    line = line[:-1] if line.endswith("|") and not line.endswith("\\|") else line
    return [_inline(cell.replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", line)]


def _item(
    lines: list[str], at: int, item: re.Match[str], indents: list[int]
) -> tuple[list[Part], int]:
    indent = len(item[1])
    while indents and indents[-1] > indent:
        indents.pop()
    if not indents or indents[-1] < indent:
        indents.append(indent)
    words = [item[3]]
    end = at + 1
    while end < len(lines) and lines[end].strip():
        following = lines[end]
        if (
            _ITEM.fullmatch(following)
            or _HEADING.fullmatch(following)
            or _FENCE.fullmatch(following)
        ):
            break
        words.append(following.strip())
        end += 1
    text = re.sub(
        r"^\[([ xX])\]\s+", lambda box: "☐ " if box[1] == " " else "☒ ", _inline(" ".join(words))
    )
    mark = item[2] if item[2][0].isdigit() else ""
    return [Part(BlockRole.ITEM, text, level=len(indents), mark=mark)], end


def _paragraph(lines: list[str]) -> Iterator[Part]:
    """The paragraph of the lines gathered so far, which are then forgotten."""
    if not lines:
        return
    is_quote = all(line.lstrip().startswith(">") for line in lines)
    if is_quote:
        lines[:] = [line.lstrip()[1:] for line in lines]
        inner = list(lines)
        lines.clear()
        yield from markdown_parts("\n".join(line.removeprefix(" ") for line in inner))
        return
    if all(line.startswith("    ") for line in lines):
        code = clean("\n".join(line[4:] for line in lines)).rstrip()
        lines.clear()
        yield Part(BlockRole.CODE, code)
        return
    text = "\n".join(line.strip() if line.endswith("  ") else f"{line.strip()} " for line in lines)
    lines.clear()
    shown = _inline(re.sub(r" \n", " ", text))
    if shown:
        yield Part(BlockRole.PARAGRAPH, shown)


def _inline(text: str) -> str:
    """The words of a line without the signs of emphasis, links, images and code."""
    text = text.replace(_CODE_SIGN, "")
    if len(text) > _INLINE_CHARS:
        return clean(text).strip()
    codes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        codes.append(match[2].strip())
        return f"{_CODE_SIGN}{len(codes) - 1}{_CODE_SIGN}"

    text = _IMAGE.sub("", _CODE.sub(keep, text))
    text = _LINK.sub(r"\1", _LINK.sub(r"\1", text))
    text = _STRUCK.sub("", text)
    text = _WEAK.sub(r"\2", _STRONG.sub(r"\2", text))
    if _TAG.search(text) or "&" in text:
        text = "\n".join(part.text for part in parts_of_html(text.replace("\n", "<br>")))
    text = _ESCAPED.sub(r"\1", text)
    text = re.sub(f"{_CODE_SIGN}(\\d+){_CODE_SIGN}", lambda m: codes[int(m[1])], text)
    return clean(text).strip()
