"""Measure a reader, passage given: words, quotes, and answers told from near misses."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from index.text.language import detect
from index.text.sentences import sentence_spans
from qa.evaluation.metrics import auroc
from qa.search.span_model import STRIDE, WINDOW, Run
from training import questions_data, reader_data, reader_score
from training.reader_features import PASSAGE, QUERY, passage_tokens

MLQA, SQUAD = "mlqa-dev-es", "squad-es-v2"
ANSWER = 30
LONG = 256  # tokens of an answer, where a whole list may be one


@dataclass(frozen=True, slots=True)
class Case:
    """A question and a passage; no answers where the passage has none."""

    group: str
    question: str
    passage: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of a case.

    ``text`` is the best span of at most 30 tokens, ``long`` that of at most 256, ``quote`` the
    sentences around ``text``. ``margin`` is the best span's over "no answer"; ``head``
    tells whether the passage answers: both are logits.
    """

    case: Case
    text: str
    long: str
    quote: str
    margin: float
    head: float

    @property
    def row(self) -> dict[str, Any]:
        """What is worth keeping of it, for JSON."""
        return {k: v for k, v in asdict(self).items() if k != "case"} | {
            "group": self.case.group,
            "question": self.case.question,
            "answers": self.case.answers,
        }


def cases(questions: Path, data: Path, limit: int) -> list[Case]:
    """The held-out hand-written questions, ``limit`` of MLQA dev, and SQuAD-es v2's held-out."""
    asked = questions_data.read(questions)
    made = [
        Case(item.group, item.question, item.context, item.answers)
        for item in asked
        if questions_data.held_out(item.document)
    ]
    mlqa = list(reader_score.questions(data / "eval" / reader_score.SETS[0]))
    made += [
        Case(MLQA, item.question, item.passage, item.answers)
        for item in reader_score.some(mlqa, limit)
    ]
    articles = reader_data.read(data / "qa" / reader_data.SQUAD_ES[1])
    kept = reader_data.held_out(articles)
    for article in articles:
        for paragraph in article["paragraphs"] if article["title"] in kept else ():
            for entry in paragraph["qas"]:
                answers = tuple(a["text"] for a in entry["answers"] if a["text"].strip())
                made.append(Case(SQUAD, entry["question"], paragraph["context"], answers))
    return made


def read(run: Run, tokenizer: Tokenizer, cases: Iterable[Case]) -> list[Reading]:
    """What the model says of each; long passages are read in windows, as qa.readers does."""
    tokenizer.enable_truncation(WINDOW, stride=STRIDE, strategy="only_second")
    return [_reading(run, tokenizer, case) for case in cases]


def _reading(run: Run, tokenizer: Tokenizer, case: Case) -> Reading:
    first = tokenizer.encode(QUERY + case.question, PASSAGE + case.passage)
    short: list[tuple[float, questions_data.Offsets]] = []
    long: list[tuple[float, questions_data.Offsets]] = []
    heads = []
    for window in (first, *first.overflowing):
        (logits,) = run([window.ids])
        tokens = passage_tokens(window.sequence_ids, window.offsets)
        # A later window has no prefix: it goes on in the middle of the passage.
        offsets = np.array([window.offsets[token] for token in tokens]) - len(PASSAGE)
        nothing = float(logits[0, :2].sum())
        for kept, most in ((short, ANSWER), (long, LONG)):
            start, end, score = best(logits[tokens, :2], most)
            span = (max(0, int(offsets[start, 0])), int(offsets[end, 1]))
            kept.append((score - nothing, span))
        heads.append(float(logits[0, 2]))
    margin, (start, end) = max(short)
    _, (long_start, long_end) = max(long)
    bounds = sentence_spans(case.passage, detect(case.passage))
    held = [bound for bound in bounds if bound[0] < end and bound[1] > start] or [(start, end)]
    return Reading(
        case,
        case.passage[start:end].strip(),
        case.passage[long_start:long_end].strip(),
        case.passage[min(start, held[0][0]) : max(end, held[-1][1])],
        margin,
        max(heads),
    )


def best(logits: np.ndarray, most: int) -> tuple[int, int, float]:
    """The best span's first and last token, and its score; ``logits`` [tokens, 2], start and end.

    A span has at most so many tokens.
    """
    scores = logits[:, :1] + logits[:, 1]
    allowed = np.triu(np.ones(scores.shape, bool)) & ~np.triu(np.ones(scores.shape, bool), most)
    scores = np.where(allowed, scores, -np.inf)
    start, end = divmod(int(scores.argmax()), len(scores))
    return start, end, float(scores[start, end])


def show(readings: Sequence[Reading]) -> None:
    """Print a table, a set a line, and one of all hand-written sets together."""
    groups = dict.fromkeys(reading.case.group for reading in readings)
    own = [name for name in groups if name not in {MLQA, SQUAD}]
    print("set              n(yes/no)  EM    F1    F1long holds  margin head  both")
    for name, members in [*((name, {name}) for name in groups), ("hand-written", set(own))]:
        print(f"{name:16} {figures([r for r in readings if r.case.group in members])}")


def figures(readings: Sequence[Reading]) -> str:
    """Exact match and F1 of the answerable, quotes that hold an answer, and AUROC by each logit."""
    yes = [reading for reading in readings if reading.case.answers]
    no = [reading for reading in readings if not reading.case.answers]
    columns = [
        [reader_score.exact_match(r.text, r.case.answers) for r in yes],
        [reader_score.f1(r.text, r.case.answers) for r in yes],
        [reader_score.f1(r.long, r.case.answers) for r in yes],
        [float(holds(r.quote, r.case.answers)) for r in yes],
    ]
    line = f"{len(yes):4}/{len(no):<4}  " + "  ".join(f"{np.mean(c):.3f}" for c in columns)
    if not no:
        return line
    told = [
        auroc([r.margin for r in yes], [r.margin for r in no]),
        auroc([r.head for r in yes], [r.head for r in no]),
        auroc([r.margin + r.head for r in yes], [r.margin + r.head for r in no]),
    ]
    return f"{line}  " + "  ".join(f"{value:.3f}" for value in told)


def holds(quote: str, answers: Sequence[str]) -> bool:
    """Whether the quote has an answer's words in it, both normalised."""
    told = f" {reader_score.normalised(quote)} "
    return any(f" {reader_score.normalised(answer)} " in told for answer in answers)
