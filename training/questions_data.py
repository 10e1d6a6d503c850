"""Hand-written questions with near misses: their reading, their held-out part, their windows.

    python -m training.questions_data QUESTIONS

prints the ids of the held-out contexts, one a line. QUESTIONS is a folder with files of two kinds:
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

from training.negatives import Negatives, swapped, without
from training.reader_data import Example

HELD_OUT = 5  # every fifth document, by its hash
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
        span=place(context["context"], words, row["question"]) if words else None,
    )


def held_out(document: str) -> bool:
    """Whether a document is kept from the training: by SHA-256 of its id, one in five."""
    digest = hashlib.sha256(document.encode("utf-8")).hexdigest()
    return int(digest[:8], 16) % HELD_OUT == 0


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


class Epochs:
    """Epochs of hand-written and other questions, cut to windows."""

    def __init__(
        self, asked: Sequence[Asked], others: Mapping[str, Sequence[Example]], wrong: float
    ) -> None:
        """``wrong``: the share of the answerable ones that are made unanswerable each time.

        ``others`` holds examples by kind, of which `epoch` draws as many as it is told.
        """
        self._asked, self._others, self._share = asked, others, wrong
        paragraphs = {item.document: [item.context] for item in asked}
        self._wrong = Negatives(paragraphs) if wrong else None

    def epoch(self, seed: int, mix: Mapping[str, int]) -> list[Example]:
        """Every hand-written question once, and of each other kind as many as ``mix`` says."""
        draw = random.Random(seed)  # noqa: S311 (not for secrets)
        made = [self._hand_written(item, draw) for item in self._asked]
        for kind, count in mix.items():
            pool = self._others.get(kind, ())
            for example in draw.sample(list(pool), min(count, len(pool))):
                span = (example.start, example.end) if example.start >= 0 else None
                made.append(cut(example, span, draw))
        draw.shuffle(made)
        return made

    def _hand_written(self, item: Asked, draw: random.Random) -> Example:
        """A window of the question's context; at times made unanswerable (training.negatives)."""
        if self._wrong and item.answers and draw.random() < self._share:
            way = draw.choice((self._wrong.like, without, swapped))
            changed = way(item.example, draw)
            if changed:
                return cut(changed, None, draw)
        return cut(item.example, item.span, draw)


def main() -> None:
    """Print the ids of the held-out contexts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("questions", type=Path)
    asked = read(parser.parse_args().questions)
    for id in dict.fromkeys(item.context_id for item in asked if held_out(item.document)):
        print(id)


if __name__ == "__main__":
    main()
