"""Questions whose answer is a whole, by kind: lists, counts, items, votes, definitions and so on.

    python -m benchmarks.kinds [--reader FOLDER|sentences] [--min-confidence SHARE] [--kind KIND
                               ...] [--missed] [--json]

The questions stand in ``questions/kinds-KIND.jsonl``, and are asked of one collection of the small
documents of ``kinds-documents.jsonl``. All of it was written for this, in Spanish and English, and
is given away (CC0). A row holds a ``question`` and what its answer must be: ``found`` (true where
it is left out), what ``short`` and one of the quotes hold (``short_has``, ``quote_has``), what
neither the short answer nor a note may hold (``short_lacks``, ``note_lacks``), what the notes hold
(``note_has``); ``quiet``: no answer is right, too. Prints right / asked by kind.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from index import Index
from qa import Answer, Assistant, Retriever

__all__ = ["KINDS", "faults"]

QUESTIONS = Path(__file__).parent / "questions"
DOCUMENTS = QUESTIONS / "kinds-documents.jsonl"
KINDS = ("list", "count", "item", "vote", "opposites", "definition", "about", "double")

Row = Mapping[str, Any]


def main() -> None:
    """Ask all questions, and print how many were answered as they should be."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--reader", help="a span reader's folder, or sentences")
    parser.add_argument("--min-confidence", type=float, help="answer from this confidence on")
    parser.add_argument("--kind", nargs="*", choices=KINDS, default=KINDS)
    parser.add_argument("--missed", action="store_true", help="print what went wrong")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder, TemporaryDirectory() as texts:
        with Index.open(folder, create=True) as index:
            for row in rows(DOCUMENTS):
                (Path(texts) / row["id"]).write_text(row["text"], encoding="utf-8")
            index.sync(texts)
        with Retriever.open(folder) as retriever:
            assistant = Assistant(
                retriever, reader=arguments.reader, min_confidence=arguments.min_confidence
            )
            right = {kind: ask(assistant, kind, missed=arguments.missed) for kind in arguments.kind}
    if arguments.json:
        print(json.dumps({kind: {"right": n, "asked": m} for kind, (n, m) in right.items()}))
        return
    for kind, (count, asked) in right.items():
        print(f"{kind:12} {count:3} / {asked}")


def rows(path: Path) -> Iterator[Any]:
    """The values of a file of JSON lines."""
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def ask(assistant: Assistant, kind: str, *, missed: bool) -> tuple[int, int]:
    """How many questions of a kind are answered right, and how many there are."""
    count = asked = 0
    for row in rows(QUESTIONS / f"kinds-{kind}.jsonl"):
        answer = assistant.ask(row["question"])
        wrong = faults(row, answer)
        asked += 1
        count += not wrong
        if wrong and missed:
            shown = (answer.short or "")[:90].replace("\n", " / ")
            print(f"{row['question']} ({answer.confidence:.2f}) {shown!r}: {'; '.join(wrong)}")
    return count, asked


def faults(row: Row, answer: Answer) -> Sequence[str]:
    """What is not as it should be; none where an answer is right."""
    if not answer.found:
        return [] if row.get("quiet") or row.get("found") is False else ["refused"]
    if row.get("found") is False:
        return ["answered"]
    short, notes = answer.short or "", " ".join(answer.notes)
    quotes = [citation.quote for citation in answer.citations]
    wrong = [f"short lacks {words!r}" for words in row.get("short_has", ()) if words not in short]
    wrong += [f"short has {words!r}" for words in row.get("short_lacks", ()) if words in short]
    wrong += [f"no note {words!r}" for words in row.get("note_has", ()) if words not in notes]
    wrong += [f"note {words!r}" for words in row.get("note_lacks", ()) if words in notes]
    wanted = row.get("quote_has", ())
    if wanted and not any(all(words in quote for words in wanted) for quote in quotes):
        wrong.append(f"no quote has {', '.join(wanted)!r}")
    return wrong


if __name__ == "__main__":
    main()
