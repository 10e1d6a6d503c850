"""What a program does to the files under a folder, in order, as strace sees it.

Python, SQLite, FAISS and tantivy write in different languages, and from several threads. The
system calls are what all of them have in common. A file that is written through a shared map could
not be seen so: a recording with one is refused, but for SQLite's ``-shm``, which SQLite makes anew
after a crash.
"""

import codecs
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

__all__ = [
    "ROOT",
    "Flushed",
    "Made",
    "Operation",
    "Removed",
    "Renamed",
    "Resized",
    "Said",
    "Tree",
    "Written",
    "can_record",
    "operations",
    "record",
]

ROOT = 0
"""The number of the folder that is watched."""

Tree = dict[str, bytes | None]
"""Paths below the folder that is watched, and the bytes of each file; None for a folder."""

CALLS = (
    "openat,open,creat,close,lseek,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,"
    "fallocate,copy_file_range,sendfile,splice,fsync,fdatasync,sync_file_range,syncfs,rename,"
    "renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,mkdir,mkdirat,mmap"
)
_END = -1  # an offset: each write goes to the file's end
WHOLE = 1 << 26  # bytes of a write that are recorded

_LINE = re.compile(r"(\d+) +(.*)", re.DOTALL)
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>(.*)", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NAMED = re.compile(r'(?:AT_FDCWD<([^>]*)>|\d+<([^>]*)>), "((?:[^"\\]|\\.)*)"')
_OPEN = re.compile(r"(\d+)<([^>]*)>(\(deleted\))?")


@dataclass(frozen=True, slots=True)
class Made:
    """A new file or folder, under its number, got a name in a folder."""

    folder: int
    name: str
    number: int
    is_folder: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """A name was taken out of a folder."""

    folder: int
    name: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """A file has another name now, in place of whatever had it."""

    folder: int
    name: str
    to_folder: int
    to_name: str
    number: int


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes were written to a file at an offset."""

    number: int
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Resized:
    """A file was cut, or made longer with zeros, to a size in bytes."""

    number: int
    size: int


@dataclass(frozen=True, slots=True)
class Flushed:
    """A file or folder was flushed: of it the operations before the one ``until`` are kept."""

    number: int
    until: int


@dataclass(frozen=True, slots=True)
class Said:
    """The program said something: what it has begun, or acknowledged."""

    text: str


Operation = Made | Removed | Renamed | Written | Resized | Flushed | Said


def can_record() -> str | None:
    """Why nothing can be recorded here; None where it can."""
    if shutil.which("strace") is None:
        return "needs strace: run apt-get install strace"
    tried = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False)
    return None if tried.returncode == 0 else "needs the right to trace a process"


def record(command: Sequence[str | Path], trace: Path) -> None:
    """Run a command, and write what strace says of it to a file. Raises CalledProcessError."""
    strace = ["strace", "-f", "--seccomp-bpf", "-y", f"-s{WHOLE}", f"-etrace={CALLS}", "-o"]
    subprocess.run([*strace, trace, *command], check=True, capture_output=True, timeout=300)


def operations(trace: Path, folder: Path, said: Path, before: Tree) -> list[Operation]:
    """What was done under a folder, which held ``before``, all of it flushed.

    What was written to the file ``said``, a line each time, is given as `Said`. Raises
    NotImplementedError for a call that is not understood.
    """
    parser = _Parser(folder, said)
    parser.begin(before)
    with trace.open(encoding="latin-1", newline="\n") as lines:
        for line in lines:
            parser.line(line)
    return parser.operations


class _Parser:
    """Calls into operations. Names become numbers, since a file outlives its name."""

    def __init__(self, folder: Path, said: Path) -> None:
        self.operations: list[Operation] = []
        self._said = str(said)
        self._base = str(folder)
        self._numbers = {self._base: ROOT}
        self._next = count(ROOT + 1)
        self._offsets: dict[tuple[str, int], int] = {}  # by descriptor and file
        self._begun: dict[str, tuple[str, int]] = {}  # by thread

    def begin(self, tree: Tree) -> None:
        """What is there already."""
        for path, content in sorted(tree.items()):
            made = self._made(f"{self._base}/{path}", is_folder=content is None)
            self.operations.append(made)
            if content:
                self.operations.append(Written(made.number, 0, content))
        for number in self._numbers.values():
            self.operations.append(Flushed(number, len(self.operations)))

    def line(self, line: str) -> None:
        """Read a line of strace's."""
        thread, text = _LINE.fullmatch(line.rstrip("\n")).groups()  # type: ignore[union-attr]
        before = len(self.operations)
        if text.endswith(" <unfinished ...>"):
            self._begun[thread] = text.removesuffix(" <unfinished ...>"), before
            return
        if resumed := _RESUMED.fullmatch(text):
            begun, before = self._begun.pop(thread)
            text = begun + resumed[1]
        if (call := _CALL.match(text)) and not call[3].startswith("-"):
            name, arguments = call[1].removesuffix("64"), call[2]
            if self._base in arguments or self._said in arguments:
                result = text[call.start(3) :]
                self.operations += self._operations(name, arguments, result, before)

    def _operations(
        self, name: str, arguments: str, result: str, before: int
    ) -> Iterator[Operation]:
        match name:
            case "open" | "openat" | "creat":
                yield from self._opened(arguments, result)
            case "write" | "pwrite" | "lseek" | "ftruncate" | "fsync" | "fdatasync":
                yield from self._through(name, arguments, result, before)
            case "rename" | "renameat" | "renameat2":
                yield self._renamed(arguments)
            case "unlink" | "unlinkat" | "rmdir":
                path = self._paths(arguments)[0]
                if path in self._numbers:
                    del self._numbers[path]
                    yield Removed(*self._place(path))
            case "mkdir" | "mkdirat":
                yield self._made(self._paths(arguments)[0], is_folder=True)
            case "mmap":
                shared = "PROT_WRITE" in arguments and "MAP_SHARED" in arguments
                if shared and "-shm>" not in arguments:
                    raise NotImplementedError(arguments)
            case "close":
                pass
            case _:
                raise NotImplementedError(f"{name}({arguments[:200]})")

    def _opened(self, arguments: str, result: str) -> Iterator[Operation]:
        path = self._paths(arguments)[0]
        flags = arguments.rpartition('"')[2]
        if "O_WRONLY" not in flags and "O_RDWR" not in flags:
            return
        if path not in self._numbers:
            made = self._made(path)
            if path != self._said:
                yield made
        elif "O_TRUNC" in flags:
            yield Resized(self._numbers[path], 0)
        start = _END if "O_APPEND" in flags else 0
        self._offsets[result.partition("<")[0], self._numbers[path]] = start

    def _through(self, name: str, arguments: str, result: str, before: int) -> Iterator[Operation]:
        """A call on an open file."""
        descriptor, path, deleted = _OPEN.match(arguments).groups()  # type: ignore[union-attr]
        if deleted or path not in self._numbers:
            return  # nobody can find it again
        number = self._numbers[path]
        key, value = (descriptor, number), result.split(maxsplit=1)[0]
        if name in {"fsync", "fdatasync"}:
            yield Flushed(number, before)
        elif name == "ftruncate":
            yield Resized(number, int(arguments.rpartition(", ")[2]))
        elif name == "lseek":
            if self._offsets.get(key) != _END:
                self._offsets[key] = int(value)
        else:
            data = _bytes(_QUOTED.search(arguments)[1])[: int(value)]  # type: ignore[index]
            if path == self._said:
                yield Said(data.decode().strip())
            elif name == "pwrite":
                yield Written(number, int(arguments.rpartition(", ")[2]), data)
            elif self._offsets[key] == _END:
                yield Written(number, self._size(number), data)
            else:
                yield Written(number, self._offsets[key], data)
                self._offsets[key] += len(data)

    def _size(self, number: int) -> int:
        """The size of a file in bytes."""
        size = 0
        for one in self.operations:
            if isinstance(one, Resized) and one.number == number:
                size = one.size
            elif isinstance(one, Written) and one.number == number:
                size = max(size, one.offset + len(one.data))
        return size

    def _renamed(self, arguments: str) -> Operation:
        old, new = self._paths(arguments)
        self._numbers[new] = self._numbers.pop(old)
        for path in [path for path in self._numbers if path.startswith(f"{old}/")]:
            self._numbers[new + path.removeprefix(old)] = self._numbers.pop(path)
        return Renamed(*self._place(old), *self._place(new), self._numbers[new])

    def _made(self, path: str, *, is_folder: bool = False) -> Made:
        self._numbers[path] = number = next(self._next)
        return Made(*self._place(path), number, is_folder)

    def _place(self, path: str) -> tuple[int, str]:
        folder, _, name = path.rpartition("/")
        return self._numbers.get(folder, -1), name

    def _paths(self, arguments: str) -> list[str]:
        """The paths that a call names, absolute."""
        named = [
            os.path.join(at or folder, _bytes(path).decode())  # noqa: PTH118
            for at, folder, path in _NAMED.findall(arguments)
        ]
        return named or [_bytes(path).decode() for path in _QUOTED.findall(arguments)]


def _bytes(quoted: str) -> bytes:
    """What stands in strace's quotation marks, with C's escapes."""
    return codecs.escape_decode(quoted.encode("latin-1"))[0]
