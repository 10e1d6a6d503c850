"""All benchmarks, one after the other: ``python -m benchmarks --data DATA``."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import measure


def main() -> None:
    """Run each in a process of its own, with one export of the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model-folder", type=Path, help="from qa model export; made if left out")
    arguments = parser.parse_args()
    with TemporaryDirectory() as work:
        model = arguments.model_folder or measure.export_model(Path(work) / "model")
        data = ("--data", str(arguments.data))
        options = (*data, "--model-folder", str(model))
        kept = (*data, "--work", work)
        programs: dict[str, list[tuple[str, ...]]] = {
            "startup": [()],
            "passages": [()],
            "embedding": [options],
            "retrieval": [data],
            "peers": [options],
            "answers": [kept, (*kept, "--only", "time")],
            "mananeras": [kept],
            "conversation": [data],
            "conversations": [kept],
            "robustness": [data],
            "formats": [data],
            "laws": [kept],
            "sync": [data],
            "scale": [kept],
        }
        for name, runs in programs.items():
            for own in runs:
                print(measure.run("-m", f"benchmarks.{name}", *own).output)


if __name__ == "__main__":
    main()
