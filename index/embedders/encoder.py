"""A graph that training/encoder_graph.py wrote, run by ONNX Runtime, one text at a time.

A text is run alone and without pads, so its result has the same bits whatever else is asked for.
Each run takes one thread; several texts take as many as there are processors, up to a limit.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.settings import SETTINGS

__all__ = ["INPUT", "Encoder", "Graph"]

INPUT = "input_ids"
# A container sees all processors of its machine, however few it may use. Beyond some number,
# threads only wait for each other: between two runs they take turns at Python and at memory.
MOST_THREADS = SETTINGS.writing.encoder_threads


class Graph:
    """One row of inputs in, arrays out. Safe for threads, and after a fork."""

    def __init__(self, path: Path, inputs: Sequence[tuple[str, int]]) -> None:
        """Load it; ``inputs`` are the names and the numbers of axes that it must take.

        Raises ValueError for a graph of another kind, and ONNX Runtime's own errors.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        options.enable_mem_pattern = False  # it is kept for each length of a text
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        found = [(given.name, len(given.shape)) for given in self._session.get_inputs()]
        if found != list(inputs):
            raise ValueError(f"{path.name} does not take {', '.join(name for name, _ in inputs)}")

    def run(self, rows: Sequence[NDArray[Any]]) -> list[list[NDArray[np.float32]]]:
        """All outputs for each row of the one input, in their order."""
        threads = min(len(rows), _processors(), MOST_THREADS)
        if threads < 2:
            return [self._run_one(row) for row in rows]
        # The longest first: else one processor may work alone on a long text at the end.
        order = sorted(range(len(rows)), key=lambda place: -len(rows[place]))
        with ThreadPoolExecutor(threads) as pool:
            results = pool.map(lambda place: self._run_one(rows[place]), order)
            by_place = dict(zip(order, results, strict=True))
        return [by_place[place] for place in range(len(rows))]

    def _run_one(self, row: NDArray[Any]) -> list[NDArray[np.float32]]:
        name = self._session.get_inputs()[0].name
        return self._session.run(None, {name: row})  # type: ignore[no-any-return]


class Encoder:
    """Token ids of a text in, one array out. Safe for threads, and after a fork."""

    def __init__(self, path: Path) -> None:
        """Load it. Raises ValueError for a graph of another kind, and ONNX Runtime's own errors."""
        self._graph = Graph(path, [(INPUT, 1)])

    def run(self, rows: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """The result of each row of ids, in their order."""
        return [first for first, *_ in self._graph.run([np.asarray(row, np.int64) for row in rows])]


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
