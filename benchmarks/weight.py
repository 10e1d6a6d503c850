"""How much an installation without extras weighs, and that it reads every format and answers.

python -m benchmarks.weight [--extras serve,damaged] [--json] [--out FILE]

Builds a wheel, installs it into a new environment (from PyPI), and adds up the bytes of all files
there by package, in MB of 10^6 bytes, with pip and byte code. Then the installed program indexes a
small file of every accepted ending and answers a question; what it does not read ends the run.
"""

import argparse
import json
import shutil
import subprocess
import venv
from importlib.metadata import distributions
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import measure
from tests.samples import SENTENCE, STORED, samples

__all__ = ["installed", "sizes"]

ROOT = Path(__file__).parents[1]
TARGET = 450.0  # MB
QUESTION = "¿Cuándo vence el plazo de inscripción?"
# What each file's document holds; of those with files in them, the file's.
CHECK = """
import json, sys
from index import Index
with Index.open(sys.argv[1]) as index:
    texts = {info.id: index.document(info.id).text for info in index.documents()}
print(json.dumps(texts))
"""


def main() -> None:
    """Install, measure, try, and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--extras", default="", help="install these too, with commas between")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    with TemporaryDirectory() as temporary:
        base = Path(temporary)
        environment = installed(base, arguments.extras)
        by_package = sizes(environment)
        byte_code = sum(path.stat().st_size for path in environment.rglob("*.pyc")) / 1e6
        answer = _tried(environment, base)
    total = sum(by_package.values())
    results = {"mb": by_package, "total": total, "byte_code": byte_code} | answer
    measure.save({"weight": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        rows: list[dict[str, Any]] = [
            {"package": name, "MB": f"{size:.1f}"} for name, size in by_package.items() if size >= 1
        ]
        small = [size for size in by_package.values() if size < 1]
        rows.append({"package": f"{len(small)} smaller ones", "MB": f"{sum(small):.1f}"})
        rows.append({"package": "all", "MB": f"{total:.1f} (target: < {TARGET:g})"})
        measure.table("An installation", rows)
        print(f"{byte_code:.1f} MB of it are byte code.")
        print(f"{len(samples())} formats indexed; {QUESTION} {answer['answer']}")


def installed(base: Path, extras: str = "") -> Path:
    """A new environment in ``base`` with a wheel of this checkout."""
    source = base / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source)
    for name in ("index", "qa"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    venv.create(base / "venv", with_pip=True)
    pip = (str(base / "venv" / "bin" / "python"), "-m", "pip", "--quiet")
    wheels = ("wheel", "--no-deps", "--wheel-dir", str(base), str(source))
    subprocess.run([*pip, *wheels], check=True)
    (wheel,) = base.glob("*.whl")
    wanted = f"{wheel}[{extras}]" if extras else str(wheel)
    subprocess.run([*pip, "install", wanted], check=True)
    return base / "venv"


def sizes(environment: Path) -> dict[str, float]:
    """MB of each package in an environment, largest first, and of what belongs to none."""
    (site,) = (environment / "lib").glob("python*/site-packages")
    found: dict[str, float] = {}
    for package in distributions(path=[str(site)]):
        paths = {Path(str(file.locate())).resolve() for file in package.files or ()}
        size = sum(path.stat().st_size for path in paths if path.is_file())
        found[package.metadata["Name"]] = size / 1e6
    every = sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) / 1e6
    found["(no package)"] = max(every - sum(found.values()), 0.0)
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _tried(environment: Path, base: Path) -> dict[str, Any]:
    """Index a file of each format and ask, by the installed command; SystemExit where it fails."""
    files, index = base / "files", str(base / "index")
    files.mkdir()
    for ending, data in samples().items():
        (files / f"plazo{ending}").write_bytes(data)
    qa, python = str(environment / "bin" / "qa"), str(environment / "bin" / "python")
    subprocess.run([qa, "index", str(files), "--index", index], check=True, capture_output=True)
    texts = json.loads(_output(python, "-I", "-c", CHECK, index))
    for ending in samples():
        wanted = STORED.get(ending, SENTENCE)
        name = f"plazo{ending}"
        if not any(wanted in text for id, text in texts.items() if f"{id}/".startswith(f"{name}/")):
            raise SystemExit(f"{name} is not read as it should be.")
    answer = json.loads(_output(qa, "ask", QUESTION, "--index", index, "--json"))
    if not answer["found"]:
        raise SystemExit("The question is not answered.")
    return {"answer": answer["answer"]}


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
