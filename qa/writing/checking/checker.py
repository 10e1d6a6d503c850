"""The check of one sentence: what it states must stand in its passages, and be said of the same."""

from collections.abc import Sequence
from functools import cached_property

from index.embedders import Embedder, load
from index.types import Passage
from qa.search.span_model import SpanModel
from qa.settings import SETTINGS, Settings
from qa.types import Hit
from qa.writing.checking.contests import Thing, things
from qa.writing.checking.fitted import Fitted, fitted
from qa.writing.checking.negation import denied_otherwise, other_sides
from qa.writing.checking.presence import missing
from qa.writing.checking.sources import Source, sentence_source, source_of
from qa.writing.checking.verdicts import Reason, Span, Verdict
from qa.writing.checking.words import is_far, strange_words

__all__ = ["Checker"]


class Checker:
    """Compares a written sentence with the passages that it cites. Safe for threads.

    ``judge`` is the reading model, as `qa.search.reranking.load_model` gives it. It is asked only
    where the words around a value or name do not settle what it is said of. ``embedder`` compares a
    sentence with passages in another language; the bundled one is loaded where it is needed first.
    """

    def __init__(
        self,
        judge: SpanModel,
        settings: Settings = SETTINGS,
        *,
        embedder: Embedder | None = None,
        models: Fitted | None = None,
    ) -> None:
        self._judge = judge
        self._given = embedder
        self._settings = settings.checking
        self._fitted = models or fitted()

    def check(
        self, sentence: str, passages: Sequence[Passage | Hit], *, question: str = ""
    ) -> Verdict:
        """Whether the passages together support all of a sentence.

        ``sentence`` comes without the marks of its citations (``[1]``). ``question`` is what it
        answers, if anything.
        """
        if not passages:
            return Verdict(False, Reason.NO_CITATION)
        sources = [source_of(passage) for passage in passages]
        written = sentence_source(sentence, sources, self._judge.count_pieces)
        evidence = tuple(_evidence(written, source) for source in sources)
        if any(_is_quoted(written, source) for source in sources):
            return Verdict(True, evidence=evidence)
        lack = next(missing(written, sources), None)
        if lack is None and (words := denied_otherwise(written, sources)):
            lack = Reason.NEGATION, words
        if lack is None and (words := other_sides(written, sources)):
            lack = Reason.NEGATION, words
        if lack is None and (words := self._misplaced(written, sources, question)):
            lack = Reason.ROLE, words
        if lack is None and (words := strange_words(written, sources, self._settings)):
            lack = Reason.WORDS, words
        if lack is None and self._is_far(written, sources):
            lack = Reason.UNSUPPORTED, sentence
        return Verdict(False, *lack) if lack else Verdict(True, evidence=evidence)

    def _is_far(self, written: Source, sources: Sequence[Source]) -> bool:
        if any(source.language == written.language for source in sources):
            return False
        return is_far(written, sources, self._embedder, self._settings)

    @cached_property
    def _embedder(self) -> Embedder:
        return self._given or load()

    def _misplaced(self, written: Source, sources: Sequence[Source], question: str) -> str | None:
        """The first value or name of which no passage says the same."""
        found: dict[Span, list[tuple[Thing, Source]]] = {}
        for source in sources:
            for thing in things(written, source):
                found.setdefault((thing.start, thing.end), []).append((thing, source))
        for (start, end), places in found.items():
            # What stands only in a title, or only in some of the passages, is judged where it is.
            held = [place for place in places if place[0].own]
            if held and not any(
                self._fitted.belongs(thing, written, source, self._judge, question)
                for thing, source in held
            ):
                return written.text[start:end]
        return None


def _is_quoted(written: Source, source: Source) -> bool:
    """Whether the sentence is one of the passage's, or several in a row, word for word."""
    own = [token.plain for token in written.tokens]
    if not own:
        return False
    for number, (start, _) in enumerate(source.sentences):
        for _, end in source.sentences[number:]:
            there = [token.plain for token in source.words_in(start, end)]
            if there == own:
                return True
            if len(there) > len(own):
                break
    return False


def _evidence(written: Source, source: Source) -> Span:
    """The sentence of a passage that shares most with what was written; (0, 0) for none."""
    own = {token.stem for token in written.content}

    def shared(span: Span) -> tuple[int, int]:
        return len(own & {token.stem for token in source.words_in(*span)}), span[0] - span[1]

    best = max(source.sentences, key=shared, default=(0, 0))
    return best if shared(best)[0] else (0, 0)
