"""Addresses of Milvus."""

from pathlib import Path

import pytest

from index.errors import InputError
from index.storage.milvus.address import MilvusAddress

FILE = MilvusAddress("", file=Path("/a folder/my.db"))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("milvus://host", MilvusAddress("http://host:19530")),
        ("milvus://host:1/", MilvusAddress("http://host:1")),
        ("milvus://host:1/team", MilvusAddress("http://host:1", "team")),
        ("milvus+tls://host.org", MilvusAddress("https://host.org:19530")),
        ("milvus://[::1]:7", MilvusAddress("http://[::1]:7")),
        ("milvus:///a%20folder/my.db", FILE),
        ("milvus:///a folder/my.db", FILE),
    ],
)
def test_what_is_meant(text: str, address: MilvusAddress) -> None:
    """Servers with and without TLS, databases, and files; written out, it means the same."""
    assert MilvusAddress.parse(text) == address
    assert MilvusAddress.parse(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [
        *("milvus", "milvus:", "milvus://", "milvus:///", "milvus:///folder", "milvus://my.db"),
        *("milvus://host:port", "milvus://host/a/b", "milvus://host?token=x", "milvusdb://host"),
        *("milvus+tls:///my.db", "milvus://host/a b"),
    ],
)
def test_what_is_none(text: str) -> None:
    """What is no address is refused in one sentence that says how to write one."""
    with pytest.raises(InputError, match=r"write milvus://HOST:19530.*\.db\.$"):
        MilvusAddress.parse(text)


@pytest.mark.parametrize("text", ["milvus://me:secret@host", "milvus://secret@host:1"])
def test_no_password(text: str) -> None:
    """An address is recorded, so it holds no password; that is not repeated."""
    with pytest.raises(InputError, match="MILVUS_TOKEN") as refused:
        MilvusAddress.parse(text)
    assert "secret" not in str(refused.value)
