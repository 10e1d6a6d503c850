"""Whether the quotes of a report still stand in an index, word for word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from index.errors import QuestionError
from index.storage.catalog import DocumentInfo
from qa.reports.plain import keyed, on_one_line
from qa.reports.reading import Quoted, Reference, read_report
from qa.reports.sources import Place, Source
from qa.search.retriever import Retriever

__all__ = ["Check", "CheckedReport", "Finding", "Status", "check_quotes", "check_report"]

_SEARCHED = 20  # passages in whose documents words are looked for that no reference leads to
_SEARCHED_CHARS = 600  # of a quote that is searched for
_KEPT = 8  # documents whose words are kept while a report is checked


class Status(StrEnum):
    """Whether a quote stands."""

    STANDS = "stands"  # in the same text, at the same place
    ELSEWHERE = "elsewhere"  # word for word, in another text, place or document
    CHANGED = "changed"  # the document is there and does not say this
    GONE = "gone"  # no document to look in


class Finding(StrEnum):
    """What was found of a quote, more exactly than its status."""

    SAME = "same"
    RENAMED = "renamed"  # the same text under another id
    MOVED = "moved"  # the document has changed, and still says it
    MISPLACED = "misplaced"  # the text is the same, and says it at another place than the report
    UNREFERENCED = "unreferenced"  # the report has the words alone, and a document has them
    REWORDED = "reworded"  # the document has changed, and does not say it any more
    ALTERED = "altered"  # the document has not changed: the report's words are others
    MISSING = "missing"  # the report has a reference without a quote in quotation marks
    REMOVED = "removed"  # the document is not in the index
    UNKNOWN = "unknown"  # words alone, which no document has

    @property
    def status(self) -> Status:
        """The status that it comes to."""
        return _STATUS[self]


_STATUS = {
    Finding.SAME: Status.STANDS,
    Finding.RENAMED: Status.ELSEWHERE,
    Finding.MOVED: Status.ELSEWHERE,
    Finding.MISPLACED: Status.ELSEWHERE,
    Finding.UNREFERENCED: Status.ELSEWHERE,
    Finding.REWORDED: Status.CHANGED,
    Finding.ALTERED: Status.CHANGED,
    Finding.MISSING: Status.CHANGED,
    Finding.REMOVED: Status.GONE,
    Finding.UNKNOWN: Status.GONE,
}


@dataclass(frozen=True, slots=True)
class Check:
    """What was found of the report's quote of this ``number``, from 1.

    ``place`` holds its words in the index or, where they are not there any more, those nearest to
    them, if any are; for a removed document, the same words in another one.
    """

    number: int
    quote: Quoted
    finding: Finding
    place: Place | None = None

    @property
    def stands(self) -> bool:
        """Whether the words stand in the index, word for word, and their document too."""
        return self.finding.status in {Status.STANDS, Status.ELSEWHERE}


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """All quotes of a report, in order; ``language`` is the report's, ``"es"`` or ``"en"``."""

    language: str
    checks: tuple[Check, ...]

    @property
    def stands(self) -> bool:
        """Whether every quote does."""
        return all(check.stands for check in self.checks)


def check_report(path: Path, retriever: Retriever) -> CheckedReport:
    """Look every quote of a report up in an index.

    Raises DocumentError for a file that cannot be read, InputError for one without a quote.
    """
    language, quotes = read_report(path)
    return CheckedReport(language, tuple(check_quotes(quotes, retriever)))


def check_quotes(quotes: Sequence[Quoted], retriever: Retriever) -> Iterator[Check]:
    """What was found of each quote, numbered from 1."""
    checker = _Checker(retriever)
    for number, quote in enumerate(quotes, 1):
        yield Check(number, quote, *checker.look_up(quote))


_Found = tuple[Finding, Place | None]


class _Checker:
    """An index as quotes are looked up in it."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self._by_name: dict[str, list[DocumentInfo]] = {}
        self._by_hash: dict[str, list[DocumentInfo]] = {}
        for info in retriever.documents():
            self._by_name.setdefault(_name(info.id), []).append(info)
            self._by_hash.setdefault(info.hash, []).append(info)
        self._read = lru_cache(_KEPT)(self._source)

    def look_up(self, quote: Quoted) -> _Found:
        """What is found of one quote, and where."""
        reference = quote.reference
        if reference is None:
            place = self._anywhere(quote)
            return (Finding.UNREFERENCED, place) if place else (Finding.UNKNOWN, None)
        if not keyed(quote.header + quote.words).key:
            return Finding.MISSING, None
        named = self._by_name.get(_name(reference.document_id), [])
        same = [info for info in named if _is_of(reference, info.hash)]
        if same:
            return self._in_the_same(quote, reference, same[0], Finding.SAME)
        if renamed := self._with_the_text(reference):
            return self._in_the_same(quote, reference, renamed, Finding.RENAMED)
        if named:
            return self._in_another(quote, reference, named[0])
        return Finding.REMOVED, self._anywhere(quote)

    def _in_the_same(
        self, quote: Quoted, reference: Reference, info: DocumentInfo, finding: Finding
    ) -> _Found:
        """In the text that was quoted."""
        source = self._read(info.id)
        if source.says(quote, reference.start, reference.end):
            return finding, source.place(reference.start, reference.end)
        if place := source.find(quote, reference.start):
            return Finding.MISPLACED, place
        return Finding.ALTERED, source.nearest(quote)

    def _in_another(self, quote: Quoted, reference: Reference, info: DocumentInfo) -> _Found:
        """In the document of that id, whose text is another one now."""
        source = self._read(info.id)
        if place := source.find(quote, reference.start):
            return Finding.MOVED, place
        return Finding.REWORDED, source.nearest(quote)

    def _with_the_text(self, reference: Reference) -> DocumentInfo | None:
        """A document of another id with the text that was quoted."""
        if len(reference.hash) == 64:
            return next(iter(self._by_hash.get(reference.hash, [])), None)
        hashes = (digest for digest in self._by_hash if _is_of(reference, digest))
        return next((self._by_hash[digest][0] for digest in hashes), None)

    def _anywhere(self, quote: Quoted) -> Place | None:
        """The same words in any document, found by searching for them."""
        asked = on_one_line(quote.words)[:_SEARCHED_CHARS]
        try:
            hits = self._retriever.search(asked, _SEARCHED)
        except QuestionError:  # no words at all
            return None
        for id in dict.fromkeys(hit.document_id for hit in hits):
            if place := self._read(id).find(quote, 0):
                return place
        return None

    def _source(self, id: str) -> Source:
        return Source(self._retriever.document(id))


def _name(id: str) -> str:
    """An id as a report shows it."""
    return on_one_line(id)


def _is_of(reference: Reference, digest: str) -> bool:
    return bool(reference.hash) and digest.startswith(reference.hash)
