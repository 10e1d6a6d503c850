"""Every mention of a phrase, none left out, compared with the words that the texts were made of."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Document, Index
from index.text.phrases import Phrase
from tests.index.test_index import Counting

# Words that are indexed and that are not, that are alike, that are parts of others; signs alone.
WORDS = (  # noqa: SIM905  # a list with one word a line would not be read
    "canon canones riego riega el de la no que the of agua aguas Peña pena camino presidente sino "
    "río rio 5 15 2024 % § RX-4471 político-social Estado estadística entretanto"
).split()
ACCENTED = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
BETWEEN = [" "] * 12 + ["\n", "  ", "\t", "\n\n", " \n\n\n", " «", "» "]
ENDS = [""] * 12 + [",", ".", ";"]


@dataclass(frozen=True)
class Word:
    """A word of a text: what it is, where it stands in it, and the sign after it."""

    word: str
    start: int
    end: int
    sign: str


def made(seed: int, words: int) -> tuple[str, list[Word]]:
    """A text and the words that it is made of, written in many ways."""
    of = random.Random(seed)  # noqa: S311  # the same each time
    text, listed = "", []
    for _ in range(words):
        word = of.choice(WORDS)
        written = of.choice([word, word, word.upper(), word.capitalize()])
        written = of.choice([written, written, written.translate(ACCENTED)])
        cut = of.randrange(1, max(2, len(word)))
        parts = {word[:cut], word[cut:]}
        if word.isalpha() and len(word) > 3 and of.random() < 0.1 and not parts & set(WORDS):
            written = f"{written[:cut]}-\n{written[cut:]}"
        sign = of.choice(ENDS)
        listed.append(Word(word, len(text), len(text) + len(written), sign))
        text += written + sign + of.choice(BETWEEN)
    return text.rstrip(), listed


TEXTS = {f"d{seed}": made(seed, 20 + seed * 7 % 400) for seed in range(60)}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Index:
    index = Index.open(tmp_path_factory.mktemp("mentions"), create=True, model=Counting())
    index.add(
        Document(id, text, language=("es", "en", None)[number % 3])
        for number, (id, (text, _)) in enumerate(TEXTS.items())
    )
    return index


def simple(word: str) -> str:
    return word.lower().replace("í", "i")


def expected(phrase: list[Word], listed: list[Word]) -> list[tuple[int, int]]:
    """Where the words of a phrase follow each other in a text."""
    found: list[tuple[int, int]] = []
    for at in range(len(listed) - len(phrase) + 1):
        same = all(
            is_same(one.word, other.word) and (one.sign == other.sign or last)
            for one, other, last in zip(
                phrase, listed[at:], [False] * (len(phrase) - 1) + [True], strict=False
            )
        )
        if same and (not found or listed[at].start >= found[-1][1]):
            found.append((listed[at].start, listed[at + len(phrase) - 1].end))
    return found


def is_same(asked: str, word: str) -> bool:
    """Who writes n finds an ñ too."""
    one, other = simple(asked), simple(word)
    return one == (other if "ñ" in one else other.replace("ñ", "n"))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 400), st.integers(1, 6))
def test_all_and_nothing_else(opened: Index, id: str, first: int, length: int) -> None:
    """Whatever the words are, over the ends of passages and of lines, in every document."""
    _, listed = TEXTS[id]
    phrase = listed[first % len(listed) :][:length]
    asked = " ".join(word.word + word.sign for word in phrase[:-1])
    asked = f"{asked} {phrase[-1].word}".strip()
    wanted = {id: expected(phrase, listed) for id, (_, listed) in TEXTS.items()}
    found = opened.mentions(Phrase(asked))
    assert dict(found) == {id: spans for id, spans in wanted.items() if spans}
    assert [id for id, _ in found] == sorted(dict(found))
