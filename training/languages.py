"""Fit the table that tells Spanish from English, by the letters of words.

    python -m training.languages --data DATA [--out index/text/languages.npz]

A logistic regression with a ridge over the groups of one to four letters of a word
(`index.text.language.letter_groups`), fitted on stretches of one to five words, as people type and
quote them. Most come from sentences of DATA/train that say the same in both languages, so that what
a text is about tells nothing; some from English encyclopaedic prose (DATA/qa), Argentine laws and
Mexican transcripts (DATA/corpus), for the names of either language. A share of the Spanish ones is
without accents. Small words of Catalan, Portuguese and French count as Spanish, for what is in one
of these is better read so. One document in ten is held out; it prints right and wrong shares of
these, by the log-odds from which on the table decides. Three minutes; the same data and seed give
the same table.
"""

import argparse
import hashlib
import json
import lzma
import random
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from index.text.language import TABLE, WEIGHT_UNIT, WORD, decided_by_words, letter_groups

__all__ = ["fit", "stretches"]

GROUPS = 12_000  # the most frequent ones: of 6,000, 12,000 and 25,000; more gains .002
RIDGE = 1.0  # of .1, 1 and 10, by what is held out
LONGEST = 5  # words
PLAIN = 0.2  # share of Spanish stretches without accents
EACH_SIDE = 40_000  # stretches of texts that are in one language only
LIMITS = (0.75, 1.0, 1.25, 1.5, 2.0)
# Stretches of a sentence. Software documentation has English words in Spanish sentences.
STRETCHES = {
    "tatoeba-spa-eng": 0.5,
    "php-docs": 0.1,
    "python-docs-es": 0.2,
    "bible-web-rv1909": 0.2,
    "gnome-devel-docs": 0.3,
    "react-docs": 0.3,
    **dict.fromkeys(("pawsx-dev", "ntrex-ref1", "ntrex-mx", "ud-pud", "tico19", "udhr"), 8.0),
}
OTHERS = 2.0
TESTS = "test"  # parts with this in their name are left out

ROMANCE = (
    *("amb", "els", "dels", "del", "és", "aquest", "dos", "das", "em", "com", "não", "ao", "são"),
    *("pela", "et", "du", "des", "les", "est", "dans", "pour", "avec", "sont", "aux", "cette"),
)
ROMANCE_TIMES = 300  # each

Stretch = tuple[str, bool]
"""A few words, and whether they are Spanish."""


def main() -> None:
    """Fit, print what is held out, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=TABLE)
    parser.add_argument("--seed", type=int, default=19)
    arguments = parser.parse_args()
    learned, held_out = stretches(arguments.data, arguments.seed)
    groups, weights = fit(learned)
    kept = np.clip(np.rint(weights / WEIGHT_UNIT), -127, 127).astype(np.int8)
    letters = np.frombuffer("\n".join(groups).encode(), np.uint8)
    np.savez_compressed(arguments.out, groups=letters, weights=kept)
    print(f"{len(learned):,} stretches, {len(held_out):,} held out")
    table = dict(zip(groups, kept * WEIGHT_UNIT, strict=True))
    for limit in LIMITS:
        print(limit, *(f"{share:.3f}" for share in _right_and_wrong(table, held_out, limit)))


def stretches(data: Path, seed: int) -> tuple[list[Stretch], list[Stretch]]:
    """Those to fit on and those held out, by document, in an order of chance."""
    draw = random.Random(seed)  # noqa: S311  # a sample, not a secret
    parts: tuple[list[Stretch], list[Stretch]] = [], []
    for document, text, is_spanish, rate in _texts(data):
        held_out = hashlib.sha256(document.encode()).digest()[0] < 26
        times = int(rate) + (draw.random() < rate % 1)
        parts[held_out].extend((one, is_spanish) for one in _drawn(text, times, draw))
    for part in parts:
        draw.shuffle(part)
    learned = [(_plain(t), es) if es and draw.random() < PLAIN else (t, es) for t, es in parts[0]]
    return learned + [(word, True) for word in ROMANCE] * ROMANCE_TIMES, parts[1]


def _texts(data: Path) -> Iterator[tuple[str, str, bool, float]]:
    """Document, text, whether it is Spanish, and how many stretches to take of it."""
    for pair in _lines(data / "train" / "parallel-en-es.jsonl.xz"):
        if TESTS not in pair["source"]:
            document = f"{pair['source']}/{pair['document']}"
            rate = STRETCHES.get(pair["source"], OTHERS)
            yield document, pair["en"], False, rate
            yield document, pair["es"], True, rate
    spanish = islice(_spanish(data / "corpus"), EACH_SIDE // 6)
    yield from ((name, text, True, 6.0) for name, text in spanish)
    squad = json.loads(lzma.decompress((data / "qa" / "squad-en-v1.1-train.json.xz").read_bytes()))
    for article in squad["data"]:
        share = EACH_SIDE / sum(len(one["paragraphs"]) for one in squad["data"])
        for paragraph in article["paragraphs"]:
            yield f"squad/{article['title']}", paragraph["context"], False, share


def _spanish(corpus: Path) -> Iterator[tuple[str, str]]:
    """Paragraphs of every twelfth law and every fourth transcript, in turn."""
    laws = islice(_lines(corpus / "laws-es-ar.jsonl.xz"), 0, None, 12)
    transcripts = islice(_lines(corpus / "mananeras-mx.jsonl.xz"), 0, None, 4)
    for law, transcript in zip(laws, _again(list(transcripts)), strict=False):
        yield law["id"], " ".join(law["paragraphs"][:2])
        lines = [line for line in transcript["text"].split("\n") if len(line) > 100]
        yield transcript["id"], lines[len(law["id"] + law["paragraphs"][0]) % len(lines)]


def _again(rows: Sequence[Any]) -> Iterator[Any]:
    while True:
        yield from rows


def _lines(path: Path) -> Iterator[Any]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _drawn(text: str, times: int, draw: random.Random) -> Iterator[str]:
    words = [(found.start(), found.end()) for found in WORD.finditer(text)]
    for _ in range(times if words else 0):
        first = draw.randrange(len(words))
        last = min(first + draw.randint(1, LONGEST), len(words)) - 1
        stretch = text[words[first][0] : words[last][1]]
        if any(map(str.isalpha, stretch)):
            yield stretch


def _plain(text: str) -> str:
    """The text without accents; ñ stays."""
    parts = unicodedata.normalize("NFD", text.replace("ñ", "\0"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).replace("\0", "ñ")


def fit(learned: Sequence[Stretch]) -> tuple[list[str], NDArray[np.float64]]:
    """The most frequent groups of letters and their weights, log-odds of Spanish."""
    found = [list(letter_groups(text)) for text, _ in learned]
    counts = Counter(group for groups in found for group in groups)
    groups = [group for group, _ in counts.most_common(GROUPS)]
    place = {group: column for column, group in enumerate(groups)}
    columns = [[place[group] for group in row if group in place] for row in found]
    starts = np.cumsum([0, *map(len, columns)])
    indices = np.fromiter((column for row in columns for column in row), np.int32)
    x = csr_matrix((np.ones(len(indices)), indices, starts), shape=(len(found), len(groups)))
    y = np.array([1.0 if is_spanish else -1.0 for _, is_spanish in learned])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = y * (x @ weights)
        slope = -y / (1 + np.exp(np.minimum(margin, 500)))
        value = np.logaddexp(0, -margin).sum() + RIDGE / 2 * weights @ weights
        return float(value), x.T @ slope + RIDGE * weights

    found_weights = minimize(
        loss, np.zeros(len(groups)), jac=True, method="L-BFGS-B", options={"maxiter": 100}
    ).x
    return groups, np.asarray(found_weights)


def _right_and_wrong(
    table: dict[str, float], held_out: Sequence[Stretch], limit: float
) -> tuple[float, float]:
    right = wrong = 0
    for text, is_spanish in held_out:
        language = decided_by_words(text)
        score = sum(table.get(group, 0.0) for group in letter_groups(text))
        if language is None and abs(score) >= limit:
            language = "es" if score > 0 else "en"
        right += language == ("es" if is_spanish else "en")
        wrong += language == ("en" if is_spanish else "es")
    return right / len(held_out), wrong / len(held_out)


if __name__ == "__main__":
    main()
