"""Questions that their passage does not answer, made from answered ones: what a reader must refuse.

Three kinds, as a collection without the answer shows them: the question asked of the passage that
BM25 finds best among those without the answer; of its own passage without the sentences that hold
the answer; and, with another name or number in it, of its own passage.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from index.query import Query
from index.storage.bm25 import Lexical
from index.text.language import detect
from index.text.sentences import sentence_spans
from training.cloze import THING
from training.reader_data import Example

FOUND, DRAWN = 24, 5
SHORTEST = 80  # characters of a passage that is worth reading


class Negatives:
    """Wrong passages for questions, out of all the paragraphs that may be trained on."""

    def __init__(self, paragraphs: Mapping[str, Sequence[str]]) -> None:
        """Index the paragraphs of all articles."""
        self._texts = list(dict.fromkeys(text for texts in paragraphs.values() for text in texts))
        self._folder = TemporaryDirectory()
        self._lexical = Lexical.make(Path(self._folder.name) / "words")
        self._languages = [detect(text) for text in self._texts]
        rows = ((n, 0, self._languages[n], text) for n, text in enumerate(self._texts))
        self._lexical.update([], rows)

    def like(self, example: Example, draw: random.Random) -> Example | None:
        """The question asked of one of the five passages most like it without the answer.

        They are of its own language where there are any.
        """
        wrong = self.all_like(example)
        return _none(example, passage=draw.choice(wrong)) if wrong else None

    def all_like(self, example: Example) -> list[str]:
        """The five passages most like the question without the answer, best first."""
        answer = example.passage[example.start : example.end].casefold()
        ids, _ = self._lexical.search(query := Query(example.question), FOUND)
        own = [id for id in ids if self._languages[id] == query.language]
        found = [self._texts[id] for id in own or ids]
        return [t for t in found if t != example.passage and answer not in t.casefold()][:DRAWN]

    def epoch(self, examples: Sequence[Example], share: float, seed: int) -> list[Example]:
        """The examples, this share of the answered ones made unanswerable: half by ``like``."""
        draw = random.Random(seed)  # noqa: S311 (not for secrets)
        made = []
        for example in examples:
            changed = None
            if example.start >= 0 and draw.random() < share:
                way = draw.choice((self.like, self.like, without, swapped))
                changed = way(example, draw)
            made.append(changed or example)
        return made


def without(example: Example, _draw: random.Random) -> Example | None:
    """The passage without the sentences that hold the answer; None if too little is left."""
    answer = example.passage[example.start : example.end].casefold()
    parts = sentence_spans(example.passage, detect(example.passage))
    kept = [text for a, b in parts if answer not in (text := example.passage[a:b]).casefold()]
    left = " ".join(text.strip() for text in kept)
    if len(left) < SHORTEST or answer in left.casefold():
        return None
    return _none(example, passage=left)


def swapped(example: Example, draw: random.Random) -> Example | None:
    """The question with one of its names or numbers replaced by another of the passage's."""
    asked = list(THING.finditer(example.question))
    if not asked:
        return None
    thing = draw.choice(asked)
    answer = example.passage[example.start : example.end]
    others = [
        found
        for found in dict.fromkeys(m[0] for m in THING.finditer(example.passage))
        if found[0].isdigit() == thing[0][0].isdigit()
        and found not in example.question
        and found not in answer
        and answer not in found
    ]
    if not others:
        return None
    question = example.question[: thing.start()] + draw.choice(others)
    return _none(example, question=question + example.question[thing.end() :])


def _none(example: Example, **changed: str) -> Example:
    return replace(example, start=-1, end=-1, kind=f"{example.kind}-wrong", **changed)
