"""Int8 with less to lose: inputs brought to like size, and a training that sees the rounding.

One scale serves all inputs of a token, so a single great one takes the others' precision. Each
input is divided by s and its weights multiplied: s = a**SHARE / w**(1 - SHARE), where a is its
greatest value over some texts and w its greatest weight (SmoothQuant, Xiao et al. 2022, equation
4), here with a geometric mean of 1. The attention's own output has no such inputs and is left.
``Rounded`` computes as int8 does and passes gradients on as if it did not (straight-through, Bengio
et al. 2013), so that a training can make up for what is left.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from training import encoder_graph, reader_data
from training.encoder_torch import SpanEncoder, from_base

SHARE = 0.65
EACH, TOKENS = 100, 160  # passages of a source, tokens of a text
PRODUCTS = {  # by the name of its weights, the modules of a layer that take the same inputs
    "attention.self.qkv": tuple(f"attention.self.{part}" for part in ("query", "key", "value")),
    "intermediate.dense": ("intermediate.dense",),
    "output.dense": ("output.dense",),
}


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
    """The vector [in] of each product: PRODUCT.smoothing."""
    greatest: dict[str, Tensor] = {}

    def see(name: str, given: Tensor) -> None:
        here = given.abs().amax((0, 1)).float()
        greatest[name] = torch.maximum(greatest.get(name, here), here)

    products = {
        f"encoder.layer.{number}.{name}": [layer.get_submodule(part) for part in parts]
        for number, layer in enumerate(model.encoder["layer"])
        for name, parts in PRODUCTS.items()
    }
    hooks = [
        parts[0].register_forward_pre_hook(lambda _, given, name=name: see(name, given[0]))
        for name, parts in products.items()
    ]
    with torch.no_grad():
        for ids, mask in batches:
            model.states(ids, mask)
    for hook in hooks:
        hook.remove()
    return {
        f"{name}.smoothing": _vector(
            greatest[name], torch.cat([part.weight.detach() for part in parts])
        )
        for name, parts in products.items()
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
    """A product whose inputs and weights are rounded to int8, as `training.encoder_graph` does."""

    smoothing: Tensor | float

    def forward(self, x: Tensor) -> Tensor:
        """x [batch, tokens, in]; each token has a scale of its own, and each output."""
        x, weight = x.float() / self.smoothing, self.weight * self.smoothing
        scales = x.abs().amax(-1, keepdim=True).clamp(min=1e-10) / 127
        near = (x / scales).round() * scales
        step = _steps(weight)
        grid = (weight / step).round() * step
        product: Tensor = functional.linear(
            x + (near - x).detach(), weight + (grid - weight).detach(), self.bias
        )
        return product


def _steps(weight: Tensor) -> Tensor:
    """`training.encoder_graph.steps` of weights that may be on a GPU, [out, 1]."""
    pairs = weight.unflatten(1, (-1, 2))
    both = torch.maximum(pairs.relu().sum(2).amax(1), (-pairs).relu().sum(2).amax(1))
    greatest = weight.abs().amax(1) / 127
    return torch.maximum(both / encoder_graph.PAIR, greatest).clamp(min=1e-12)[:, None]


def round_products(model: SpanEncoder, smoothing: Mapping[str, np.ndarray]) -> None:
    """Let all products of the model's layers be Rounded from now on; its weights stay."""
    products = {part: name for name, parts in PRODUCTS.items() for part in parts}
    for name, module in model.encoder.named_modules(prefix="encoder"):
        if isinstance(module, nn.Linear):
            module.__class__ = Rounded
            layer, own = ".".join(name.split(".")[:3]), ".".join(name.split(".")[3:])
            found = smoothing.get(f"{layer}.{products.get(own)}.smoothing")
            known = None if found is None else torch.from_numpy(found).to(module.weight.device)
            module.smoothing = 1.0 if known is None else known
