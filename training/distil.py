"""Distil the embedding model into fewer layers. Resumable, by the clock.

    python -m training.distil train --base CHECKPOINT --data DATA --out RUN --layers 0 2 4 6 8 11
    python -m training.distil export --base CHECKPOINT --checkpoint RUN/checkpoint.pt --out FOLDER

CHECKPOINT is the teacher in float32; with ``--teacher RUN.pt --share .5`` its weights are the mean
of that and a tuned one (training.contrast), and with ``--teacher FOLDER --share 1`` those that
``qa model export FOLDER`` wrote. It is asked in int8, which is faster on a CPU. The student starts
as some of its layers, keeps its word embeddings, and learns its vectors: one less the cosine, both
less the teacher's mean; how alike the texts of a batch are (Kullback-Leibler divergence,
temperature .03); and each token's last state. Texts are questions, passages, sentences of parallel
texts, laws and transcripts.
"""

import argparse
import json
import random
import re
import shutil
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from training import cloze, contrast, encoder_graph, encoder_torch, loop, reader_data, reader_score
from training.reader_features import MAX_QUESTION, noisy, window

EPOCH, CHUNK = 120_000, 2048  # texts
EVERY = 3  # laws and transcripts; the others are left out
ASKED = {"sentence": 0.4, "question": 1.0}  # of these kinds are searched with
MEAN_OF = 20  # batches
LAYER = re.compile(r"encoder\.layer\.(\d+)\.")
TEMPERATURE = 0.03
ALIKE, STATES = 0.3, 0.5  # weights of the second and the third loss
WINDOW = (24, 160)  # tokens of a passage
SHARES = {"sentence": 0.3, "question": 0.2, "passage": 0.25, "law": 0.1, "transcript": 0.15}


Batch = list[list[int]]


class Texts:
    """Where the texts of an epoch are drawn from, by kind; XQuAD's and MLQA's are left out."""

    def __init__(self, data: Path) -> None:
        """Read everything: two minutes."""
        seen = reader_data.evaluation_shingles(data)
        pools = reader_data.pools(data, squad_es=True)
        examples = [one for found in pools.examples.values() for one in found]
        pairs = (pair for document in cloze.documents(data / cloze.PARALLEL) for pair in document)
        self.kinds: dict[str, list[str]] = {
            "sentence": [
                pair[language]
                for pair in pairs
                for language in ("en", "es")
                if seen.isdisjoint(reader_data.shingles(pair[language]))
            ],
            "question": [one.question for one in examples],
            "passage": [text for texts in pools.paragraphs.values() for text in texts],
            "law": list(reader_data.parts(data / "corpus" / "laws-es-ar.jsonl.xz", EVERY)),
            "transcript": list(reader_data.parts(data / "corpus" / "mananeras-mx.jsonl.xz", EVERY)),
        }

    def epoch(self, seed: int) -> list[tuple[str, str]]:
        """EPOCH texts with their kinds, mixed by SHARES."""
        draw = random.Random(seed)  # noqa: S311 (not for secrets)
        found = [
            (kind, text)
            for kind, share in SHARES.items()
            for text in draw.choices(self.kinds[kind], k=round(share * EPOCH))
        ]
        draw.shuffle(found)
        return found


def ids(tokenizer: Tokenizer, kind: str, text: str, draw: random.Random) -> list[int]:
    """The text's ids with a prefix: questions as typed, passages cut to a window."""
    if draw.random() < ASKED.get(kind, 0):
        return tokenizer.encode(contrast.QUERY + noisy(text[:MAX_QUESTION], draw)).ids
    offsets = tokenizer.encode(text, add_special_tokens=False).offsets
    begin, end = window(offsets, text, (-1, -1), draw.randint(*WINDOW), draw.random())
    return tokenizer.encode(contrast.PASSAGE + text[begin:end]).ids


def stream(tokenizer: Tokenizer, texts: Texts, run: loop.Run, tokens: int) -> Iterator[Batch]:
    """Batches of texts of like length, for ever, from where the progress stands."""
    at = run.progress
    while True:
        drawn = texts.epoch(at.epoch)
        for chunk in range(at.chunk, -(-len(drawn) // CHUNK)):
            at.chunk = chunk
            draw = random.Random(at.epoch * 100_003 + chunk)  # noqa: S311 (not for secrets)
            part = drawn[chunk * CHUNK : (chunk + 1) * CHUNK]
            rows = sorted((ids(tokenizer, *item, draw) for item in part), key=len)
            made = list(_batches(rows, tokens))
            draw.shuffle(made)
            while at.batch < len(made):
                at.batch += 1
                yield made[at.batch - 1]
            at.batch = 0
        at.epoch, at.chunk, at.batch = at.epoch + 1, 0, 0


def _batches(rows: Batch, tokens: int) -> Iterator[Batch]:
    batch: Batch = []
    for row in rows:
        if batch and len(row) * (len(batch) + 1) > tokens:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


class Teacher:
    """An encoder in int8 that is only asked; with torch between, its threads must not spin."""

    def __init__(
        self, weights: dict[str, Any], config: dict[str, Any], path: Path, threads: int
    ) -> None:
        """Write the encoder to ``path`` and load it."""
        import onnxruntime

        layers, heads, epsilon = (config[name] for name in ("layers", "heads", "epsilon"))
        graph = encoder_graph.build(weights, layers, heads, epsilon, "tokens", int8=True)
        path.write_bytes(graph.SerializeToString())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )

    def states(self, ids: torch.Tensor, attention: torch.Tensor) -> torch.Tensor:
        """The last layer's states, [batch, tokens, hidden]."""
        rows = [row[: int(mask.sum())] for row, mask in zip(ids, attention, strict=True)]
        found = [self._session.run(None, {"input_ids": row.numpy()})[0] for row in rows]
        return nn.utils.rnn.pad_sequence([torch.from_numpy(one) for one in found], True)


class Lesson:
    """The loss of a student beside its teacher; ``mean`` is the teacher's mean vector, [hidden]."""

    def __init__(self, teacher: Teacher, mean: torch.Tensor) -> None:
        """The teacher is only asked."""
        self.teacher, self.mean = teacher, mean

    def __call__(self, student: encoder_torch.SpanEncoder, batch: Batch) -> torch.Tensor:
        """The sum of the three losses of a batch."""
        return self.loss(student, *contrast.padded(batch))

    def loss(
        self, student: encoder_torch.SpanEncoder, padded: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The same of ids and mask, [rows, tokens]."""
        with torch.no_grad():
            right = self.teacher.states(padded, mask)
        states = student.states(padded, mask)
        told, learnt = (encoder_torch.pooled(one, mask) for one in (right, states))
        centred = [functional.normalize(one - self.mean, dim=-1) for one in (told, learnt)]
        vectors = 1 - (centred[0] * centred[1]).sum(-1).mean()
        alike = [_log_likeness(one) for one in (told, learnt)]
        divergence = functional.kl_div(alike[1], alike[0], log_target=True, reduction="batchmean")
        each = 1 - functional.cosine_similarity(states, right, dim=-1)
        tokens = (each * mask).sum() / mask.sum()
        return vectors + ALIKE * divergence + STATES * tokens


def _log_likeness(vectors: torch.Tensor) -> torch.Tensor:
    """Logarithm of the share that each other text of the batch has in what is like it."""
    itself = torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
    scores = (vectors @ vectors.T / TEMPERATURE).masked_fill(itself, -1e4)
    return functional.log_softmax(scores, dim=-1)


def mean_vector(teacher: Teacher, batches: Iterator[Batch]) -> torch.Tensor:
    """The mean of the teacher's vectors of some batches."""
    some = [contrast.padded(batch) for batch in islice(batches, MEAN_OF)]
    found = [encoder_torch.pooled(teacher.states(ids, mask), mask) for ids, mask in some]
    return torch.cat(found).mean(0)


def student(
    teacher: dict[str, Any], config: dict[str, Any], layers: list[int]
) -> tuple[encoder_torch.SpanEncoder, dict[str, Any]]:
    """The teacher with only these of its layers, and the configuration of that."""
    kept: dict[str, Any] = {}
    for name, value in teacher.items():
        found = LAYER.match(name)
        if found is None:
            kept[name] = value
        elif int(found[1]) in layers:
            kept[f"encoder.layer.{layers.index(int(found[1]))}.{name[found.end() :]}"] = value
    smaller = {**config, "layers": len(layers)}
    return encoder_torch.from_base(kept, smaller), smaller


def begin(smaller: encoder_torch.SpanEncoder, path: Path) -> None:
    """Give the student the layers that a training left, or of an exported small model's folder."""
    found = encoder_torch.trained(path)
    layers = {name: value for name, value in found.items() if name.startswith("encoder.")}
    missing, unexpected = smaller.load_state_dict(layers, strict=False)
    if unexpected or any(name.startswith("encoder.") for name in missing):
        raise ValueError(f"{path} has other layers")


def train(arguments: argparse.Namespace) -> None:
    """Train until the stage's minutes have passed or the process is asked to end."""
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    arguments.out.mkdir(parents=True, exist_ok=True)
    tokenizer = reader_score.tokenizer(arguments.base)
    weights, config = contrast.weights(arguments.base, arguments.teacher, arguments.share)
    teacher = Teacher(weights, config, arguments.out / "teacher.onnx", arguments.threads)
    smaller, _ = student(weights, config, arguments.layers)
    if arguments.start:
        begin(smaller, arguments.start)
    smaller.span.requires_grad_(False)
    run = loop.load(smaller, arguments.out, arguments.stage, json.dumps(arguments.layers))
    texts = Texts(arguments.data)
    log = loop.Log(arguments.out / "log.txt", run.progress)
    log.write(f"start: {run.progress}")
    first = loop.Run(smaller, run.optimizer, arguments.out)
    mean = mean_vector(teacher, stream(tokenizer, texts, first, arguments.tokens))
    lesson = Lesson(teacher, mean)
    loop.train(run, stream(tokenizer, texts, run, arguments.tokens), lesson, arguments, log)


def export(arguments: argparse.Namespace) -> None:
    """Write the small model's folder, or, with --small, its two files beside the bundled model."""
    weights, config = contrast.weights(arguments.base, [], 0)
    smaller, settings = student(weights, config, arguments.layers)
    begin(smaller, arguments.checkpoint)
    settings["name"] = arguments.name
    found = encoder_torch.to_numpy(smaller)
    if not arguments.small:
        contrast.write(found, settings, arguments.base, arguments.out, arguments.data)
        return
    with tempfile.TemporaryDirectory() as made:
        contrast.write(found, settings, arguments.base, Path(made), arguments.data)
        shutil.copyfile(Path(made) / "model.onnx", arguments.out / "small.onnx")
        shutil.copyfile(Path(made) / "config.json", arguments.out / "small.json")
    encoder_graph.share(arguments.out / "small.onnx", arguments.out / "model.onnx")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    commands = made.add_subparsers(dest="command", required=True)
    training, exporting = commands.add_parser("train"), commands.add_parser("export")
    training.add_argument("--data", type=Path, required=True)
    training.add_argument("--minutes", type=float, default=95)
    training.add_argument("--stage", default="1")
    training.add_argument("--peak", type=float, default=3e-4)
    training.add_argument("--tokens", type=int, default=3000, help="a batch's tokens")
    training.add_argument("--teacher", type=Path, nargs="*", default=[], help="tuned checkpoints")
    training.add_argument("--share", type=float, default=0.5, help="of the tuned weights")
    training.add_argument("--start", type=Path, help="an exported small model to go on from")
    training.add_argument("--threads", type=int, default=2)
    exporting.add_argument("--checkpoint", type=Path, required=True)
    exporting.add_argument("--name", default="e5-tiny-es-en")
    exporting.add_argument("--data", type=Path, help="for int8; without it float32 is written")
    exporting.add_argument("--small", action="store_true", help="small.onnx beside model.onnx")
    for command in (training, exporting):
        command.add_argument("--base", type=Path, required=True)
        command.add_argument("--out", type=Path, required=True)
        command.add_argument("--layers", type=int, nargs="+", default=[0, 2, 4, 6, 8, 11])
    return made


def main() -> None:
    """Run a command."""
    arguments = parser().parse_args()
    {"train": train, "export": export}[arguments.command](arguments)


if __name__ == "__main__":
    main()
