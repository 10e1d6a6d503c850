"""What a sentence denies and its passage does not, or the reverse, and the other side. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from qa.asked.values import folded
from qa.questions.opposites import sides
from qa.writing.checking.contexts import Context, best_context
from qa.writing.checking.opposites import SIDES
from qa.writing.checking.sources import Source, Token
from qa.writing.checking.verdicts import Span

__all__ = ["denied_otherwise", "other_sides"]

_NOT = re.compile(
    r"\b(?:no(?!\s(?:s[oó]lo|solamente|obstante|only|one\b))|not(?!\s(?:only|just|"
    r"merely))|cannot|nunca|jamas|never|tampoco|ni|"
    r"nor|neither|sin(?!\sembargo|\sduda)|without|ningun[oa]?|nadie|nada|none|nobody|"
    r"nothing|hardly)\b|n['’]t\b"
)
_WEAK = re.compile(
    r"\b(?:no|not|cannot|nunca|jamas|never|tampoco|ni|nor|neither|sin|without|ningun\w*|nadie|nada|"
    r"none|nobody|nothing|care(?:ce|cia|cen)|falt\w+|lack\w*|neg(?:o|aron|ado|ar)|nieg\w+|"
    r"den(?:y|ied|ies)|rechaz\w+|refus\w+|reject\w*|imp(?:ide|iden|edir|idio|osib\w+)|impossib\w+|"
    r"prohib\w+|exent\w+|exempt\w*|unable|fail\w*|dej(?:o|aron|a|an) de|evit\w+|avoid\w*|"
    r"prevent\w*|un(?:known|clear|like\w*|willing|successful\w*)|desconocid\w+|incapa\w+|"
    r"except\w*|salvo|excluid\w+|excluded|apenas|hardly)\b|n['’]t\b"
)
_CUT = re.compile(r"[;:.]|,\s|\b(?:pero|but|sino|aunque|although)\b")
_AHEAD = 0.15  # by which the context of the other side must be better
_LEAST = 0.3  # of a context that tells which place of the passage is meant
_SURE = 0.9  # of the fit of a place that denies what the sentence does not


def denied_otherwise(sentence: Source, passages: Sequence[Source]) -> str | None:
    """The words that are denied in only one of the sentence and the place that it is about."""
    narrow, wide = _denied(sentence, 1), _denied(sentence, 3)
    for token in sentence.content:
        if token.plain.isdigit():
            continue
        place = _place(token, sentence, passages)
        if place is None:
            continue
        passage, at, context = place
        there = at[0]
        own, theirs = token.start in narrow, there in _denied(passage, 1)
        if own and there not in _denied(passage, 3):
            return token.plain
        if theirs and token.start not in wide and context.fit > _SURE:
            return token.plain
    return _nowhere_denied(sentence, passages)


def _place(
    token: Token, sentence: Source, passages: Sequence[Source]
) -> tuple[Source, Span, Context] | None:
    """The place of a word that stands most among the same words, if it stands anywhere."""
    best: tuple[Source, Span, Context] | None = None
    for passage in passages:
        if passage.language != sentence.language:
            continue
        ranks = passage.ranks.get(token.stem, ())
        places = [(passage.content[n].start, passage.content[n].end) for n in ranks]
        context, at = best_context((token.start, token.end), sentence, passage, places)
        if at and (best is None or context.fit > best[2].fit):
            best = passage, at, context
    return best


@lru_cache(maxsize=1024)
def _denied(source: Source, many: int) -> frozenset[int]:
    """Where the words begin that are denied: the first so many after "not", in its clause."""
    plain, found = folded(source.text), set[int]()
    for match in _NOT.finditer(plain):
        cut = _CUT.search(plain, match.end())
        last = cut.start() if cut else len(plain)
        at = bisect_left(source.starts, match.end())
        found.update(start for start in source.starts[at : at + many] if start < last)
    return frozenset(found)


def _nowhere_denied(sentence: Source, passages: Sequence[Source]) -> str | None:
    """The "not" of a sentence where those of the passages that say most like it have none."""
    match = _NOT.search(folded(sentence.text))
    if match is None:
        return None
    stems = {token.stem for token in sentence.content}
    shared: list[tuple[int, str]] = []
    for passage in passages:
        across = passage.language != sentence.language
        for start, end in passage.sentences:
            same = 0 if across else len({t.stem for t in passage.words_in(start, end)} & stems)
            shared.append((same, passage.text[start:end]))
    most = max((same for same, _ in shared), default=0)
    near = (text for same, text in shared if same >= most - 1)
    return None if any(_WEAK.search(folded(text)) for text in near) else match[0]


def other_sides(sentence: Source, passages: Sequence[Source]) -> str | None:
    """The words of one side, where the place that the sentence is about has the other one's."""
    for number, side, at in _sides(sentence.text):
        own, other = Context(), Context()
        for passage in passages:
            found = [item for item in _sides(passage.text) if item[0] == number]
            same = [place for _, s, place in found if s == side]
            rivals = [place for _, s, place in found if s != side]
            own = max(own, best_context(at, sentence, passage, same)[0], key=_fit)
            other = max(other, best_context(at, sentence, passage, rivals)[0], key=_fit)
        if other.fit > own.fit + _AHEAD and other.any_side >= _LEAST:
            return sentence.text[slice(*at)]
    return None


def _fit(context: Context) -> float:
    return context.fit


@lru_cache(maxsize=1024)
def _sides(text: str) -> tuple[tuple[int, int, Span], ...]:
    """Each word of a pair: which pair, which side, and where."""
    return tuple(_found(text))


def _found(text: str) -> Iterator[tuple[int, int, Span]]:
    for number, pair in enumerate(SIDES):
        for side, at in sides(text, pair):
            yield number, side, at
