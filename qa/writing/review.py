"""What is shown of a language model's text: a sentence stands with its evidence, or is struck."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from index.storage.catalog import Origin
from index.text.folding import fold
from index.text.language import detect
from qa.search.citations import cite
from qa.search.span_model import SpanModel
from qa.settings import SETTINGS, WritingSettings
from qa.types import Citation, Hit
from qa.writing.checking import Checker, Verdict
from qa.writing.drafts import Draft

__all__ = ["Form", "Reviewed", "Reviewer"]

_OTHER_LANGUAGE: Final = 4  # words from which on a sentence shows its language
# What a page could make a link, a picture or code of, and what steers a terminal.
_MARKUP: Final = re.compile(
    r"://|\bwww\.|\bjavascript:|\bdata:\w+/|\]\s*\(|!\[|<\s*[/!a-z]|&#?\w+;|`|\$\$|\\[(\[]|"
    r"\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/|[^\S ]|"
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]",
    re.IGNORECASE,
)


class Form(StrEnum):
    """Why a sentence is struck that its passages may support."""

    LANGUAGE = "language"  # another one than the question's
    MARKUP = "markup"  # a link, a picture, HTML or code
    SOURCE = "source"  # it cites a passage that there is not
    REPEATED = "repeated"
    BESIDE = "beside"  # it does not answer the question


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A sentence and what became of it: it stands with its citations, or not for a ``reason``."""

    draft: Draft
    citations: tuple[Citation, ...] = ()
    reason: StrEnum | None = None


class Reviewer:
    """Reviews the sentences of one answer, which is in ``language``.

    ``questions`` are what was asked, in full, the whole first.
    """

    def __init__(
        self,
        checker: Checker,
        judge: SpanModel,
        questions: Sequence[str],
        hits: Sequence[Hit],
        language: str,
        settings: WritingSettings = SETTINGS.writing,
    ) -> None:
        self._checker = checker
        self._judge = judge
        self._questions = questions
        self._settings = settings
        self._hits = hits
        self._language = language
        self._said: set[str] = set()

    def review(self, draft: Draft) -> Reviewed:
        """Whether a sentence is shown, and with which citations."""
        if form := self._form(draft):
            return Reviewed(draft, reason=form)
        reason = None
        for hits in self._compared(draft):
            verdict = self._checker.check(draft.text, hits, question=self._questions[0])
            citations = tuple(_citations(hits, verdict)) if verdict.supported else ()
            if citations and not self._answers(draft.text):
                return Reviewed(draft, reason=Form.BESIDE)
            if citations:
                self._said.add(fold(draft.text))
                return Reviewed(draft, citations)
            reason = reason or verdict.reason
        return Reviewed(draft, reason=reason)

    def _form(self, draft: Draft) -> Form | None:
        if any(not 0 < number <= len(self._hits) for number in draft.numbers):
            return Form.SOURCE
        if _MARKUP.search(draft.text):
            return Form.MARKUP
        if fold(draft.text) in self._said:
            return Form.REPEATED
        words = len(draft.text.split())
        if words >= _OTHER_LANGUAGE and detect(draft.text) not in {self._language, None}:
            return Form.LANGUAGE
        return None

    def _answers(self, sentence: str) -> bool:
        """Whether the reading model finds an answer in the sentence alone.

        What a document orders a model to say is mostly none.
        """
        heads = (self._judge.read(asked, [sentence], [[]])[0].head for asked in self._questions)
        return any(head >= self._settings.beside for head in heads)

    def _compared(self, draft: Draft) -> Iterator[Sequence[Hit]]:
        """The passages it is compared with: those cited together, then each one alone.

        Small models often cite none, or the one beside; what is shown cites where it stands.
        """
        cited = [self._hits[number - 1] for number in draft.numbers]
        if cited:
            yield cited
        for hit in self._hits:
            if [hit] != cited:
                yield [hit]


def _citations(hits: Sequence[Hit], verdict: Verdict) -> Iterable[Citation]:
    for hit, (start, end) in zip(hits, verdict.evidence, strict=True):
        if start < end:
            passage = hit.passage
            origin = hit.origin or Origin(
                hit.citation.title, hit.citation.source, hit.citation.date, hit.citation.hash
            )
            yield cite(passage, passage.start + start, passage.start + end, origin)
