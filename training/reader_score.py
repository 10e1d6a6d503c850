"""Measure the span reader given the passage (exact match, F1) and export it to int8 ONNX."""

import argparse
import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from tokenizers import Tokenizer

from qa.readers.spans import FEATURES
from qa.search.span_model import READER, Run, Span, SpanModel
from training import encoder_graph, encoder_torch, reader_data, smoothing

ARTICLES = re.compile(r"\b(a|an|the|el|la|los|las|un|una|unos|unas)\b")
SETS = ("mlqa-dev.ctx-es.q-es.jsonl", "mlqa-dev.ctx-es.q-en.jsonl", "xquad.es.json")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its passage and the answers that count as right."""

    question: str
    passage: str
    answers: tuple[str, ...]


def normalised(text: str) -> str:
    """SQuAD's normalisation: lower case, no punctuation, no articles (English and Spanish)."""
    kept = "".join(c for c in text.lower() if unicodedata.category(c)[0] != "P")
    return " ".join(ARTICLES.sub(" ", kept).split())


def exact_match(text: str, answers: Sequence[str]) -> float:
    """1 if the text is one of the answers after normalisation."""
    return float(any(normalised(text) == normalised(answer) for answer in answers))


def f1(text: str, answers: Sequence[str]) -> float:
    """The best F1 over words with one of the answers."""
    return max(_f1(normalised(text).split(), normalised(answer).split()) for answer in answers)


def _f1(words: list[str], gold: list[str]) -> float:
    if not words or not gold:
        return float(words == gold)
    common = sum((Counter(words) & Counter(gold)).values())
    return 2 * common / (len(words) + len(gold))


def read_spans(run: Run, tokenizer: Tokenizer, questions: Sequence[tuple[str, str]]) -> list[Span]:
    """For each (question, passage), the best span of the whole passage."""
    model = SpanModel(tokenizer, run)
    found = []
    for question, passage in questions:
        (read,) = model.read(question, [passage], [[(0, len(passage))]])
        found.append(read.spans[0] if read.spans else Span(0, 0, -np.inf))
    return found


def questions(path: Path) -> Iterator[Question]:
    """The questions of a file of MLQA (JSON lines) or in SQuAD's format."""
    if path.suffix == ".jsonl":
        for text in path.read_text(encoding="utf-8").splitlines():
            line = json.loads(text)
            answers = tuple(answer["text"] for answer in line["answers"])
            yield Question(line["question"], line["context"], answers)
        return
    for article in reader_data.read(path):
        for paragraph in article["paragraphs"]:
            for entry in paragraph["qas"]:
                answers = tuple(answer["text"] for answer in entry["answers"])
                yield Question(entry["question"], paragraph["context"], answers)


def some(items: Sequence[Question], limit: int | None) -> list[Question]:
    """At most ``limit`` questions, evenly spread, so that they are not all of one article."""
    if not limit or limit >= len(items):
        return list(items)
    return [items[i * len(items) // limit] for i in range(limit)]


def base_model(base: Path, frozen_layers: int = 0) -> tuple[encoder_torch.SpanEncoder, Any]:
    """The model with the base's weights and a new head, and the base's configuration."""
    from safetensors.numpy import load_file

    config = json.loads((base / "config.json").read_text())
    weights = load_file(base / "model.safetensors")
    return encoder_torch.from_base(weights, config, frozen_layers), config


def tokenizer(base: Path) -> Tokenizer:
    """The base's tokenizer, for texts of any length."""
    made = Tokenizer.from_file(str(base / "tokenizer.json"))
    made.no_padding()
    made.no_truncation()
    return made


def torch_run(model: encoder_torch.SpanEncoder) -> Run:
    """A model in PyTorch as `SpanModel` runs it: each sequence alone."""
    import torch

    model.eval()

    def run(rows: Sequence[Sequence[int]]) -> list[np.ndarray]:
        with torch.inference_mode():
            given = (torch.tensor([row]) for row in rows)
            return [model(ids, torch.ones_like(ids))[0].numpy() for ids in given]

    return run


def evaluate(arguments: argparse.Namespace) -> None:
    """Print exact match and F1 given the passage, for each set; passages are never skipped."""
    import torch

    pieces = tokenizer(arguments.base)
    torch.set_num_threads(arguments.threads)
    run = torch_run(_trained(arguments.base, arguments.checkpoint)[0])
    for name in SETS:
        asked = some(list(questions(arguments.data / "eval" / name)), arguments.limit)
        began = time.monotonic()
        spans = read_spans(run, pieces, [(item.question, item.passage) for item in asked])
        taken = (time.monotonic() - began) / len(asked)
        texts = [
            item.passage[span.start : span.end] for item, span in zip(asked, spans, strict=True)
        ]
        pairs = list(zip(texts, (item.answers for item in asked), strict=True))
        print(
            f"{name}: {len(asked)} questions, EM {np.mean([exact_match(*p) for p in pairs]):.3f}, "
            f"F1 {np.mean([f1(*p) for p in pairs]):.3f}, preferred to no answer "
            f"{np.mean([span.margin > 0 for span in spans]):.3f}, {taken * 1000:.0f} ms each",
            flush=True,
        )


def export(arguments: argparse.Namespace) -> None:
    """Write the mean of the checkpoints to the folder of the embedding model."""
    model, config = _trained(arguments.base, arguments.checkpoint)
    write(model, config, tokenizer(arguments.base), arguments.data, arguments.out)


def write(
    model: encoder_torch.SpanEncoder,
    config: Mapping[str, Any],
    pieces: Tokenizer,
    data: Path,
    out: Path,
) -> None:
    """Write the reader (int8) and reader.json to the folder of the embedding model.

    What the two models have in common, the word embeddings and the frozen layers, is stored once:
    the reader reads it out of the folder's model.onnx. ``data`` has what int8 is
    smoothed by.
    """
    ready = smoothing.smoothed(encoder_torch.to_numpy(model), config, pieces, data)
    (out / READER).write_bytes(graph(ready, config).SerializeToString())
    encoder_graph.share(out / READER, out / "model.onnx")
    # Confidence by the margin alone, until training.confidence has fitted it.
    settings = {
        "calibrations": {
            name: {"bias": 0.0, "weights": [1.0, *[0.0] * (count - 1)]}
            for name, count in FEATURES.items()
        },
        "min_confidence": 0.5,
    }
    (out / "reader.json").write_text(json.dumps(settings, indent=2) + "\n")
    print(f"{out}: {(out / READER).stat().st_size / 1e6:.1f} MB beside the embedding model")


def graph(weights: Mapping[str, np.ndarray], config: Mapping[str, Any]) -> onnx.ModelProto:
    """The reader with these weights, in int8."""
    shape = (config["layers"], config["heads"], config["epsilon"])
    return encoder_graph.build(weights, *shape, head="span", int8=True)


def _trained(
    base: Path, checkpoints: Sequence[Path]
) -> tuple[encoder_torch.SpanEncoder, dict[str, Any]]:
    """The model with the mean of the checkpoints' weights."""
    model, config = base_model(base)
    model.load_state_dict(encoder_torch.trained(*checkpoints), strict=False)
    return model.eval(), config
