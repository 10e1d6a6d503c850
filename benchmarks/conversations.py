"""Forty conversations, written before the rules were last changed: is the final turn right?

    python -m benchmarks.conversations --data DATA [--work FOLDER] [--reader FOLDER] [--missed]

`questions/conversations.jsonl` names twelve transcripts in its first line and holds a conversation
a line: the collection (the seeds, the transcripts, or the small documents of
`questions/conversations-documents.jsonl`), the turns, and for the final turn any of the words that
answer (gold), the documents that say so, the words that the question searched for must hold
(needs) and must not hold (without), the same in full as a person would ask it, and where the topic
changes, if it does. A final turn is right when a quote from one of these documents holds the words.
What is searched for is judged apart, and so is the answer to the question that a person wrote in
full: what that loses, no better rules for follow-ups can win.
The dev half may be looked at while rules are made; the test half may not.
"""

import argparse
import json
import lzma
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import measure
from index import Document, Index
from index.text.folding import fold
from qa import Assistant, Retriever
from qa.types import Answer, Turn

__all__ = ["Conversation", "Outcome", "ask", "read"]

QUESTIONS = Path(__file__).parent / "questions"
SEEDS = Path(__file__).parent.parent / "seeds"
TARGET = 0.85


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns, and what the final one asks for; ``change``: "middle", "last" or None."""

    id: str
    part: str
    collection: str
    language: str
    change: str | None
    turns: tuple[str, ...]
    full: str
    gold: tuple[str, ...]
    documents: tuple[str, ...]
    needs: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The final answer of a conversation, and whether question and answer were right."""

    conversation: Conversation
    answer: Answer
    resolved: bool
    right: bool
    right_in_full: bool


def main() -> None:
    """Ask every conversation, and print the shares that were right."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="keep the indexes here, or use those kept")
    parser.add_argument("--reader", help="a span reader's folder, or sentences")
    parser.add_argument("--min-confidence", type=float, help="answer from here on; 0: always")
    parser.add_argument("--missed", action="store_true", help="print the dev half's failures")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        work = arguments.work or Path(stack.enter_context(TemporaryDirectory()))
        settings = (arguments.reader, arguments.min_confidence)
        outcomes = _all(arguments.data, work, *settings)
    results = {name: _shares(part) for name, part in _parts(outcomes).items()}
    measure.save({"conversations": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        rows = [{"conversations": name} | shares for name, shares in results.items()]
        measure.table(f"Final turns (answer right >= {TARGET:.2f})", rows)
    if arguments.missed:
        for outcome in outcomes:
            whole = outcome.right and outcome.resolved
            if outcome.conversation.part == "dev" and not whole:
                _print_missed(outcome)


def read(file: Path = QUESTIONS / "conversations.jsonl") -> tuple[list[str], list[Conversation]]:
    """The transcripts' ids, and the conversations of a file."""
    first, *lines = file.read_text(encoding="utf-8").splitlines()
    conversations = []
    for line in lines:
        values = json.loads(line)
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        conversations.append(Conversation(**{**values, **lists}))
    return json.loads(first)["transcripts"], conversations


def ask(assistant: Assistant, conversation: Conversation) -> Outcome:
    """Ask the turns one after the other, each with those before it as its history."""
    history: list[Turn] = []
    for question in conversation.turns:
        history.append(Turn(question, assistant.ask(question, tuple(history))))
    answer = history[-1].answer
    searched_for = _folded(answer.searched_for)
    resolved = all(_folded(word) in searched_for for word in conversation.needs) and not any(
        _folded(word) in searched_for for word in conversation.without
    )
    in_full = assistant.ask(conversation.full)
    return Outcome(
        conversation, answer, resolved, _right(conversation, answer), _right(conversation, in_full)
    )


def _right(conversation: Conversation, answer: Answer) -> bool:
    return any(
        citation.document_id in conversation.documents and _folded(words) in _folded(citation.quote)
        for citation in answer.citations
        for words in conversation.gold
    )


def _folded(text: str) -> str:
    return " ".join(fold(text).split())


def _all(data: Path, work: Path, reader: str | None, min_confidence: float | None) -> list[Outcome]:
    transcripts, conversations = read()
    outcomes = []
    for name in sorted({conversation.collection for conversation in conversations}):
        folder = work / f"ix-conversations-{name}"
        made = folder.exists()
        with Index.open(folder, create=True) as index:
            if not made:
                index.add(_collection(name, data, transcripts))
            assistant = Assistant(Retriever(index), reader=reader, min_confidence=min_confidence)
            outcomes += [
                ask(assistant, conversation)
                for conversation in conversations
                if conversation.collection == name
            ]
    return outcomes


def _collection(name: str, data: Path, transcripts: Sequence[str]) -> Iterator[Document]:
    if name == "seeds":
        for file in sorted(SEEDS.glob("*.txt")):
            yield Document(file.name, file.read_text(encoding="utf-8"))
        return
    with ExitStack() as stack:
        lines: Iterable[str]
        if name == "transcripts":
            file = data / "corpus" / "mananeras-mx.jsonl.xz"
            lines = stack.enter_context(lzma.open(file, "rt", encoding="utf-8"))
        else:
            written = QUESTIONS / "conversations-documents.jsonl"
            lines = stack.enter_context(written.open(encoding="utf-8"))
        for line in lines:
            row = json.loads(line)
            if name == "written" or row["id"] in transcripts:
                yield Document(row["id"], row["text"])


def _parts(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    whole = [(outcome, outcome.conversation) for outcome in outcomes]
    return {
        "all": list(outcomes),
        "dev": [outcome for outcome, asked in whole if asked.part == "dev"],
        "test": [outcome for outcome, asked in whole if asked.part == "test"],
        "topic changes": [outcome for outcome, asked in whole if asked.change],
        "no change": [outcome for outcome, asked in whole if not asked.change],
        "Spanish": [outcome for outcome, asked in whole if asked.language == "es"],
        "English": [outcome for outcome, asked in whole if asked.language == "en"],
    }


def _shares(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """How many, and the shares searched for rightly, answered rightly, and lost by the reader."""
    number = len(outcomes)
    return {
        "number": number,
        "searched for rightly": sum(outcome.resolved for outcome in outcomes) / number,
        "answered rightly": sum(outcome.right for outcome in outcomes) / number,
        "asked in full": sum(outcome.right_in_full for outcome in outcomes) / number,
        "lost by follow-up": (
            sum(outcome.right_in_full and not outcome.right for outcome in outcomes) / number
        ),
    }


def _print_missed(outcome: Outcome) -> None:
    asked, answer = outcome.conversation, outcome.answer
    lost = "lost by the answer" if outcome.resolved else "lost by the resolution"
    if outcome.right:
        lost = "right, though searched for wrongly"
    held = any(_folded(words) in _folded(hit.text) for hit in answer.hits for words in asked.gold)
    print(
        f"\n{asked.id}: {lost}\n  asked: {' / '.join(asked.turns)}"
        f"\n  searched for: {answer.searched_for}"
        f"\n  found: {answer.found}, confidence {answer.confidence:.2f}, a hit holds it: {held}"
        f"\n  answer: {answer.text}\n  gold: {' | '.join(asked.gold)}"
    )


if __name__ == "__main__":
    main()
