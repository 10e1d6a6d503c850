"""Subtitles (SRT and WebVTT): what is said, in paragraphs; the times are the places, as pages.

A page is about a minute, and its label is the time at which it begins.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.documents.decoding import clean, decode
from index.documents.parts import ConversionError, Converted, Part, ReadOptions
from index.types import BlockRole

__all__ = ["read_subtitles"]

PAGE_SECONDS = 60
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-+>\s*{_TIME}(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?[ \t]+([^>]+)>")
_TAG = re.compile(
    r"</?[a-zA-Z][^>]{0,200}>|</>|<\d[\d:.]*>|\{\\[^}]{0,200}\}|\{[ybiu]:[^}]{0,40}\}"
)
_LABEL = re.compile(r"(?:>>\s*)?(?:[A-ZÁÉÍÓÚÑ][\w.'’-]*(?:\s[A-ZÁÉÍÓÚÑ(][\w.'’)-]*){0,4}):\s+\S")
_DASH = re.compile(r"(?:[-–—]|>>)\s?(?=[^\s\d-])")
_SENTENCE_END = re.compile(r"[.!?…][\"'»”’)\]]*$")
_BLOCKS = ("NOTE", "STYLE", "REGION")
_PAUSE, _LONG_PAUSE = 1.5, 4.0  # seconds between paragraphs
_PARAGRAPH_CHARS, _MOST_CHARS = 400, 700
_ROLLING = 0.25  # of cues that begin with the last line of the one before
_TOUCHING = 0.25  # seconds


@dataclass(slots=True)
class _Cue:
    start: float
    end: float
    lines: list[str]
    speaker: str = ""


def read_subtitles(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """The words of a file of subtitles. Raises ConversionError for one without any."""
    text = clean(decode(data))
    cues = list(_cues(text.split("\n")))
    if not cues:
        raise ConversionError("has no subtitles with their times; check the file")
    cues = _once(sorted(cues, key=lambda cue: cue.start))
    parts, labels = _paragraphs(cues)
    first = text.split("\n", 1)[0]
    named = re.match(r"WEBVTT[ \t]+(?:[-–—:]+[ \t]*)?(\S.*)", first)
    return Converted(
        parts,
        len(labels),
        title=named[1].strip() if named else None,
        page_labels=tuple(labels),
    )


def _cues(lines: Sequence[str]) -> Iterator[_Cue]:
    """The cues in the file's order, without markup; those without words are left out."""
    i = 0
    while i < len(lines):
        timing = _TIMING.fullmatch(lines[i])
        if timing is None:
            i += 1
            if lines[i - 1].startswith(_BLOCKS):
                while i < len(lines) and lines[i].strip():
                    i += 1
            continue
        start, end = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
        last = i + 1
        while last < len(lines) and lines[last].strip() and not _TIMING.fullmatch(lines[last]):
            last += 1
        words = list(lines[i + 1 : last])
        # Without a blank line between cues the number of the next one ends this one.
        if last < len(lines) and _TIMING.fullmatch(lines[last]) and words and words[-1].isdigit():
            words.pop()
        i = last
        yield from _voices(start, end, words)


def _voices(start: float, end: float, lines: Sequence[str]) -> Iterator[_Cue]:
    """A cue for each speaker of one."""
    cue = _Cue(start, end, [])
    for line in lines:
        for piece in re.split(r"(?=<v[ .])", line):
            voice = _VOICE.match(piece)
            words = " ".join(html.unescape(_TAG.sub("", piece)).split())
            if voice and cue.lines and voice[1].strip() != cue.speaker:
                yield cue
                cue = _Cue(start, end, [])
            if voice:
                cue.speaker = " ".join(html.unescape(voice[1]).split())
            if words:
                cue.lines.append(clean(words))
    if cue.lines:
        yield cue


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole + int((fraction or "0").ljust(3, "0")) / 1000


def _once(cues: Sequence[_Cue]) -> list[_Cue]:
    """The cues without what captions that roll, or build up, show again."""
    touching = [(a, b) for a, b in pairwise(cues) if b.start - a.end <= _TOUCHING]
    again = sum(a.lines[-1] == b.lines[0] for a, b in touching)
    rolling = again > _ROLLING * len(cues)
    kept: list[_Cue] = []
    shown: list[str] = []  # the lines of the cue before, as it was
    end = 0.0
    for cue in cues:
        lines = list(cue.lines)
        if kept and cue.start - end <= _TOUCHING and cue.speaker == kept[-1].speaker:
            if lines == shown:
                lines = []
            elif rolling:
                most = min(len(lines), len(shown))
                same = (n for n in range(most, 0, -1) if shown[-n:] == lines[:n])
                lines = lines[next(same, 0) :]
            elif len(shown) == 1 == len(lines) and lines[0].startswith(f"{shown[0]} "):
                kept[-1].lines[-1:] = []  # it is written word by word
        shown, end = cue.lines, max(end, cue.end)
        if kept and not kept[-1].lines:
            cue.start = kept.pop().start
        if lines:
            kept.append(_Cue(cue.start, cue.end, lines, cue.speaker))
        elif kept:
            kept[-1].end = max(kept[-1].end, cue.end)
    return kept


def _paragraphs(cues: Sequence[_Cue]) -> tuple[list[Part], list[str]]:
    """The paragraphs, and the labels of the pages."""
    parts: list[Part] = []
    labels: list[str] = []
    text, page = "", 1
    breaks: list[int] = []
    began = before = 0.0
    speaker = ""
    for cue in cues:
        for words, anew in _utterances(cue):
            ends = anew or cue.speaker != speaker or _ends(text, cue.start - before)
            if text and ends:
                parts.append(Part(BlockRole.PARAGRAPH, text, page=page, breaks=tuple(breaks)))
                text, breaks = "", []
            lead = f"{cue.speaker}: " if cue.speaker and cue.speaker != speaker else ""
            speaker, before = cue.speaker, cue.end
            turns = not labels or cue.start - began >= PAGE_SECONDS
            if turns:
                labels.append(_label(cue.start))
                began = cue.start
            if not text:
                page = len(labels)
            elif turns:
                breaks.append(len(text) + 1)
            text = f"{text} {lead}{words}" if text else f"{lead}{words}"
    parts.append(Part(BlockRole.PARAGRAPH, text, page=page, breaks=tuple(breaks)))
    return [part for part in parts if part.text], labels


def _utterances(cue: _Cue) -> Iterator[tuple[str, bool]]:
    """What each line says, and whether somebody begins to speak with it."""
    spoken: list[tuple[str, bool]] = []
    dashes = sum(_DASH.match(line) is not None for line in cue.lines)
    for line in cue.lines:
        anew = bool(_LABEL.match(line)) or (_DASH.match(line) is not None and dashes > 0)
        if spoken and not anew:
            spoken[-1] = (f"{spoken[-1][0]} {line}", spoken[-1][1])
        else:
            spoken.append((line, anew))
    yield from spoken


def _ends(text: str, pause: float) -> bool:
    """Whether a paragraph ends before what is said after a pause."""
    ended = _SENTENCE_END.search(text) is not None
    if pause >= _LONG_PAUSE or len(text) >= _MOST_CHARS:
        return True
    return ended and (pause >= _PAUSE or len(text) >= _PARAGRAPH_CHARS)


def _label(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
