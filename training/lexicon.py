"""A dictionary learnt from parallel sentences: which words translate which.

IBM Model 1 (Brown et al. 1993) in both directions; a translation's weight is the product of the
two probabilities, so that a word has to be the best for its partner too.
"""

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WORD = re.compile(r"[^\W\d_]+")
LEFT_OUT = ("bible", "php-docs", "gnome")  # archaic, translated by machines, terse
LONGEST = 40  # words of a sentence
ITERATIONS = 5
RARE = 3
LETTERS = ("a", "i")  # the words of one letter; the rest is left of "king's"
KEPT, LEAST = 3, 0.05

Ids = NDArray[np.int64]
Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Links:
    """Every possible pair of words of every pair of sentences.

    ``kind`` numbers the pair of words, ``slot`` the place of the English word and ``other`` that of
    the Spanish one: what the probabilities of a place are divided by. All [links], int64.
    """

    kind: Ids
    slot: Ids
    other: Ids


def pairs(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """The words of the English and the Spanish sentence, in lower case."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            pair = json.loads(line)
            if not pair["source"].startswith(LEFT_OUT):
                english, spanish = (words(pair[name]) for name in ("en", "es"))
                if 0 < len(english) <= LONGEST and 0 < len(spanish) <= LONGEST:
                    yield english, spanish


def words(text: str) -> list[str]:
    """The words of a text in lower case, without numbers."""
    return [found[0] for found in WORD.finditer(text.lower())]


def learn(path: Path) -> dict[str, list[tuple[str, float]]]:
    """English words with their Spanish translations and weights, the best first."""
    read = list(pairs(path))
    sides = [_numbered([pair[side] for pair in read]) for side in (0, 1)]
    names = [side[0] for side in sides]
    links, kinds = _links(sides[0][1], sides[1][1], len(names[1]))
    english, spanish = kinds // len(names[1]), kinds % len(names[1])
    weights = _probabilities(links.kind, links.slot, spanish)
    weights *= _probabilities(links.kind, links.other, english)
    weights = np.sqrt(weights)
    found: dict[str, list[tuple[str, float]]] = {}
    for at in np.argsort(-weights):
        if weights[at] < LEAST:
            break
        word = names[0][english[at]]
        if len(word) == 1 and word not in LETTERS:
            continue
        known = found.setdefault(word, [])
        if len(known) < KEPT and (not known or weights[at] > known[0][1] / 3):
            known.append((names[1][spanish[at]], float(weights[at])))
    return found


def _numbered(sentences: Sequence[list[str]]) -> tuple[list[str], list[Ids]]:
    counts = Counter(word for sentence in sentences for word in sentence)
    names = [word for word, count in counts.items() if count >= RARE]
    number = {word: i for i, word in enumerate(names)}
    return names, [np.array([number[w] for w in s if w in number], np.int64) for s in sentences]


def _links(english: Sequence[Ids], spanish: Sequence[Ids], width: int) -> tuple[Links, Ids]:
    codes, slots, others = [], [], []
    slot = other = 0
    for one, two in zip(english, spanish, strict=True):
        codes.append((one[:, None] * width + two[None]).ravel())
        slots.append(np.repeat(np.arange(slot, slot + len(one)), len(two)))
        others.append(np.tile(np.arange(other, other + len(two)), len(one)))
        slot, other = slot + len(one), other + len(two)
    kinds, kind = np.unique(np.concatenate(codes), return_inverse=True)
    return Links(kind, np.concatenate(slots), np.concatenate(others)), kinds


def _probabilities(kind: Ids, slot: Ids, given: Ids) -> Weights:
    """P(the word at the slot | the given word), for each kind of pair."""
    found = np.ones(len(given))
    for _ in range(ITERATIONS):
        share = found[kind]
        share /= np.bincount(slot, share)[slot]
        counts = np.bincount(kind, share, len(given))
        found = counts / np.bincount(given, counts)[given]
    return found
