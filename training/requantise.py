"""Write the bundled models anew, with their own weights and the graph as it is now.

    python -m training.requantise --source FOLDER --data DATA --out FOLDER

FOLDER holds model.onnx, small.onnx and the reader with their configuration; DATA the texts that
their inputs are smoothed by (training/smoothing.py). For when the graph or the rounding changes and
the weights do not: what was rounded once is rounded once more.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

from index.embedders import export
from qa.search.span_model import READER
from training import contrast, encoder_graph, reader_score, smoothing


def main() -> None:
    """Write all three; the reader's calibration is kept until training.confidence fits it anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    source, out = arguments.source, arguments.out
    with tempfile.TemporaryDirectory() as made:
        for name, settings in (("model", "config.json"), ("small", "small.json")):
            config = json.loads((source / settings).read_text(encoding="utf-8"))
            found = export.weights(config, source / f"{name}.onnx")
            contrast.write(found, config, source, Path(made) / name, arguments.data)
        config = json.loads((source / "config.json").read_text(encoding="utf-8"))
        found = export.weights(config, source / READER)
        ready = smoothing.smoothed(found, config, reader_score.tokenizer(source), arguments.data)
        reader = reader_score.graph(ready, config)
        # Only now: the source may be where this is written to.
        for name, settings in (("model", "config.json"), ("small", "small.json")):
            shutil.copyfile(Path(made) / name / "model.onnx", out / f"{name}.onnx")
            shutil.copyfile(Path(made) / name / "config.json", out / settings)
        (out / READER).write_bytes(reader.SerializeToString())
    for name in ("small.onnx", READER):
        encoder_graph.share(out / name, out / "model.onnx")


if __name__ == "__main__":
    main()
