"""Addresses of Milvus: ``milvus://host:port/database``, ``milvus+tls://...``, ``milvus:///file.db``.

The token is that of MILVUS_TOKEN. It stands in no address, since the address is recorded.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from index.errors import InputError

__all__ = ["MilvusAddress"]

_PORT = 19530
_NAME = re.compile(r"[A-Za-z_]\w*")
_HOW = "write milvus://HOST:19530, milvus+tls://HOST:19530, or milvus:///FOLDER/FILE.db"


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """Where a Milvus is: ``file`` is that of milvus-lite, None for a server.

    ``uri`` is what pymilvus takes, ``database`` the one on the server; "" for the default.
    """

    uri: str
    database: str = ""
    file: Path | None = None

    def __str__(self) -> str:
        if self.file:
            return f"milvus://{self.file}"
        scheme, _, place = self.uri.partition("://")
        start = "milvus+tls" if scheme == "https" else "milvus"
        return f"{start}://{place}{f'/{self.database}' if self.database else ''}"

    @classmethod
    def parse(cls, given: str) -> "MilvusAddress":
        """The address in a text; raises InputError for what is none, without what is secret."""
        try:
            parts = urlsplit(given)
            host, port = parts.hostname, parts.port or _PORT
        except ValueError as exc:
            raise InputError(f"This is no address of a Milvus: {_HOW}.") from exc
        if parts.username or parts.password:
            raise InputError(
                "The address of a Milvus holds no password, since it is recorded: "
                "set MILVUS_TOKEN to user:password or to a key."
            )
        if parts.scheme not in {"milvus", "milvus+tls"} or parts.query or parts.fragment:
            raise InputError(f"{given} is no address of a Milvus: {_HOW}.")
        path = unquote(parts.path)
        if host is None:
            if not path.endswith(".db") or not path.startswith("/") or parts.scheme != "milvus":
                raise InputError(f"{given} names no file of milvus-lite: {_HOW}.")
            return cls("", file=Path(path))
        database = path.strip("/")
        if (database and not _NAME.fullmatch(database)) or host.endswith(".db"):
            raise InputError(f"{given} names no database of a Milvus: {_HOW}.")
        host = f"[{host}]" if ":" in host else host
        scheme = "https" if parts.scheme == "milvus+tls" else "http"
        return cls(f"{scheme}://{host}:{port}", database)
