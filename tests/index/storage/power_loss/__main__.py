"""Loses the power as often as you like: python -m tests.index.storage.power_loss --orders 5000."""

import argparse
import secrets
import tempfile
from pathlib import Path

from tests.index.storage.power_loss.orders import recorded, run

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="of a recording; a new one is made")
    parser.add_argument("--orders", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1 << 32))
    parser.add_argument("--codes", action="store_true", help="codes from five vectors on")
    parser.add_argument("--only", type=int, help="the number of an order")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp())
    print(f"seed {given.seed}, recording in {folder}", flush=True)  # noqa: T201
    numbers = range(given.orders) if given.only is None else [given.only]
    print(f"{run(recorded(folder, *[4] * given.codes), given.seed, numbers)} different, all right")  # noqa: T201
