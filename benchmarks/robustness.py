"""What people's typing costs: Spanish questions as written, and as people type them.

    python -m benchmarks.robustness --data DATA [--file FILE] [--every N] [--json] [--out FILE]

The questions are XQuAD's, or those of another file in SQuAD's format; each is asked of all the
paragraphs of its file. A row's figures are differences to the questions as written.
"""

import argparse
import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import measure
from index import Document, Index
from index.text.stopwords import STOPWORDS
from qa import Assistant, Retriever
from qa.evaluation import evaluate

__all__ = ["SPELLINGS", "compare", "typo"]

SEED = 5
ROWS = ("qwertyuiop", "asdfghjklñ", "zxcvbnm")  # a Spanish keyboard, without its accents
SHORTEST = 4  # letters of a word that takes a typo
WORD = re.compile(r"[^\W\d_]+")
# How far recall@10 and answers may fall, as shares.
TARGETS = {"no accents or marks": (0.01, 0.03), "capitals": (0.01, 0.03), "one typo": (0.03, 0.06)}


def main() -> None:
    """Measure each way of typing, and print how much it costs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--file", type=Path, help="questions to ask instead of XQuAD's")
    parser.add_argument("--every", type=int, default=1, help="ask only every so many questions")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    file = arguments.file or arguments.data / "eval" / "xquad.es.json"
    results = compare(file, arguments.every)
    measure.save({"robustness": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        show(results)


def compare(file: Path, every: int = 1) -> dict[str, Any]:
    """By way of typing: recall@1 and @10, and the share of questions whose quotes answer."""
    sets = evaluate.read(file)
    asked = [question for question in sets.questions if question.answers][::every]
    results: dict[str, Any] = {"questions": len(asked), "paragraphs": len(sets.paragraphs)}
    with TemporaryDirectory() as work, Index.open(work, create=True) as index:
        index.add(Document(id, text) for id, text in sets.paragraphs.items())
        assistant = Assistant(Retriever(index))
        for name, spell in SPELLINGS.items():
            results[name] = _measured(assistant, asked, spell)
    return results


def _measured(
    assistant: Assistant, asked: Sequence[evaluate.Question], spell: Callable[[str], str]
) -> dict[str, float]:
    ranked, held = [], []
    for question in asked:
        typed = spell(question.text)
        ranked.append(evaluate.rank(assistant.retriever, typed, 10))
        quotes = [_plain(citation.quote) for citation in assistant.ask(typed).citations]
        held.append(any(_plain(words) in quote for words in question.answers for quote in quotes))
    scores = evaluate.score([question.paragraph for question in asked], ranked, 10)
    return {
        "recall@1": scores["recall@1"],
        "recall@10": scores["recall@10"],
        "answers": sum(held) / len(held),
    }


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def without_accents_and_marks(question: str) -> str:
    """The question in plain letters, as people type it in a hurry: ñ stays."""
    letters = unicodedata.normalize("NFD", re.sub("[¿?¡!]", "", question))
    bare = re.sub(r"(?<![nN])[\u0300-\u036f]", "", letters)
    return unicodedata.normalize("NFC", bare).strip()


def keywords(question: str) -> str:
    """The content words alone, in lower case, as for a search engine."""
    words = re.findall(r"\w+", question.lower())
    kept = [word for word in words if without_accents_and_marks(word) not in STOPWORDS["es"]]
    return " ".join(kept) or question


def typo(question: str) -> str:
    """The question with one wrong letter in a content word; always the same for one question.

    Two letters swapped, one left out, one doubled, or the key beside the right one.
    """
    chance = random.Random(f"{SEED} {question}")  # noqa: S311  # no secret: it must be repeatable
    words = [
        match
        for match in WORD.finditer(question)
        if len(match[0]) >= SHORTEST
        and without_accents_and_marks(match[0].lower()) not in STOPWORDS["es"]
    ]
    if not words:
        return question
    match = chance.choice(words)
    wrong = _misspelt(match[0], chance)
    return question[: match.start()] + wrong + question[match.end() :]


def _misspelt(word: str, chance: random.Random) -> str:
    ways = ["swap", "drop", "double", "neighbour"]
    while True:
        at = chance.randrange(len(word))
        match chance.choice(ways):
            case "swap":
                wrong = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
            case "drop":
                wrong = word[:at] + word[at + 1 :]
            case "double":
                wrong = word[: at + 1] + word[at:]
            case _:
                wrong = word[:at] + _beside(word[at], chance) + word[at + 1 :]
        if wrong != word:
            return wrong


def _beside(letter: str, chance: random.Random) -> str:
    bare = without_accents_and_marks(letter.lower())
    for row in ROWS:
        if bare in row:
            place = row.index(bare)
            wrong = chance.choice(row[max(0, place - 1) : place] + row[place + 1 : place + 2])
            return wrong.upper() if letter.isupper() else wrong
    return letter


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as written": str,
    "no accents or marks": without_accents_and_marks,
    "capitals": str.upper,
    "one typo": typo,
    "keywords only": keywords,
}


def show(results: dict[str, Any]) -> None:
    """The first row's figures, and the others' differences to them, in points."""
    clean = results["as written"]
    rows = []
    for name in SPELLINGS:
        row = {"typed": name}
        for figure, value in results[name].items():
            change = 100 * (value - clean[figure])
            row[figure] = f"{value:.4f}" if name == "as written" else f"{change:+.1f}"
        recall, answers = TARGETS.get(name, (None, None))
        row["may fall"] = f"{100 * recall:.0f} / {100 * answers:.0f}" if recall and answers else ""
        rows.append(row)
    measure.table(f"{results['questions']:,} questions, {results['paragraphs']:,} paragraphs", rows)


if __name__ == "__main__":
    main()
