"""Int8 with less to lose: inputs brought to like size, and a training that sees the rounding.

One scale serves all inputs of a product, so a single great one takes the others' precision. Each
input is divided by s and its weights multiplied: s = a**SHARE / w**(1 - SHARE), where a is its
greatest value over some texts and w its greatest weight (SmoothQuant, Xiao et al. 2022, equation
4), here with a geometric mean of 1. Only the second product of each feed-forward part has such
inputs in this encoder. ``Rounded`` computes as int8 does and passes gradients on as if it did not
(straight-through, Bengio et al. 2013), so that a training can make up for what is left.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from training import reader_data
from training.encoder_torch import SpanEncoder, from_base

SHARE = 0.8
EACH, TOKENS = 100, 160  # passages of a source, tokens of a text
SECOND = "encoder.layer.{}.output.dense"


def texts(data: Path, tokenizer: Tokenizer) -> Iterable[tuple[Tensor, Tensor]]:
    """Ids and mask of some passages of TyDi QA and SQuAD-es and of a question about each."""
    for name in (reader_data.TYDI, reader_data.SQUAD_ES[1]):
        articles = reader_data.read(data / "qa" / name)
        paragraphs = [one for article in articles for one in article["paragraphs"] if one["qas"]]
        for one in paragraphs[:: max(1, len(paragraphs) // EACH)]:
            for text in (f"passage: {one['context']}", f"query: {one['qas'][0]['question']}"):
                ids = torch.tensor([tokenizer.encode(text).ids[:TOKENS]])
                yield ids, torch.ones_like(ids)


def vectors(model: SpanEncoder, batches: Iterable[tuple[Tensor, Tensor]]) -> dict[str, np.ndarray]:
    """The vector [in] of each layer's second feed-forward product: PRODUCT.smoothing."""
    greatest: dict[str, Tensor] = {}

    def see(name: str, given: Tensor) -> None:
        here = given.abs().amax((0, 1)).float()
        greatest[name] = torch.maximum(greatest.get(name, here), here)

    dense = {
        SECOND.format(number): layer.output["dense"]
        for number, layer in enumerate(model.encoder["layer"])
    }
    hooks = [
        module.register_forward_pre_hook(lambda _, given, name=name: see(name, given[0]))
        for name, module in dense.items()
    ]
    with torch.no_grad():
        for ids, mask in batches:
            model.states(ids, mask)
    for hook in hooks:
        hook.remove()
    return {
        f"{name}.smoothing": _vector(a, dense[name].weight.detach()) for name, a in greatest.items()
    }


def _vector(greatest: Tensor, weight: Tensor) -> np.ndarray:
    logs = SHARE * greatest.clamp(min=1e-5).log()
    logs -= (1 - SHARE) * weight.abs().amax(0).clamp(min=1e-5).log()
    made: np.ndarray = (logs - logs.mean()).exp().cpu().numpy()
    return made


def smoothed(
    weights: Mapping[str, np.ndarray], config: Mapping[str, Any], tokenizer: Tokenizer, data: Path
) -> dict[str, np.ndarray]:
    """The weights and their ``vectors`` over ``texts``: what `training.encoder_graph` builds of."""
    return {**weights, **vectors(from_base(weights, config).eval(), texts(data, tokenizer))}


class Rounded(nn.Linear):  # type: ignore[misc]  # torch is not followed
    """A product whose inputs and weights are rounded to int8, as ONNX Runtime does it."""

    smoothing: Tensor | float

    def forward(self, x: Tensor) -> Tensor:
        """x [batch, tokens, in]; each text has a scale and zero of its own, each output a scale."""
        x, weight = x.float() / self.smoothing, self.weight * self.smoothing
        low, high = x.amin((1, 2), True).clamp(max=0), x.amax((1, 2), True).clamp(min=0)
        step = ((high - low) / 255).clamp(min=1e-9)
        zero = (-low / step).round()
        near = (((x / step).round() + zero).clamp(0, 255) - zero) * step
        scale = weight.abs().amax(1, keepdim=True) / 127
        grid = (weight / scale).round() * scale
        product: Tensor = functional.linear(
            x + (near - x).detach(), weight + (grid - weight).detach(), self.bias
        )
        return product


def round_products(model: SpanEncoder, smoothing: Mapping[str, np.ndarray]) -> None:
    """Let all products of the model's layers be Rounded from now on; its weights stay."""
    for name, module in model.encoder.named_modules(prefix="encoder"):
        if isinstance(module, nn.Linear):
            module.__class__ = Rounded
            found = smoothing.get(f"{name}.smoothing")
            known = None if found is None else torch.from_numpy(found).to(module.weight.device)
            module.smoothing = 1.0 if known is None else known
