"""Hand-written questions with near misses: their reading, their held-out part, their windows.

    python -m training.questions_data QUESTIONS [--part confidence|test]

prints the ids of the held-out contexts, one a line, or of the half that confidence is fitted on, or
of the half that only measures. QUESTIONS is a folder with files of two kinds:
``SET.contexts.jsonl`` (id, source, context) and ``SET.questions.jsonl`` (id, context_id, question,
answers, impossible, kind, near). The answers stand in the context exactly. ``near`` are the words
that a careless reader takes where the context has no answer.
"""

import argparse
import hashlib
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from index.chunking.passages import split
from index.text.language import detect
from index.types import Document
from training.negatives import Negatives, swapped, without
from training.reader_data import Example

MOST_TOKENS = 512  # of a passage
HELD_OUT = 5  # every fifth document, by its hash
PARTS = ("confidence", "test")  # of what is held out: to fit confidence on, and to measure
WINDOW = (500, 950)  # characters
LINE = 120  # characters; a window is widened by at most so many to begin or end with a line
AROUND = 100  # characters on each side that tell which of several equal words is meant
OWN = "own"  # the source of a context that is a document of its own
Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a context; ``span`` are the offsets of its answer or of the tempting words.

    ``group`` is the set's name. ``document`` is the law or transcript that the context is an
    excerpt of, or the context's own id. Without ``answers`` the context does not answer.
    """

    group: str
    document: str
    context_id: str
    kind: str
    question: str
    context: str
    answers: tuple[str, ...]
    span: Offsets | None

    @property
    def example(self) -> Example:
        """The question with its whole context."""
        start, end = self.span if self.answers and self.span else (-1, -1)
        return Example(self.question, self.context, start, end, self.group, self.document)


def read(folder: Path) -> list[Asked]:
    """All questions of the folder. Raises FileNotFoundError if it has no sets."""
    found = [
        asked
        for path in sorted(folder.glob("*.contexts.jsonl"))
        for asked in _set(path, path.name.removesuffix(".contexts.jsonl"))
    ]
    if not found:
        raise FileNotFoundError(f"{folder} has no SET.contexts.jsonl")
    return found


def _set(path: Path, group: str) -> Iterator[Asked]:
    contexts = {row["id"]: row for row in _rows(path)}
    for row in _rows(path.with_name(f"{group}.questions.jsonl")):
        context = contexts[row["context_id"]]
        yield _asked(group, context, row)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _asked(group: str, context: Mapping[str, Any], row: Mapping[str, Any]) -> Asked:
    excerpt = context["source"] != OWN
    words = row["answers"][0] if row["answers"] else row["near"]
    return Asked(
        group=group,
        document=context["source"] if excerpt else context["id"],
        context_id=context["id"],
        kind=row["kind"],
        question=row["question"],
        context=context["context"],
        answers=tuple(row["answers"]),
        span=_within(context["context"], row["answers"])
        or (place(context["context"], words, row["question"]) if words else None),
    )


def _within(text: str, answers: Sequence[str]) -> Offsets | None:
    """The first answer's offsets in a longer one that stands only once in the text, if any."""
    for longer in answers[1:]:
        if answers[0] in longer and text.count(longer) == 1 < text.count(answers[0]):
            start = text.index(longer) + longer.index(answers[0])
            return start, start + len(answers[0])
    return None


def held_out(document: str) -> bool:
    """Whether a document is kept from the training: by SHA-256 of its id, one in five."""
    digest = hashlib.sha256(document.encode("utf-8")).hexdigest()
    return int(digest[:8], 16) % HELD_OUT == 0


def held_out_part(document: str) -> str | None:
    """Which part of what is held out a document is of, one of PARTS; None if it is trained on."""
    if not held_out(document):
        return None
    digest = hashlib.sha256(document.encode("utf-8")).hexdigest()
    return PARTS[int(digest[8:16], 16) % len(PARTS)]


def place(text: str, words: str, question: str) -> Offsets | None:
    """The offsets of the words in the text, None if they are not there.

    Of several places, whole words and whole numbers come first, then the one whose line, and whose
    neighbourhood of 100 characters, have most words of the question.
    """
    whole = re.compile(rf"(?<!\w)(?<!\d[.,]){re.escape(words)}(?!\w)(?![.,]\d)")
    places = [match.span() for match in whole.finditer(text)]
    places = places or [match.span() for match in re.finditer(re.escape(words), text)]
    asked = _words(question)

    def shared(span: Offsets) -> tuple[int, int]:
        start = text.rfind("\n", 0, span[0]) + 1
        end = text.find("\n", span[1])
        line = text[start : end if end >= 0 else len(text)]
        near = text[max(0, span[0] - AROUND) : span[1] + AROUND]
        return len(asked & _words(line)), len(asked & _words(near))

    return max(places, key=shared, default=None)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{3,}", text.casefold()))


def cut(example: Example, kept: Offsets | None, draw: random.Random) -> Example:
    """The example with a window of 500 to 950 characters of its passage, or more if ``kept`` is.

    ``kept`` are the offsets of what the window must hold, in the passage: the answer, or tempting
    words; None if it may be anywhere. The window begins and ends with a line where one is near,
    else with a word.
    """
    size = draw.randint(*WINDOW)
    start, end = kept or (0, 0)
    size = max(size, end - start)
    low, high = 0, max(0, len(example.passage) - size)
    if kept:
        low, high = max(0, end - size), min(high, start)
    begin = draw.randint(min(low, high), high)
    begin, stop = _bounds(example.passage, begin, min(begin + size, len(example.passage)))
    passage = example.passage[begin:stop]
    if example.start < 0:
        return replace(example, passage=passage)
    return replace(example, passage=passage, start=example.start - begin, end=example.end - begin)


def _bounds(text: str, begin: int, stop: int) -> Offsets:
    """The bounds moved outwards to a line's if it is near, else to a word's."""
    line = text.rfind("\n", max(0, begin - LINE), begin)
    if line >= 0 or begin <= LINE:
        begin = line + 1 if line >= 0 else 0
    while begin and not text[begin - 1].isspace():
        begin -= 1
    line = text.find("\n", stop, stop + LINE)
    stop = line if line >= 0 else stop
    while stop < len(text) and not text[stop].isspace():
        stop += 1
    return begin, stop


class Passages:
    """Each context's passages, as the index makes them, with what they stand under."""

    def __init__(self, asked: Sequence[Asked], tokenizer: Tokenizer) -> None:
        def count(texts: Sequence[str]) -> list[int]:
            return [len(pieces.ids) for pieces in tokenizer.encode_batch(list(texts))]

        contexts = {item.context_id: item.context for item in asked}
        self._by_context = {
            name: split(with_language(Document(id=name, text=text)), count, MOST_TOKENS)
            for name, text in contexts.items()
        }

    def texts(self, context_id: str) -> list[str]:
        """The passages as they are read."""
        return [passage.indexed_text for passage in self._by_context[context_id]]

    def example(self, item: Asked) -> Example | None:
        """The question asked of the passage that holds its span; None if none holds all of it."""
        for passage in self._by_context[item.context_id] if item.span else ():
            low, high = item.span or (0, 0)
            if passage.start <= low and high <= passage.end:
                text = passage.indexed_text
                shift = len(text) - len(passage.text) - passage.start
                start, end = (low + shift, high + shift) if item.answers else (-1, -1)
                return replace(item.example, passage=text, start=start, end=end)
        return None

    def beside(self, item: Asked, draw: random.Random) -> Example | None:
        """The question asked of another passage of its context, without the answer's words."""
        words = [answer.casefold() for answer in item.answers]
        others = [
            text
            for text in self.texts(item.context_id)
            if not any(answer in text.casefold() for answer in words)
        ]
        if not others:
            return None
        return replace(item.example, passage=draw.choice(others), start=-1, end=-1)


@dataclass(frozen=True, slots=True)
class Shares:
    """How examples are made: shares, 0 to 1.

    ``passage`` of the hand-written questions are asked of a passage, the others of a window;
    ``wrong`` of the answerable ones, by hand or not, are asked once more where nothing answers.
    """

    passage: float = 0.75
    wrong: float = 0.3


class Epochs:
    """Epochs of hand-written and other questions, of passages and of windows."""

    def __init__(
        self,
        asked: Sequence[Asked],
        others: Mapping[str, Sequence[Example]],
        passages: Passages,
        shares: Shares,
    ) -> None:
        """``others`` holds examples by kind, of which `epoch` draws as many as it is told."""
        self._asked, self._others, self._shares = asked, others, shares
        self._passages = passages
        paragraphs = {item.context_id: passages.texts(item.context_id) for item in asked}
        for kind, pool in others.items():
            paragraphs[kind] = list(dict.fromkeys(example.passage for example in pool))
        self._wrong = Negatives(paragraphs)

    def epoch(self, seed: int, mix: Mapping[str, int]) -> list[Example]:
        """Every hand-written question once, and of each other kind as many as ``mix`` says.

        A share of the answerable ones come once more without an answer.
        """
        draw = random.Random(seed)  # noqa: S311 (not for secrets)
        made = [example for item in self._asked for example in self._hand_written(item, draw)]
        for kind, count in mix.items():
            pool = self._others.get(kind, ())
            for example in draw.sample(list(pool), min(count, len(pool))):
                span = (example.start, example.end) if example.start >= 0 else None
                made.append(cut(example, span, draw))
                if span and draw.random() < self._shares.wrong:
                    way = draw.choice((self._wrong.like, self._wrong.like, without, swapped))
                    changed = way(example, draw)
                    made += [cut(changed, None, draw)] if changed else []
        draw.shuffle(made)
        return made

    def _hand_written(self, item: Asked, draw: random.Random) -> list[Example]:
        """A question of a passage or window, and at times again where nothing answers."""
        whole = self._passages.example(item) if draw.random() < self._shares.passage else None
        made = [whole or cut(item.example, item.span, draw)]
        if item.answers and draw.random() < self._shares.wrong:
            match draw.randrange(4):
                case 0:
                    changed = self._wrong.like(item.example, draw)
                case 1:
                    changed = self._passages.beside(item, draw)
                case 2:
                    changed = without(item.example, draw)
                case _:
                    changed = swapped(whole or item.example, draw)
            made += [cut(changed, None, draw)] if changed else []
        return made


def with_language(document: Document) -> Document:
    """The document with its language, as the index sets it."""
    return replace(document, language=detect(document.text))


def main() -> None:
    """Print the ids of the contexts that are held out, or of a part of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("questions", type=Path)
    parser.add_argument("--part", choices=PARTS, help="else both")
    arguments = parser.parse_args()
    parts = {arguments.part} if arguments.part else {*PARTS}
    asked = read(arguments.questions)
    for id in dict.fromkeys(i.context_id for i in asked if held_out_part(i.document) in parts):
        print(id)


if __name__ == "__main__":
    main()
