"""Whether the words of a sentence are those of its passages, apart from a few. Pure."""

from collections.abc import Sequence

from qa.answering.lacking import alike
from qa.settings import CheckSettings
from qa.writing.checking.sources import Source

__all__ = ["strange_words"]


def strange_words(
    sentence: Source, passages: Sequence[Source], settings: CheckSettings
) -> str | None:
    """The words that no passage has, where they are too many for a sentence in other words.

    A passage in another language has none of them to compare.
    """
    same = [passage for passage in passages if passage.language == sentence.language]
    if len(same) < len(passages) or not sentence.content:
        return None
    stems = {stem for passage in same for stem in passage.ranks}
    plain = {token.plain for passage in same for token in passage.content}
    around = {word for passage in same for word in passage.around_words}
    missing = [
        token.plain
        for token in sentence.content
        if token.stem not in stems and not any(alike(token.plain, w) for w in (*plain, *around))
    ]
    share = len(missing) / len(sentence.content)
    return " ".join(missing) if share > settings.strange_words else None
