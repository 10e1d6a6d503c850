"""Train the span reader: the bundled encoder with start and end logits. Resumable, by the clock.

    python -m training.reader train --base CHECKPOINT --data DATA --out RUN --minutes 95
    python -m training.reader evaluate --base CHECKPOINT --data DATA --checkpoint RUN/checkpoint.pt
    python -m training.reader export --base CHECKPOINT --checkpoint RUN/checkpoint.pt --out FOLDER

CHECKPOINT is what ``training.base --checkpoint`` wrote, DATA the folder with qa/, eval/ and train/.
A training goes on where RUN/checkpoint.pt stopped; ``--stage NAME`` with a new name starts a new
schedule from it. The rate follows the share of ``--minutes`` that has passed. SIGTERM saves. Of
several checkpoints the mean of their weights is evaluated or exported.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from training import (
    cloze,
    encoder_torch,
    loop,
    negatives,
    prose,
    reader_data,
    reader_features,
    reader_score,
    switch,
)

CHUNK = 600
FAR = -1e4


def loss(model: encoder_torch.SpanEncoder, batch: list[reader_features.Feature]) -> torch.Tensor:
    """Cross-entropy of start and end over the window and the first token, the mean of both."""
    ids, mask, allowed = reader_features.tensors(batch)
    gold = torch.tensor([[item.start, item.end] for item in batch])
    return span_loss(model(ids, mask)[:, :, :2], allowed, gold)


def span_loss(logits: torch.Tensor, allowed: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    """The same of logits [batch, tokens, 2], of where they count, and of the tokens [batch, 2]."""
    spans = logits.masked_fill(~allowed[:, :, None], FAR)
    return functional.cross_entropy(spans.transpose(1, 2).flatten(0, 1), gold.flatten())


def material(
    arguments: argparse.Namespace, spanish: switch.Switch | None = None
) -> reader_data.Pools:
    """Everything that the training may see, clozes and questions made by rule included."""
    pools = reader_data.pools(arguments.data, arguments.squad_es)
    if spanish is not None and arguments.prose:
        reword = prose.synonyms(spanish.words)
        made = prose.examples(arguments.data, arguments.prose, reword)
        pools.examples["prose"] = made
        # Wrong passages are drawn from these, too.
        pools.paragraphs["prose"] = [one.passage for one in made]
    if arguments.clozes:
        seen = reader_data.evaluation_shingles(arguments.data)
        path = arguments.data / cloze.PARALLEL
        pools.examples["cloze"] = cloze.examples(path, arguments.clozes, seen)
    return pools


def stream(
    tokenizer: Tokenizer,
    pools: reader_data.Pools,
    run: loop.Run,
    arguments: argparse.Namespace,
    spanish: switch.Switch | None = None,
) -> Iterator[list[reader_features.Feature]]:
    """Batches for ever, from where the progress stands; keeps the progress up to date."""
    wrong = negatives.Negatives(pools.paragraphs)

    def epoch(number: int) -> list[reader_data.Example]:
        answered = reader_data.epoch(pools, number, arguments.english)
        examples = wrong.epoch(answered, arguments.wrong, number)
        return examples if spanish is None else spanish.epoch(examples, number)

    yield from batches(tokenizer, epoch, run, arguments.tokens)


def batches(
    tokenizer: Tokenizer,
    epoch: Callable[[int], list[reader_data.Example]],
    run: loop.Run,
    tokens: int,
    limits: reader_features.Size = reader_features.SHORT,
) -> Iterator[list[reader_features.Feature]]:
    """Batches of one epoch after the other; ``epoch`` makes the examples of one, by its number."""
    at = run.progress
    while True:
        examples = epoch(at.epoch)
        parts = reader_features.chunks(
            tokenizer, examples, at.epoch, tokens, at.chunk, CHUNK, limits
        )
        for chunk, made in parts:
            at.chunk = chunk
            while at.batch < len(made):
                # Counted before it is used: a checkpoint is only written after the step.
                at.batch += 1
                yield made[at.batch - 1]
            at.batch = 0
        at.epoch, at.chunk, at.batch = at.epoch + 1, 0, 0


def load(arguments: argparse.Namespace, fingerprint: str) -> loop.Run:
    """The run in the folder, or a new one from the base."""
    model, _ = reader_score.base_model(arguments.base, arguments.frozen_layers)
    return loop.load(model, arguments.out, arguments.stage, fingerprint)


def train(arguments: argparse.Namespace) -> None:
    """Train until the stage's minutes have passed or the process is asked to end."""
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    arguments.out.mkdir(parents=True, exist_ok=True)
    tokenizer = reader_score.tokenizer(arguments.base)
    spanish = switch.Switch(arguments.data / cloze.PARALLEL) if arguments.switch else None
    pools = material(arguments, spanish)
    sizes = {kind: len(examples) for kind, examples in sorted(pools.examples.items())}
    run = load(arguments, json.dumps([sizes, arguments.english, arguments.wrong, arguments.switch]))
    log = loop.Log(arguments.out / "log.txt", run.progress)
    log.write(f"start: {sizes} {run.progress}")
    loop.train(run, stream(tokenizer, pools, run, arguments, spanish), loss, arguments, log)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    commands = made.add_subparsers(dest="command", required=True)
    for name in ("train", "evaluate", "export"):
        command = commands.add_parser(name)
        command.add_argument("--base", type=Path, required=True)
        command.add_argument("--data", type=Path, required=True)
        if name != "train":
            command.add_argument("--checkpoint", type=Path, nargs="+", required=True)
        if name != "evaluate":
            command.add_argument("--out", type=Path, required=True)
        command.add_argument("--threads", type=int, default=2)
    training = commands.choices["train"]
    training.add_argument("--minutes", type=float, default=95)
    training.add_argument("--stage", default="1")
    training.add_argument("--peak", type=float, default=1.2e-4)
    training.add_argument("--tokens", type=int, default=3000, help="a batch's tokens")
    training.add_argument("--english", type=int, default=14000, help="English SQuAD an epoch")
    training.add_argument("--wrong", type=float, default=0.4, help="share made unanswerable")
    training.add_argument("--clozes", type=int, default=3000, help="a direction; 0: none")
    training.add_argument("--switch", action="store_true", help="see training/switch.py")
    training.add_argument("--prose", type=int, default=3000, help="with --switch; 0: none")
    training.add_argument("--squad-es", action="store_true", help="see training/reader_data.py")
    training.add_argument("--frozen-layers", type=int, default=2)
    commands.choices["evaluate"].add_argument("--limit", type=int, help="questions a set")
    return made


def main() -> None:
    """Run a command."""
    random.seed(0)
    arguments = parser().parse_args()
    if arguments.command == "train":
        train(arguments)
    elif arguments.command == "evaluate":
        reader_score.evaluate(arguments)
    else:
        reader_score.export(arguments)


if __name__ == "__main__":
    main()
