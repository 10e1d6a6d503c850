"""Passwords: hashed by scrypt, one line a user in a file, compared in constant time."""

import base64
import hashlib
import hmac
import secrets
from binascii import Error
from pathlib import Path
from threading import Lock

from index.errors import InputError

__all__ = ["SHARED", "Users", "check_name", "hashed", "matches"]

SHARED = ""  # the name of all users where there is one password for everybody

# 32 MB and about a tenth of a second a guess, as OWASP's cheat sheet advises. They stand in each
# hash, so that they can be raised without making the old ones anew.
_COST, _BLOCK, _PARALLEL = 2**15, 8, 3
_SALT, _KEY = 16, 32  # bytes
_MOST_MEMORY = 2**28  # bytes that a line of the file may ask for
_LONGEST = 1024  # characters of a password, and of a name


def hashed(password: str) -> str:
    """``scrypt$COST$BLOCK$PARALLEL$SALT$KEY`` of a password, salt and key in Base64."""
    salt = secrets.token_bytes(_SALT)
    key = _scrypt(password, salt, _COST, _BLOCK, _PARALLEL)
    numbers = [str(number) for number in (_COST, _BLOCK, _PARALLEL)]
    return "$".join(["scrypt", *numbers, _text(salt), _text(key)])


def matches(password: str, stored: str) -> bool:
    """Whether a hash is that of the password; ValueError where it is none."""
    cost, block, parallel, salt, key = _parts(stored)
    return hmac.compare_digest(_scrypt(password[:_LONGEST], salt, cost, block, parallel), key)


def check_name(name: str) -> str:
    """The name; raises InputError where no line can begin with it."""
    printable = name.isprintable() and name == name.strip() and 0 < len(name) <= 64
    if not printable or ":" in name or name.startswith("#"):
        raise InputError(f"{name!r} cannot be a name: give one without colon, as in ana.")
    return name


def _scrypt(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    memory = 128 * block * (cost + parallel + 2)
    return hashlib.scrypt(
        password.encode(errors="surrogateescape"),
        salt=salt, n=cost, r=block, p=parallel, maxmem=memory, dklen=_KEY,
    )  # fmt: skip


def _parts(stored: str) -> tuple[int, int, int, bytes, bytes]:
    kind, *numbers, salt, key = stored.split("$")
    if kind != "scrypt" or len(numbers) != 3:
        raise ValueError(kind)
    cost, block, parallel = (int(number) for number in numbers)
    if cost < 2 or cost & (cost - 1) or not (0 < block <= 64 and 0 < parallel <= 16):
        raise ValueError(kind)
    if 128 * block * cost > _MOST_MEMORY:
        raise ValueError(kind)
    try:
        made = base64.b64decode(salt, validate=True), base64.b64decode(key, validate=True)
    except Error as exc:
        raise ValueError(kind) from exc
    if len(made[1]) != _KEY:
        raise ValueError(kind)
    return cost, block, parallel, *made


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Users:
    """Who may come in: those of a file, or whoever knows the one password. Safe for threads.

    A file that is changed while the server runs counts at once.
    """

    def __init__(self, file: Path | None = None, password: str | None = None) -> None:
        """Raises InputError for a file that cannot be used, which names the line."""
        self.shared = file is None
        self._file = file
        self._lock = Lock()
        self._nobody = hashed(secrets.token_urlsafe())  # so that an unknown name takes as long
        self._state = self._stamp()
        self._hashes = _read(file) if file else {SHARED: hashed(password or "")}

    def hash_of(self, name: str) -> str | None:
        """The hash that the user has now; None for nobody's name."""
        return self._now().get(name)

    def admits(self, name: str, password: str) -> str | None:
        """The user's hash, where the password is right; takes as long where it is not."""
        name = SHARED if self.shared else name
        stored = self._now().get(name)
        right = matches(password, stored or self._nobody)
        return stored if right and stored else None

    def _now(self) -> dict[str, str]:
        with self._lock:
            state = self._stamp()
            if self._file and state != self._state:
                try:
                    self._hashes = _read(self._file)
                except InputError:  # half written, or removed: those of before stay
                    return self._hashes
                self._state = state
            return self._hashes

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            info = self._file.stat() if self._file else None
        except OSError:
            return None
        return (info.st_mtime_ns, info.st_size, info.st_ino) if info else None


def _read(file: Path) -> dict[str, str]:
    """Name to hash, of lines NAME:HASH; empty lines and those that begin with # are left out."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(
            f"The users in {file} cannot be read: make the file with qa password NAME >> {file}."
        ) from exc
    hashes: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, stored = line.strip().partition(":")
        try:
            _parts(stored)
            known = check_name(name) in hashes
        except (ValueError, InputError):
            known = True
        if known:
            raise InputError(
                f"Line {number} of {file} is not a new NAME:HASH: make it with qa password NAME."
            )
        hashes[name] = stored
    if not hashes:
        raise InputError(f"There are no users in {file}: add one with qa password NAME >> {file}.")
    return hashes
