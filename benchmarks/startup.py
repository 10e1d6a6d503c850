"""How long `qa search` takes as a whole process, its peak memory, and what it imports.

python -m benchmarks.startup [--documents seeds] [--rounds 7] [--json] [--out FILE]
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import measure

__all__ = ["measured"]

TARGETS = {"search_s": 1.5, "search_mb": 400.0, "import_ms": 150.0}
QUESTION = "¿Cuándo visitó Rubio México?"
HEAVY = ("torch", "sentence_transformers", "transformers", "gradio")

IMPORT = """
from time import perf_counter
started = perf_counter()
from qa import Retriever
print(1000 * (perf_counter() - started))
"""

# What the process of `qa search` has imported when it ends.
IMPORTED = f"""
import atexit, sys
atexit.register(lambda: print("\\n" + ",".join(m for m in {HEAVY!r} if m in sys.modules)))
from qa.cli.app import main
main()
"""


def main() -> None:
    """Measure and print, with the targets."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--documents", type=Path, default=Path("seeds"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    results = measured(arguments.documents, arguments.rounds)
    measure.save({"startup": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        rows = [
            {"measure": name, "value": results[name], "target": f"<= {target:g}"}
            for name, target in TARGETS.items()
        ]
        rows.append({"measure": "imported", "value": results["imported"], "target": "none"})
        measure.table("A whole process", rows)


def measured(documents: Path, rounds: int) -> dict[str, Any]:
    """Medians of seconds and milliseconds, the highest peak, and the heavy libraries imported."""
    with TemporaryDirectory() as work:
        measure.run("-m", "qa", "index", str(documents), "--index", work)
        search = ("search", QUESTION, "--index", work, "--json")
        measure.run("-m", "qa", *search)  # fills the file cache, as a second search finds it
        searches = [measure.run("-m", "qa", *search) for _ in range(rounds)]
        imports = [float(measure.run("-c", IMPORT).output) for _ in range(rounds)]
        imported = measure.run("-c", IMPORTED, *search).output.splitlines()[-1]
    return {
        "search_s": measure.median([done.seconds for done in searches]),
        "search_s_best": min(done.seconds for done in searches),
        "search_mb": max(done.peak_mb for done in searches),
        "import_ms": measure.median(imports),
        "imported": imported or "none",
        "python": sys.version.split()[0],
    }


if __name__ == "__main__":
    main()
