"""The tokenizer of multilingual-e5-small, cut to the pieces that Spanish and English need."""

import json
import lzma
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

Pieces = Sequence[tuple[str, float]]
UNKNOWN = 3


def tokenizer(pieces: Pieces, max_length: int | None = 512) -> Tokenizer:
    """XLM-R's tokenizer over these pieces; specials ``<s> <pad> </s> <unk>`` are ids 0 to 3."""
    made = Tokenizer(models.Unigram(list(pieces), unk_id=UNKNOWN, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    made.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    if max_length:
        made.enable_truncation(max_length)
    return made


def corpus(data: Path) -> Iterator[str]:
    """Every text of the training data: parallel sentences, laws, transcripts, questions."""
    for line in _lines(data / "train" / "parallel-en-es.jsonl.xz"):
        yield line["en"]
        yield line["es"]
    for line in _lines(data / "corpus" / "laws-es-ar.jsonl.xz"):
        yield "\n".join(line["paragraphs"])
    for line in _lines(data / "corpus" / "mananeras-mx.jsonl.xz"):
        yield line["text"]
    for path in sorted((data / "qa").glob("*.json*")):
        text = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
        yield from text.decode("utf-8").replace('\\"', '"').split('", "')


def counts(made: Tokenizer, texts: Iterable[str], batch: int = 2000) -> Counter[int]:
    """How often each piece is used in the texts."""
    made.no_truncation()
    seen: Counter[int] = Counter()
    texts = iter(texts)
    while chunk := list(islice(texts, batch)):
        for encoding in made.encode_batch_fast(chunk, add_special_tokens=False):
            seen.update(encoding.ids)
    return seen


def kept(pieces: Pieces, seen: Counter[int], at_least: int) -> list[int]:
    """The ids to keep, in order: specials, pieces used so often, and single written characters.

    Single characters of the scripts that Spanish and English documents quote (Latin, Greek,
    Cyrillic, digits, punctuation, symbols) stay even if unseen, so that a name or a formula does
    not become ``<unk>``.
    """
    return [
        number
        for number, (piece, _) in enumerate(pieces)
        if number <= UNKNOWN or piece == "<mask>" or seen[number] >= at_least or _written(piece)
    ]


def _written(piece: str) -> bool:
    character = piece.removeprefix("▁")
    if len(character) != 1:
        return False
    if unicodedata.category(character)[0] in "NPS":
        return True
    return unicodedata.name(character, "").split(" ")[0] in {"LATIN", "GREEK", "CYRILLIC"}


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
