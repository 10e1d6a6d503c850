"""The body of a mail as parts: wrapped lines are whole again, quoted replies are marked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.documents.decoding import clean
from index.documents.parts import Part
from index.types import BlockRole

__all__ = ["marked_quotes", "plain_parts"]

_DEPTH = re.compile(r"(?:> ?)*")
_ITEM = re.compile(
    r"(\s*)([-*•·▪–—]|\(?(?:\d{1,3}[.)]-?|(?:[a-zA-Z]|[ivx]{1,5})\))|[a-z]\.)\s+(?=\S)"
)
_BULLETS = frozenset("-*•·▪–—")
_RULE = re.compile(r"\s*[-_=*~#]{4,}\s*")
_COLUMNS = re.compile(r"\S(?: {3,}|\t)\S")
# Outlook writes where a link leads after its words.
_TARGET = re.compile(r"(?<=[^\s<])<(?:https?://|mailto:)[^<>\s]*>")
_WIDEST = 80  # characters at which programs wrap a line, at most; longer lines were not wrapped
_NARROWEST = 50

_WROTE = r"(?:escribi[óo]|wrote|writes|a écrit|escreveu|ha scritto|schrieb)"
_ATTRIBUTION = re.compile(
    rf"(?:(?:El|On|Le|Em|Il|Am)\b.{{5,300}}|[^\n]{{0,120}}<\S+@\S+>.{{0,80}})\b{_WROTE}\s*:"
    r"|\d{4}-\d\d-\d\d\b.{0,150}<\S+@\S+>\s*:",
    re.DOTALL,
)
_ATTRIBUTION_LINES, _ATTRIBUTION_CHARS = 4, 500
_FORWARD = (
    r"(?:mensaje original|original message|mensaje reenviado|forwarded message|correo original"
    r"|mensaje enviado|original appointment|cita original)"
)
_SEPARATOR = re.compile(
    rf"\s*[-_—]{{2,}}\s*{_FORWARD}\s*[-_—]{{2,}}\s*"
    r"|(?:begin forwarded message|inicio del mensaje reenviado)\s*:\s*",
    re.IGNORECASE,
)
_HEAD_FIRST = re.compile(r"\*?(?:De|From)\s*:\*?\s*\S", re.IGNORECASE)
_HEAD_LINE = re.compile(
    r"\*?(?:De|From|Enviado(?: el)?|Sent|Date|Fecha|Para|To|CC|CCO|Bcc|Asunto|Subject|Adjuntos"
    r"|Attachments|Datos adjuntos|Importancia|Importance|Responder a|Reply-To)\s*:\*?(?:\s|$)",
    re.IGNORECASE,
)
_HEAD_LINES, _HEAD_LOOK = 3, 6  # so many of so many lines make a head of a mail
_NEVER_QUOTED = (BlockRole.TABLE, BlockRole.QUOTED, BlockRole.NOTE, BlockRole.CODE)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without its quote marks; ``depth`` counts those."""

    depth: int
    text: str
    flows: bool = False


def plain_parts(text: str, *, flowed: bool = False, delsp: bool = False) -> list[Part]:
    """The parts of a plain body; ``flowed`` and ``delsp`` as RFC 3676 has them."""
    raw = _TARGET.sub("", clean(text)).split("\n")
    lines = _flowed(raw, delsp=delsp) if flowed else _quoted(raw)
    parts: list[Part] = []
    for depth, group in _groups(lines):
        # In a text that flows a line that ends does so on purpose; elsewhere it may be too long.
        flows = flowed and any(line.flows for line in group)
        width = 0 if flows else _width(line.text for line in group)
        parts += [_at_depth(part, depth) for part in _paragraphs(group, width)]
    return marked_quotes(parts)


def marked_quotes(parts: Sequence[Part]) -> list[Part]:
    """The parts, those that repeat another mail as quoted.

    The line that announces a quote is part of it. After the head of another mail, or a line that
    says that one follows, all is quoted; and so it is after an announcement without a quote.
    """
    marked: list[Part] = []
    rest = False
    for position, part in enumerate(parts):
        following = parts[position + 1].role if position + 1 < len(parts) else None
        if not rest and part.role not in _NEVER_QUOTED:
            own, announced, whole = _split(part, parts[position + 1 : position + 1 + _HEAD_LOOK])
            if announced:
                marked += [own] if own.text else []
                marked.append(replace(announced, role=BlockRole.QUOTED, level=1))
                rest = whole or following is not BlockRole.QUOTED
                continue
        marked.append(_as_quoted(part) if rest else part)
    return marked


def _as_quoted(part: Part) -> Part:
    return part if part.role in _NEVER_QUOTED else replace(part, role=BlockRole.QUOTED, level=1)


def _at_depth(part: Part, depth: int) -> Part:
    return replace(part, role=BlockRole.QUOTED, level=depth) if depth else part


def _split(part: Part, after: Sequence[Part]) -> tuple[Part, Part | None, bool]:
    """A part before and from the line that announces another mail; whether all after it is that."""
    lines = part.text.split("\n")
    for number, line in enumerate(lines):
        whole = bool(_SEPARATOR.fullmatch(line)) or (
            bool(_HEAD_FIRST.match(line)) and _is_head(lines[number : number + _HEAD_LOOK], after)
        )
        last = len(lines) - number <= _ATTRIBUTION_LINES
        if whole or (last and _is_attribution(lines[number:])):
            before = replace(part, text="\n".join(lines[:number]).strip())
            rest = "\n".join(lines[number:])
            return before, replace(part, text=rest if whole else " ".join(rest.split())), whole
    return part, None, False


def _is_attribution(lines: Sequence[str]) -> bool:
    """Whether lines say who wrote what follows, and when or from which address."""
    text = "\n".join(lines).strip()
    if len(text) > _ATTRIBUTION_CHARS:
        return False
    return bool(re.search(r"\d|@", text)) and bool(_ATTRIBUTION.fullmatch(text))


def _is_head(lines: Sequence[str], after: Sequence[Part]) -> bool:
    """Whether the head of another mail begins with these lines, or goes on in the parts after."""
    following = [line for part in after for line in part.text.split("\n", _HEAD_LOOK)]
    head = [line for line in (*lines, *following) if line.strip()][:_HEAD_LOOK]
    count = next((n for n, line in enumerate(head) if not _HEAD_LINE.match(line)), len(head))
    return count >= _HEAD_LINES


def _quoted(raw: Iterable[str]) -> Iterator[_Line]:
    lines = list(raw)
    for number, line in enumerate(lines):
        beside = lines[max(0, number - 1) : number] + lines[number + 1 : number + 2]
        if line.startswith(">From ") and not any(other.startswith(">") for other in beside):
            # Mailboxes write it so, lest it be taken for the beginning of a mail.
            yield _Line(0, line[1:])
            continue
        marks = _DEPTH.match(line)[0]  # type: ignore[index]  # it matches always
        yield _Line(marks.count(">"), line[len(marks) :] if ">" in marks else line)


def _flowed(raw: Iterable[str], *, delsp: bool) -> Iterator[_Line]:
    """Lines of format=flowed, those that go on joined."""
    held: list[str] = []
    held_depth = 0
    for line in raw:
        depth = len(line) - len(line.lstrip(">"))
        text = line[depth:].removeprefix(" ")
        is_signature = text == "-- "
        flows = text.endswith(" ") and not is_signature
        if held and (depth != held_depth or is_signature):
            yield _Line(held_depth, "".join(held), flows=True)
            held = []
        joined = bool(held)
        held.append(text[:-1] if flows and delsp else text)
        held_depth = depth
        if not flows:
            yield _Line(depth, "".join(held), flows=joined)
            held = []
    if held:
        yield _Line(held_depth, "".join(held), flows=True)


def _groups(lines: Iterable[_Line]) -> Iterator[tuple[int, list[_Line]]]:
    """Runs of lines of one depth; lines without text belong to the run before them."""
    run: list[_Line] = []
    for line in lines:
        if run and line.text.strip() and line.depth != run[0].depth:
            yield run[0].depth, run
            run = []
        if run or line.text.strip():
            run.append(line)
    if run:
        yield run[0].depth, run


def _width(texts: Iterable[str]) -> int:
    """The width at which the lines seem to be wrapped; 0 where they are not."""
    widest = max((len(text.rstrip()) for text in texts if "://" not in text), default=0)
    return widest if _NARROWEST <= widest <= _WIDEST else 0


def _paragraphs(lines: Iterable[_Line], width: int) -> Iterator[Part]:
    paragraph: list[str] = []
    for line in (*lines, _Line(0, "")):
        text = line.text.rstrip()
        if text and not _RULE.fullmatch(text) and text != "--":
            paragraph.append(text)
        elif paragraph:
            yield from _pieces(paragraph, width)
            paragraph = []


@dataclass(slots=True)
class _Held:
    """A paragraph or an item while its lines come."""

    role: BlockRole
    pieces: list[str]
    level: int = 0
    mark: str = ""

    def part(self) -> Part:
        return Part(self.role, "".join(self.pieces), level=self.level, mark=self.mark)


def _pieces(lines: Sequence[str], width: int) -> Iterator[Part]:
    """One paragraph, or the items of a list and what stands before and after them."""
    held: _Held | None = None
    before = ""
    for line in lines:
        item = _ITEM.match(line)
        wrapped = held is not None and _is_wrapped(before, line, width)
        in_paragraph = held is not None and held.role is BlockRole.PARAGRAPH
        if held and wrapped and (in_paragraph or not item):
            held.pieces += (" ", line.strip())
        elif held and not item and in_paragraph:
            held.pieces += ("\n", line.strip())
        elif held and not item and line[0] in " \t":
            held.pieces += (" ", line.strip())
        else:
            if held:
                yield held.part()
            held = _begun(line, item)
        before = line
    if held:
        yield held.part()


def _begun(line: str, item: re.Match[str] | None) -> _Held:
    if not item:
        return _Held(BlockRole.PARAGRAPH, [line.strip()])
    mark = "" if item[2] in _BULLETS else item[2]
    level = 2 if len(item[1].expandtabs()) >= 4 else 1
    return _Held(BlockRole.ITEM, [line[item.end() :].strip()], level, mark)


def _is_wrapped(before: str, line: str, width: int) -> bool:
    """Whether a line goes on with the next: that one's first word did not fit."""
    if not width or _COLUMNS.search(before.strip()) or _COLUMNS.search(line.strip()):
        return False
    return len(before) + 1 + len(line.split(maxsplit=1)[0]) > width and len(before) <= width
