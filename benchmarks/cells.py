"""How well cells are chosen without any model: `qa.readers.cells` alone, each question of its text.

    python -m benchmarks.cells --questions FOLDER [--sets tables,tables2] [--every N] [--show N]

FOLDER is one of hand-written questions, as `training.questions_data` reads them; contexts that it
holds out are left out. Prints, of the answerable questions, how many are decided (a fit of a half
or more), and of those how many give the very words, or hold them; the same of those whose answer is
a cell; and how many of the impossible ones are left undecided.
"""

import argparse
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.letters import Letters
from index.chunking.passages import split
from index.query import Query
from index.text.analysis import analyse
from index.types import Document, Passage
from qa.readers.cells import FoundCell, read_cells
from qa.readers.grids import grids
from training.questions_data import Asked, held_out, read, with_language

__all__ = ["Chosen", "choose", "figures"]

MOST_TOKENS = 384
DECIDED = 0.5


@dataclass(frozen=True, slots=True)
class Chosen:
    """A question and the cell that was chosen, None where there is none."""

    asked: Asked
    found: FoundCell | None
    in_cell: bool  # the answer is a cell

    @property
    def decided(self) -> bool:
        """Whether the cell is taken for the answer."""
        return self.found is not None and self.found.fit >= DECIDED and not self.found.blank

    @property
    def exact(self) -> bool:
        """Whether the cell is the answer to the word."""
        return self.found is not None and _bare(self.found.cell.text) in _answers(self.asked)

    @property
    def holds(self) -> bool:
        """Whether one is in the other."""
        text = _bare(self.found.cell.text) if self.found else ""
        return any(answer in text or (text and text in answer) for answer in _answers(self.asked))


def _bare(text: str) -> str:
    return text.casefold().strip(" .,;«»\"'*")


def _answers(asked: Asked) -> list[str]:
    return [_bare(answer) for answer in asked.answers]


def choose(questions: Sequence[Asked], sets: Sequence[str], every: int) -> Iterator[Chosen]:
    """Each of the questions with its cell, of the sets named; one in ``every``."""
    kept = [q for q in questions if q.group in sets and not held_out(q.document)]
    passages = {q.context_id: _passages(q) for q in kept}
    weights = _Idf([p for found in passages.values() for p in found])
    for asked in kept[::every]:
        texts = passages[asked.context_id]
        query = Query(asked.question)
        title = asked.context.lstrip("#* ").split("\n", 1)[0]
        read = [read_cells(query, p, weights.of(query, p.language), title) for p in texts]
        cells = [cell for reading in read for cell in reading.cells]
        best = max(cells, key=lambda cell: cell.fit, default=None)
        words = {
            _bare(cell.text)
            for passage in texts
            for grid in grids(passage)[0]
            for row in grid.rows
            for cell in row.cells
        }
        yield Chosen(asked, best, any(answer in words for answer in _answers(asked)))


def _passages(asked: Asked) -> list[Passage]:
    document = with_language(Document(id=asked.context_id, text=asked.context))
    return split(document, Letters().count_tokens, MOST_TOKENS)


class _Idf:
    """The idf of words among passages, as an index has it."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._count = len(passages)
        self._having: Counter[str] = Counter()
        for passage in passages:
            self._having.update(set(analyse(passage.indexed_text, passage.language)))

    def of(self, query: Query, language: str | None) -> Mapping[str, float]:
        """The idf of a question's stems."""
        stems = query.stems(language if language in {"es", "en"} else "es")
        count = self._count
        return {
            stem: math.log(1 + (count - self._having[stem] + 0.5) / (self._having[stem] + 0.5))
            for stem in stems
        }


def figures(chosen: Sequence[Chosen]) -> dict[str, float]:
    """Shares, 0 to 1, and the numbers of questions."""
    yes = [c for c in chosen if c.asked.answers]
    cells = [c for c in yes if c.in_cell]
    no = [c for c in chosen if not c.asked.answers]
    decided, of_cells = [c for c in yes if c.decided], [c for c in cells if c.decided]
    return {
        "answerable": len(yes),
        "decided": _share([c.decided for c in yes]),
        "exact of decided": _share([c.exact for c in decided]),
        "held of decided": _share([c.holds for c in decided]),
        "answered by a cell": len(cells),
        "cells decided": _share([c.decided for c in cells]),
        "cells exact of decided": _share([c.exact for c in of_cells]),
        "cells exact, decided or not": _share([c.exact for c in cells]),
        "impossible": len(no),
        "impossible undecided": _share([not c.decided for c in no]),
    }


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else math.nan


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--sets", default="tables,tables2,lists")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, help="so many wrong choices are shown")
    options = parser.parse_args()
    sets = options.sets.split(",")
    chosen = list(choose(read(options.questions), sets, options.every))
    for name in (*sets, "all"):
        rows = [c for c in chosen if name in ("all", c.asked.group)]
        print(name, *(f"{key} {value:.3g};" for key, value in figures(rows).items()))
    for c in [c for c in chosen if c.decided and not c.exact][: options.show]:
        if c.found:
            measures = " ".join(f"{measure:.2f}" for measure in c.found.measures)
            print(f"{c.asked.context_id} {c.asked.question} {c.asked.answers}", end=" -> ")
            print(f"{c.found.cell.text!r} ({c.found.cell.header}) {c.found.fit:.2f}: {measures}")


if __name__ == "__main__":
    main()
