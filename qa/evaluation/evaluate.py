"""Retrieval, answers and abstention, measured on questions with known answers.

Where the file of questions brings its paragraphs, each is a document of a temporary index, and
ranks where its best passage does. A person's own questions are asked of their own index; there the
expected passage is one of the document and paragraph given or, without them, one that holds the
answer. The figures of retrieval are those of ir-measures, which computes them as TREC does.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from index.errors import InputError, MissingExtraError, QuestionError
from qa.calibration.stored import holding, threshold_for
from qa.evaluation import metrics as measures
from qa.evaluation.dataset import Question, Questions, read
from qa.evaluation.ratings import Wrong
from qa.evaluation.results import Evaluation, Result, abstention, answered, calibration
from qa.types import Answer, Hit

if TYPE_CHECKING:
    from index.embedders import Embedder
    from qa.answering.assistant import Assistant
    from qa.readers import Reader
    from qa.search.retriever import Retriever

__all__ = [
    "Evaluation",
    "Question",
    "Questions",
    "Result",
    "asked",
    "check",
    "measure",
    "rank",
    "read",
    "run",
    "score",
]

DEPTH = 10  # the rank that MRR and nDCG look down to


def run(
    sets: Questions,
    *,
    k: int = 10,
    model: "str | Embedder | None" = None,
    answers: bool = False,
    index: Path | None = None,
) -> dict[str, float]:
    """The figures of `measure`, by name."""
    return dict(measure(sets, k=k, model=model, answers=answers, index=index).figures)


def measure(
    sets: Questions,
    *,
    k: int = 10,
    model: "str | Embedder | None" = None,
    answers: bool = False,
    index: Path | None = None,
    reader: "Reader | str | None" = None,
) -> Evaluation:
    """Ask every question, and add up; ``answers`` measures answers and abstention too.

    ``index`` is the folder of the index that questions without paragraphs are asked of. Raises
    MissingExtraError without ir-measures, InputError for a question about a document or paragraph
    that is not there, and whatever `index.Index.open` raises.
    """
    from qa.answering.assistant import Assistant

    _ir_measures()
    depth = max(k, DEPTH)
    with _opened(sets, model, index) as retriever:
        sets, left_out = _standing(sets, retriever)
        if not sets.paragraphs:
            check(sets.questions, retriever)
        # Quotes are wanted from below the threshold too, to see whether it was right to refuse.
        assistant = Assistant(retriever, reader=reader, min_confidence=0.0) if answers else None
        found = holding(retriever.index, assistant.reader) if assistant else None
        least = threshold_for(retriever.index, assistant.reader) if assistant else 0.0
        results = tuple(_results(retriever, sets, depth, assistant, least))
        again = _again(sets.wrong or (), assistant, least) if assistant else {}
        documents, passages = retriever.index.counts()
    answerable = [result for result in results if result.question.answers]
    figures: dict[str, float] = {"questions": len(results), "answerable": len(answerable)}
    figures["paragraphs" if sets.paragraphs else "documents"] = documents
    figures["passages"] = passages
    rankings = [_ranking(result.place, depth) for result in answerable]
    figures |= score([_EXPECTED] * len(rankings), rankings, k)
    if answers:
        figures |= answered(results) | abstention(results) | calibration(results)
    return Evaluation(figures | again | left_out, results, k, depth, least, found)


def _standing(sets: Questions, retriever: "Retriever") -> tuple[Questions, dict[str, float]]:
    """Of ratings, those whose document is still there, and how many are not.

    Where its text is another one, the paragraph is not the one that was counted.
    """
    if sets.wrong is None:
        return sets, {}
    origins = retriever.index.origins({q.document for q in sets.questions if q.document})
    kept = []
    for question in sets.questions:
        origin = origins.get(question.document or "")
        if origin and origin.hash != question.hash:
            kept.append(replace(question, number=None))
        elif origin or not question.document:
            kept.append(question)
    gone = len(sets.questions) - len(kept)
    figures: dict[str, float] = {"rated right": len(sets.questions), "rated wrong": len(sets.wrong)}
    figures |= {"rated right, document gone": gone} if gone else {}
    return replace(sets, questions=tuple(kept)), figures


def _again(wrong: Sequence[Wrong], assistant: "Assistant", least: float) -> dict[str, float]:
    """Of the answers that were rated wrong, the share that comes again."""
    if not wrong:
        return {}
    same = 0
    for one in wrong:
        now = asked(assistant, Result(Question(one.id, one.text, "", ()), None), least)
        same += one.again(now.quotes or (), answered=bool(now.answered))
    return {"wrong answer again": same / len(wrong)}


def rank(retriever: "Retriever", question: str, k: int) -> list[str]:
    """The ids of the k documents whose best passages rank first.

    A question that cannot be searched for, like a lone question mark, finds none.
    """
    depth = 2 * k
    while True:
        hits = _search(retriever, question, depth)
        ids = list(dict.fromkeys(hit.document_id for hit in hits))
        if len(ids) >= k or len(hits) < depth:
            return ids[:k]
        depth *= 2


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
    scored = [
        ir.ScoredDoc(str(n), id, -float(place))
        for n, ids in enumerate(ranked)
        for place, id in enumerate(ids)
    ]
    means = ir.calc_aggregate(names.values(), qrels, scored)
    return {name: float(means[measure]) for name, measure in names.items()}


_EXPECTED = "expected"


def _ranking(place: int | None, depth: int) -> list[str]:
    """A ranking with the expected passage in its place, as `score` takes it."""
    ids = [f"other-{number}" for number in range(1, depth + 1)]
    if place is not None:
        ids[place - 1] = _EXPECTED
    return ids


@contextmanager
def _opened(
    sets: Questions, model: "str | Embedder | None", folder: Path | None
) -> Iterator["Retriever"]:
    """The person's own index, or a temporary one of the paragraphs."""
    from index.index import Index
    from index.types import Document
    from qa.search.retriever import Retriever

    if not sets.paragraphs:
        if folder is None:
            raise InputError("The questions bring no paragraphs: say which index to ask.")
        with Retriever.open(folder, model=model) as retriever:
            yield retriever
        return
    with (
        TemporaryDirectory(prefix="qa-eval-") as temporary,
        Index.open(temporary, create=True, model=model) as index,
    ):
        index.add(Document(id, text) for id, text in sets.paragraphs.items())
        yield Retriever(index)


def check(questions: Sequence[Question], retriever: "Retriever") -> None:
    """Raise InputError for an empty index, or a question about a document that is not in it."""
    ids = {info.id for info in retriever.documents()}
    if not ids:
        raise InputError("The index holds no documents: run qa index first.")
    for question in questions:
        if question.document is not None and question.document not in ids:
            raise InputError(
                f"The question of {question.id} names the document {question.document}, which is "
                "not in the index: qa status lists them."
            )


def _results(
    retriever: "Retriever",
    sets: Questions,
    depth: int,
    assistant: "Assistant | None",
    least: float,
) -> Iterator[Result]:
    """One result a question; with an assistant, of its answer too."""
    for question in sets.questions:
        place = _place(retriever, question, depth) if question.answers else None
        result = Result(question, place)
        yield result if assistant is None else asked(assistant, result, least)


def asked(assistant: "Assistant", result: Result, least: float) -> Result:
    """The result with what an assistant that must answer says; it would from ``least`` on."""
    question = result.question.text
    try:
        answer = assistant.ask(question)
    except QuestionError:
        answer = Answer(question, question, False, "", 0.0)
    return replace(
        result,
        quotes=tuple(citation.quote for citation in answer.citations),
        short=answer.short,
        confidence=answer.confidence,
        answered=answer.found and answer.confidence >= least,
    )


def _place(retriever: "Retriever", question: Question, depth: int) -> int | None:
    """The rank, from 1, of the expected passage among the first ``depth``."""
    if question.paragraph:
        ids = rank(retriever, question.text, depth)
        return ids.index(question.paragraph) + 1 if question.paragraph in ids else None
    for place, hit in enumerate(_search(retriever, question.text, depth), 1):
        if _is_expected(hit, question):
            return place
    return None


def _is_expected(hit: Hit, question: Question) -> bool:
    if question.document is None:
        return measures.holds(hit.text, question.answers)
    passage = hit.passage
    last = passage.paragraph + len(passage.paragraph_breaks)
    return hit.document_id == question.document and (
        question.number is None or passage.paragraph <= question.number <= last
    )


def _search(retriever: "Retriever", question: str, k: int) -> list[Hit]:
    try:
        return retriever.search(question, k)
    except QuestionError:
        return []


def _ir_measures() -> Any:
    try:
        import ir_measures
    except ImportError as exc:
        raise MissingExtraError(
            "Measuring needs ir-measures: run pip install '.[eval]' in the project's folder."
        ) from exc
    return ir_measures
