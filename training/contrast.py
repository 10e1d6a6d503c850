"""Tune the embedding model on questions and their passages. Resumable, by the clock.

    python -m training.contrast train --base CHECKPOINT --data DATA --out RUN --minutes 95
    python -m training.contrast export --base CHECKPOINT --checkpoint RUN/checkpoint.pt --out FOLDER
    python -m training.contrast evaluate --data DATA --model FOLDER

Each question is held against its passage, one that BM25 finds without the answer, and those of the
other questions in the batch. Sentences of parallel texts and clozes across languages are asked the
same way. The word embeddings and the two lowest layers stay as they are: the reader shares them.
``export --share .5`` writes the mean of the base's weights and the tuned ones (WiSE-FT, Wortsman et
al. 2022), which forgets less. ``evaluate`` measures on questions that nothing is trained on.
"""

import argparse
import hashlib
import json
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from training import (
    cloze,
    encoder_graph,
    encoder_torch,
    loop,
    negatives,
    reader_data,
    reader_score,
    smoothing,
    switch,
)
from training.asked import ADVERSARIAL, collections
from training.reader_features import MAX_QUESTION, PAD, noisy, window

QUERY, PASSAGE = "query: ", "passage: "
WINDOW = (64, 128)  # tokens of a passage
CHUNK = 512
TEMPERATURE = 0.02
Weights = dict[str, np.ndarray]
SENTENCES = (40, 300)  # characters of a sentence of a parallel text


@dataclass(frozen=True, slots=True)
class Triple:
    """Token ids of a question, its passage, and a passage that does not answer it."""

    question: list[int]
    right: list[int]
    wrong: list[int]


def loss(model: encoder_torch.SpanEncoder, batch: list[Triple]) -> torch.Tensor:
    """Cross-entropy of each question's passage among all passages of the batch."""
    asked = model.vectors(*padded([triple.question for triple in batch]))
    texts = [triple.right for triple in batch] + [triple.wrong for triple in batch]
    scores = asked @ model.vectors(*padded(texts)).T / TEMPERATURE
    return functional.cross_entropy(scores, torch.arange(len(batch)))


def padded(rows: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask, [rows, tokens]."""
    ids = torch.full((len(rows), max(map(len, rows))), PAD)
    mask = torch.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
        mask[number, : len(row)] = 1
    return ids, mask


class Material:
    """What is trained on: questions with their passages, and pairs of sentences."""

    def __init__(self, data: Path, english: int, pairs: int, switched: bool) -> None:
        self.pools = reader_data.pools(data, squad_es=True)
        seen = reader_data.evaluation_shingles(data)
        parallel = data / cloze.PARALLEL
        self.pools.examples["cloze"] = cloze.examples(parallel, pairs // 2, seen)
        self.documents = [
            kept
            for document in cloze.documents(parallel)
            if len(kept := [pair for pair in document if _fits(pair, seen)]) > 1
        ]
        self.wrong = negatives.Negatives(self.pools.paragraphs)
        self.english, self.pairs = english, pairs
        self.switch = switch.Switch(parallel) if switched else None

    def epoch(self, seed: int) -> list[tuple[reader_data.Example, str]]:
        """Questions, each with a passage that does not answer, and pairs of sentences; mixed."""
        draw = random.Random(seed)  # noqa: S311 (not for secrets)
        answered = [e for e in reader_data.epoch(self.pools, seed, self.english) if e.start >= 0]
        found = [
            (example, wrong.passage)
            for one in answered
            if (like := self.wrong.like(one, draw)) is not None
            for example, wrong in [self._switched(one, like, draw)]
        ]
        weights = [len(document) for document in self.documents]
        for document in draw.choices(self.documents, weights, k=self.pairs):
            one, other = draw.sample(document, 2)
            asked, told = draw.choice((("en", "es"), ("es", "en")))
            found.append((reader_data.Example(one[asked], one[told]), other[told]))
        draw.shuffle(found)
        return found

    def _switched(
        self, one: reader_data.Example, wrong: reader_data.Example, draw: random.Random
    ) -> tuple[reader_data.Example, reader_data.Example]:
        """Both in the same words: the language must not tell which passage is right."""
        if self.switch is None:
            return one, wrong
        way = self.switch.way(one, draw)
        return self.switch.example(one, way), self.switch.example(wrong, way)


def _fits(pair: dict[str, str], seen: set[tuple[str, ...]]) -> bool:
    long = all(SENTENCES[0] <= len(pair[name]) <= SENTENCES[1] for name in ("en", "es"))
    texts = (pair["en"], pair["es"])
    return long and all(seen.isdisjoint(reader_data.shingles(text)) for text in texts)


def tokens(tokenizer: Tokenizer, text: str, answer: tuple[int, int], draw: random.Random) -> Any:
    """A passage's ids with its prefix, cut to a window that holds the answer."""
    offsets = tokenizer.encode(text, add_special_tokens=False).offsets
    begin, end = window(offsets, text, answer, draw.randint(*WINDOW), draw.random())
    return tokenizer.encode(PASSAGE + text[begin:end]).ids


def stream(
    tokenizer: Tokenizer, material: Material, run: loop.Run, size: int
) -> Iterator[list[Triple]]:
    """Batches of ``size`` triples for ever, from where the progress stands."""
    at = run.progress
    while True:
        drawn = material.epoch(at.epoch)
        for chunk in range(at.chunk, -(-len(drawn) // CHUNK)):
            at.chunk = chunk
            draw = random.Random(at.epoch * 100_003 + chunk)  # noqa: S311 (not for secrets)
            triples = [
                Triple(
                    tokenizer.encode(QUERY + noisy(one.question[:MAX_QUESTION], draw)).ids,
                    tokens(tokenizer, one.passage, (one.start, one.end), draw),
                    tokens(tokenizer, wrong, (-1, -1), draw),
                )
                for one, wrong in drawn[chunk * CHUNK : (chunk + 1) * CHUNK]
            ]
            triples.sort(key=lambda triple: len(triple.right) + len(triple.wrong))
            batches = [triples[i : i + size] for i in range(0, len(triples), size)]
            draw.shuffle(batches)
            while at.batch < len(batches):
                at.batch += 1
                yield batches[at.batch - 1]
            at.batch = 0
        at.epoch, at.chunk, at.batch = at.epoch + 1, 0, 0


def train(arguments: argparse.Namespace) -> None:
    """Train until the stage's minutes have passed or the process is asked to end."""
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    arguments.out.mkdir(parents=True, exist_ok=True)
    tokenizer = reader_score.tokenizer(arguments.base)
    model, _ = reader_score.base_model(arguments.base, arguments.frozen_layers)
    model.span.requires_grad_(False)
    fingerprint = json.dumps([arguments.english, arguments.pairs, arguments.switch])
    run = loop.load(model, arguments.out, arguments.stage, fingerprint)
    material = Material(arguments.data, arguments.english, arguments.pairs, arguments.switch)
    log = loop.Log(arguments.out / "log.txt", run.progress)
    log.write(f"start: {run.progress}")
    loop.train(run, stream(tokenizer, material, run, arguments.batch), loss, arguments, log)


def weights(base: Path, tuned: Sequence[Path], share: float) -> tuple[Weights, dict[str, Any]]:
    """The base's weights, ``share`` of the way to the tuned ones' mean, and its configuration.

    The tuned are whatever ``encoder_torch.trained`` reads; without any the base's stay.
    """
    model, config = reader_score.base_model(base)
    found = encoder_torch.to_numpy(model)
    if not tuned:
        return found, config
    states = encoder_torch.trained(*tuned)
    trained = {name: value.numpy() for name, value in states.items() if name.startswith("encoder.")}
    part = np.float32(share)
    mixed = {name: (1 - part) * found[name] + part * value for name, value in trained.items()}
    return {**found, **mixed}, config


def write(
    tuned: Weights, config: dict[str, Any], base: Path, out: Path, data: Path | None = None
) -> None:
    """Write an embedding model's folder: ONNX, the base's tokenizer, and configuration.

    In int8, smoothed by texts of ``data`` (training/smoothing.py); without it in float32.
    """
    out.mkdir(parents=True, exist_ok=True)
    shape = (config["layers"], config["heads"], config["epsilon"])
    if data is not None:
        tuned = smoothing.smoothed(tuned, config, reader_score.tokenizer(base), data)
    graph = encoder_graph.build(tuned, *shape, int8=data is not None)
    (out / "model.onnx").write_bytes(graph.SerializeToString())
    digest = hashlib.sha256((out / "model.onnx").read_bytes()).hexdigest()
    made = json.dumps({**config, "revision": digest[:12]}, indent=2) + "\n"
    (out / "config.json").write_text(made, encoding="utf-8")
    shutil.copy(base / "tokenizer.json", out)


def export(arguments: argparse.Namespace) -> None:
    """Write the tuned model's folder."""
    tuned, config = weights(arguments.base, arguments.checkpoint, arguments.share)
    write(tuned, config, arguments.base, arguments.out, arguments.data)


def evaluate(arguments: argparse.Namespace) -> None:
    """Print recall@1 and @10, dense and fused, on questions that nothing is trained on."""
    from index import Index
    from index.embedders.onnx import OnnxEmbedder
    from index.query import Query
    from qa.evaluation.metrics import holds
    from qa.search.retriever import rank

    draw = random.Random(0)  # noqa: S311 (not for secrets)
    for name, asked in collections(arguments.data, draw).items():
        if name == ADVERSARIAL:
            continue
        found: dict[str, list[int]] = {"dense": [], "fused": []}
        with (
            tempfile.TemporaryDirectory() as folder,
            Index.open(folder, create=True, model=OnnxEmbedder(arguments.model)) as index,
        ):
            index.add(asked.documents)
            for question in draw.sample(asked.questions, min(300, len(asked.questions))):
                query = Query(question.text)
                candidates = index.candidates_many([query])[0]
                dense = sorted(candidates, key=lambda one: -one.dense)
                fused = [ranked.candidate for ranked in rank(query, candidates)]
                known = [answer for answer in question.answers if answer]
                for way, ranked in (("dense", dense), ("fused", fused)):
                    right = (
                        place
                        for place, one in enumerate(ranked, 1)
                        if one.passage.document_id in question.documents
                        and (asked.short or holds(one.passage.text, known))
                    )
                    found[way].append(next(right, 1000))
        figures = (
            f"{way} {np.mean(np.array(p) <= 1):.3f} / {np.mean(np.array(p) <= 10):.3f}"
            for way, p in found.items()
        )
        print(f"{name}: {len(found['dense'])} questions, recall@1 / @10 {', '.join(figures)}")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    commands = made.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train")
    training.add_argument("--data", type=Path, required=True)
    training.add_argument("--minutes", type=float, default=95)
    training.add_argument("--stage", default="1")
    training.add_argument("--peak", type=float, default=2e-5)
    training.add_argument("--batch", type=int, default=20, help="questions")
    training.add_argument("--english", type=int, default=10000, help="English SQuAD an epoch")
    training.add_argument("--pairs", type=int, default=5000, help="pairs of sentences an epoch")
    training.add_argument("--switch", action="store_true", help="see training/switch.py")
    training.add_argument("--frozen-layers", type=int, default=2)
    training.add_argument("--threads", type=int, default=2)
    exporting = commands.add_parser("export")
    exporting.add_argument("--checkpoint", type=Path, nargs="*", default=[], help="none: the base")
    exporting.add_argument("--share", type=float, default=1.0, help="of the tuned weights")
    exporting.add_argument("--data", type=Path, help="for int8; without it float32 is written")
    for command in (training, exporting):
        command.add_argument("--base", type=Path, required=True)
        command.add_argument("--out", type=Path, required=True)
    measuring = commands.add_parser("evaluate")
    measuring.add_argument("--data", type=Path, required=True)
    measuring.add_argument("--model", type=Path, required=True)
    return made


def main() -> None:
    """Run a command."""
    arguments = parser().parse_args()
    {"train": train, "export": export, "evaluate": evaluate}[arguments.command](arguments)


if __name__ == "__main__":
    main()
