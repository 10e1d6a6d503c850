"""Retrieval, answers and abstention, measured on a file of questions with known paragraphs.

Each paragraph is a document of a temporary index, and a paragraph ranks where its best passage
does. The figures are those of ir-measures, which computes them as TREC does.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from index.errors import InputError, MissingExtraError, QuestionError

if TYPE_CHECKING:
    from index.embedders import Embedder
    from qa.retriever import Retriever

__all__ = ["Question", "Questions", "rank", "read", "run", "score"]

DEPTH = 10  # the rank that MRR and nDCG look down to


@dataclass(frozen=True, slots=True)
class Question:
    """A question; ``paragraph`` is the id of the paragraph that it was asked of.

    ``answers`` are the words that answer it, none when the paragraph does not say.
    """

    id: str
    text: str
    paragraph: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """What is measured on: texts by paragraph id, each text once, and the questions on them."""

    paragraphs: Mapping[str, str]
    questions: tuple[Question, ...]


def read(file: Path, *, questions: Path | None = None, pool: Sequence[Path] = ()) -> Questions:
    """Questions and paragraphs from SQuAD's JSON, or from lines of JSON as MLQA's.

    A line holds id, title, context, question and answers. ``questions`` replaces the wording of
    the questions by that of another file with the same ids, as for a translation, and leaves out
    those it lacks; ``pool`` adds the paragraphs of other files. Raises InputError for a file that
    cannot be read or used.
    """
    rows = list(_rows(file))
    ids: dict[str, str] = {}
    texts: dict[str, str] = {}
    for _, _, context, _ in [*rows, *(row for path in pool for row in _rows(path))]:
        key = _single(context)
        if key not in ids:
            ids[key] = f"paragraph-{len(ids) + 1}"
            texts[ids[key]] = context
    asked = [
        Question(id, text, ids[_single(context)], answers)
        for id, text, context, answers in rows
        if text is not None
    ]
    if questions is not None:
        asked = _reworded(asked, questions)
    if not asked:
        raise InputError(f"{file} has no questions: give a file with questions and answers.")
    return Questions(texts, tuple(asked))


def run(
    sets: Questions, *, k: int = 10, model: "str | Embedder | None" = None, answers: bool = False
) -> dict[str, float]:
    """The figures of hybrid search, by name: counts, and shares from 0 to 1.

    ``answers`` adds those of `Assistant`. Raises MissingExtraError without ir-measures, and
    whatever `index.Index.open` raises for ``model``.
    """
    _ir_measures()
    from index.index import Index
    from index.types import Document
    from qa.retriever import Retriever

    with (
        TemporaryDirectory(prefix="qa-eval-") as folder,
        Index.open(folder, create=True, model=model) as index,
    ):
        passages = index.add(Document(id, text) for id, text in sets.paragraphs.items())
        retriever = Retriever(index)
        answerable = [question for question in sets.questions if question.answers]
        figures: dict[str, float] = {
            "questions": len(sets.questions),
            "answerable": len(answerable),
            "paragraphs": len(sets.paragraphs),
            "passages": passages,
        }
        ranked = [rank(retriever, question.text, max(k, DEPTH)) for question in answerable]
        figures |= score([question.paragraph for question in answerable], ranked, k)
        if answers:
            figures |= _answers(retriever, sets.questions)
    return figures


def rank(retriever: "Retriever", question: str, k: int) -> list[str]:
    """The ids of the k documents whose best passages rank first.

    A question that cannot be searched for, like a lone question mark, finds none.
    """
    asked = 2 * k
    while True:
        try:
            hits = retriever.search(question, asked)
        except QuestionError:
            return []
        found = list(dict.fromkeys(hit.document_id for hit in hits))
        if len(found) >= k or len(hits) < asked:
            return found[:k]
        asked *= 2


def score(relevant: Sequence[str], ranked: Sequence[Sequence[str]], k: int) -> dict[str, float]:
    """Recall at 1 and k, MRR and nDCG at 10, of rankings with one relevant id each, best first.

    Raises MissingExtraError without ir-measures.
    """
    ir = _ir_measures()
    names = {
        "recall@1": ir.R @ 1,
        f"recall@{k}": ir.R @ k,
        f"mrr@{DEPTH}": ir.RR @ DEPTH,
        f"ndcg@{DEPTH}": ir.nDCG @ DEPTH,
    }
    if not relevant:
        return {}
    qrels = [ir.Qrel(str(n), id, 1) for n, id in enumerate(relevant)]
    # TREC's tools order by score and, where it is equal, by name: so the rank is the score.
    found = [
        ir.ScoredDoc(str(n), id, -float(place))
        for n, ids in enumerate(ranked)
        for place, id in enumerate(ids)
    ]
    means = ir.calc_aggregate(names.values(), qrels, found)
    return {name: float(means[measure]) for name, measure in names.items()}


def _answers(retriever: "Retriever", questions: Iterable[Question]) -> dict[str, float]:
    """How often an answer is given, its quotes hold a known one, and none is given rightly."""
    from qa.assistant import Assistant

    assistant = Assistant(retriever)
    answered: list[bool] = []
    held: list[bool] = []
    abstained: list[bool] = []
    for question in questions:
        try:
            answer = assistant.ask(question.text)
        except QuestionError:
            quotes, found = [], False
        else:
            quotes, found = [_plain(citation.quote) for citation in answer.citations], answer.found
        if question.answers:
            golden = [_plain(text) for text in question.answers]
            answered.append(found)
            held.append(any(text in quote for text in golden for quote in quotes))
        else:
            abstained.append(not found)
    figures = {"answered": answered, "answer in quotes": held, "abstained": abstained}
    return {name: sum(values) / len(values) for name, values in figures.items() if values}


def _single(text: str) -> str:
    """A text with single spaces, by which equal paragraphs are known."""
    return " ".join(text.split())


def _plain(text: str) -> str:
    return _single(text.casefold())


def _reworded(asked: Iterable[Question], file: Path) -> list[Question]:
    wordings = {id: text for id, text, _, _ in _rows(file) if text is not None}
    kept = [replace(q, text=wordings[q.id]) for q in asked if q.id in wordings]
    if not kept:
        raise InputError(f"{file} has none of the questions' ids: give a file with the same ids.")
    return kept


Row = tuple[str, str | None, str, tuple[str, ...]]  # id, question or None, paragraph, answers


def _rows(file: Path) -> Iterator[Row]:
    """The questions of a file, each with its paragraph; a paragraph without any has one row."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        reason = getattr(exc, "strerror", None) or "it is not UTF-8 text"
        raise InputError(f"{file} cannot be read: {reason}.") from exc
    try:
        yield from _squad(json.loads(text)) if _is_squad(text) else _lines(text)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise InputError(
            f"{file} holds no questions that can be read: give SQuAD's JSON, or lines of JSON with "
            "id, context, question and answers."
        ) from exc


def _is_squad(text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return not isinstance(value, dict) or "context" not in value


def _squad(value: Any) -> Iterator[Row]:
    for article in value["data"]:
        for paragraph in article["paragraphs"]:
            context = _text(paragraph["context"])
            if not paragraph["qas"]:
                yield "", None, context, ()
            for qa in paragraph["qas"]:
                answers = () if qa.get("is_impossible") else _golden(qa["answers"])
                yield str(qa["id"]), _text(qa["question"]), context, answers


def _lines(text: str) -> Iterator[Row]:
    for line in text.split("\n"):  # splitlines would cut at U+2028, which JSON may hold
        if line.strip():
            row = json.loads(line)
            answers = _golden(row["answers"])
            yield str(row["id"]), _text(row["question"]), _text(row["context"]), answers


def _golden(answers: Any) -> tuple[str, ...]:
    # SQuAD's annotators who found no answer left empty ones.
    return tuple(dict.fromkeys(answer["text"] for answer in answers if answer["text"].strip()))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value


def _ir_measures() -> Any:
    try:
        import ir_measures
    except ImportError as exc:
        raise MissingExtraError("Measuring needs ir-measures: run pip install 'qa[eval]'.") from exc
    return ir_measures
