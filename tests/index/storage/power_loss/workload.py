"""A writer at work, run as a program: it says what it begins, and what is acknowledged.

Each line is JSON: ``begun`` are the texts by document id that the index will hold when the step is
done, ``whole`` whether the step is all or nothing, ``done`` the texts that it holds from now on.
"""

import json
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import index.storage.derived
import index.sync.writer
from index import Document, Index
from index.storage.vectors import choice
from tests.index.test_index import Counting

__all__ = ["INDEX"]

INDEX = Path("kept") / "here" / "index"
"""The index, below the folder that is watched: the two above it are made with it."""
CHECKPOINT = 40  # pages of SQLite's log that are enough to move it into the catalog
TEXT = "El texto de la palabra w{}w, que está en el documento {}. "


class _Connection(sqlite3.Connection):
    """Moves the log into the catalog more often than SQLite would by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")


class Work:
    """An index, and what it must hold."""

    def __init__(self, folder: Path, said: Path) -> None:
        self.folder = folder
        self.holds: dict[str, str] = {}
        self._said = os.open(said, os.O_WRONLY | os.O_CREAT, 0o600)

    def say(self, **values: object) -> None:
        """Say something that is recorded."""
        os.write(self._said, json.dumps(values).encode() + b"\n")

    def step(self, holds: dict[str, str], do: Callable[[], object], *, whole: bool = True) -> Any:
        """Do something after which the index holds these texts."""
        self.say(begun=holds, whole=whole)
        result = do()
        self.say(done=holds)
        self.holds = holds
        return result

    def open(self) -> Index:
        """Open the index, or make it."""
        return self.step(  # type: ignore[no-any-return]
            self.holds, lambda: Index.open(self.folder, create=True, model=Counting())
        )

    def add(self, index: Index, texts: dict[str, str], *, whole: bool = True) -> None:
        """Add documents."""
        documents = [Document(id, text) for id, text in texts.items()]
        self.step({**self.holds, **texts}, lambda: index.add(documents), whole=whole)

    def remove(self, index: Index, *ids: str) -> None:
        """Remove documents."""
        left = {id: text for id, text in self.holds.items() if id not in ids}
        self.step(left, lambda: index.remove(ids))

    def sync(self, index: Index, docs: Path, texts: dict[str, str]) -> None:
        """Make the index equal to a folder with these files, one after the other."""
        for path in docs.iterdir():
            path.unlink()
        for name, text in texts.items():
            (docs / name).write_text(text)
        others = {id: text for id, text in self.holds.items() if not id.endswith(".txt")}
        self.step({**others, **texts}, lambda: index.sync(docs), whole=False)


def text(word: int, id: str, times: int = 1) -> str:
    """A text with a word of its own, of one passage or of several."""
    return (TEXT.format(word, id) * times).strip()


def main(folder: Path, said: Path, docs: Path) -> None:
    """Write in every way that there is; leave with the index open, as when the power goes."""
    work = Work(folder / INDEX, said)
    with work.open() as index:
        work.add(index, {"a": text(1, "a")})
        work.add(index, {"b": text(2, "b", 40), "c": text(3, "c")}, whole=False)
        work.add(index, {"a": text(4, "a"), "d": text(5, "d")})
        work.remove(index, "b")
        work.step(work.holds, lambda: index.keep_setting("answers", "short"))
        files = {f"{n}.txt": text(n, f"{n}.txt", n + 1) for n in range(6)}
        work.sync(index, docs, files)
        with Index.open(work.folder, model=Counting()) as reader:
            reader.candidates("texto")
            files |= {"1.txt": text(7, "1.txt"), "new.txt": text(8, "new.txt")}
            del files["2.txt"]
            files["moved.txt"] = files.pop("3.txt")
            work.sync(index, docs, files)
            reader.candidates("texto")
    index = work.open()
    index.candidates("texto")
    work.remove(index, "a", "0.txt")
    many = {f"m{n}": text(n, f"m{n}", 8) for n in range(8)}
    work.add(index, many, whole=False)
    work.add(index, {"c": text(9, "c", 2)})
    os._exit(0)  # nothing is closed


def mend(folder: Path, said: Path) -> None:
    """Open what a loss of power left of each index in a folder, search it, and write to it."""
    for number, left in enumerate(sorted(folder.iterdir())):
        work = Work(left / INDEX, said)
        work.say(opens=number)
        with Index.open(work.folder, create=True, model=Counting()) as index:
            work.holds = {info.id: index.document(info.id).text for info in index.documents()}
            work.say(done=work.holds)  # what was seen once is there for good
            index.candidates("texto")
            work.add(index, {"mended": text(6, "mended")})
            work.remove(index, "mended")


if __name__ == "__main__":
    _connect = sqlite3.connect
    sqlite3.connect = lambda *args, **kwargs: _connect(*args, factory=_Connection, **kwargs)  # type: ignore[assignment]
    index.sync.writer.EMBED_AT_ONCE = 4
    index.sync.writer.KEEP_FROM = 4
    index.storage.derived.PUBLISH_SHARE = 1e9  # after each group
    index.storage.derived.SAVE_SECONDS = 0
    choice.EXACT_MOST = int(sys.argv[2])
    {"main": main, "mend": mend}[sys.argv[1]](*map(Path, sys.argv[3:]))  # type: ignore[operator]
