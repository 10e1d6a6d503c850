"""The check of one sentence: what it states must stand in its passages, and be said of the same."""

from collections.abc import Sequence

from index.types import Passage
from qa.search.span_model import SpanModel
from qa.settings import SETTINGS, Settings
from qa.types import Hit
from qa.writing.checking.presence import missing
from qa.writing.checking.sources import Source, sentence_source, source_of
from qa.writing.checking.verdicts import Reason, Span, Verdict

__all__ = ["Checker"]


class Checker:
    """Compares a written sentence with the passages that it cites. Safe for threads.

    ``judge`` is the reading model, as `qa.search.reranking.load_model` gives it.
    """

    def __init__(self, judge: SpanModel, settings: Settings = SETTINGS) -> None:
        self._judge = judge
        self._settings = settings

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
        written = sentence_source(sentence, sources)
        lack = next(missing(written, sources), None)
        if lack:
            return Verdict(False, *lack)
        return Verdict(True, evidence=tuple(_evidence(written, source) for source in sources))


def _evidence(written: Source, source: Source) -> Span:
    """The sentence of a passage that shares most with what was written; (0, 0) for none."""
    own = {token.stem for token in written.tokens if token.stem}

    def shared(span: Span) -> int:
        return len(own & {token.stem for token in source.words_in(*span)})

    best = max(source.sentences, key=shared, default=(0, 0))
    return best if shared(best) else (0, 0)
