"""Train the shipped reader further on hand-written questions and near misses, and measure it.

    python -m training.reader_questions train --reader FOLDER --questions QUESTIONS --data DATA \
        [--also training/questions/written] --out RUN --minutes 45
    python -m training.reader_questions evaluate --reader FOLDER --questions QUESTIONS --data DATA \
        --checkpoint RUN/checkpoint.pt --share .6
    python -m training.reader_questions export --reader FOLDER --data DATA \
        --checkpoint RUN/checkpoint.pt --share .6 --out FOLDER

FOLDER holds the reader whose weights are read back, with config.json and tokenizer.json.
QUESTIONS is described in training/questions_data.py, DATA in training/README.md. Besides
the span a head is trained: whether the passage answers at all.
Of several checkpoints the mean of their weights is taken, then ``--share`` of the way from the
shipped weights to it.
"""

import argparse
import json
from functools import partial
from pathlib import Path

import torch
from torch.nn import functional

from index.embedders import export
from qa.search.span_model import READER, Run, graph
from training import (
    cloze,
    encoder_torch,
    loop,
    questions_data,
    questions_score,
    reader,
    reader_data,
    reader_features,
    reader_score,
    switch,
)

MIX = {"es": 500, "es-none": 600, "en": 450, "tydi": 150}  # of other questions in an epoch


def shipped(folder: Path, frozen_layers: int = 0) -> encoder_torch.SpanEncoder:
    """The reader of a folder, in float32."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    weights = export.weights(config, folder / READER)
    return encoder_torch.from_base(weights, config, frozen_layers)


def loss(
    model: encoder_torch.SpanEncoder, batch: list[reader_features.Feature], head: float
) -> torch.Tensor:
    """The span's cross-entropy, and so many times the binary one of the head."""
    ids, mask, allowed = reader_features.tensors(batch)
    logits = model(ids, mask)
    gold = torch.tensor([[item.start, item.end] for item in batch])
    answers = (gold[:, :1] > 0).float()
    tell = functional.binary_cross_entropy_with_logits
    value = reader.span_loss(logits[:, :, :2], allowed, gold)
    return value + head * tell(logits[:, 0, 2:], answers)


def mixed(folder: Path, checkpoints: list[Path], share: float) -> encoder_torch.SpanEncoder:
    """The shipped model, ``share`` of the way to the mean of the checkpoints (WiSE-FT)."""
    model = shipped(folder)
    state, tuned = model.state_dict(), encoder_torch.trained(*checkpoints)
    model.load_state_dict(
        {name: value + share * (tuned[name] - value) for name, value in state.items()}
    )
    model.eval()
    return model


def train(arguments: argparse.Namespace) -> None:
    """Train until the stage's minutes have passed or the process is asked to end."""
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    arguments.out.mkdir(parents=True, exist_ok=True)
    asked = [
        item
        for item in questions_data.read(arguments.questions)
        if not questions_data.held_out(item.document)
    ]
    for folder in arguments.also:
        asked += questions_data.read(folder)
    others = reader_data.pools(arguments.data, squad_es=True).examples
    pieces = reader_score.tokenizer(arguments.reader)
    passages = questions_data.Passages(asked, pieces)
    shares = questions_data.Shares(arguments.passage, arguments.wrong)
    epochs = questions_data.Epochs(asked, others, passages, shares)
    spanish = switch.Switch(arguments.data / cloze.PARALLEL)
    mix = {kind: round(count * arguments.others) for kind, count in MIX.items()}
    model = shipped(arguments.reader, arguments.frozen_layers)
    recipe = [len(asked), arguments.passage, arguments.wrong, mix]
    run = loop.load(model, arguments.out, arguments.stage, json.dumps(recipe))
    log = loop.Log(arguments.out / "log.txt", run.progress)
    log.write(f"start: {vars(arguments)} {run.progress}")
    batches = reader.batches(
        pieces,
        lambda number: spanish.epoch(epochs.epoch(number, mix), number),
        run,
        arguments.tokens,
        reader_features.WHOLE,
    )
    cost = partial(loss, head=arguments.head)
    loop.train(run, batches, cost, arguments, log)


def evaluate(arguments: argparse.Namespace) -> None:
    """Print the figures of the held-out questions, of MLQA and of SQuAD-es v2, passage given."""
    torch.set_num_threads(arguments.threads)
    run: Run = graph(arguments.reader)
    if arguments.checkpoint:
        model = mixed(arguments.reader, arguments.checkpoint, arguments.share)
        run = reader_score.torch_run(model)
    tokenizer = reader_score.tokenizer(arguments.reader)
    cases = questions_score.cases(arguments.questions, arguments.data, arguments.limit)
    cases = cases[:: arguments.every]
    readings = questions_score.read(run, tokenizer, cases)
    questions_score.show(readings)
    if arguments.out:
        rows = (json.dumps(reading.row, ensure_ascii=False) for reading in readings)
        arguments.out.write_text("\n".join(rows) + "\n", encoding="utf-8")


def write(arguments: argparse.Namespace) -> None:
    """Write the reader and reader.json to the folder of the embedding model (--out)."""
    model = mixed(arguments.reader, arguments.checkpoint, arguments.share)
    config = json.loads((arguments.reader / "config.json").read_text(encoding="utf-8"))
    pieces = reader_score.tokenizer(arguments.reader)
    reader_score.write(model, config, pieces, arguments.data, arguments.out)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    commands = made.add_subparsers(dest="command", required=True)
    for name in ("train", "evaluate", "export"):
        command = commands.add_parser(name)
        command.add_argument("--reader", type=Path, required=True)
        command.add_argument("--data", type=Path, required=True)
        command.add_argument("--out", type=Path, required=name != "evaluate")
        if name != "export":
            command.add_argument("--questions", type=Path, required=True)
            command.add_argument("--threads", type=int, default=2)
        if name != "train":
            several = "*" if name == "evaluate" else "+"  # none: the shipped reader
            command.add_argument("--checkpoint", type=Path, nargs=several, default=[])
            command.add_argument("--share", type=float, default=1.0, help="of the trained weights")
    training, measuring = (commands.choices[name] for name in ("train", "evaluate"))
    training.add_argument("--minutes", type=float, default=45)
    training.add_argument("--stage", default="1")
    training.add_argument("--also", type=Path, nargs="*", default=[], help="more, none held out")
    training.add_argument("--peak", type=float, default=6e-5)
    training.add_argument("--tokens", type=int, default=3000, help="a batch's tokens")
    training.add_argument("--wrong", type=float, default=0.3, help="share made unanswerable")
    training.add_argument("--passage", type=float, default=0.75, help="share of whole passages")
    training.add_argument("--head", type=float, default=1.0, help="weight of its loss; 0: none")
    training.add_argument("--others", type=float, default=1.0, help="times MIX")
    training.add_argument("--frozen-layers", type=int, default=2)
    measuring.add_argument("--limit", type=int, default=125, help="questions of MLQA")
    measuring.add_argument("--every", type=int, default=1, help="ask only every so many")
    return made


def main() -> None:
    """Run a command."""
    arguments = parser().parse_args()
    {"train": train, "evaluate": evaluate, "export": write}[arguments.command](arguments)


if __name__ == "__main__":
    main()
