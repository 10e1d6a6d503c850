"""How a reader of long files says that it goes on: after each step, such as a page of a scan."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["on_step", "step"]

_listeners: list[Callable[[], object]] = []


@contextmanager
def on_step(listener: Callable[[], object]) -> Iterator[None]:
    """Call a function after each step of what is read meanwhile."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def step() -> None:
    """Say that a step is done."""
    for listener in _listeners:
        listener()
