"""Forty conversations, written before the rules were last changed: is the final turn right?

    python -m benchmarks.conversations --data DATA [--work FOLDER] [--reader FOLDER] [--missed]
        [--frozen FOLDER] [--without RULE]... [--rules]

`questions/conversations.jsonl` names twelve transcripts in its first line and holds a conversation
a line: the collection (the seeds, the transcripts, or the small documents of
`questions/conversations-documents.jsonl`), the turns, and for the final turn any of the words that
answer (gold), the documents that say so, the words that the question searched for must hold
(needs) and must not hold (without), the same in full as a person would ask it, and where the topic
changes, if it does. A final turn is right when a quote from one of these documents holds the words.
What is searched for is judged apart, and so is the answer to the question that a person wrote in
full: what that loses, no better rules for follow-ups can win.
The dev half may be looked at while rules are made; the test half may not.

``--frozen`` asks the conversations and messages of a folder, too (`benchmarks.frozen`).
``--without`` switches rules of `qa/conversation/data` off by name; ``--rules`` prints for every
rule what goes wrong or right without it (`benchmarks.rules`).
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

from benchmarks import frozen, measure, rules
from index import Document, Index
from index.text.folding import fold
from qa import Assistant, Retriever
from qa.conversation.rules import without
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
    parser.add_argument("--frozen", type=Path, help="a folder of more conversations and messages")
    parser.add_argument("--without", action="append", default=[], metavar="RULE")
    parser.add_argument("--rules", action="store_true", help="print what each rule is worth")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        if arguments.work is None:
            arguments.work = Path(stack.enter_context(TemporaryDirectory()))
        stack.enter_context(without(*arguments.without))
        assistants = _assistants(arguments, stack)
        outcomes = _all(assistants)
        results: dict[str, Any] = {
            "conversations": {name: _shares(part) for name, part in _parts(outcomes).items()}
        }
        if arguments.frozen:
            results["frozen"] = _frozen(assistants["frozen"], arguments.frozen)
        if arguments.rules:
            results["rules"] = _rules(assistants, arguments.frozen)
    measure.save(results, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        _print(results)
    if arguments.missed:
        for outcome in outcomes:
            whole = outcome.right and outcome.resolved
            if outcome.conversation.part == "dev" and not whole:
                _print_missed(outcome)


def _print(results: dict[str, Any]) -> None:
    shares = results["conversations"].items()
    rows = [{"conversations": name} | values for name, values in shares]
    measure.table(f"Final turns (answer right >= {TARGET:.2f})", rows)
    if "frozen" in results:
        measure.table("Frozen conversations and messages", [results["frozen"]])
    if "rules" in results:
        measure.table("Without a rule", results["rules"])


def _frozen(assistant: Assistant, folder: Path) -> dict[str, Any]:
    """The shares of the frozen conversations, and of messages taken for what they are not."""
    asked: list[tuple[frozen.FrozenTurn, Answer]] = []
    for turns in frozen.talks(folder):
        questions = tuple(turn.question for turn in turns)
        answers = rules.ask_all(rules.Talk(assistant, questions, lambda _: []))
        asked += zip(turns, answers, strict=True)
    searched = [
        (message.searched, bool(assistant.ask(message.text).hits))
        for message in frozen.messages(folder)
    ]
    other = [was for should, was in searched if should is False]
    real = [was for should, was in searched if should]
    return frozen.shares(asked) | {
        "messages searched": sum(other) / len(other),
        "questions swallowed": sum(not was for was in real) / len(real),
    }


def _rules(assistants: dict[str, Assistant], folder: Path | None) -> list[dict[str, Any]]:
    """What each rule is worth, on all conversations and messages that are there."""
    talks = [_talk(assistants[asked.collection], asked) for asked in read()[1]]
    messages: list[str] = []
    if folder:
        talks += [_frozen_talk(assistants["frozen"], turns) for turns in frozen.talks(folder)]
        messages = [message.text for message in frozen.messages(folder)]
    asked = [(talk, rules.ask_all(talk)) for talk in talks]
    return [rules.worth(name, asked, messages) for name in rules.rule_names()]


def _talk(assistant: Assistant, asked: Conversation) -> rules.Talk:
    return rules.Talk(assistant, asked.turns, lambda answers: [_right(asked, answers[-1])])


def _frozen_talk(assistant: Assistant, turns: Sequence[frozen.FrozenTurn]) -> rules.Talk:
    def right(answers: Sequence[Answer]) -> list[bool]:
        pairs = zip(turns, answers, strict=True)
        return [frozen.is_right(turn, answer) for turn, answer in pairs if turn.found is not None]

    return rules.Talk(assistant, tuple(turn.question for turn in turns), right)


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


def _all(assistants: dict[str, Assistant]) -> list[Outcome]:
    conversations = sorted(read()[1], key=lambda asked: asked.collection)
    return [ask(assistants[asked.collection], asked) for asked in conversations]


def _assistants(arguments: argparse.Namespace, stack: ExitStack) -> dict[str, Assistant]:
    """An assistant for each collection, "frozen" among them where its folder is given."""
    transcripts, conversations = read()
    names = sorted({conversation.collection for conversation in conversations})
    assistants = {}
    for name in [*names, *(["frozen"] if arguments.frozen else [])]:
        folder = arguments.work / f"ix-conversations-{name}"
        made = folder.exists()
        index = stack.enter_context(Index.open(folder, create=True))
        if not made and name == "frozen":
            index.add(frozen.documents(arguments.frozen))
        elif not made:
            index.add(_collection(name, arguments.data, transcripts))
        assistants[name] = Assistant(
            Retriever(index), reader=arguments.reader, min_confidence=arguments.min_confidence
        )
    return assistants


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
