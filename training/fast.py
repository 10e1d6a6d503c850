"""Train on what `training.pack` packed: on a GPU minutes instead of hours.

    python -m training.fast contrast --packed FILE.npz --start BASE --out TUNED.safetensors
    python -m training.fast distil --packed FILE.npz --start BASE --over TUNED.safetensors \
        --share .6 --out SMALL.safetensors
    python -m training.fast reader --packed FILE.npz --start BASE --out READER.safetensors

BASE is what `training.base --checkpoint` wrote. ``contrast`` tunes the embedding model as
`training.contrast` does, ``distil`` a small one as `training.distil` does and ``reader`` the span
reader as `training.reader` does; each goes on from --student if there is one. Of the mean of the
tuned layers in --over the --share is laid over the base's. The file written holds the trained
layers in float16, and the exports of those modules read it. The learning rate follows the clock.
"""

import argparse
import copy
import time
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from training import distil, encoder_torch, fast_tasks, loop, packed, reader_score, smoothing

EVERY = 50  # steps between two lines of the log
SHARES = (0.6, 1.0)  # of the tuned weights, that are measured
Task = fast_tasks.Contrast | fast_tasks.Read


def lay(model: encoder_torch.SpanEncoder, over: dict[str, Tensor], share: float) -> None:
    """Bring the model's layers the share of the way to these."""
    with torch.no_grad():
        state = model.state_dict()
        for name, value in over.items():
            state[name].lerp_(value.to(state[name]), share)


def step(
    model: encoder_torch.SpanEncoder, loss: Task, optimizer: torch.optim.Optimizer, rate: float
) -> float:
    """One update at this learning rate; the loss before it."""
    with packed.half(loss.data.device):
        value = loss(model)
    return loop.update(optimizer, value, rate)


def train(model: encoder_torch.SpanEncoder, loss: Task, seconds: float, peak: float) -> None:
    """Train for so many seconds, the rate rising and then falling to nothing."""
    optimizer = loop.optimiser(model)
    began, steps, total = time.monotonic(), 0, 0.0
    while (share := (time.monotonic() - began) / seconds) < 1:
        total += step(model, loss, optimizer, loop.rate(share, peak))
        steps += 1
        if steps % EVERY == 0:
            print(f"{share:.3f} step {steps} loss {total / EVERY:.4f}", flush=True)
            total = 0.0


def prepared(
    arguments: argparse.Namespace, data: packed.Packed
) -> tuple[encoder_torch.SpanEncoder, Task]:
    """The model to train, and its loss."""
    frozen = 0 if arguments.task == "distil" and arguments.layers else arguments.frozen_layers
    model, config = reader_score.base_model(arguments.start, frozen)
    if arguments.over:
        lay(model, encoder_torch.trained(*arguments.over), arguments.share)
    teacher = copy.deepcopy(model).to(arguments.device).requires_grad_(False)
    if arguments.task == "distil" and arguments.layers:
        model, _ = distil.student(encoder_torch.to_numpy(model), config, arguments.layers)
    if arguments.student:
        lay(model, encoder_torch.trained(arguments.student), 1.0)
    model.to(arguments.device)
    size, anchor = arguments.batch, arguments.anchor
    if arguments.task == "reader":
        return model, fast_tasks.Read(data, size, arguments.wrong)
    model.span.requires_grad_(False)
    if arguments.task == "contrast":
        return model, fast_tasks.Contrast(data, size, teacher, anchor)
    task = fast_tasks.Distil(data, size, teacher, anchor, arguments.asked)
    if arguments.int8:
        smoothing.round_products(model, smoothing.vectors(model, task.some(8)))
    return model, task


def save(model: encoder_torch.SpanEncoder, path: Path) -> None:
    """Write what was trained, in float16."""
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    save_file({name: p.detach().half().cpu().contiguous() for name, p in trained.items()}, path)


def main() -> None:
    """Train, measure and save."""
    arguments = parser().parse_args()
    torch.manual_seed(arguments.seed)
    tokenizer = reader_score.tokenizer(arguments.start)
    data = packed.Packed(arguments.packed, tokenizer, arguments.device, arguments.seed)
    model, task = prepared(arguments, data)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    print(f"before: {task.measure(model)}", flush=True)
    train(model, task, arguments.seconds, arguments.peak)
    save(model, arguments.out)
    after = {name: value.clone() for name, value in model.state_dict().items()}
    for share in SHARES if arguments.task == "contrast" else SHARES[-1:]:
        lay(model, before, 1.0)
        lay(model, after, share)
        print(f"share {share}: {task.measure(model)}", flush=True)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    made.add_argument("task", choices=("contrast", "distil", "reader"))
    for name in ("packed", "start", "out"):
        made.add_argument(f"--{name}", type=Path, required=True)
    made.add_argument("--over", type=Path, nargs="*", default=[], help="tuned: their mean is laid")
    made.add_argument("--share", type=float, default=1.0, help="of these")
    made.add_argument("--student", type=Path, help="layers to go on from")
    made.add_argument(
        "--layers", type=int, nargs="*", default=[0, 2, 4, 6, 8, 11], help="none: all"
    )
    made.add_argument("--int8", action="store_true", help="distil with products rounded to int8")
    made.add_argument("--frozen-layers", type=int, default=2)
    made.add_argument("--seconds", type=float, default=180)
    made.add_argument("--peak", type=float, default=3e-5)
    made.add_argument("--batch", type=int, default=256, help="questions")
    made.add_argument("--anchor", type=float, default=0.5, help="see fast_tasks.Contrast")
    made.add_argument("--asked", type=float, default=0.25, help="see fast_tasks.Distil")
    made.add_argument("--wrong", type=float, default=0.35, help="see fast_tasks.Read")
    made.add_argument("--device", default="cuda")
    made.add_argument("--seed", type=int, default=0)
    return made


if __name__ == "__main__":
    main()
