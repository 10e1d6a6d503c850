"""Digests that stand for a text."""

import hashlib

__all__ = ["content_hash", "text_digest"]


def text_digest(text: str) -> bytes:
    """16 bytes that stand for a searched text: equal texts share their vector."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def content_hash(text: str) -> str:
    """The SHA-256 of a document's text (UTF-8), as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
