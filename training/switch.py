"""English questions and passages put into Spanish word by word, the answer's place kept.

Code-switching (Qin et al. 2020, CoSDA-ML): a dictionary's word for each word, chosen so that
neighbours go together (Viterbi over a bigram count of Spanish). The order of words stays English.
It is no translation, yet it shows a model which Spanish words mean what English ones do.
"""

import math
import random
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from training import lexicon
from training.reader_data import Example

ASKED = {
    "how many": "cuántos",
    "how much": "cuánto",
    "how long": "cuánto tiempo",
    "how old": "qué edad",
    "how often": "con qué frecuencia",
    "how far": "a qué distancia",
    "how": "cómo",
    "what": "qué",
    "which": "cuál",
    "when": "cuándo",
    "where": "dónde",
    "who": "quién",
    "whom": "quién",
    "whose": "de quién",
    "why": "por qué",
    "did": "",
    "does": "",
    "do": "",
}
PHRASE = re.compile(r"\b(?:" + "|".join(ASKED) + r")\b", re.IGNORECASE)
LIKELIHOOD = 0.7  # of a pair of words that was never seen next to each other, as a power
# Of a hundred: both in Spanish, only the question, only the passage; the rest stays English.
WAYS = ("both",) * 50 + ("question",) * 12 + ("passage",) * 18 + ("none",) * 20


class Switch:
    """A dictionary and the pairs of words seen side by side, from parallel sentences."""

    def __init__(self, path: Path) -> None:
        """Learn both: half a minute for 345,000 pairs."""
        self.words = lexicon.learn(path)
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._single: Counter[str] = Counter()
        for _, spanish in lexicon.pairs(path):
            self._pairs.update(pairwise(spanish))
            self._single.update(spanish)
        self._total = self._single.total()

    def epoch(self, examples: list[Example], seed: int) -> list[Example]:
        """The examples, the English ones in one of four ways."""
        draw = random.Random(seed)  # noqa: S311 (not for secrets)
        return [self.example(one, self.way(one, draw)) for one in examples]

    @staticmethod
    def way(one: Example, draw: random.Random) -> str:
        """How this example is shown: one of WAYS if it is in English."""
        return draw.choice(WAYS) if one.kind.startswith(("en", "tydi")) else "none"

    def example(self, one: Example, way: str) -> Example:
        """The example with its question, its passage or both in Spanish words."""
        question, passage = one.question, one.passage
        start, end = one.start, one.end
        if way in ("both", "question"):
            question = self.question(question)
        if way in ("both", "passage"):
            passage, places = self.text(passage)
            if start >= 0:
                start, end = places[start], places[end]
        return replace(one, question=question, passage=passage, start=start, end=end)

    def question(self, text: str) -> str:
        """A question, its question words as Spanish asks them."""
        parts, at = [], 0
        for found in PHRASE.finditer(text):
            parts += [self.text(text[at : found.start()])[0], ASKED[found[0].lower()]]
            at = found.end()
        parts.append(self.text(text[at:])[0])
        made = " ".join("".join(parts).split())
        return f"¿{made[:1].upper()}{made[1:]}"

    def text(self, text: str) -> tuple[str, list[int]]:
        """The text in Spanish words, and for each of its characters and its end the new place."""
        found = list(lexicon.WORD.finditer(text))
        chosen = self._choose([word[0].lower() for word in found])
        parts: list[str] = []
        places: list[int] = []
        at = length = 0
        for word, new in zip(found, chosen, strict=True):
            gap = text[at : word.start()]
            places += range(length, length + len(gap))
            cased = _cased(new, word[0]) if new != word[0].lower() else word[0]
            parts += [gap, cased]
            length += len(gap)
            size = len(word[0])
            places += [length if i < size / 2 else length + len(cased) for i in range(size)]
            places[-size] = length
            length += len(cased)
            at = word.end()
        parts.append(text[at:])
        places += range(length, length + len(text) - at + 1)
        return "".join(parts), places

    def _choose(self, words: list[str]) -> list[str]:
        """The most likely Spanish word for each, neighbours considered; itself if unknown."""
        best: list[dict[str, tuple[float, str]]] = []
        for word in words:
            row: dict[str, tuple[float, str]] = {}
            for new, weight in self.words.get(word, [(word, 1.0)]):
                score, before = math.log(weight), ""
                if best:
                    score, before = max(
                        (known + score + LIKELIHOOD * self._likelihood(last, new), last)
                        for last, (known, _) in best[-1].items()
                    )
                row[new] = (score, before)
            best.append(row)
        chosen: list[str] = []
        for row in reversed(best):
            last = max(row, key=lambda new: row[new][0]) if not chosen else before
            chosen.append(last)
            before = row[last][1]
        return chosen[::-1]

    def _likelihood(self, last: str, new: str) -> float:
        """Logarithm of how often ``new`` follows ``last``, smoothed by how often it is there."""
        common = (self._single[new] + 1) / (self._total + 1)
        return math.log((self._pairs[last, new] + common * 5) / (self._single[last] + 5))


def _cased(new: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return new.upper()
    return new[:1].upper() + new[1:] if like[:1].isupper() else new
