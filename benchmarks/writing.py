"""Sentences of a real language model: which of those shown its passages support, with and without
the check, in one run.

First it writes (``--llm URL --llm-model NAME``), which takes a small model on a processor half a
minute a question; what it wrote is kept in the work folder, and a run that was stopped goes on.
Without ``--llm`` what is kept is measured. Every sentence is written to ``sentences.tsv``, to be
read by eye: whether it was shown, why not, and what the independent rule says.
"""

import argparse
import csv
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import measure, pools
from benchmarks.written_answers import Generated, generate, read
from index.text.analysis import analyse
from index.text.folding import fold
from qa import Answer, Assistant, Retriever
from qa.evaluation import evaluate
from qa.search.reranking import load_model
from qa.settings import WritingSettings
from qa.types import Hit
from qa.writing import LanguageModel, Limits, Writer
from qa.writing.checking import Checker
from qa.writing.drafts import Draft, drafts
from qa.writing.prompts import says_nothing
from qa.writing.review import Reviewer

SET = "xquad-es"
PATIENT = Limits(first=600, between=300, whole=1200, tokens=200)
SHARED = 0.7  # share of a sentence's words that must stand in one passage, by the rule
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<=[\w,;:»”)] )[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a model: whether it was shown, and what else is known of it."""

    id: str
    question: str
    text: str
    shown: bool
    reason: str
    by_rule: bool
    has_gold: bool
    passage: str


class Kept:
    """A model that writes again what was generated for a question."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.raw = ""

    def write(self, _messages: Sequence[dict[str, str]]) -> Iterator[str]:
        """What is kept, in one piece."""
        yield self.raw


def main() -> None:
    """Write what is missing, measure all, print the figures beside each other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="index and texts are kept here")
    parser.add_argument("--llm", help="a server's address; without it nothing is written")
    parser.add_argument("--llm-model", default="model")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=19)
    parser.add_argument("--passages", type=int, default=2, help="that the model is given")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    path = arguments.work / f"{SET}.generated.jsonl"
    settings = WritingSettings(passages=arguments.passages, characters=1000 * arguments.passages)
    sets = pools.read(SET, arguments.data)
    asked = random.Random(arguments.seed).sample(sets.questions, arguments.questions)  # noqa: S311
    with pools.opened(sets, arguments.work) as retriever:
        if arguments.llm:
            model = LanguageModel(arguments.llm, arguments.llm_model, limits=PATIENT)
            pairs = ((question.id, question.text) for question in asked)
            for count, made in enumerate(
                generate(Assistant(retriever), model, pairs, settings, path), 1
            ):
                print(count, made.seconds, made.failure, repr(made.raw[:80]), flush=True)
        kept = read(path)
        done = [question for question in asked if question.id in kept]
        found = list(_sentences(retriever, done, kept))
        answers = list(_answers(retriever, done, kept))
    _write(arguments.work / "sentences.tsv", found)
    _show(done, kept, found, answers)


def _hits(retriever: Retriever, made: Generated) -> list[Hit]:
    """The passages that the model was given."""
    ids = [document for document, *_ in made.passages]
    found = retriever.search(made.question, 100, ids) if ids else []
    places = {(hit.document_id, hit.citation.start, hit.citation.end): hit for hit in found}
    return [places[place] for place in made.passages if place in places]


def _sentences(
    retriever: Retriever, asked: Iterable[evaluate.Question], kept: dict[str, Generated]
) -> Iterator[Sentence]:
    judge = load_model()
    checker = Checker(judge, retriever.settings, embedder=retriever.index.model)
    for question in asked:
        made = kept[question.id]
        hits = _hits(retriever, made)
        reviewer = Reviewer(checker, judge, [made.question], hits, made.language)
        for draft in drafts([made.raw], made.language):
            if says_nothing(draft.text):
                break
            reviewed = reviewer.review(draft)
            gold = any(fold(answer) in fold(draft.text) for answer in question.answers)
            passage = " ¶ ".join(hit.passage.words for hit in hits)
            yield Sentence(
                question.id,
                question.text,
                draft.text,
                bool(reviewed.citations),
                str(reviewed.reason or ""),
                _stands(draft, hits),
                gold,
                passage,
            )


def _stands(draft: Draft, hits: Sequence[Hit]) -> bool:
    """A rule apart from the check: numbers and names stand in a passage, and most of its words."""
    return any(_stands_in(draft.text, hit.text) for hit in hits)


def _stands_in(sentence: str, passage: str) -> bool:
    plain = fold(passage)
    if any(number not in _NUMBER.findall(passage) for number in _NUMBER.findall(sentence)):
        return False
    if any(fold(name) not in plain for name in _NAME.findall(sentence)):
        return False
    words, there = set(analyse(sentence, "es")), set(analyse(passage, "es"))
    return not words or len(words & there) >= SHARED * len(words)


def _answers(
    retriever: Retriever, asked: Iterable[evaluate.Question], kept: dict[str, Generated]
) -> Iterator[tuple[evaluate.Question, Answer]]:
    """What people would be shown, with the fallbacks."""
    model = Kept("kept")
    writer = Writer(retriever, model=model)
    for question in asked:
        model.raw = kept[question.id].raw
        yield question, writer.ask(question.text)


def _write(path: Path, found: Sequence[Sentence]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter="\t")
        rows.writerow(Sentence.__slots__)
        rows.writerows([getattr(one, name) for name in Sentence.__slots__] for one in found)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "-"


def _show(
    asked: Sequence[evaluate.Question],
    kept: dict[str, Generated],
    found: Sequence[Sentence],
    answers: Sequence[tuple[evaluate.Question, Answer]],
) -> None:
    shown = [one for one in found if one.shown]
    print(f"{len(asked)} questions, {sum(kept[q.id].failure == '' for q in asked)} were written")
    rows = []
    for name, some in (("no check", found), ("with the check", shown)):
        rows.append(
            {
                "": name,
                "sentences shown": str(len(some)),
                "stand by the rule": _share(sum(one.by_rule for one in some), len(some)),
                "hold a gold answer": _share(sum(one.has_gold for one in some), len(some)),
            }
        )
    measure.table("sentences", rows)
    lost = [one for one in found if not one.shown and one.by_rule and one.has_gold]
    right = [one for one in found if one.by_rule and one.has_gold]
    print(f"true by rule and gold, yet struck: {_share(len(lost), len(right))}")
    written = [(q, a) for q, a in answers if a.written]
    stood = [(q, a) for q, a in written if a.written and a.written.shown]
    fallbacks = [a.written.fallback for _, a in written if a.written and a.written.fallback]
    counts = {name: fallbacks.count(name) for name in dict.fromkeys(fallbacks)}
    print(f"answers: {_share(len(stood), len(written))} are the model's; else {counts}")
    for kind, group in (("written", stood), ("all", list(answers))):
        gold = sum(any(fold(g) in fold(a.text) for g in q.answers) for q, a in group)
        print(f"{kind} answers that hold a gold answer: {_share(gold, len(group))}")


if __name__ == "__main__":
    main()
