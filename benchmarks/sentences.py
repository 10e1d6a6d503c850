"""Where sentences are cut that go on, and where ends are missed; sentencex alone beside the rules.

python -m benchmarks.sentences --data DATA [--paragraphs 12000] [--show N] [--json] [--out FILE]

A cut is wrong where what stands before it has no end mark, ends with an abbreviation of a closed
list, with an initial before a name or with a number or mark alone, and where what comes after it
begins in lower case. A real end is a stop after a word that the laws write without one at least
twenty times as often, before a capital and a small letter.
"""

import argparse
import json
import lzma
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from time import perf_counter

from sentencex import get_sentence_boundaries

from benchmarks import measure
from index.text.paragraphs import paragraph_spans, stripped
from index.text.sentences import sentence_spans

__all__ = ["measured"]

Span = tuple[int, int]
Cutter = Callable[[str], list[Span]]

SHORT_FORMS = re.compile(
    r"(?:fracc?s?|incs?|arts?|n(?:ro|[úu]m)s?|exp(?:te)?s?|aps?|p[áa]rrs?|p[áa]gs?|vols?|caps?|lic|ing|"
    r"dra?|mtr[ao]|arq|prof|sra?s?|gral|cnel|col|av|avda|blvd|dto|dec|pto|tel|c[íi]a|bs|ee|"
    r"cdor|m\$n|D\.O\.F|B\.O|N\.O\.M|V\.E|C\.P)\.$",
    re.IGNORECASE,
)
INITIAL = re.compile(r"(?<![^\W_])[A-ZÑ]\.$")
NAME = re.compile(r"[A-ZÁÉÍÓÚÑ](?:[a-záéíóúñ]+|\.)")
END_MARK = re.compile(r"[.!?…]['\"»”’)\]*_]*$")
NUMBER_ALONE = re.compile(
    r"[#*_\s]*(?:art(?:[íi]culo|\.)?\s*)?[\dIVX]{1,5}\s?[º°]?\.?[-–—]?[*_]*", re.IGNORECASE
)
LIST_MARK = re.compile(r"\(?\w{1,3}\)")
REAL_END = re.compile(r"(?<=\s)([a-záéíóúñ]{4,})(\.)\s+(?=[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+\s)")
OFTEN = 20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--paragraphs", type=int, default=12_000)
    parser.add_argument("--show", type=int, default=0, help="print so many of our cuts and misses")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    paragraphs = _paragraphs(arguments.data, arguments.paragraphs)
    rows = measured(paragraphs)
    measure.save({"sentences": rows}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        measure.table(f"Sentences of {len(paragraphs)} paragraphs of laws", rows)
        _show(paragraphs, arguments.show)


def measured(paragraphs: Sequence[str]) -> list[dict[str, str | float]]:
    """Of each way: paragraphs cut wrongly, missed ends of how many, milliseconds a paragraph."""
    ends = list(_real_ends(paragraphs))
    rows: list[dict[str, str | float]] = []
    for name, cut in (("sentencex alone", _alone), ("with our rules", _ours)):
        started = perf_counter()
        spans = [cut(paragraph) for paragraph in paragraphs]
        seconds = perf_counter() - started
        wrong = sum(
            any(True for _ in _wrong(paragraph, found))
            for paragraph, found in zip(paragraphs, spans, strict=True)
        )
        found = [{end for _, end in of_one} for of_one in spans]
        rows.append(
            {
                "way": name,
                "paragraphs cut wrongly": wrong,
                "sentences": sum(map(len, spans)),
                "real ends": len(ends),
                "missed": sum(end not in found[number] for number, end in ends),
                "ms a paragraph": 1000 * seconds / len(paragraphs),
            }
        )
    return rows


def _paragraphs(data: Path, count: int) -> list[str]:
    with lzma.open(data / "corpus" / "laws-es-ar.jsonl.xz", "rt", encoding="utf-8") as lines:
        paragraphs = [words for line in lines for words in json.loads(line)["paragraphs"]]
    random.Random(1).shuffle(paragraphs)  # noqa: S311
    return paragraphs[:count]


def _ours(text: str) -> list[Span]:
    return sentence_spans(text, "es")


def _alone(text: str) -> list[Span]:
    spans: list[Span] = []
    for start, end in paragraph_spans(text):
        paragraph = text[start:end]
        starts = {b["start_index"] for b in get_sentence_boundaries("es", paragraph)}
        places = sorted({0, len(paragraph), *starts})
        pieces = (stripped(paragraph, a, b) for a, b in pairwise(places))
        spans += [(start + a, start + b) for a, b in pieces if a < b]
    return spans


def _wrong(text: str, spans: Sequence[Span]) -> Iterator[int]:
    """The offsets of the cuts inside of a line after which the sentence goes on."""
    for (first, end), (start, last) in pairwise(spans):
        if "\n" in text[end:start]:
            continue
        before, after = text[max(first, end - 40) : end], text[start:last]
        goes_on = after[0].islower() and not LIST_MARK.match(after)
        initial = INITIAL.search(before) and NAME.match(after)
        short = re.search(r"[^\s(*_\]]+$", before)
        alone = NUMBER_ALONE.fullmatch(text, first, end)
        form = short and SHORT_FORMS.fullmatch(short[0])
        if goes_on or initial or alone or form or not END_MARK.search(before):
            yield start


def _real_ends(paragraphs: Sequence[str]) -> Iterator[tuple[int, int]]:
    words = Counter(
        word for text in paragraphs for word in re.findall(r"[a-záéíóúñ]{4,}\b(?!\.)", text)
    )
    for number, text in enumerate(paragraphs):
        for match in REAL_END.finditer(text):
            if words[match[1]] >= OFTEN:
                yield number, match.end(2)


def _show(paragraphs: Sequence[str], count: int) -> None:
    """Print cuts of ours, and real ends that we miss, to be read."""
    ours = [_ours(text) for text in paragraphs]
    cuts = [
        f"{text[max(0, b - 60) : b]}  ||  {text[c : c + 40]}"
        for text, spans in zip(paragraphs, ours, strict=True)
        for (_, b), (c, _) in pairwise(spans)
    ]
    missed = [
        f"{paragraphs[n][max(0, end - 60) : end]}  ==  {paragraphs[n][end : end + 40]}"
        for n, end in _real_ends(paragraphs)
        if end not in {b for _, b in ours[n]}
    ]
    for title, lines in (("cut", cuts), ("missed", missed)):
        for line in random.Random(2).sample(lines, min(count, len(lines))):  # noqa: S311
            print(title, " ".join(line.split()))


if __name__ == "__main__":
    main()
