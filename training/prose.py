"""Questions about spoken Spanish, made of the sentences of transcripts by rule.

A number, a date or a place is taken out of a sentence, its question word put first, the parts
turned round at times, and words left out or put in other words, so that a question is seldom the
sentence. The grammar suffers; what a reader learns is what kind of words answers what where
everything is about much the same. Transcripts that anything is measured or calibrated with are left
out. The same made of laws were mostly references and formulas.
"""

import json
import lzma
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from index.text.months import MONTHS
from index.text.sentences import sentence_spans
from training.reader_data import Example

FILE = "corpus/mananeras-mx.jsonl.xz"  # in the folder of the data
QUESTIONS = ("training/questions", "benchmarks/questions")
BEFORE, AFTER = 9, 11  # words kept of either side
SHORTEST, LENGTH = 6, (500, 1100)  # words of a question, characters of a passage
LEFT_OUT, REWORDED = (0.0, 0.25), 0.12  # shares of the words
SENTENCE = (60, 400)  # characters
# References, headings, formulas: nobody asks about these.
UNASKED = re.compile(r"[*\[\]#/°º]|\b[A-ZÁÉÍÓÚÑ]{4,}|\?\s*$")

_NUMBER = r"(?:\d[\d.,]*\d|\d|(?:mil|un millón))(?: (?:mil|millones?|\d+))*"
_MONTH = "|".join(MONTHS["es"])
_CAPITAL = r"[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+"
_NAME = rf"{_CAPITAL}(?: (?:(?:de |del |de la |y )?{_CAPITAL}))+"
# What is asked, and the group named "answer" that answers; what else matches is left out.
KINDS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        re.compile(
            rf"(?:el )?(?P<answer>(?:\d\d?|1[°º]|primero) de (?:{_MONTH})(?: del? \d{{4}})?)"
        ),
        ("cuándo", "en qué fecha", "qué día"),
    ),
    (
        re.compile(
            rf"\b(?:en|desde|hasta) (?P<answer>(?:(?:{_MONTH}) de(?:l año)? )?(?:19|20)\d\d)\b"
        ),
        ("en qué año", "cuándo"),
    ),
    (re.compile(rf"(?P<answer>{_NUMBER} (?:de )?(?:pesos|dólares))"), ("cuánto", "cuánto dinero")),
    (re.compile(rf"(?P<answer>{_NUMBER} ?(?:%|por ciento))"), ("qué porcentaje", "cuánto")),
    (
        re.compile(rf"(?P<answer>{_NUMBER})(?= [a-záéíóúñ]{{2,}}(?:as|ciones|dades)\b)"),
        ("cuántas", "qué cantidad de"),
    ),
    (
        re.compile(rf"(?P<answer>{_NUMBER})(?= [a-záéíóúñ]{{3,}}s\b)"),
        ("cuántos", "qué número de"),
    ),
    (re.compile(rf"\ben (?P<answer>(?:la |el |los |las )?{_NAME})"), ("dónde", "en qué lugar")),
)


Reword = Callable[[str, random.Random], str]


def examples(data: Path, count: int, reword: Reword, seed: int = 0) -> list[Example]:
    """At most so many examples, spread over the transcripts."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    used = "".join(
        path.read_text(encoding="utf-8")
        for folder in QUESTIONS
        for path in sorted((Path(__file__).parents[1] / folder).glob("*.jsonl"))
    )
    with lzma.open(data / FILE, "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["id"] not in used]
    each = -(-count // max(1, len(rows)))
    made = [one for row in rows for one in _of(row["text"], row["id"], each, reword, draw)]
    return draw.sample(made, min(count, len(made)))


def _of(text: str, id: str, count: int, reword: Reword, draw: random.Random) -> Iterator[Example]:
    """So many questions about a document, each about another sentence."""
    bounds = sentence_spans(text, "es")
    for start, end in draw.sample(bounds, min(len(bounds), 12 * count)):
        asked = question(text[start:end], reword, draw)
        if asked is None:
            continue
        words, place = asked
        begin, close = _around(text, (start, end), draw)
        answer = (start + place[0] - begin, start + place[1] - begin)
        passage = text[begin:close]
        # Asked elsewhere in the passage too, it would have two answers.
        if passage.count(passage[slice(*answer)]) == 1:
            yield Example(words, passage, *answer, "prose", id)
            count -= 1
            if not count:
                return


def question(
    sentence: str, reword: Reword, draw: random.Random
) -> tuple[str, tuple[int, int]] | None:
    """A question that the sentence answers, and where; None if it holds nothing to ask for."""
    found = [(m, words) for kind, words in KINDS if (m := kind.search(sentence)) is not None]
    if not found or UNASKED.search(sentence) or not SENTENCE[0] <= len(sentence) <= SENTENCE[1]:
        return None
    match, words = draw.choice(found)
    before = re.split(r"[;:]", sentence[: match.start()])[-1].split()[-BEFORE:]
    after = re.split(r"[;:.]", sentence[match.end() :])[0].split()[:AFTER]
    parts = [*after, *before] if draw.random() < 0.6 else [*before, *after]
    share = draw.uniform(*LEFT_OUT)
    kept = [word.strip(',.—“”"()') for word in parts if draw.random() >= share]
    if len(kept) < SHORTEST:
        return None
    said = [reword(word, draw) if draw.random() < REWORDED else word for word in kept]
    if said[0][1:].islower():
        said[0] = said[0].lower()
    asked = draw.choice(words)
    mark = ("¿", "?") if draw.random() < 0.8 else ("", "")
    text = f"{mark[0]}{asked.capitalize() if mark[0] else asked} {' '.join(said)}{mark[1]}"
    return " ".join(text.split()), match.span("answer")


def _around(text: str, sentence: tuple[int, int], draw: random.Random) -> tuple[int, int]:
    """A stretch of whole lines or words round a sentence."""
    room = max(0, draw.randint(*LENGTH) - (sentence[1] - sentence[0]))
    low = max(0, sentence[0] - draw.randint(0, room))
    high = min(len(text), sentence[1] + room - (sentence[0] - low))
    if low:
        low = text.find(" ", low, sentence[0]) + 1 or sentence[0]
    cut = text.rfind(" ", sentence[1], high)
    return low, high if high == len(text) or cut < 0 else cut


def synonyms(
    dictionary: Mapping[str, Sequence[tuple[str, float]]],
) -> Reword:
    """What rewords: by another Spanish word of the same English one, if there is any."""
    others: dict[str, set[str]] = {}
    for known in dictionary.values():
        spanish = [word for word, _ in known]
        for word in spanish:
            others.setdefault(word, set()).update(w for w in spanish if w != word)

    def reword(word: str, draw: random.Random) -> str:
        found = sorted(others.get(word, ()))
        return draw.choice(found) if found else word

    return reword
