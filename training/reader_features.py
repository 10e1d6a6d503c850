"""From questions and passages to the reader's token sequences, windows and batches.

A sequence is ``<s> query: QUESTION </s> </s> passage: WINDOW </s>``. Positions are token positions
in it; "no answer" is position 0, the first token, for start and end.
"""

import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenizers import Tokenizer

from training.reader_data import Example

if TYPE_CHECKING:
    import torch

QUERY, PASSAGE = "query: ", "passage: "
MAX_TOKENS = 192
WINDOW = (96, 160)
MAX_QUESTION = 300
PAD = 1


@dataclass(frozen=True, slots=True)
class Size:
    """In tokens: of a sequence at most, and of the passage's window, at least and at most."""

    sequence: int
    window: tuple[int, int]


SHORT = Size(MAX_TOKENS, WINDOW)
WHOLE = Size(500, (500, 500))  # whatever the model has positions for


@dataclass(frozen=True, slots=True)
class Feature:
    """A sequence; ``first`` is the window's first token, start and end the answer's (0: none)."""

    ids: list[int]
    first: int
    start: int
    end: int


def noisy(question: str, draw: random.Random, share: float = 0.12) -> str:
    """The question as people type it, at times: no accents or marks, capitals, one typo."""
    if draw.random() >= share or len(question) < 8:
        return question
    match draw.randrange(4):
        case 0:
            bare = unicodedata.normalize("NFD", question.replace("ñ", "\0"))
            bare = "".join(c for c in bare if unicodedata.category(c) != "Mn")
            return unicodedata.normalize("NFC", bare).replace("\0", "ñ").strip("¿? ")
        case 1:
            return question.upper()
        case 2:
            return question.lower().strip("¿? ")
        case _:
            i = draw.randrange(1, len(question) - 2)
            return question[:i] + question[i + 1] + question[i] + question[i + 2 :]


def window(
    offsets: Sequence[tuple[int, int]], text: str, answer: tuple[int, int], size: int, at: float
) -> tuple[int, int]:
    """Characters of at most ``size`` tokens that hold the answer, at a place given by 0 <= at <= 1.

    With answer (-1, -1) the place is anywhere in the text. Cuts fall before words.
    """
    count = len(offsets)
    if count <= size:
        return 0, len(text)
    low, high = 0, count - size
    if answer[0] >= 0:
        inside = [i for i, (a, b) in enumerate(offsets) if b > answer[0] and a < answer[1]]
        if inside and inside[-1] - inside[0] < size:
            low, high = max(0, inside[-1] + 1 - size), min(high, inside[0])
    begin = low + round(at * (high - low))
    start, end = offsets[begin][0], offsets[begin + size - 1][1]
    while start and not text[start - 1].isspace():
        start -= 1
    return start, end


def feature(
    tokenizer: Tokenizer, example: Example, draw: random.Random, size: Size = SHORT
) -> Feature | None:
    """The example as tokens, cut to a random window; None if that cuts the answer in two.

    One in ten windows of a long passage is drawn anywhere: what misses the answer has none.
    """
    question = QUERY + noisy(example.question[:MAX_QUESTION], draw)
    taken = len(tokenizer.encode(question).ids)
    room = min(draw.randint(*size.window), size.sequence - taken - 5)
    offsets = tokenizer.encode(example.passage, add_special_tokens=False).offsets
    answer = (example.start, example.end)
    anywhere = draw.random() < 0.1
    begin, end = window(
        offsets, example.passage, (-1, -1) if anywhere else answer, room, draw.random()
    )
    shift = len(PASSAGE) - begin
    encoded = tokenizer.encode(question, PASSAGE + example.passage[begin:end])
    if len(encoded.ids) > size.sequence + 8:
        return None
    tokens = passage_tokens(encoded.sequence_ids, encoded.offsets)
    if example.start < 0 or example.end <= begin or example.start >= end:
        return Feature(encoded.ids, tokens[0], 0, 0)
    if example.start < begin or example.end > end:
        return None
    inside = [
        i
        for i in tokens
        if encoded.offsets[i][1] > example.start + shift
        and encoded.offsets[i][0] < example.end + shift
    ]
    return Feature(encoded.ids, tokens[0], inside[0], inside[-1]) if inside else None


def passage_tokens(
    sequences: Sequence[int | None], offsets: Sequence[tuple[int, int]]
) -> list[int]:
    """The positions of the passage's own tokens: no question, specials or prefix."""
    return [
        i
        for i, (sequence, (_, end)) in enumerate(zip(sequences, offsets, strict=True))
        if sequence == 1 and end > len(PASSAGE)
    ]


def batches(features: Sequence[Feature], tokens: int, seed: int) -> list[list[Feature]]:
    """Batches of similar lengths with at most ``tokens`` tokens, pads counted, in random order."""
    made: list[list[Feature]] = []
    batch: list[Feature] = []
    for item in sorted(features, key=lambda item: len(item.ids)):
        if batch and len(item.ids) * (len(batch) + 1) > tokens:
            made.append(batch)
            batch = []
        batch.append(item)
    if batch:
        made.append(batch)
    random.Random(seed).shuffle(made)  # noqa: S311 (not for secrets)
    return made


def chunks(
    tokenizer: Tokenizer,
    examples: Sequence[Example],
    seed: int,
    tokens: int,
    chunk: int,
    size: int,
    limits: Size = SHORT,
) -> Iterator[tuple[int, list[list[Feature]]]]:
    """The batches of an epoch's examples from ``chunk`` on, ``size`` examples at a time."""
    for number in range(chunk, -(-len(examples) // size)):
        draw = random.Random(seed * 100_003 + number)  # noqa: S311 (not for secrets)
        part = examples[number * size : (number + 1) * size]
        made = [item for e in part if (item := feature(tokenizer, e, draw, limits))]
        yield number, batches(made, tokens, seed * 100_003 + number)


def tensors(batch: Sequence[Feature]) -> tuple["torch.Tensor", "torch.Tensor", "torch.Tensor"]:
    """Ids, mask (1 for tokens) and where an answer may start or end (window and first token)."""
    import torch

    longest = max(len(item.ids) for item in batch)
    ids = torch.full((len(batch), longest), PAD)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    allowed = torch.zeros((len(batch), longest), dtype=torch.bool)
    for row, item in enumerate(batch):
        ids[row, : len(item.ids)] = torch.tensor(item.ids)
        mask[row, : len(item.ids)] = 1
        allowed[row, item.first : len(item.ids) - 1] = True
    allowed[:, 0] = True
    return ids, mask, allowed
