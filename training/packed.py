"""What `training.pack` wrote, on a device, and batches that are drawn from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from training.reader_features import PAD
from training.switch import WAYS

COLUMNS = (
    *("question", "question_es", "passage", "start", "end", "start_es", "end_es"),
    *("cut", "cut_end", "cut_es", "cut_end_es", "other", "other_es", "typed", "typed_es"),
    *("wrong", "wrong_2", "wrong_3", "wrong_4", "wrong_5", "kind"),
)
PLAIN = ("sentence", "question", "passage", "law", "transcript")
HELD = "held:"
START, END = 0, 2
QUESTION = 64  # tokens of a question, prefix and special tokens counted
# Of the questions with Spanish words: both so, only the question, only the passage.
SHARES = [WAYS.count(way) / len(WAYS) for way in ("both", "question", "passage")]
TYPED = 0.35  # of the questions that have a version with slips


@dataclass(frozen=True, slots=True)
class Cut:
    """Parts of texts, each [rows]: the text, its first token, how many; and a hole in it."""

    texts: Tensor
    begin: Tensor
    length: Tensor
    hole: Tensor
    gap: Tensor

    def of(self, rows: Tensor) -> "Cut":
        """The parts in these rows."""
        return Cut(*(getattr(self, name)[rows] for name in self.__slots__))

    def where(self, chosen: Tensor, other: "Cut") -> "Cut":
        """Of the other where ``chosen``, else these."""
        pairs = ((getattr(other, name), getattr(self, name)) for name in self.__slots__)
        return Cut(*(torch.where(chosen, new, old) for new, old in pairs))


@dataclass(frozen=True, slots=True)
class Asked:
    """Drawn questions: their rows, which are shown in Spanish words, and so their passages."""

    rows: Tensor
    question: Tensor
    passage: Tensor

    def of(self, rows: Tensor) -> "Asked":
        """These of the questions."""
        return Asked(self.rows[rows], self.question[rows], self.passage[rows])


class Packed:
    """The arrays of the file, on a device, and a generator for what is drawn."""

    def __init__(self, path: Path, tokenizer: Tokenizer, device: str, seed: int = 0) -> None:
        """Load the file."""
        with np.load(path) as arrays:
            self._arrays = {
                name: torch.from_numpy(
                    arrays[name].astype(np.int32 if name == "ids" else np.int64)
                ).to(device)
                for name in ("ids", "bounds", "passages", "rows", "pairs", "plain")
            }
            self.kinds = [str(name) for name in arrays["kinds"]]
        self.device = device
        self._random = torch.Generator(device).manual_seed(seed)
        self._prefix = {
            kind: self.tensor([START, *tokenizer.encode(f"{kind}:", add_special_tokens=False).ids])
            for kind in ("query", "passage")
        }
        # Tokens of ``together`` beside the texts.
        self.around = 2 + sum(map(len, self._prefix.values()))
        self.rows = len(self._arrays["rows"])
        self._lengths = self._arrays["bounds"].diff()
        self.passages = self._arrays["passages"]

    def tensor(self, values: Sequence[int] | Sequence[float]) -> Tensor:
        """The numbers on the device."""
        return torch.tensor(values, device=self.device)

    def column(self, rows: Tensor, *names: str) -> Tensor:
        """A column of the rows, or of several the one side by side."""
        found = self._arrays["rows"][rows][:, [COLUMNS.index(name) for name in names]]
        return found[:, 0] if len(names) == 1 else found

    def uniform(self, size: int) -> Tensor:
        """``size`` numbers from 0 to 1."""
        return torch.rand(size, generator=self._random, device=self.device)

    def between(self, low: Tensor, high: Tensor) -> Tensor:
        """Whole numbers from low to high, both included."""
        return torch.minimum(low + (self.uniform(len(low)) * (high - low + 1)).long(), high)

    def trained(self, *, answered: bool) -> Tensor:
        """The rows that may be trained on, or those of them that their passage answers."""
        rows = torch.arange(self.rows, device=self.device)
        free = [not name.startswith(HELD) for name in self.kinds]
        kept = self.tensor(free)[self.column(rows, "kind")]
        return rows[kept & (self.column(rows, "start") >= 0)] if answered else rows[kept]

    def of_kind(self, kind: str, rows: Tensor) -> Tensor:
        """Those of the rows whose kind is this, or begins so before a dash."""
        same = [name.split("-")[0] == kind or name == kind for name in self.kinds]
        return rows[self.tensor(same)[self.column(rows, "kind")]]

    def whole_number(self, low: int, high: int) -> int:
        """A number from low to high, both included."""
        return min(high, low + int(self.uniform(1).item() * (high - low + 1)))

    def some(self, of: Tensor, size: int) -> Tensor:
        """``size`` of these, drawn with replacement."""
        return of[(self.uniform(size) * len(of)).long()]

    def one_of(self, table: Tensor) -> Tensor:
        """Of each row [rows, columns] one, drawn."""
        at = (self.uniform(len(table)) * table.shape[1]).long()
        return table.gather(1, at[:, None])[:, 0]

    def draw(self, pools: Mapping[str, Tensor], shares: Mapping[str, float], size: int) -> Asked:
        """``size`` questions, such shares of each pool of rows, each in one of switch.WAYS."""
        found = [kind for kind in shares if len(pools[kind])]
        rows = torch.cat([self.some(pools[kind], round(size * shares[kind])) for kind in found])
        can = self.column(rows, "question_es") >= 0
        at = self.uniform(len(rows))
        both, question, passage = self.tensor(SHARES).cumsum(0)
        return Asked(
            rows, can & (at < question), can & ((at < both) | between(at, question, passage))
        )

    def questions(self, asked: Asked, typed: float = TYPED) -> tuple[Tensor, Tensor]:
        """Ids and mask [rows, QUESTION] of questions, some of them with slips."""
        return self.sequences(
            self.whole(self.worded(asked, typed), QUESTION - 8), "query", QUESTION
        )

    def worded(self, asked: Asked, typed: float = TYPED, kind: str = "question") -> Tensor:
        """The texts of the questions."""
        side = asked.question.long()[:, None]
        chosen = self.column(asked.rows, kind, f"{kind}_es").gather(1, side)[:, 0]
        if kind != "question":
            return chosen
        other = self.column(asked.rows, "typed", "typed_es").gather(1, side)[:, 0]
        return torch.where((other >= 0) & (self.uniform(len(chosen)) < typed), other, chosen)

    def shown(self, passages: Tensor, spanish: Tensor) -> Tensor:
        """The texts of passages, in Spanish words where they are and shall be."""
        original, other = self.passages[passages].unbind(1)
        return torch.where(spanish & (other >= 0), other, original)

    def span(self, asked: Asked, first: str, last: str) -> tuple[Tensor, Tensor]:
        """First and last token of a part of each passage as it is shown; -1 if there is none."""
        plain = self.column(asked.rows, first, last)
        other = self.column(asked.rows, f"{first}_es", f"{last}_es")
        start, end = torch.where(asked.passage[:, None], other, plain).unbind(1)
        return start, end

    def whole(self, texts: Tensor, most: int) -> Cut:
        """The beginnings of texts."""
        zero = torch.zeros_like(texts)
        return Cut(texts, zero, self._lengths[texts].clamp(max=most), zero, zero)

    def window(self, texts: Tensor, size: Tensor, start: Tensor, end: Tensor) -> Cut:
        """At most ``size`` tokens of each text, start to end among them unless start is -1."""
        length = self._lengths[texts]
        size = torch.minimum(size, length)
        low = torch.where(start >= 0, (end + 1 - size).clamp(min=0), torch.zeros_like(start))
        high = torch.where(start >= 0, torch.minimum(start, length - size), length - size)
        begin = self.between(low, torch.maximum(low, high))
        zero = torch.zeros_like(begin)
        return Cut(texts, begin, size, zero, zero)

    def holed(self, texts: Tensor, size: Tensor, start: Tensor, end: Tensor) -> Cut:
        """At most ``size`` tokens of texts without their tokens from start to end."""
        gap = end - start + 1
        left = self._lengths[texts] - gap
        size = torch.minimum(size, left)
        begin = self.between(torch.zeros_like(size), left - size)
        return Cut(texts, begin, size, start, gap)

    def tokens(self, cut: Cut, places: Tensor) -> Tensor:
        """The ids at these places [rows, tokens] of each part; places past it are cut off later."""
        at = cut.begin[:, None] + places
        at = at + torch.where(at >= cut.hole[:, None], cut.gap[:, None], 0)
        found = self._arrays["bounds"][cut.texts][:, None] + at
        ids = self._arrays["ids"]
        return ids[found.clamp(0, len(ids) - 1)].long()

    def sequences(self, cut: Cut, kind: str, size: int) -> tuple[Tensor, Tensor]:
        """Ids and mask [rows, size]: ``<s> KIND: TEXT </s>`` and pads."""
        prefix = self._prefix[kind]
        place = torch.arange(size, device=self.device)[None] - len(prefix)
        length = cut.length[:, None]
        ids = torch.where(place < length, self.tokens(cut, place), PAD)
        ids = ids.masked_fill(place == length, END)
        ids[:, : len(prefix)] = prefix
        return ids, (place <= length).long()

    def together(self, asked: Cut, told: Cut, size: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """``<s> query: QUESTION </s> </s> passage: TEXT </s>``: ids, mask, allowed, TEXT's place.

        Allowed are TEXT's tokens and the first: where an answer starts or ends.
        """
        ids, mask = self.sequences(asked, "query", size)
        prefix = self._prefix["passage"].clone()
        prefix[0] = END
        head = mask.sum(1, keepdim=True)
        place = torch.arange(size, device=self.device)[None] - head
        inner = place - len(prefix)
        length = told.length[:, None]
        text = (inner >= 0) & (inner < length)
        ids = torch.where(text, self.tokens(told, inner), ids)
        ids = ids.masked_fill(inner == length, END)
        before = (place >= 0) & (inner < 0)
        ids = torch.where(before, prefix[place.clamp(0, len(prefix) - 1)], ids)
        allowed = text.clone()
        allowed[:, 0] = True
        return ids, (inner <= length).long(), allowed, head[:, 0] + len(prefix)

    def pairs(self, size: int, run: int = 8) -> tuple[Tensor, Tensor]:
        """Texts of sentences that mean the same, one in each language, in runs of a document."""
        pairs = self._arrays["pairs"]
        at = (self.uniform(size // run) * (len(pairs) - run)).long()
        found = pairs[(at[:, None] + torch.arange(run, device=self.device)).flatten()]
        turned = self.uniform(len(found)) < 0.5
        one, other = found[:, 0], found[:, 1]
        return torch.where(turned, other, one), torch.where(turned, one, other)

    def plain(self) -> dict[str, Tensor]:
        """The texts to distil on, by kind."""
        texts, kinds = self._arrays["plain"].unbind(1)
        return {name: texts[kinds == n] for n, name in enumerate(PLAIN)}

    def held(self) -> dict[str, Tensor]:
        """The rows of what is only measured on, by kind."""
        rows = torch.arange(self.rows, device=self.device)
        return {kind: self.of_kind(kind, rows) for kind in self.kinds if kind.startswith(HELD)}


def between(value: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Where low <= value < high."""
    return (value >= low) & (value < high)


def half(device: str) -> torch.autocast:
    """Products in bfloat16 where that is faster: not on a CPU."""
    return torch.autocast(device, torch.bfloat16, enabled=device != "cpu")
