"""Train the span reader: the bundled encoder with start and end logits. Resumable, by the clock.

    python -m training.reader train --base CHECKPOINT --data DATA --out RUN --minutes 95
    python -m training.reader evaluate --base CHECKPOINT --data DATA --checkpoint RUN/checkpoint.pt
    python -m training.reader export --base CHECKPOINT --checkpoint RUN/checkpoint.pt --out FOLDER

CHECKPOINT is what ``training.base --checkpoint`` wrote, DATA the folder with qa/, eval/ and train/.
A training goes on where RUN/checkpoint.pt stopped; ``--stage NAME`` with a new name starts a new
schedule from it. The rate follows the share of ``--minutes`` that has passed. SIGTERM saves.
"""

import argparse
import json
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from training import cloze, encoder_torch, negatives, reader_data, reader_features, reader_score

CHUNK = 600
SAVE_SECONDS, LOG_SECONDS = 300.0, 30.0
WARM_UP = 0.05
FAR = -1e4


@dataclass(slots=True)
class Progress:
    """Where a training is: in its schedule (seconds of this stage) and in its data."""

    stage: str = "1"
    seconds: float = 0.0
    steps: int = 0
    seen: int = 0
    epoch: int = 0
    chunk: int = 0
    batch: int = 0
    material: str = ""


@dataclass(slots=True)
class Run:
    """A training under way: what is saved together."""

    model: encoder_torch.SpanEncoder
    optimizer: torch.optim.Optimizer
    folder: Path
    progress: Progress = field(default_factory=Progress)


def rate(share: float, peak: float) -> float:
    """The learning rate when ``share`` of the stage's time has passed: up, then linearly to 0."""
    if share < WARM_UP:
        return peak * (0.02 + 0.98 * share / WARM_UP)
    return peak * max(0.0, (1 - share) / (1 - WARM_UP))


def loss(model: encoder_torch.SpanEncoder, batch: list[reader_features.Feature]) -> torch.Tensor:
    """Cross-entropy of start and end over the window and the first token, the mean of both."""
    ids, mask, allowed = reader_features.tensors(batch)
    logits = model(ids, mask).masked_fill(~allowed[:, :, None], FAR)
    gold = torch.tensor([[item.start, item.end] for item in batch])
    return functional.cross_entropy(logits.transpose(1, 2).flatten(0, 1), gold.flatten())


def material(arguments: argparse.Namespace) -> reader_data.Pools:
    """Everything that the training may see, clozes across languages included."""
    pools = reader_data.pools(arguments.data, arguments.squad_es)
    if arguments.clozes:
        seen = reader_data.evaluation_shingles(arguments.data)
        path = arguments.data / "train" / "parallel-en-es.jsonl.xz"
        pools.examples["cloze"] = cloze.examples(path, arguments.clozes, seen)
    return pools


def stream(
    tokenizer: Tokenizer, pools: reader_data.Pools, run: Run, arguments: argparse.Namespace
) -> Iterator[list[reader_features.Feature]]:
    """Batches for ever, from where the progress stands; keeps the progress up to date."""
    at, tokens = run.progress, arguments.tokens
    wrong = negatives.Negatives(pools.paragraphs)
    while True:
        answered = reader_data.epoch(pools, at.epoch, arguments.english)
        examples = wrong.epoch(answered, arguments.wrong, at.epoch)
        parts = reader_features.chunks(tokenizer, examples, at.epoch, tokens, at.chunk, CHUNK)
        for chunk, batches in parts:
            at.chunk = chunk
            while at.batch < len(batches):
                # Counted before it is used: a checkpoint is only written after the step.
                at.batch += 1
                yield batches[at.batch - 1]
            at.batch = 0
        at.epoch, at.chunk, at.batch = at.epoch + 1, 0, 0


def save(run: Run) -> None:
    """Write checkpoint.pt by renaming; the one before it stays as previous.pt."""
    path = run.folder / "checkpoint.pt"
    temporary = path.with_suffix(".tmp")
    progress = {name: getattr(run.progress, name) for name in Progress.__slots__}
    state = {"model": run.model.state_dict(), "optimizer": run.optimizer.state_dict()}
    torch.save({**state, "progress": progress}, temporary)
    if path.exists():
        path.replace(run.folder / "previous.pt")
    temporary.replace(path)


def load(arguments: argparse.Namespace, fingerprint: str) -> Run:
    """The run in the folder, or a new one from the base; another stage or data start over there."""
    model, _ = reader_score.base_model(arguments.base, arguments.frozen_layers)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    decayed = [parameter for parameter in trained if parameter.ndim > 1]
    others = [parameter for parameter in trained if parameter.ndim == 1]
    groups = [{"params": decayed}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=0.0, weight_decay=0.01, fused=True)
    run = Run(model, optimizer, arguments.out, Progress(arguments.stage, material=fingerprint))
    path = arguments.out / "checkpoint.pt"
    if path.exists():
        state = torch.load(path, weights_only=True)
        model.load_state_dict(state["model"])
        at = Progress(**state["progress"])
        if len(optimizer.state_dict()["param_groups"][0]["params"]) == len(
            state["optimizer"]["param_groups"][0]["params"]
        ):
            optimizer.load_state_dict(state["optimizer"])
        if at.stage != arguments.stage:
            at.stage, at.seconds = arguments.stage, 0.0
        if at.material != fingerprint:
            at.material, at.epoch, at.chunk, at.batch = fingerprint, at.epoch + 1, 0, 0
        run.progress = at
    return run


def train(arguments: argparse.Namespace) -> None:
    """Train until the stage's minutes have passed or the process is asked to end."""
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    arguments.out.mkdir(parents=True, exist_ok=True)
    tokenizer = reader_score.tokenizer(arguments.base)
    pools = material(arguments)
    sizes = {kind: len(examples) for kind, examples in sorted(pools.examples.items())}
    run = load(arguments, json.dumps([sizes, arguments.english, arguments.wrong]))
    log = Log(arguments.out / "log.txt", run.progress)
    log.write(f"start: {sizes} {run.progress}")
    stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _: stop.append(got))
    saved = last = time.monotonic()
    run.model.train()
    for batch in stream(tokenizer, pools, run, arguments):
        share = run.progress.seconds / (arguments.minutes * 60)
        if stop or share >= 1:
            # This batch was drawn and not used.
            run.progress.batch -= 1
            break
        value = step(run, batch, rate(share, arguments.peak))
        now = time.monotonic()
        # A machine that slept, or was stopped for others, must not eat the schedule.
        run.progress.seconds += min(now - last, 60.0)
        last = now
        log.add(value, len(batch), share, rate(share, arguments.peak))
        if now - saved > SAVE_SECONDS:
            save(run)
            saved = now
    save(run)
    log.write(f"{'stopped' if stop else 'done'}: {run.progress}")


def step(run: Run, batch: list[reader_features.Feature], now: float) -> float:
    """One update at this learning rate; the loss before it."""
    for group in run.optimizer.param_groups:
        group["lr"] = now
    value = loss(run.model, batch)
    run.optimizer.zero_grad(set_to_none=True)
    value.backward()
    trained = [parameter for parameter in run.model.parameters() if parameter.requires_grad]
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    run.optimizer.step()
    run.progress.steps += 1
    run.progress.seen += len(batch)
    return float(value.item())


class Log:
    """Loss and speed since the last line, every half minute, to a file."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self.path, self.progress = path, progress
        self.losses: list[float] = []
        self.examples, self.since = 0, time.monotonic()

    def add(self, value: float, examples: int, share: float, now: float) -> None:
        """Count a step; write a line when it is time."""
        self.losses.append(value)
        self.examples += examples
        passed = time.monotonic() - self.since
        if passed >= LOG_SECONDS:
            mean = sum(self.losses) / len(self.losses)
            at = self.progress
            self.write(
                f"stage {at.stage} {share:.3f} epoch {at.epoch} step {at.steps} seen {at.seen} "
                f"loss {mean:.3f} rate {now:.2e} {self.examples / passed:.2f} examples/s"
            )
            self.losses, self.examples, self.since = [], 0, time.monotonic()

    def write(self, line: str) -> None:
        """Append a line with the time."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%H:%M:%S')} {line}\n")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    commands = made.add_subparsers(dest="command", required=True)
    for name in ("train", "evaluate", "export"):
        command = commands.add_parser(name)
        command.add_argument("--base", type=Path, required=True)
        if name != "export":
            command.add_argument("--data", type=Path, required=True)
        if name != "train":
            command.add_argument("--checkpoint", type=Path, required=True)
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
