"""The BERT encoder in PyTorch, small and fast on a CPU, with a head that marks answer spans.

Parameters have the names of the Hugging Face checkpoint, so that weights go from the base to a
training and from there to ``training.encoder_graph`` unchanged; the head is ``span.weight|bias``.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional


class _Attention(nn.Module):  # type: ignore[misc]  # torch is not followed
    def __init__(self, hidden: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.self = nn.ModuleDict(
            {part: nn.Linear(hidden, hidden) for part in ("query", "key", "value")}
        )
        self.output = nn.ModuleDict(
            {"dense": nn.Linear(hidden, hidden), "LayerNorm": nn.LayerNorm(hidden, epsilon)}
        )

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        query, key, value = (
            self.self[part](x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        out = self.output["dense"](mixed.transpose(1, 2).flatten(2))
        normed: Tensor = self.output["LayerNorm"](out + x)
        return normed


class _Layer(nn.Module):  # type: ignore[misc]  # torch is not followed
    def __init__(self, hidden: int, heads: int, inner: int, epsilon: float) -> None:
        super().__init__()
        self.attention = _Attention(hidden, heads, epsilon)
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(hidden, inner)})
        self.output = nn.ModuleDict(
            {"dense": nn.Linear(inner, hidden), "LayerNorm": nn.LayerNorm(hidden, epsilon)}
        )

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        x = self.attention(x, mask)
        inner = functional.gelu(self.intermediate["dense"](x))
        normed: Tensor = self.output["LayerNorm"](self.output["dense"](inner) + x)
        return normed


class SpanEncoder(nn.Module):  # type: ignore[misc]  # torch is not followed
    """Token ids to start and end logits; the embeddings and the lowest layers can be frozen.

    With three ``outputs`` the third is, at the first token, the logit of "this passage answers".
    """

    def __init__(
        self,
        config: Mapping[str, Any],
        pieces: int,
        frozen_layers: int = 0,
        outputs: int = 3,
    ) -> None:
        super().__init__()
        hidden, epsilon = config["dimensions"], config["epsilon"]
        self.frozen_layers = frozen_layers
        self.embeddings = nn.ModuleDict(
            {
                "word_embeddings": nn.Embedding(pieces, hidden),
                "position_embeddings": nn.Embedding(config["max_tokens"], hidden),
                "token_type_embeddings": nn.Embedding(2, hidden),
                "LayerNorm": nn.LayerNorm(hidden, epsilon),
            }
        )
        layers = [
            _Layer(hidden, config["heads"], config["intermediate"], epsilon)
            for _ in range(config["layers"])
        ]
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(layers)})
        self.span = nn.Linear(hidden, outputs)
        nn.init.normal_(self.span.weight, std=0.02)
        nn.init.zeros_(self.span.bias)
        self.embeddings.requires_grad_(False)
        for layer in layers[:frozen_layers]:
            layer.requires_grad_(False)

    def forward(self, ids: Tensor, attention: Tensor) -> Tensor:
        """Logits [batch, tokens, outputs]; ``attention`` is 1 for tokens, 0 for pads."""
        logits: Tensor = self.span(self.states(ids, attention))
        return logits

    def vectors(self, ids: Tensor, attention: Tensor) -> Tensor:
        """Unit vectors [batch, hidden]: the mean of the tokens' states, as the graph has it."""
        return pooled(self.states(ids, attention), attention)

    def states(self, ids: Tensor, attention: Tensor) -> Tensor:
        """The last layer's states, [batch, tokens, hidden]."""
        # Without pads the mask is left out: attention without one has the faster kernel.
        mask = None if bool(attention.all()) else attention.bool()[:, None, None, :]
        with torch.no_grad():
            x = self._embed(ids)
        for number, layer in enumerate(self.encoder["layer"], 1):
            with torch.set_grad_enabled(torch.is_grad_enabled() and number > self.frozen_layers):
                x = layer(x, mask)
        return x

    def _embed(self, ids: Tensor) -> Tensor:
        positions = self.embeddings["position_embeddings"].weight[: ids.shape[1]]
        kind = self.embeddings["token_type_embeddings"].weight[0]
        x: Tensor = self.embeddings["LayerNorm"](
            self.embeddings["word_embeddings"](ids) + positions + kind
        )
        return x


def pooled(states: Tensor, attention: Tensor) -> Tensor:
    """Unit vectors [batch, hidden] of states [batch, tokens, hidden]."""
    weight = attention[:, :, None].to(torch.float32)
    return functional.normalize((states * weight).sum(1) / weight.sum(1), dim=-1)


def from_base(
    weights: Mapping[str, np.ndarray],
    config: Mapping[str, Any],
    frozen_layers: int = 0,
) -> SpanEncoder:
    """The encoder with a checkpoint's weights; a head that is missing there starts at random."""
    pieces, _ = weights["embeddings.word_embeddings.weight"].shape
    outputs = len(weights["span.bias"]) if "span.bias" in weights else 3
    model = SpanEncoder(config, pieces, frozen_layers, outputs)
    state = {name: torch.from_numpy(np.array(tensor)) for name, tensor in weights.items()}
    kinds = state["embeddings.token_type_embeddings.weight"]
    if kinds.shape[0] == 1:
        state["embeddings.token_type_embeddings.weight"] = kinds.repeat(2, 1)
    missing, unexpected = model.load_state_dict(state, strict=False)
    heads = {name for name in missing if name.startswith("span.")}
    if unexpected or set(missing) != heads:
        raise ValueError(f"not this encoder's weights: missing {missing}, unexpected {unexpected}")
    return model


def trained(*paths: Path) -> dict[str, Tensor]:
    """What a training left, in float32; of several the mean.

    A path is a checkpoint.pt, trained layers (.safetensors), or a folder that ``qa model export``
    or ``training.base --checkpoint`` wrote.
    """
    states = [_state(path) for path in paths]
    return {name: torch.stack([s[name] for s in states]).mean(0) for name in states[0]}


def _state(path: Path) -> dict[str, Tensor]:
    if path.suffix == ".pt":
        state: dict[str, Tensor] = torch.load(path, weights_only=True, map_location="cpu")["model"]
        return state
    found = load_file(path / "model.safetensors" if path.is_dir() else path)
    return {name: value.float() for name, value in found.items()}


def to_numpy(model: SpanEncoder) -> dict[str, np.ndarray]:
    """The weights under their checkpoint names, as ``training.encoder_graph`` takes them."""
    return {name: tensor.detach().numpy() for name, tensor in model.state_dict().items()}
