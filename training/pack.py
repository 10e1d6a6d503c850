"""Everything that the trainings draw from, as token ids in one file: packed once, trained anywhere.

    python -m training.pack --base CHECKPOINT --data DATA --out FILE.npz

What takes a CPU minutes (finding wrong passages, putting English into Spanish words, cutting into
tokens) is done here, so that `training.fast` only draws rows. The file has these arrays:

``ids`` uint16 and ``bounds`` int64: text n is ids[bounds[n]:bounds[n + 1]], without special tokens.
``passages`` int32 [passages, 2]: a passage's text, and the same in Spanish words (-1 if none).
``rows`` int32 [questions, columns]: a question and what belongs to it, by packed.COLUMNS.
``pairs`` int32 [pairs, 2]: a sentence in English and in Spanish, in the order of documents.
``plain`` int32 [texts, 2]: texts to distil on and their kind, a place in packed.PLAIN.
``kinds``: the names of the rows' kinds; those that begin with packed.HELD are only measured on.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tokenizers import Encoding, Tokenizer

from index.text.language import detect
from index.text.sentences import sentence_spans
from training import cloze, negatives, prose, reader_data, reader_features, reader_score, switch
from training.packed import HELD, PLAIN
from training.reader_data import Example

TYDI_DEV = "tydiqa-en-dev.json"
TYPED = 0.35  # of the questions have a version with slips
EVERY = {"laws-es-ar.jsonl.xz": 7, "mananeras-mx.jsonl.xz": 2}  # documents; the others are left out
SENTENCE = (40, 300)  # characters of a sentence of a parallel text
Span = tuple[int, int]
NONE = (-1, -1)


class Texts:
    """Texts by number, each once; encoded when all are there."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """None yet."""
        self._tokenizer = tokenizer
        self._numbers: dict[str, int] = {}
        self._encoded: dict[int, Encoding] = {}

    def number(self, text: str) -> int:
        """The text's number."""
        return self._numbers.setdefault(text, len(self._numbers))

    def span(self, text: str, characters: Span) -> Span:
        """The first and the last token of these characters."""
        number = self.number(text)
        if number not in self._encoded:
            self._encoded[number] = self._tokenizer.encode(text, add_special_tokens=False)
        start, end = characters
        offsets = self._encoded[number].offsets
        inside = [i for i, (a, b) in enumerate(offsets) if b > start and a < end]
        return (inside[0], inside[-1]) if inside else NONE

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """``ids`` and ``bounds``."""
        texts = list(self._numbers)
        rows: list[np.ndarray] = []
        for at in range(0, len(texts), 5000):
            found = self._tokenizer.encode_batch(texts[at : at + 5000], add_special_tokens=False)
            rows += [np.array(one.ids, np.uint16) for one in found]
        bounds = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        return np.concatenate(rows), bounds


class Packer:
    """Rows of questions, as they are added."""

    def __init__(self, data: Path, tokenizer: Tokenizer, clozes: int, asked: int) -> None:
        """Read what may be trained on, with so many clozes a direction and questions by rule."""
        self.data, self.texts = data, Texts(tokenizer)
        self.seen = reader_data.evaluation_shingles(data)
        self.spanish = switch.Switch(data / cloze.PARALLEL)
        self.pools = reader_data.pools(data, squad_es=True)
        made = prose.examples(data, asked, prose.synonyms(self.spanish.words))
        self.pools.paragraphs["prose"] = [one.passage for one in made]
        self.pools.examples["prose"] = made
        path = data / cloze.PARALLEL
        self.pools.examples["cloze"] = cloze.examples(path, clozes, self.seen)
        self.passages: dict[str, int] = {}
        self.variants: list[tuple[int, int]] = []
        self.places: dict[str, tuple[str, list[int]]] = {}
        self.kinds: dict[str, int] = {}

    def rows(self) -> list[list[int]]:
        """All questions, with their wrong passages."""
        draw = random.Random(0)  # noqa: S311 (not for secrets)
        wrong = negatives.Negatives(self.pools.paragraphs)
        examples = [one for found in self.pools.examples.values() for one in found]
        return [self.row(one, wrong.all_like(one), draw) for one in [*examples, *self.held()]]

    def held(self) -> Iterator[Example]:
        """What nothing is trained on; TyDi's answers are not known, only their passages."""
        for name in (reader_data.SQUAD_EN, reader_data.SQUAD_ES[1]):
            articles = reader_data.read(self.data / "qa" / name)
            kept = reader_data.held_out(articles)
            chosen = [article for article in articles if article["title"] in kept]
            for one in reader_data.answered(chosen, f"{HELD}{name[:8]}", set()):
                if one.start >= 0:
                    yield one
        for article in reader_data.read(self.data / "qa" / TYDI_DEV):
            for paragraph in article["paragraphs"]:
                for entry in paragraph["qas"]:
                    yield Example(entry["question"], paragraph["context"], kind=f"{HELD}tydi")

    def row(self, one: Example, wrong: list[str], draw: random.Random) -> list[int]:
        """The question by packed.COLUMNS."""
        question, answer = self.texts.number(one.question), (one.start, one.end)
        passage = self.passage(one.passage, one.kind)
        english = one.kind.startswith(("en", "tydi", HELD)) and self.variants[passage][1] >= 0
        cut = without(one)
        none = negatives.swapped(one, draw) if one.start >= 0 else None
        swapped = self.texts.number(none.question) if none else -1
        spans = [self.spans(one.passage, part, english) for part in (answer, cut)]
        asked, typed = [-1, -1], [self.typed(one.question, draw), -1]
        if english:
            words = self.spanish.question(one.question)
            asked[0], typed[1] = self.texts.number(words), self.typed(words, draw)
            if none:
                asked[1] = self.texts.number(self.spanish.question(none.question))
        others = [self.passage(text, one.kind) for text in wrong[:5]]
        kind = self.kinds.setdefault(one.kind, len(self.kinds))
        return [
            *(question, asked[0], passage, *spans[0], *spans[1], swapped, asked[1], *typed),
            *(others + [-1] * 5)[:5],
            kind,
        ]

    def typed(self, question: str, draw: random.Random) -> int:
        """Every third question as people type it at times, -1 for the others."""
        made = reader_features.noisy(question, draw, TYPED)
        return self.texts.number(made) if made != question else -1

    def passage(self, text: str, kind: str) -> int:
        """The passage's number; an English one is put into Spanish words, too."""
        if text not in self.passages:
            self.passages[text] = len(self.variants)
            other = -1
            if not kind.startswith(("es", "prose", "cloze")) and detect(text) == "en":
                self.places[text] = self.spanish.text(text)
                other = self.texts.number(self.places[text][0])
            self.variants.append((self.texts.number(text), other))
        return self.passages[text]

    def spans(self, text: str, part: Span, english: bool) -> tuple[int, int, int, int]:
        """The tokens of these characters in the passage, and in it in Spanish words."""
        if part[0] < 0:
            return (*NONE, *NONE)
        first = self.texts.span(text, part)
        if not english:
            return (*first, *NONE)
        words, places = self.places[text]
        return (*first, *self.texts.span(words, (places[part[0]], places[part[1]])))

    def pairs(self) -> list[tuple[int, int]]:
        """Sentences of parallel prose that are long enough, at least two of a document."""
        made = []
        for document in cloze.documents(self.data / cloze.PARALLEL):
            kept = [pair for pair in document if self._fits(pair)]
            if len(kept) > 1:
                made += [(self.texts.number(p["en"]), self.texts.number(p["es"])) for p in kept]
        return made

    def _fits(self, pair: dict[str, str]) -> bool:
        both = (pair["en"], pair["es"])
        long = all(SENTENCE[0] <= len(text) <= SENTENCE[1] for text in both)
        return long and all(self.seen.isdisjoint(reader_data.shingles(text)) for text in both)

    def plain(self, rows: list[list[int]], pairs: list[tuple[int, int]]) -> list[Span]:
        """What is distilled on: all of the above that is trained on, laws and transcripts."""
        held = {n for name, n in self.kinds.items() if name.startswith(HELD)}
        trained = [row for row in rows if row[-1] not in held]
        used = {passage for row in trained for passage in (row[2], *row[-6:-1]) if passage >= 0}
        found = {
            "sentence": [n for en, es in pairs for n in (en, es)],
            "question": [n for row in trained for n in (*row[:2], *row[13:15]) if n >= 0],
            "passage": [n for p in used for n in self.variants[p] if n >= 0],
        }
        for name, kind in zip(EVERY, ("law", "transcript"), strict=True):
            parts = reader_data.parts(self.data / "corpus" / name, EVERY[name])
            found[kind] = [self.texts.number(text) for text in parts]
        return [(n, PLAIN.index(kind)) for kind, each in found.items() for n in dict.fromkeys(each)]


def without(one: Example) -> Span:
    """The characters of the one sentence that holds the answer, (-1, -1) if there are more."""
    if one.start < 0:
        return NONE
    answer = one.passage[one.start : one.end].casefold()
    bounds = sentence_spans(one.passage, detect(one.passage))
    inside = [(a, b) for a, b in bounds if answer in one.passage[a:b].casefold()]
    if len(inside) != 1 or not inside[0][0] <= one.start < one.end <= inside[0][1]:
        return NONE
    left = len(one.passage) - (inside[0][1] - inside[0][0])
    return inside[0] if left >= negatives.SHORTEST else NONE


def main() -> None:
    """Pack."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--clozes", type=int, default=12000, help="a direction")
    parser.add_argument("--prose", type=int, default=8000, help="questions about transcripts")
    arguments = parser.parse_args()
    tokenizer = reader_score.tokenizer(arguments.base)
    packer = Packer(arguments.data, tokenizer, arguments.clozes, arguments.prose)
    rows, pairs = packer.rows(), packer.pairs()
    plain = packer.plain(rows, pairs)
    ids, bounds = packer.texts.arrays()
    np.savez(
        arguments.out,
        ids=ids,
        bounds=bounds,
        passages=np.array(packer.variants, np.int32),
        rows=np.array(rows, np.int32),
        pairs=np.array(pairs, np.int32),
        plain=np.array(plain, np.int32),
        kinds=np.array(list(packer.kinds)),
    )
    counts = {name: sum(row[-1] == n for row in rows) for name, n in packer.kinds.items()}
    print(f"{len(ids)} tokens, {len(packer.variants)} passages, {len(pairs)} pairs, {counts}")


if __name__ == "__main__":
    main()
