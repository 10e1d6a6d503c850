"""The power goes while files and ratings are kept: none that was acknowledged is lost."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from qa.evaluation.dataset import read
from qa.web.feedback import Ratings
from qa.web.library.uploads import Uploads
from tests.conftest import CHAT
from tests.index.storage.power_loss.checking import lay
from tests.index.storage.power_loss.orders import draw
from tests.index.storage.power_loss.recording import Said, can_record, operations, record

pytest.importorskip("gradio", reason=CHAT)

ORDERS, SEED = 600, 20
# Says what it begins, and what is acknowledged: the files by name, and the ratings.
KEEPING = """
import copy, json, os, sys
from pathlib import Path
from qa.web.feedback import Ratings
from qa.web.library.uploads import Uploads
from tests.qa.web.test_power_loss import rating

disk, said = Path(sys.argv[1]), os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT)
uploads, ratings = Uploads(disk / "index-uploads"), Ratings(disk / "feedback.jsonl")
holds = {"files": {}, "ratings": []}

def say(begun):
    os.write(said, json.dumps({"begun": begun, "holds": holds}).encode() + b"\\n")

def keep(name, text):
    with uploads.receive() as incoming:
        for part in (text[:700], text[700:]):
            incoming.write(part.encode())
        incoming.finish()
        uploads.keep(incoming, name, replace=True)

def step(do, *args):
    global holds
    then = copy.deepcopy(holds)
    if do is keep:
        then["files"][args[0]] = args[1]
    elif do is take:
        del then["files"][args[0]]
    else:
        then["ratings"].append(args[0]["question"])
    say(then)
    do(*args)
    holds = then
    say(then)

def take(name):
    with uploads.hidden(uploads.path_of(name)):
        pass

step(keep, "a.txt", "uno " * 500)
step(ratings.add, rating("first"))
step(keep, "b.txt", "dos " * 900)
step(keep, "a.txt", "otra vez " * 300)
step(take, "b.txt")
for n in range(8):
    step(ratings.add, rating(f"number {n}"))
step(keep, "c.txt", "tres " * 200)
step(take, "a.txt")
"""


def rating(question: str) -> dict[str, Any]:
    """A line of the file of ratings, of a refusal that was right."""
    row = {"answer": question, "verdict": "good", "question": question, "found": False}
    return row | {"citations": [], "comment": "x" * 400}


def test_the_power_goes_while_files_and_ratings_are_kept(tmp_path: Path) -> None:
    """Whatever the disk has kept: what was acknowledged is there whole, what was taken is gone."""
    if reason := can_record():
        pytest.skip(reason)
    disk, said, trace = (tmp_path / name for name in ("disk", "said", "trace"))
    disk.mkdir()
    record([sys.executable, "-c", KEEPING, disk, said], trace)
    done = operations(trace, disk, said, {})
    assert len(done) > 50
    for number in range(ORDERS):
        loss = draw(done, SEED, number)
        told = [json.loads(one.text) for one in done[: loss.after] if isinstance(one, Said)]
        nothing: dict[str, Any] = {"files": {}, "ratings": []}
        told = told or [{"holds": nothing, "begun": nothing}]
        folder = tmp_path / str(number)
        folder.mkdir()
        lay(loss.left, folder)
        _check(folder, told[-1]["holds"], told[-1]["begun"])


def _check(folder: Path, before: dict[str, Any], after: dict[str, Any]) -> None:
    uploads, ratings = Uploads(folder / "index-uploads"), folder / "feedback.jsonl"
    uploads.tidy()
    files = {path.name: path.read_text() for path in uploads.files()}
    assert files in (before["files"], after["files"])
    Ratings(ratings).add(rating("next"))
    found = [question.text for question in read(ratings).questions]
    assert found in ([*before["ratings"], "next"], [*after["ratings"], "next"])
