"""What trainings share: a run that is resumed where it was saved, and lasts so many minutes."""

import argparse
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from training import encoder_torch

SAVE_SECONDS, LOG_SECONDS = 300.0, 30.0
WARM_UP = 0.05


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


def optimiser(model: encoder_torch.SpanEncoder) -> torch.optim.Optimizer:
    """AdamW over what is trained; biases and norms do not decay."""
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    decayed = [parameter for parameter in trained if parameter.ndim > 1]
    others = [parameter for parameter in trained if parameter.ndim == 1]
    groups = [{"params": decayed}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.0, weight_decay=0.01, fused=True)


def load(model: encoder_torch.SpanEncoder, folder: Path, stage: str, fingerprint: str) -> Run:
    """The run in the folder, or a new one of this model; another stage or data start over there."""
    optimizer = optimiser(model)
    run = Run(model, optimizer, folder, Progress(stage, material=fingerprint))
    path = folder / "checkpoint.pt"
    if path.exists():
        state = torch.load(path, weights_only=True)
        model.load_state_dict(state["model"])
        at = Progress(**state["progress"])
        if len(optimizer.state_dict()["param_groups"][0]["params"]) == len(
            state["optimizer"]["param_groups"][0]["params"]
        ):
            optimizer.load_state_dict(state["optimizer"])
        if at.stage != stage:
            at.stage, at.seconds = stage, 0.0
        if at.material != fingerprint:
            at.material, at.epoch, at.chunk, at.batch = fingerprint, at.epoch + 1, 0, 0
        run.progress = at
    return run


def train(
    run: Run,
    batches: Iterator[list[Any]],
    loss: Callable[[encoder_torch.SpanEncoder, list[Any]], torch.Tensor],
    arguments: argparse.Namespace,
    log: "Log",
) -> None:
    """Train until the stage's minutes have passed or the process is asked to end."""
    stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _: stop.append(got))
    saved = last = time.monotonic()
    run.model.train()
    for batch in batches:
        share = run.progress.seconds / (arguments.minutes * 60)
        if stop or share >= 1:
            # This batch was drawn and not used.
            run.progress.batch -= 1
            break
        value = step(run, batch, loss, rate(share, arguments.peak))
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


def step(
    run: Run,
    batch: list[Any],
    loss: Callable[[encoder_torch.SpanEncoder, list[Any]], torch.Tensor],
    now: float,
) -> float:
    """One update at this learning rate; the loss before it."""
    value = update(run.optimizer, loss(run.model, batch), now)
    run.progress.steps += 1
    run.progress.seen += len(batch)
    return value


def update(optimizer: torch.optim.Optimizer, value: torch.Tensor, now: float) -> float:
    """Follow this loss's gradient at this learning rate; the loss."""
    optimizer.zero_grad(set_to_none=True)
    value.backward()
    trained = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    for group in optimizer.param_groups:
        group["lr"] = now
    optimizer.step()
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
