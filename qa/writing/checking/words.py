"""Whether a sentence has the words of its passages, or their sense in another language."""

from collections.abc import Sequence

from index.embedders import Embedder
from qa.answering.lacking import alike
from qa.settings import CheckSettings
from qa.writing.checking.sources import Source

__all__ = ["is_far", "strange_words"]


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


def is_far(
    sentence: Source, passages: Sequence[Source], model: Embedder, settings: CheckSettings
) -> bool:
    """Whether no sentence of some passages, in another language, says anything like it."""
    told = [p.text[start:end] for p in passages for start, end in p.sentences]
    texts = [model.query_prefix + sentence.text.strip()]
    texts += [model.passage_prefix + text for text in told]
    vectors = model.encode(texts)
    return len(told) > 0 and float((vectors[1:] @ vectors[0]).max()) < settings.least_alike
