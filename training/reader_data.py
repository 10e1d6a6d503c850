"""Questions with and without an answer, for training the span reader; what is left out, and why.

XQuAD and SQuAD-es come from the same 48 articles (SQuAD's development part), so by default nothing
of SQuAD-es is trained on: leaving out XQuAD's articles leaves none. ``squad_es=True`` takes its
paragraphs that XQuAD does not use; figures on XQuAD may then no longer be published.
Two parts stay out of every training, for calibration: ``held_out`` says which.
"""

import hashlib
import json
import lzma
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

SQUAD_EN = "squad-en-v1.1-train.json.xz"
SQUAD_ES = ("squad-es-v1.1-small.json", "squad-es-v2-small.json")
TYDI = "tydiqa-en-train.json"
HELD_OUT_QUESTIONS = 300
SHINGLE = 10
LEAST = 160  # characters of a part of a law or a transcript


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a passage; ``start`` and ``end`` are the answer's characters, -1 if none."""

    question: str
    passage: str
    start: int = -1
    end: int = -1
    kind: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class Pools:
    """Examples by kind, and each article's paragraphs, from which wrong passages are drawn."""

    examples: dict[str, list[Example]]
    paragraphs: dict[str, list[str]]


def read(path: Path) -> list[dict[str, Any]]:
    """The articles of a file in SQuAD's format, compressed or not."""
    raw = path.read_bytes()
    data: list[dict[str, Any]] = json.loads(lzma.decompress(raw) if path.suffix == ".xz" else raw)[
        "data"
    ]
    return data


def held_out(articles: Sequence[dict[str, Any]], questions: int = HELD_OUT_QUESTIONS) -> set[str]:
    """Titles kept for calibration: by SHA-256 of the title, until they have so many questions."""
    kept: set[str] = set()
    total = 0
    for article in sorted(articles, key=lambda article: _digest(article["title"])):
        if total >= questions:
            break
        kept.add(article["title"])
        total += sum(len(paragraph["qas"]) for paragraph in article["paragraphs"])
    return kept


def shingles(text: str) -> set[tuple[str, ...]]:
    """Every run of ten words, in lower case: what two copies of one passage share."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}


def evaluation_shingles(data: Path) -> set[tuple[str, ...]]:
    """The shingles of all passages of XQuAD and MLQA dev, to keep these out of the training."""
    found: set[tuple[str, ...]] = set()
    for path in sorted((data / "eval").glob("xquad.*.json")):
        for article in read(path):
            for paragraph in article["paragraphs"]:
                found |= shingles(paragraph["context"])
    for path in sorted((data / "eval").glob("mlqa-dev.*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            found |= shingles(json.loads(line)["context"])
    return found


def answered(
    articles: Iterable[dict[str, Any]], kind: str, seen: set[tuple[str, ...]]
) -> Iterator[Example]:
    """The examples of these articles, without passages that share a shingle with ``seen``."""
    for number, article in enumerate(articles):
        title = f"{kind}/{article.get('title', number)}"
        for paragraph in article["paragraphs"]:
            passage = paragraph["context"]
            if not seen.isdisjoint(shingles(passage)):
                continue
            for entry in paragraph["qas"]:
                answers = [a for a in entry["answers"] if a["text"].strip()]
                if answers:
                    start = answers[0]["answer_start"]
                    end = start + len(answers[0]["text"])
                    yield Example(entry["question"], passage, start, end, kind, title)
                elif entry.get("is_impossible"):
                    yield Example(entry["question"], passage, kind=f"{kind}-none", article=title)


def pools(data: Path, squad_es: bool = False) -> Pools:
    """All that may be trained on in ``data`` (the folder with qa/ and eval/)."""
    seen = evaluation_shingles(data)
    articles = read(data / "qa" / SQUAD_EN)
    kept = held_out(articles)
    found = list(answered((a for a in articles if a["title"] not in kept), "en", seen))
    found += answered(read(data / "qa" / TYDI), "tydi", seen)
    if squad_es:
        found += _squad_es(data, seen)
    examples: dict[str, list[Example]] = defaultdict(list)
    paragraphs: dict[str, dict[str, None]] = defaultdict(dict)
    for example in dict.fromkeys(found):
        examples[example.kind].append(example)
        paragraphs[example.article][example.passage] = None
    return Pools(dict(examples), {title: list(texts) for title, texts in paragraphs.items()})


def _squad_es(data: Path, seen: set[tuple[str, ...]]) -> Iterator[Example]:
    """SQuAD-es without XQuAD's paragraphs (they share a question's id) and without the held-out."""
    xquad = {
        entry["id"]
        for article in read(data / "eval" / "xquad.es.json")
        for paragraph in article["paragraphs"]
        for entry in paragraph["qas"]
    }
    kept = held_out(read(data / "qa" / SQUAD_ES[1]))
    files = [read(data / "qa" / name) for name in SQUAD_ES]
    # Both files must be asked: a paragraph may share its only question with XQuAD in one of them.
    used = {
        paragraph["context"]
        for articles in files
        for article in articles
        for paragraph in article["paragraphs"]
        if not xquad.isdisjoint(entry["id"] for entry in paragraph["qas"])
    }
    for articles in files:
        for article in articles:
            if article["title"] not in kept:
                free = [p for p in article["paragraphs"] if p["context"] not in used]
                yield from answered([{**article, "paragraphs": free}], "es", seen)


def epoch(pools: Pools, seed: int, english: int) -> list[Example]:
    """One epoch, mixed: everything but English, and ``english`` of that."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    chosen: list[Example] = []
    for kind, examples in pools.examples.items():
        few = kind == "en" and len(examples) > english
        chosen += draw.sample(examples, english) if few else examples
    draw.shuffle(chosen)
    return chosen


def parts(path: Path, every: int) -> Iterator[str]:
    """The paragraphs of every N-th law or transcript, short ones put together."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in islice(file, 0, None, every):
            document = json.loads(line)
            part = ""
            for text in document.get("paragraphs") or document["text"].split("\n"):
                part = f"{part} {text}".strip()
                if len(part) >= LEAST:
                    yield part
                    part = ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
