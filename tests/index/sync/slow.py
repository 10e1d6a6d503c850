"""Models for tests of processes that are killed: slow ones, and one that kills."""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.letters import Letters

__all__ = ["Deadly", "Slow"]


class Slow(Letters):
    """Takes its time for each text, and writes down in which process."""

    def __init__(self, log: Path, seconds: float = 0.02) -> None:
        self.log = log
        self.seconds = seconds

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The letters, slowly."""
        for _ in texts:
            with self.log.open("a") as log:
                log.write(f"{os.getpid()}\n")
            time.sleep(self.seconds)
        return super().encode(texts)


class Deadly(Letters):
    """Kills each process but the one that made it."""

    def __init__(self) -> None:
        self.maker = os.getpid()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The letters, in the process that made it."""
        if os.getpid() != self.maker:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode(texts)
