"""Who speaks where: the turns of interviews, transcripts and plays. Pure.

A label names who speaks. It stands alone, in capitals (``PRESIDENTA, ANA LÓPEZ``), or leads its
paragraph and ends with a colon (``PREGUNTA: ...``, ``Q: ...``, ``— Ana: ...``, ``**Ana:** ...``);
the usual words for question and answer may end with a full stop instead (``P. ...``).

What looks like a label is one only in a dialogue, for headings and the fields of a form look the
same: a document with at least three turns, half of which or more have a label that comes again or
is a word for somebody who speaks, and at least two such labels.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.text.paragraphs import SENTENCE_END

__all__ = ["Turn", "asks", "spoken_name", "turns"]

Span = tuple[int, int]

_ALONE_CHARS = 200
_LABEL_WORDS = 8
_INLINE = re.compile(
    r"(?:[-–—•]\s*)?[*_]*(?P<label>[^\W\d_][^:;!?¿¡\n\t]{0,79}?)[*_]*:[*_]*[ \t\n]+(?=\S)"
)
_LETTER = re.compile(
    r"[*_]*(?P<label>[PRQA]|Pregunta|Respuesta|Question|Answer)[*_]*[.]\s*[-–—]?[*_]*\s+(?=\S)"
)
_ROLE_WORDS = """
    a answer asistente asistentes audience comisionada comisionado conductor conductora diputada
    diputado director directora embajador embajadora entrevistado entrevistada entrevistador
    entrevistadora gobernador gobernadora host intervención interviewee interviewer interlocutor
    interlocutora juez jueza minister ministra ministro moderador moderadora moderator narrador
    narrator p participante periodista pregunta presentador presentadora president presidenta
    presidente público q question r reporter reportera reportero respuesta secretaria secretario
    secretary senador senadora senator speaker subsecretaria subsecretario testigo vicepresidenta
    vicepresidente voces voice voz witness
"""
_ROLES = frozenset(_ROLE_WORDS.split())
# First words of lines in capitals that head parts of a text.
_PART_WORDS = """
    anexo antecedentes apéndice appendix annex artículo article bibliografía capítulo chapter
    conclusion conclusiones conclusions considerando contents contenido cuadro disposiciones figura
    figure gráfica index índice introducción introduction ley libro nota part parte reglamento
    resultando resumen sección section summary tabla table title título transitorio transitorios
"""
_PARTS = frozenset(_PART_WORDS.split())
_ASKING_WORDS = """
    entrevistador entrevistadora interviewer p periodista pregunta q question reporter reportera
    reportero
"""
_ASKING = frozenset(_ASKING_WORDS.split())
_PARTICLE_WORDS = "a and da das de del di do dos e el for la las los of the van von y"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_INLINE_SHARE = 5  # of so many paragraphs, one has a label, where labels lead paragraphs
_ALONE_SHARE = 50  # where they stand alone, and speeches are long


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says: it begins with the paragraph ``first``, whose label is ``speaker``.

    A turn without a speaker ends a dialogue: what follows is nobody's words.
    """

    first: int
    speaker: str


@dataclass(frozen=True, slots=True)
class _Label:
    paragraph: int
    name: str
    alone: bool


def turns(text: str, spans: Sequence[Span], barriers: Sequence[bool]) -> list[Turn]:
    """The turns of a dialogue in order; none where the paragraphs are no dialogue.

    ``barriers`` says of each paragraph whether a separator line stands before it; it ends a turn.
    """
    labels = _dialogue(text, spans, barriers)
    if not labels:
        return []
    names = {label.paragraph: label.name for label in labels}
    return [
        Turn(i, names.get(i, ""))
        for i in range(labels[0].paragraph, len(spans))
        if i in names or barriers[i]
    ]


def asks(speaker: str, words: str) -> bool:
    """Whether what this speaker says last is a question, or they are there to ask."""
    return _first_word(speaker) in _ASKING or re.search(r"\?[\"'»”’)\]*_—]*$", words) is not None


def spoken_name(label: str) -> str:
    """A label as it is written in a sentence: ``Presidenta, Ana López``."""
    if not label.isupper():
        return label
    first, *rest = label.split()
    words = (word.lower() if word.lower() in _PARTICLES else _title(word) for word in rest)
    return " ".join([_title(first), *words])


def _title(word: str) -> str:
    # What stands in brackets is an abbreviation as a rule: (IMSS).
    return word if word.startswith("(") else re.sub(r"\w+", lambda m: m[0].capitalize(), word)


def _dialogue(text: str, spans: Sequence[Span], barriers: Sequence[bool]) -> list[_Label]:
    labels = [label for i in range(len(spans)) if (label := _label(text, spans, barriers, i))]
    alone = [label for label in labels if label.alone]
    inline = [label for label in labels if not label.alone]
    if _is_dialogue(alone) and len(alone) * _ALONE_SHARE >= len(spans):
        # Where a separator leads each turn, a line in capitals inside of one is a heading.
        separated = [label for label in alone if barriers[label.paragraph] or label is alone[0]]
        return separated if 5 * len(separated) >= 4 * len(alone) else alone
    # What is said ends as sentences do, and the fields of a form do not.
    said = sum(SENTENCE_END.search(text, *spans[label.paragraph]) is not None for label in inline)
    dense = 2 * said >= len(inline) and len(inline) * _INLINE_SHARE >= len(spans)
    return inline if dense and _is_dialogue(inline) else []


def _is_dialogue(labels: Sequence[_Label]) -> bool:
    counts = Counter(label.name.casefold() for label in labels)
    speakers = [n for name, n in counts.items() if n > 1 or _first_word(name) in _ROLES]
    return len(labels) > 2 and len(speakers) > 1 and 2 * sum(speakers) >= len(labels)


def _label(text: str, spans: Sequence[Span], barriers: Sequence[bool], i: int) -> _Label | None:
    start, end = spans[i]
    last = i + 1 == len(spans) or barriers[i + 1]
    if end - start <= _ALONE_CHARS and not last:
        words = text[start:end].strip("*_: ")
        if (
            words.isupper()
            and not re.search(r"[\n\t]", words)
            and SENTENCE_END.search(words) is None
        ):
            first = _first_word(words)
            long = first in _ROLES or sum(map(str.isalpha, words)) > 3
            return _Label(i, words, alone=True) if long and first not in _PARTS | {""} else None
    match = _INLINE.match(text, start, end) or _LETTER.match(text, start, end)
    if match is None or not _names_somebody(match["label"].strip()):
        return None
    return _Label(i, match["label"].strip(), alone=False)


def _first_word(label: str) -> str:
    return re.split(r"\W|\d", label.casefold(), maxsplit=1)[0]


def _names_somebody(label: str) -> bool:
    words = [word for word in re.findall(r"\w+", label) if word.lower() not in _PARTICLES]
    if label.casefold() in _ROLES:
        return label[0].isupper()
    if not words or len(words) > _LABEL_WORDS or _first_word(label) in _PARTS:
        return False
    return all(word[0].isupper() or word.isdigit() for word in words)
