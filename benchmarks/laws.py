"""Laws in PDF: whether their articles are found by number, and sentences to be read by eye.

python -m benchmarks.laws --data DATA [--work FOLDER] [--missed] [--json] [--out FILE]
python -m benchmarks.laws --data DATA --sample FILE [--sentences 300]

``questions/laws.json`` lists the articles of each law, found in the lines of text that pypdfium2
gives, and checked for gaps; of the scan of a convention it is known that it has thirty. An article
has its passage where a paragraph of one, or its context, begins with the number; it is found where
such a passage is among the best five for "artículo 13", asked of that law alone. Transitory
articles and the points of an agreement, which are ordinals, are counted apart.

``--sample`` writes sentences at page ends and beside notes. Each stands between bars, with what is
before and after it; ⏎ is a page's end.
"""

import argparse
import json
import random
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import measure
from index.documents.read import read_document
from index.errors import DocumentError
from index.index import Index
from index.text.folding import fold
from index.text.sentences import sentence_spans
from index.types import BlockRole, Document, Passage
from qa.search.retriever import Retriever

__all__ = ["articles_of", "label_at", "labels", "sampled"]

LISTS = Path(__file__).parent / "questions" / "laws.json"
FOLDER = Path("files") / "leyes-mx"
DEPTH = 5
BESIDE = 60  # characters shown before and after a sentence

ORDINALS = (
    "primero segundo tercero cuarto quinto sexto septimo octavo noveno decimo undecimo duodecimo"
)
# An ordinal is another number than figures: a transitory article is not the article.
NUMBERS = {word: f"{number}º" for number, word in enumerate(ORDINALS.split(), 1)}
NUMBERS |= {f"decimo {word}": f"{10 + n}º" for n, word in enumerate(ORDINALS.split(), 1)}
LABEL = re.compile(
    r"[\"“(*#\s]*(?:(?:art[íi]culo\s+)?(?P<words>(?!art[íi]culo)(?:d[ée]cimo\s+)?[a-zé]{5,})\b"
    r"|art[íi]culo\s+(?P<number>\d{1,4}|[IVXLC]+\b)(?:\s?[º°]|o\b)?)"
    r"(?:-\s?(?P<letter>[A-ZÑ])(?!\w))?(?:\s?\.?\s?(?P<again>bis|ter|qu[áa]ter)\b)?",
    re.IGNORECASE,
)
TRANSITORY = re.compile(
    r"^\W*(?:art[íi]culos )?(?:transitorios?|t r a n s i t o r i o s)\W*$",
    re.IGNORECASE | re.MULTILINE,
)
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def main() -> None:
    """Measure and print, or write the sample."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="keep the index here")
    parser.add_argument("--missed", action="store_true", help="print the articles not found")
    parser.add_argument("--sample", type=Path, help="write sentences to be read to this file")
    parser.add_argument("--sentences", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    folder = arguments.data / FOLDER
    if arguments.sample:
        lines = sampled(list(_documents(folder)), arguments.sentences)
        arguments.sample.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return
    with TemporaryDirectory() as temporary:
        work = arguments.work or Path(temporary)
        with Index.open(work / "ix-laws", create=True) as index:
            index.sync(folder, ocr=True)
            rows = _measured(Retriever(index), json.loads(LISTS.read_text(encoding="utf-8")))
    measure.save({"laws": rows}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        shown = ("law", "articles", "with a passage", "found")
        measure.table("Articles by number", [{key: row[key] for key in shown} for row in rows])
        for row in rows if arguments.missed else ():
            print(row["law"], "| no passage:", row["without"], "| not found:", row["missed"])


def articles_of(listed: Mapping[str, Any]) -> tuple[list[str], list[str], list[str]]:
    """A law's articles as a list of them has them, its points and its transitory articles."""
    also = _words(listed.get("also", ""))
    articles = [str(number) for number in range(1, listed.get("last", 0) + 1)] + also
    return articles, _words(listed.get("points", "")), _words(listed.get("transitory", ""))


def label_at(words: str) -> str | None:
    """The number that words begin with: ``15-a``, ``3 bis``, ``2º`` for an ordinal."""
    match = LABEL.match(words)
    if match is None:
        return None
    if match["number"]:
        value = match["number"] if match["number"].isdigit() else _roman(match["number"].upper())
    else:
        ordinal = fold(match["words"])
        value = NUMBERS.get(ordinal) or NUMBERS.get(ordinal.split()[0])
    if not value:
        return None
    letter = f"-{match['letter'].lower()}" if match["letter"] else ""
    return value + letter + (f" {fold(match['again'])}" if match["again"] else "")


def labels(passage: Passage) -> set[str]:
    """The numbers with which its paragraphs or the pieces of its context begin."""
    begin = [0, *(offset - passage.start for offset in passage.paragraph_breaks)]
    words = [passage.text[offset : offset + 80] for offset in begin] + passage.context.split(" › ")
    return {label for piece in words if (label := label_at(piece))}


def sampled(documents: Sequence[Document], count: int) -> list[str]:
    """Sentences at page ends and beside notes, as many of each document as it has and fit."""
    chance = random.Random(1)  # noqa: S311
    kept: list[str] = []
    by_size = sorted((list(_edges(document)) for document in documents), key=len)
    for place, lines in enumerate(by_size):
        share = (count - len(kept)) // (len(by_size) - place)
        chance.shuffle(lines)
        kept += sorted(lines[:share])
    return [f"{number:3} {line}" for number, line in enumerate(kept, 1)]


def _measured(retriever: Retriever, lists: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for law, listed in lists.items():
        articles, points, transitory = articles_of(listed)
        asked = [(f"artículo {label}", label, False) for label in articles]
        later = [(f"punto {label}", label, False) for label in points]
        later += [(f"artículo {label} transitorio", label, True) for label in transitory]
        for name, questions in ((law, asked), (f"{law}: ordinals", later)):
            if questions:
                rows.append({"law": name, **_of_law(retriever, law, questions)})
    for name, ordinals in (("all", False), ("all: ordinals", True)):
        some = [row for row in rows if row["law"].endswith(": ordinals") is ordinals]
        total = sum(row["articles"] for row in some)
        row = {"law": name, "articles": total, "without": [], "missed": []}
        for key in ("with a passage", "found"):
            row[key] = sum(one[key] * one["articles"] for one in some) / total
        rows.append(row)
    return rows


def _of_law(
    retriever: Retriever, law: str, questions: Sequence[tuple[str, str, bool]]
) -> dict[str, Any]:
    """What of the questions (question, article, whether transitory) has a passage and is found."""
    text = retriever.document(law).text
    heading = TRANSITORY.search(text)
    end = heading.start() if heading else len(text)
    passages = retriever.index.passages_of(law)
    held = {passage.start: labels(passage) for passage in passages}

    def has(passage: Passage, label: str, transitory: bool) -> bool:
        inside = transitory is (passage.end > end) or passage.start < end < passage.end
        return inside and _number(label) in held[passage.start]

    without = [asked[1] for asked in questions if not any(has(p, *asked[1:]) for p in passages)]
    missed = [
        label
        for question, label, transitory in questions
        if not any(
            has(hit.passage, label, transitory)
            for hit in retriever.search(question, DEPTH, documents=[law])
        )
    ]
    count = len(questions)
    return {
        "articles": count,
        "with a passage": 1 - len(without) / count,
        "found": 1 - len(missed) / count,
        "without": without,
        "missed": missed,
    }


def _documents(folder: Path) -> Iterator[Document]:
    for path in sorted(folder.iterdir()):
        try:
            yield read_document(path, path.name)
        except DocumentError as exc:  # a scan
            print(exc)


def _edges(document: Document) -> Iterator[str]:
    """The sentences at the page ends of a document and beside its notes, to be read."""
    text = document.text
    spans = [
        (block.start + start, block.start + end)
        for block in document.blocks
        for start, end in sentence_spans(text[block.start : block.end], "es")
    ]
    starts = [start for start, _ in spans]
    notes = [block for block in document.blocks if block.role is BlockRole.NOTE]
    places = [*document.page_starts[1:], *(note.start for note in notes)]
    places += [note.anchor for note in notes if note.anchor is not None]
    chosen = set()
    for place in places:
        number = bisect_right(starts, place) - 1
        # What holds the place, or the sentences on both sides of it.
        chosen |= {number} if starts[number] < place else {number - 1, number}
    for number in sorted(chosen & set(range(len(spans)))):
        start, end = spans[number]
        before, after = text[max(0, start - BESIDE) : start], text[end : end + BESIDE]
        sentence = _with_page_ends(document, start, end)
        shown = f"{document.id[:24]} | {before} ‖ {sentence} ‖ {after}"
        yield " ".join(shown.split())


def _with_page_ends(document: Document, start: int, end: int) -> str:
    cuts = [start, *(page for page in document.page_starts if start < page < end), end]
    return " ⏎ ".join(document.text[a:b] for a, b in pairwise(cuts))


def _number(listed: str) -> str | None:
    """What `label_at` gives for an article as the list has it."""
    return label_at(f"artículo {listed}")


def _words(listed: str) -> list[str]:
    return listed.split(", ") if listed else []


def _roman(numeral: str) -> str | None:
    values = [ROMAN.get(letter, 0) for letter in numeral]
    if not all(values):
        return None
    return str(sum(-a if a < b else a for a, b in pairwise([*values, 0])))


if __name__ == "__main__":
    main()
