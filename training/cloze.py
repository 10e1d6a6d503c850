"""Questions across languages, made from parallel texts: for Spanish no other clean ones are there.

A sentence in one language with a number or name taken out is the question; the passage is the
same place of the document in the other language, where the number or name is the answer.
"""

import json
import lzma
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.reader_data import Example, shingles

PARALLEL = "train/parallel-en-es.jsonl.xz"  # in the folder of the data
SOURCES = ("openstax", "ntrex", "flores", "tico19", "pawsx", "ud-pud", "nextstrain", "vita-min")
THING = re.compile(
    r"(?<![\w.,])(?:\d[\d.,]*\d|\d+)(?![\w,.]\d)|(?<=[a-z,áéíóúñ] )[A-ZÁÉÍÓÚÑ][\w’'-]{2,}"
    r"(?: (?:de |del |of )?[A-ZÁÉÍÓÚÑ][\w’'-]+)*"
)
WORDS = {"en": ("how many", "what year", "what"), "es": ("cuántos", "qué año", "qué")}
YEAR = re.compile(r"(1[5-9]|20)\d\d")
NEIGHBOURS = 3
PER_DOCUMENT = 12
LENGTHS = (50, 260)


def documents(path: Path) -> Iterator[list[dict[str, str]]]:
    """The prose documents of the parallel file, as lists of sentence pairs in order."""
    found: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            pair = json.loads(line)
            if pair["source"].startswith(SOURCES):
                found[pair["source"], pair["document"]].append(pair)
    yield from found.values()


def cloze(
    pairs: Sequence[dict[str, str]], at: int, asked: str, told: str, draw: random.Random
) -> Example | None:
    """A question in language ``asked`` from pair ``at``, its passage in language ``told``."""
    sentence, other = pairs[at][asked], pairs[at][told]
    if not LENGTHS[0] <= len(sentence) <= LENGTHS[1]:
        return None
    things = [
        found
        for found in THING.finditer(sentence)
        if sentence.count(found[0]) == 1 and len(re.findall(_word(found[0]), other)) == 1
    ]
    if not things:
        return None
    thing = draw.choice(things)
    before, after = draw.randint(0, NEIGHBOURS), draw.randint(0, NEIGHBOURS)
    passage = " ".join(pair[told] for pair in pairs[max(0, at - before) : at + after + 1])
    places = list(re.finditer(_word(thing[0]), passage))
    if len(places) != 1:
        return None
    year, number = YEAR.fullmatch(thing[0]), thing[0][0].isdigit()
    word = WORDS[asked][1 if year else 0 if number else 2]
    question = f"{sentence[: thing.start()]}{word}{sentence[thing.end() :]}".rstrip(".? ") + "?"
    return Example(question, passage, *places[0].span(), f"cloze-{asked}-{told}")


def examples(path: Path, each: int, seen: set[tuple[str, ...]], seed: int = 0) -> list[Example]:
    """At most ``each`` clozes a direction, without passages that share a shingle with ``seen``."""
    made: dict[str, list[Example]] = {"en": [], "es": []}
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    for pairs in documents(path):
        # Sentences without a document are one long list, where neighbours tell nothing: still good.
        many = PER_DOCUMENT if len(pairs) < 400 else len(pairs) // 8
        for at in draw.sample(range(len(pairs)), min(many, len(pairs))):
            for asked, told in (("en", "es"), ("es", "en")):
                found = cloze(pairs, at, asked, told, draw)
                if found and seen.isdisjoint(shingles(found.passage)):
                    made[asked].append(found)
    return [e for found in made.values() for e in draw.sample(found, min(each, len(found)))]


def _word(text: str) -> str:
    return rf"(?<![\w.,]){re.escape(text)}(?!\w|[.,]\d)"
