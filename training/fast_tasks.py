"""What `training.fast` trains: a model's loss on drawn rows, and measures on held-out ones."""

from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from training import contrast, distil
from training.encoder_torch import SpanEncoder
from training.packed import QUESTION, Asked, Cut, Packed, half

PASSAGE, SHORTEST, SENTENCE = 152, 64, 72  # tokens of a passage (at most, at least), a sentence
ROOM = 8  # tokens of prefix and specials, or fewer
KINDS = {"en": 0.58, "tydi": 0.1, "es": 0.12, "cloze": 0.2}
WRONG = ("wrong", "wrong_2", "wrong_3", "wrong_4", "wrong_5")
PAIRS = 0.2  # of the steps are on pairs of sentences
MARGIN, MINED, MINE_EVERY = 0.01, 10, 1500  # likeness; passages a question; steps
FAR = -1e4
Given = tuple[Tensor, Tensor]  # ids and mask, [rows, tokens]


class Contrast:
    """Questions against their passages, as `training.contrast` has it, with mined wrong ones.

    A frozen teacher keeps the vectors near its own.
    """

    def __init__(self, data: Packed, size: int, teacher: SpanEncoder, anchor: float) -> None:
        """Batches of ``size`` questions; ``anchor`` weighs one less the cosine to the teacher's."""
        self.data, self.size, self.teacher, self.anchor = data, size, teacher, anchor
        self.rows = data.trained(answered=True)
        self.pools = {kind: data.of_kind(kind, self.rows) for kind in KINDS}
        named = data.column(self.rows, "passage", *WRONG)
        self.passages = named[named >= 0].unique()
        self.mined = torch.full((data.rows, MINED), -1, device=data.device)
        self.steps = 0

    def __call__(self, model: SpanEncoder) -> Tensor:
        """The loss of a batch of questions or of pairs of sentences."""
        if self.steps % MINE_EVERY == 0:
            self.mine(model)
        self.steps += 1
        if self.data.uniform(1).item() < PAIRS:
            asked, told = self.data.pairs(2 * self.size)
            given = [
                self.data.sequences(self.data.whole(texts, SENTENCE - ROOM), kind, SENTENCE)
                for texts, kind in ((asked, "query"), (told, "passage"))
            ]
            return self._loss(model, given[0], given[1], told[None] == told[:, None])
        drawn = self.data.draw(self.pools, KINDS, self.size)
        right = self.data.column(drawn.rows, "passage")
        numbers = torch.cat([right, *self._wrong(drawn.rows)])
        texts = self._windows(drawn, numbers)
        return self._loss(model, self.data.questions(drawn), texts, numbers == right[:, None])

    def _wrong(self, rows: Tensor) -> list[Tensor]:
        """A wrong passage that BM25 found for each row, and one that the model did."""
        tables = (self.data.column(rows, *WRONG), self.mined[rows])
        found = [self.data.one_of(table) for table in tables]
        drawn = [self.data.some(self.passages, len(rows)) for _ in found]
        return [torch.where(a >= 0, a, b) for a, b in zip(found, drawn, strict=True)]

    def _windows(self, drawn: Asked, numbers: Tensor) -> Given:
        """The passages, cut: the right ones, which come first, round the answer."""
        many = len(numbers) // len(drawn.rows)
        shown = self.data.shown(numbers, drawn.passage.repeat(many))
        # One size a batch: the length must not tell which passage is right.
        longest = 8 * self.data.whole_number(SHORTEST // 8, PASSAGE // 8)
        size = torch.full_like(numbers, longest - ROOM)
        none = torch.full((len(numbers) - len(drawn.rows),), -1, device=numbers.device)
        start, end = (torch.cat([one, none]) for one in self.data.span(drawn, "start", "end"))
        return self.data.sequences(self.data.window(shown, size, start, end), "passage", longest)

    def _loss(self, model: SpanEncoder, queries: Given, texts: Given, same: Tensor) -> Tensor:
        """Cross-entropy among all texts but those that are the right one again; and the anchor."""
        asked, told = model.vectors(*queries), model.vectors(*texts)
        right = torch.arange(len(asked), device=asked.device)
        same[right, right] = False
        scores = (asked @ told.T).float() / contrast.TEMPERATURE
        loss = functional.cross_entropy(scores.masked_fill(same, FAR), right)
        if self.anchor:
            with torch.no_grad():
                known = [self.teacher.vectors(*given) for given in (queries, texts)]
            for one, other in zip(known, (asked, told), strict=True):
                loss = loss + self.anchor * (1 - (one * other).sum(-1)).mean()
        return loss

    def mine(self, model: SpanEncoder) -> None:
        """Find each question's wrong passages by the model: less like it than the right one."""
        vectors = self.vectors(model, self.passages, spanish=False)
        place = torch.full((len(self.data.passages),), -1, device=self.data.device)
        place[self.passages] = torch.arange(len(self.passages), device=self.data.device)
        for rows in self.rows.split(4096):
            scores = self.asked(model, rows, spanish=False) @ vectors.T
            own = scores.gather(1, place[self.data.column(rows, "passage")][:, None])
            found = scores.masked_fill(scores > own - MARGIN, -1).topk(MINED)
            self.mined[rows] = torch.where(found.values > 0, self.passages[found.indices], -1)

    def vectors(self, model: SpanEncoder, passages: Tensor, *, spanish: bool) -> Tensor:
        """The vectors of the beginnings of passages, [passages, hidden]."""
        made = []
        for some in passages.split(1024):
            shown = self.data.shown(some, torch.full_like(some, spanish).bool())
            given = self.data.sequences(self.data.whole(shown, PASSAGE - ROOM), "passage", PASSAGE)
            with torch.no_grad(), half(self.data.device):
                made.append(model.vectors(*given).float())
        return torch.cat(made)

    def asked(self, model: SpanEncoder, rows: Tensor, *, spanish: bool) -> Tensor:
        """The vectors of questions, [rows, hidden]."""
        side = torch.full_like(rows, spanish).bool()
        with torch.no_grad(), half(self.data.device):
            return model.vectors(*self.data.questions(Asked(rows, side, side), typed=0)).float()

    def measure(self, model: SpanEncoder) -> str:
        """Recall@1 / @10 among all passages, dense, by kind; 0 as it is, 1 in Spanish words."""
        everything = torch.arange(len(self.data.passages), device=self.data.device)
        sides = [self.vectors(model, everything, spanish=side) for side in (False, True)]
        figures = []
        for kind, rows in self.data.held().items():
            both = bool((self.data.column(rows, "question_es") >= 0).all())
            own = self.data.column(rows, "passage")[:, None]
            for asked, told in ((0, 0), (1, 0), (0, 1), (1, 1)) if both else ((0, 0),):
                scores = self.asked(model, rows, spanish=bool(asked)) @ sides[told].T
                better = (scores > scores.gather(1, own)).sum(1)
                first, ten = ((better < n).float().mean().item() for n in (1, 10))
                figures.append(f"{kind[5:]} {asked}{told} {first:.3f}/{ten:.3f}")
        return ", ".join(figures)


class Distil(Contrast):
    """A student beside its teacher, as `training.distil` has it; some steps are Contrast's."""

    def __init__(
        self, data: Packed, size: int, teacher: SpanEncoder, anchor: float, share: float
    ) -> None:
        """``share`` of the steps are on questions."""
        super().__init__(data, size, teacher, anchor)
        self.share, self.plain = share, data.plain()
        self.waiting: list[Given] = []
        with torch.no_grad(), half(data.device):
            mean = torch.cat([teacher.vectors(*given) for given in self.some(8)]).mean(0)
        self.lesson = distil.Lesson(teacher, mean)

    def __call__(self, model: SpanEncoder) -> Tensor:
        """The loss of the next batch."""
        if self.data.uniform(1).item() < self.share:
            return super().__call__(model)
        return self.lesson.loss(model, *self._next())

    def some(self, batches: int) -> list[Given]:
        """So many batches of texts."""
        return [self._next() for _ in range(batches)]

    def _next(self) -> Given:
        """Texts of much the same length: eight batches are drawn at once, and sorted."""
        if not self.waiting:
            texts, asked = [], []
            for kind, share in distil.SHARES.items():
                texts.append(self.data.some(self.plain[kind], round(32 * share * self.size)))
                asked.append(self.data.uniform(len(texts[-1])) < distil.ASKED.get(kind, 0))
            made = self._batches(torch.cat(texts), torch.cat(asked))
            self.waiting = [made[n] for n in torch.randperm(len(made)).tolist()]
        return self.waiting.pop()

    def _batches(self, texts: Tensor, asked: Tensor) -> list[Given]:
        low, high = (torch.full_like(texts, size) for size in distil.WINDOW)
        size = torch.where(asked, QUESTION - ROOM, self.data.between(low, high))
        none = torch.full_like(texts, -1)
        cut = self.data.window(texts, size, none, none)
        made = []
        for part in cut.length.argsort().tensor_split(8):
            longest = 8 * -(-(int(cut.length[part[-1]]) + ROOM) // 8)
            told, query = (
                self.data.sequences(cut.of(part), kind, longest) for kind in ("passage", "query")
            )
            side = asked[part][:, None]
            made.append(
                (torch.where(side, query[0], told[0]), torch.where(side, query[1], told[1]))
            )
        return made


READ = {"en": 0.46, "tydi": 0.08, "es": 0.18, "cloze": 0.14, "prose": 0.14}
SEQUENCE, WINDOW = 192, (96, 160)  # tokens of the whole, and of the passage's part
ANYWHERE = 0.1  # of the windows


class Read:
    """Answers in passages, or none, as `training.reader` has it."""

    def __init__(self, data: Packed, size: int, wrong: float) -> None:
        """Batches of ``size`` questions, this share of the answered ones made unanswerable."""
        self.data, self.size, self.wrong = data, size, wrong
        trained = data.trained(answered=False)
        self.pools = {kind: data.of_kind(kind, trained) for kind in READ}

    def __call__(self, model: SpanEncoder) -> Tensor:
        """Cross-entropy of start and end over the window and the first token, the mean of both."""
        drawn = self.data.draw(self.pools, READ, self.size)
        answered = self.data.column(drawn.rows, "start") >= 0
        change = answered & (self.data.uniform(len(drawn.rows)) < self.wrong)
        scores, gold, known = self.score(model, drawn, change, ANYWHERE)
        losses = functional.cross_entropy(scores, gold, reduction="none").mean(1)
        return (losses * known).sum() / known.sum()

    def score(
        self, model: SpanEncoder, drawn: Asked, change: Tensor, anywhere: float
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Logits [rows, tokens, 2], answers [rows, 2], and where the answer is not cut in two.

        The rows of ``change`` are made unanswerable, ``anywhere`` of the windows drawn anywhere.
        """
        question, told, none = self._drawn(drawn, change, anywhere)
        asked = self.data.whole(question, QUESTION - ROOM)
        room = SEQUENCE - self.data.around - asked.length
        told = replace(told, length=torch.minimum(told.length, room))
        ids, mask, allowed, head = self.data.together(asked, told, SEQUENCE)
        start, end = self.data.span(drawn, "start", "end")
        first, last = start - told.begin, end - told.begin
        inside = ~none & (first >= 0) & (last < told.length)
        outside = none | (last < 0) | (first >= told.length)
        gold = torch.stack([torch.where(inside, at + head, 0) for at in (first, last)], dim=1)
        logits = model(ids, mask)[:, :, :2].float().masked_fill(~allowed[:, :, None], FAR)
        return logits, gold, (inside | outside).float()

    def _drawn(self, drawn: Asked, change: Tensor, anywhere: float) -> tuple[Tensor, Cut, Tensor]:
        """The questions' texts, the passages' parts, and which of them hold no answer."""
        data, rows = self.data, drawn.rows
        start, end = data.span(drawn, "start", "end")
        shown = data.shown(data.column(rows, "passage"), drawn.passage)
        size = data.between(*(torch.full_like(rows, tokens) for tokens in WINDOW))
        way = (data.uniform(len(rows)) * 4).long()
        # Half are asked of another passage that BM25 found.
        other = data.one_of(data.column(rows, *WRONG))
        moved = change & (way < 2) & (other >= 0)
        shown = torch.where(moved, data.shown(other.clamp(min=0), drawn.passage), shown)
        # A quarter with another name or number of the passage.
        swapped = data.worded(drawn, kind="other")
        renamed = change & (way == 2) & (swapped >= 0)
        question = torch.where(renamed, swapped, data.worded(drawn))
        # A quarter of the passage without the sentence that answers.
        hole, close = data.span(drawn, "cut", "cut_end")
        holed = change & (way == 3) & (hole >= 0)
        none = moved | renamed | holed | (start < 0)
        free = none | (data.uniform(len(rows)) < anywhere)
        told = data.window(shown, size, *(torch.where(free, -1, at) for at in (start, end)))
        return question, told.where(holed, data.holed(shown, size, hole, close)), none

    def measure(self, model: SpanEncoder) -> str:
        """Exact spans, and how often the margin over none tells an answer from none (AUROC)."""
        figures = []
        for kind, held in self.data.held().items():
            rows = held[self.data.column(held, "start") >= 0]
            both = len(rows) and bool((self.data.column(rows, "question_es") >= 0).all())
            for spanish in (False, True) if both else (False,) if len(rows) else ():
                side = torch.full_like(rows, spanish).bool()
                drawn = Asked(rows, side, side)
                margins = []
                for change in (torch.zeros_like(side), torch.ones_like(side)):
                    some = [
                        self._margin(model, drawn.of(part), change[part])
                        for part in torch.arange(len(rows), device=rows.device).split(256)
                    ]
                    margins.append([torch.cat(column) for column in zip(*some, strict=True)])
                (yes, exact), (no, _) = margins
                order = (yes[:, None] > no[None]).float().mean().item()
                figures.append(f"{kind[5:]} {int(spanish)} {exact.float().mean():.3f} {order:.3f}")
        return ", ".join(figures)

    def _margin(self, model: SpanEncoder, drawn: Asked, change: Tensor) -> tuple[Tensor, Tensor]:
        """The best start and end over the first token's, and whether they are the answer's."""
        with torch.no_grad(), half(self.data.device):
            logits, gold, _ = self.score(model, drawn, change, 0.0)
        best = logits[:, 1:].max(1)
        found = (best.indices + 1 == gold).all(1)
        return (best.values - logits[:, 0]).sum(1), found
