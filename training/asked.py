"""What `training.confidence` asks, and of which documents: questions that no reader is trained on.

Paragraphs of SQuAD and TyDi QA with their questions; and questions written by hand over whole
documents of the kind that people have, where everything is about much the same: transcripts of
press conferences, asked in Spanish and in English, and laws (training/questions/).
"""

import json
import lzma
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index import Document
from qa.evaluation.metrics import holds
from training import reader_data

__all__ = ["ADVERSARIAL", "Collection", "Question", "collections"]

KIN = 6  # documents of the same article, and of others, in a small collection
SOME, THIN = 240, 5  # documents of a middling one, and of one article in it
PIECE = 400  # characters of paragraphs put together, or more
OTHERS = 500  # paragraphs of other articles of SQuAD in English
ADVERSARIAL = "squad-es v2, none"
WRITTEN = {
    "transcripts": "mananeras-mx.jsonl.xz",
    "transcripts-en": "mananeras-mx.jsonl.xz",
    "laws": "laws-es-ar.jsonl.xz",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the ids of the documents that answer it, and the accepted answers.

    Without answers it is one that its document does not answer; an empty answer is an unknown one.
    """

    text: str
    documents: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, the article of each, and questions about some of them.

    ``short``: the documents are single passages.
    """

    documents: list[Document]
    articles: list[str]
    questions: list[Question]
    short: bool = True

    def few(self, document: str, draw: random.Random) -> list[str]:
        """The ids of a document, of some of its article and of some others: a small folder."""
        article = {one.id: of for one, of in zip(self.documents, self.articles, strict=True)}
        kin = [id for id, of in article.items() if of == article[document] and id != document]
        others = [id for id, of in article.items() if of != article[document]]
        near, far = draw.sample(kin, min(KIN, len(kin))), draw.sample(others, min(KIN, len(others)))
        return [document, *near, *far]

    def excerpts(self) -> "Collection":
        """Each paragraph a document, its document the article; questions that some of them answer.

        In a folder of a few pages a question may be in another language, too.
        """
        pieces = [
            (Document(f"{document.id} {number}", text), document.id)
            for document in self.documents
            for number, text in enumerate(_pieces(document.text))
        ]
        held: dict[str, list[Document]] = {}
        for piece, of in pieces:
            held.setdefault(of, []).append(piece)
        questions = [
            replace(question, documents=own)
            for question in self.questions
            for own in [
                tuple(
                    piece.id
                    for of in question.documents
                    for piece in held[of]
                    if holds(piece.text, [answer for answer in question.answers if answer])
                )
            ]
            if own
        ]
        return Collection([piece for piece, _ in pieces], [of for _, of in pieces], questions)

    def thinned(self, draw: random.Random) -> "Collection":
        """Of each article at most five documents, as in a folder of many things; 240 in all."""
        place = {document.id: number for number, document in enumerate(self.documents)}
        asked = list(dict.fromkeys(place[id] for q in self.questions for id in q.documents))
        draw.shuffle(asked)
        held: dict[str, list[int]] = {}
        for number in asked:
            held.setdefault(self.articles[number], []).append(number)
        kept = [number for numbers in held.values() for number in numbers[:THIN]][:SOME]
        others = sorted(set(range(len(self.documents))) - set(asked))
        kept += draw.sample(others, max(0, min(SOME - len(kept), len(others))))
        left = {self.documents[number].id for number in kept}
        return Collection(
            [self.documents[number] for number in kept],
            [self.articles[number] for number in kept],
            [question for question in self.questions if left.issuperset(question.documents)],
        )


def _pieces(text: str) -> Iterator[str]:
    """The paragraphs of a text, short ones put together."""
    piece = ""
    for paragraph in text.split("\n"):
        piece = f"{piece}\n{paragraph}".strip()
        if len(piece) >= PIECE:
            yield piece
            piece = ""
    if piece:
        yield piece


def paragraphs(
    articles: Sequence[dict[str, Any]], kept: set[str] | None, draw: random.Random
) -> Collection:
    """The questions about the kept articles, all if None; of the others some paragraphs."""
    asked: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    titles: dict[str, str] = {}
    others: list[str] = []
    for number, article in enumerate(articles):
        title = article.get("title", str(number))
        for paragraph in article["paragraphs"]:
            titles.setdefault(paragraph["context"], title)
            if kept is not None and title not in kept:
                others.append(paragraph["context"])
                continue
            asked.setdefault(paragraph["context"], []).extend(
                (entry["question"], tuple(answer["text"] for answer in entry["answers"]))
                for entry in paragraph["qas"]
            )
    texts = [*asked, *draw.sample(others, min(OTHERS, len(others)))]
    questions = [
        Question(text, (str(number),), answers)
        for number, entries in enumerate(asked.values())
        for text, answers in entries
    ]
    documents = [Document(str(number), text) for number, text in enumerate(texts)]
    return Collection(documents, [titles[text] for text in texts], questions)


def written(data: Path, name: str) -> Collection:
    """The questions of training/questions/NAME.jsonl over the documents that they are about."""
    file = Path(__file__).parent / "questions" / f"{name}.jsonl"
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    asked = [Question(r["question"], tuple(r["documents"]), tuple(r["answers"])) for r in rows]
    wanted = {id for question in asked for id in question.documents}
    documents = []
    with lzma.open(data / "corpus" / WRITTEN[name], "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            id = f"{row['date']}-{row['id']}" if "date" in row else row["id"]
            if id in wanted:
                text = row.get("text") or "\n\n".join((row["title"], *row["paragraphs"]))
                documents.append(Document(id, text))
    return Collection(documents, [document.id for document in documents], asked, short=False)


def collections(data: Path, draw: random.Random) -> dict[str, Collection]:
    """The sets that are asked, by name."""
    es = reader_data.read(data / "qa" / reader_data.SQUAD_ES[1])
    en = reader_data.read(data / "qa" / reader_data.SQUAD_EN)
    tydi = reader_data.read(data / "qa" / "tydiqa-en-dev.json")
    held = paragraphs(es, reader_data.held_out(es), draw)
    none = [question for question in held.questions if not question.answers]
    some = [question for question in held.questions if question.answers]
    return {
        ADVERSARIAL: replace(held, questions=none),
        "squad-es": replace(held, questions=some),
        "squad-en": paragraphs(en, reader_data.held_out(en), draw),
        "tydi": paragraphs(tydi, None, draw),
        **{name: written(data, name) for name in WRITTEN},
    }
