"""Addresses of collections in PostgreSQL: ``postgresql://user@host:port/database?collection=NAME``.

The password is that of the address, of PGPASSWORD, or of the file that PGPASSFILE or ~/.pgpass
names, as for PostgreSQL's own programs. It is never shown.
"""

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit

from index.errors import InputError

if TYPE_CHECKING:
    from ssl import SSLContext

__all__ = ["Address", "is_address"]

_SCHEME = re.compile(r"postgres(?:ql)?:/+")  # a Path has made one slash of two
_NAME = re.compile(r"[\w-][\w .-]{0,39}")  # a schema's name has 63 bytes at most
_KNOWN = {"collection", "host", "sslmode", "sslrootcert"}
_MODES = ("disable", "prefer", "require", "verify-ca", "verify-full")
_HOW = "postgresql://user@host:port/database?collection=NAME"


def is_address(given: object) -> bool:
    """Whether this names a collection in PostgreSQL; `Address.parse` says whether rightly."""
    return isinstance(given, Address) or _SCHEME.match(str(given)) is not None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a collection is. ``host`` is a name, or the folder of the server's socket."""

    user: str
    host: str
    port: int
    database: str
    collection: str = "default"
    sslmode: str = "prefer"
    sslrootcert: str | None = None
    given_password: str | None = field(default=None, repr=False, compare=False)

    @classmethod
    def parse(cls, given: str | Path) -> "Address":
        """The address in a text; raises InputError for what is none, without its password."""
        import getpass

        try:
            parts = urlsplit(_SCHEME.sub("postgresql://", str(given), count=1))
            asked = {name: values[-1] for name, values in parse_qs(parts.query, True, True).items()}
            port = parts.port or int(os.environ.get("PGPORT", "5432"))
            database = unquote(parts.path.lstrip("/"))
        except ValueError as exc:
            raise InputError(f"This is no address of a collection: write {_HOW}.") from exc
        if unknown := sorted(asked.keys() - _KNOWN):
            raise InputError(f"An address takes no {unknown[0]}: write {_HOW}.")
        collection = asked.get("collection", "default")
        if not _NAME.fullmatch(collection) or len(collection.encode()) > 40:
            raise InputError(
                "The name of a collection has letters, digits, spaces, and any of _ . -, 40 bytes "
                "at most: choose another one."
            )
        mode = asked.get("sslmode", os.environ.get("PGSSLMODE", "prefer"))
        if mode not in _MODES:
            raise InputError(f"There is no sslmode {mode}: use one of {', '.join(_MODES)}.")
        user = unquote(parts.username or "") or os.environ.get("PGUSER") or getpass.getuser()
        return cls(
            user,
            asked.get("host") or unquote(parts.hostname or os.environ.get("PGHOST", "localhost")),
            port,
            database or os.environ.get("PGDATABASE", user),
            collection,
            mode,
            asked.get("sslrootcert"),
            None if parts.password is None else unquote(parts.password),
        )

    def __str__(self) -> str:
        host = "" if self.socket else f"[{self.host}]" if ":" in self.host else self.host
        asked = {
            "collection": self.collection,
            "host": self.host if self.socket else "",
            "sslmode": "" if self.sslmode == "prefer" else self.sslmode,
            "sslrootcert": self.sslrootcert or "",
        }
        query = "&".join(f"{name}={quote(value)}" for name, value in asked.items() if value)
        named = f"{quote(self.user)}@{host}:{self.port}"
        return f"postgresql://{named}/{quote(self.database)}?{query}"

    @property
    def server(self) -> str:
        """What messages call the server."""
        return f"{self.host}:{self.port}"

    @property
    def schema(self) -> str:
        """The schema that holds the collection's tables."""
        return f"qa_{self.collection}"

    @property
    def socket(self) -> str | None:
        """The path of the server's socket; None where it is reached by TCP."""
        return f"{self.host}/.s.PGSQL.{self.port}" if self.host.startswith("/") else None

    def password(self) -> str | None:
        """The password, or None."""
        if self.given_password is not None:
            return self.given_password
        return os.environ.get("PGPASSWORD") or _recorded(self)

    def tls(self) -> "SSLContext | bool | None":
        """Whether the connection is encrypted, as pg8000 has it: None for where the server can."""
        match self.sslmode:
            case "disable":
                return False
            case "prefer":
                return None
            case "require":
                return True
        import ssl

        context = ssl.create_default_context(cafile=self.sslrootcert)
        context.check_hostname = self.sslmode == "verify-full"
        return context


def _recorded(address: Address) -> str | None:
    """The password in the password file, which only its owner may read."""
    path = Path(os.environ.get("PGPASSFILE") or Path("~/.pgpass").expanduser())
    try:
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            return None
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    host = "localhost" if address.socket else address.host
    wanted = (host, str(address.port), address.database, address.user)
    for line in lines:
        fields = [re.sub(r"\\(.)", r"\1", part) for part in re.split(r"(?<!\\):", line)]
        if len(fields) == len(wanted) + 1 and all(
            field in {"*", value} for field, value in zip(fields, wanted, strict=False)
        ):
            return fields[-1]
    return None
