"""The assistant: asks the retriever, lets a reader quote, and says so when there is no answer."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.catalog import Origin
from index.language import detect
from qa.conversation import resolve
from qa.readers import Quote, Reader, Reading
from qa.readers.sentences import SentenceReader
from qa.retriever import Retriever, check_question, cite
from qa.types import Answer, Citation, Hit, Turn

__all__ = ["Assistant"]

HITS = 8  # passages read, and offered when there is no answer
MIN_CONFIDENCE = 0.33
NOTHING = {"es": "Los documentos no lo dicen.", "en": "The documents do not say."}


class Assistant:
    """Answers questions with quotes from the documents. Safe for threads."""

    def __init__(
        self,
        retriever: Retriever,
        *,
        reader: Reader | None = None,
        min_confidence: float = MIN_CONFIDENCE,
    ) -> None:
        """``reader`` finds the quotes; below ``min_confidence`` (0 to 1) there is no answer."""
        self.retriever = retriever
        self._reader = reader or SentenceReader(retriever.index)
        self._min_confidence = min_confidence

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        documents: Sequence[str] | None = None,
    ) -> Answer:
        """The answer to a question; ``history`` holds the earlier turns of the conversation.

        ``documents`` limits the search to documents with these ids. Raises QuestionError for a
        question that cannot be searched for.
        """
        *_, answer = self.stream(question, history, documents)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        documents: Sequence[str] | None = None,
    ) -> Iterator[Answer]:
        """The answer as it grows: first the hits, then the citations one by one.

        Each snapshot holds all of the one before; the last one is what `ask` returns.
        """
        question = check_question(question)
        searched_for = resolve(question, history)
        language = detect(question) or "es"
        hits = tuple(self.retriever.search(searched_for, HITS, documents))
        answer = Answer(question, searched_for, False, "", 0.0, hits=hits, language=language)
        if hits:
            yield answer
        reading = self._reader.read(searched_for, hits)
        if reading.confidence < self._min_confidence or not reading.quotes:
            yield replace(answer, text=NOTHING[language], confidence=reading.confidence)
            return
        yield from _snapshots(answer, reading)


def _snapshots(answer: Answer, reading: Reading) -> Iterator[Answer]:
    citations: list[Citation] = []
    text = ""
    for number, quote in enumerate(reading.quotes, 1):
        citation = _cited(quote)
        citations.append(citation)
        text = f"{text}\n{_marked(citation.quote, number)}".lstrip("\n")
        yield replace(
            answer,
            found=True,
            text=text,
            confidence=reading.confidence,
            citations=tuple(citations),
        )


def _cited(quote: Quote) -> Citation:
    hit: Hit = quote.hit
    origin = Origin(hit.citation.title, hit.citation.source)
    citation = cite(hit.passage, quote.start, quote.end, origin)
    return replace(citation, highlight=quote.highlight)


def _marked(quote: str, number: int) -> str:
    """The words in quotation marks, on one line, with their number."""
    words = " ".join(quote.split())
    opened = "“" if words.startswith("«") or "»" in words else "«"
    return f"{opened}{words}{'”' if opened == '“' else '»'} [{number}]"
