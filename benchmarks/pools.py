"""The questions that answers are measured on, and the collections that they are asked of.

A collection is a folder of its own in the work folder, so that embedding it is done once.
"""

import json
import lzma
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from index import Document, Index
from index.documents.decoding import clean
from qa import Retriever
from qa.evaluation import evaluate
from training import reader_data

__all__ = ["SETS", "QuestionSet", "large", "opened", "read"]

XQUAD_ES, XQUAD_EN = "eval/xquad.es.json", "eval/xquad.en.json"
MLQA_ES, MLQA_EN = "eval/mlqa-dev.ctx-es.q-es.jsonl", "eval/mlqa-dev.ctx-es.q-en.jsonl"
SQUAD = "qa/squad-es-v2-small.json"
SETS = ("xquad-es", "xquad-en", "mlqa-es", "mlqa-en-es", "squad-es-v2")
AT_ONCE = 16  # documents added between two looks at the number of passages


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions, each with the id of its paragraph, and all the paragraphs of their collection.

    A paragraph's id is its place in ``texts``; ``folder`` names the collection's index;
    ``language`` is that of the paragraphs.
    """

    name: str
    folder: str
    language: str
    texts: tuple[str, ...]
    questions: tuple[evaluate.Question, ...]

    def others(self, paragraph: str) -> list[str]:
        """The ids of all paragraphs but one."""
        return [id for id in map(str, range(len(self.texts))) if id != paragraph]


def read(name: str, data: Path) -> QuestionSet:
    """One of SETS. Of SQuAD-es only the articles that no reader was trained on are asked about."""
    match name:
        case "xquad-es":
            return _made(name, "ix-xes", evaluate.read(data / XQUAD_ES))
        case "xquad-en":
            return _made(name, "ix-xen", evaluate.read(data / XQUAD_EN), "en")
        case "squad-es-v2":
            made = _made(name, "ix-squad", evaluate.read(data / SQUAD))
            kept = _held_out(data / SQUAD)
            return replace(made, questions=tuple(q for q in made.questions if q.id in kept))
        case _:
            wording = data / MLQA_EN if name == "mlqa-en-es" else None
            pool = (data / XQUAD_ES, data / SQUAD)
            sets = evaluate.read(data / MLQA_ES, questions=wording, pool=pool)
            return _made(name, "ix-mlqa", sets)


def _made(name: str, folder: str, sets: evaluate.Questions, language: str = "es") -> QuestionSet:
    places = {id: str(place) for place, id in enumerate(sets.paragraphs)}
    asked = tuple(replace(each, paragraph=places[each.paragraph]) for each in sets.questions)
    return QuestionSet(name, folder, language, tuple(sets.paragraphs.values()), asked)


def _held_out(path: Path) -> set[str]:
    articles = reader_data.read(path)
    titles = reader_data.held_out(articles)
    return {
        entry["id"]
        for article in articles
        if article["title"] in titles
        for paragraph in article["paragraphs"]
        for entry in paragraph["qas"]
    }


@contextmanager
def opened(sets: QuestionSet, work: Path) -> Iterator[Retriever]:
    """A retriever over the collection, kept in the work folder; SystemExit if it is another one."""
    folder = work / sets.folder
    with Index.open(folder, create=True) as index:
        wanted = {str(place): clean(text) for place, text in enumerate(sets.texts)}
        held = {info.id for info in index.documents()}
        if any(index.document(id).text != wanted.get(id) for id in held):
            raise SystemExit(f"{folder} holds other documents: remove it, or give another --work.")
        missing = [Document(id, text) for id, text in wanted.items() if id not in held]
        if missing:
            index.add(missing)
        yield Retriever(index)


@contextmanager
def large(data: Path, work: Path, passages: int) -> Iterator[Retriever]:
    """A retriever over so many passages or a few more, kept in the work folder.

    The paragraphs of MLQA's collection come first, then laws and transcripts in turn.
    """
    with Index.open(work / f"ix-{passages}", create=True) as index:
        held = {info.id: info.passages for info in index.documents()}
        total = sum(held.values())
        documents = (document for document in _corpus(data) if document.id not in held)
        while total < passages and (group := list(islice(documents, AT_ONCE))):
            total += index.add(group)
        yield Retriever(index)


def _corpus(data: Path) -> Iterator[Document]:
    for place, text in enumerate(read("mlqa-es", data).texts):
        yield Document(str(place), text)
    laws = _lines(data / "corpus" / "laws-es-ar.jsonl.xz")
    transcripts = _lines(data / "corpus" / "mananeras-mx.jsonl.xz")
    yield from chain.from_iterable(zip(laws, transcripts, strict=False))


def _lines(path: Path) -> Iterator[Document]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = row.get("text") or "\n\n".join(row["paragraphs"])
            if text.strip():
                yield Document(f"{path.name}/{row['id']}", text, row.get("title"))
