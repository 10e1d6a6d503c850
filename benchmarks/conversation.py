"""Follow-up questions: which of those that lean on the conversation are recognised and filled in.

    python -m benchmarks.conversation --data DATA [--raw FILE] [--missed] [--json] [--out FILE]

A turn after the first "had to be rewritten" when the full question that a person wrote for it
differs by more than case and punctuation; the others stand alone. Everything that a person wrote in
full stands alone, too, and is measured as such. "Words found" is the share of the word stems that
people added which the question searched for holds as well, with only the questions before it known,
not their answers; in CANARD, the topic is often only in a title that no question names. TREC CAsT
2019's file holds the full questions; ``--raw`` is `evaluation_topics_v1.0.txt` of the CAsT
repository, which holds what was asked.
"""

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import measure
from index.query import Query
from index.text.analysis import analyse
from index.text.language import detect
from qa.conversation.followup import follow_up_kind
from qa.conversation.rewrite import resolve
from qa.types import Answer, Turn

__all__ = ["canard", "cast_2019", "cast_2020", "is_follow_up", "recognised", "words_added"]

Pair = tuple[str, str]  # what was asked, and the same in full
Talk = list[Pair]  # the turns of a conversation
ATLEAST, ATMOST = 0.85, 0.10


def main() -> None:
    """Measure recognition on each set that is there, and print it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--raw", type=Path, help="CAsT 2019's topics as they were asked")
    parser.add_argument("--missed", action="store_true", help="print what was not recognised")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    folder = arguments.data / "eval"
    sets = {
        "CAsT 2019": cast_2019(folder / "cast-2019.tsv", arguments.raw),
        "CAsT 2020": cast_2020(folder / "cast-2020.json"),
        "CANARD dev": canard(folder / "canard-dev.json"),
    }
    results = {
        name: recognised(_later(talks)) | {"words_found": words_added(talks)}
        for name, talks in sets.items()
    }
    measure.save({"conversation": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        rows = [{"set": name} | _shown(result) for name, result in results.items()]
        measure.table(f"Follow-ups recognised (>= {ATLEAST:.2f}; alone <= {ATMOST:.2f})", rows)
    if arguments.missed:
        for name, talks in sets.items():
            _print_missed(name, _later(talks))


def cast_2019(full: Path, raw: Path | None) -> list[Talk]:
    """The conversations; without ``raw`` every question is taken as written in full."""
    rewritten = dict(
        line.split("\t", maxsplit=1) for line in full.read_text(encoding="utf-8").splitlines()
    )
    asked = dict(_asked(raw.read_text(encoding="utf-8"))) if raw else rewritten
    talks: dict[str, Talk] = {}
    for turn, text in rewritten.items():
        pair = (asked[turn].strip(), text.strip())
        talks.setdefault(turn.partition("_")[0], []).append(pair)
    return list(talks.values())


def _asked(text: str) -> Iterator[Pair]:
    topic = ""
    for line in text.splitlines():
        if match := re.match(r"Number: (\d+)", line):
            topic = match[1]
        elif match := re.match(r"(\d+)\s*\t(.+)", line):
            yield f"{topic}_{match[1]}", match[2]


def cast_2020(file: Path) -> list[Talk]:
    """The conversations, and how a person rewrote their turns."""
    return [
        [(turn["raw_utterance"], turn["manual_rewritten_utterance"]) for turn in topic["turn"]]
        for topic in json.loads(file.read_text(encoding="utf-8"))
    ]


def canard(file: Path) -> list[Talk]:
    """The conversations, and how a person rewrote their turns."""
    turns = json.loads(file.read_text(encoding="utf-8"))
    talks: dict[str, Talk] = {}
    for turn in sorted(turns, key=lambda turn: int(turn["Question_no"])):
        talks.setdefault(turn["QuAC_dialog_id"], []).append((turn["Question"], turn["Rewrite"]))
    return list(talks.values())


def _later(talks: Sequence[Talk]) -> list[Pair]:
    return [pair for talk in talks for pair in talk[1:]]


def words_added(talks: Sequence[Talk]) -> float | None:
    """The share of the words that people added to later turns and `qa.conversation.rewrite` too.

    None where people added none.
    """
    added = same = 0
    for talk in talks:
        history: list[Turn] = []
        for asked, full in talk:
            query = resolve(Query(asked), history)
            ours, language = query.text, query.language or "es"
            answer = Answer(asked, ours, False, "", 0.0, language=language, topic=query.topic)
            history.append(Turn(asked, answer))
            if len(history) > 1:
                new = set(analyse(full, "en")) - set(analyse(asked, "en"))
                added += len(new)
                same += len(new & set(analyse(ours, "en")))
    return same / added if added else None


def recognised(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Shares taken for follow-ups: of what was rewritten, of the rest, and of what is in full."""
    leaning = [asked for asked, full in pairs if _plain(asked) != _plain(full)]
    alone = [asked for asked, full in pairs if _plain(asked) == _plain(full)]
    return {
        "rewritten": len(leaning),
        "recognised": _share(leaning),
        "alone": len(alone),
        "alone_taken": _share(alone),
        "full_taken": _share([full for _, full in pairs]),
    }


def is_follow_up(question: str) -> bool:
    """Whether a question is taken for a follow-up, by its words alone."""
    return follow_up_kind(question, detect(question) or "es") is not None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _share(questions: Sequence[str]) -> float | None:
    taken = [is_follow_up(question) for question in questions]
    return sum(taken) / len(taken) if taken else None


def _shown(result: dict[str, Any]) -> dict[str, str]:
    figures = {
        name: "-" if value is None else f"{value:.3f}" if isinstance(value, float) else f"{value:,}"
        for name, value in result.items()
    }
    return {name.replace("_", " "): text for name, text in figures.items()}


def _print_missed(name: str, pairs: Sequence[Pair]) -> None:
    for asked, full in pairs:
        leaning = _plain(asked) != _plain(full)
        if leaning != is_follow_up(asked):
            print(f"{name}: {'missed' if leaning else 'taken'}: {asked} | {full}")


if __name__ == "__main__":
    main()
