"""The models here are tiny: on a busy machine a second thread waits longer than it computes."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest


@pytest.fixture(scope="package", autouse=True)
def one_thread() -> Iterator[None]:
    """Torch computes in one thread."""
    if find_spec("torch") is None:
        yield
        return
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
