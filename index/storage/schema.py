"""The tables of the catalog, and how those of an earlier format are brought up to date."""

import sqlite3
import zlib

from index.text.hashing import content_hash, text_digest

__all__ = ["FORMAT", "SCHEMA", "searched", "upgrade"]

FORMAT = "2"
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    title TEXT,
    source TEXT,
    language TEXT,
    page_starts TEXT NOT NULL,
    metadata TEXT NOT NULL,
    root TEXT,
    size INTEGER,
    modified INTEGER,
    hash TEXT NOT NULL DEFAULT '',
    file_hash TEXT
);
CREATE INDEX IF NOT EXISTS documents_by_source ON documents (source) WHERE root IS NOT NULL;
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text TEXT NOT NULL,
    paragraph INTEGER NOT NULL,
    page INTEGER,
    paragraph_breaks TEXT NOT NULL,
    page_breaks TEXT NOT NULL,
    language TEXT,
    context TEXT NOT NULL,
    vector BLOB NOT NULL,
    digest BLOB,
    crc INTEGER
);
CREATE INDEX IF NOT EXISTS passages_by_document ON passages (document);
CREATE INDEX IF NOT EXISTS passages_by_digest ON passages (digest);
CREATE TABLE IF NOT EXISTS failures (
    source TEXT PRIMARY KEY,
    root TEXT,
    reason TEXT NOT NULL,
    skipped INTEGER NOT NULL DEFAULT 0,
    size INTEGER,
    modified INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spare (digest BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
"""
# Added since format 1, in which the other columns are as they are now.
_ADDED = """
ALTER TABLE documents ADD COLUMN hash TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN file_hash TEXT;
ALTER TABLE passages ADD COLUMN digest BLOB;
ALTER TABLE passages ADD COLUMN crc INTEGER;
ALTER TABLE failures ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE failures ADD COLUMN size INTEGER;
ALTER TABLE failures ADD COLUMN modified INTEGER;
DROP INDEX documents_by_root;
"""


def searched(context: str, text: str) -> str:
    """What is embedded and searched of a passage: `index.types.Passage.indexed_text`."""
    return f"{context}: {text}" if context else text


def upgrade(db: sqlite3.Connection) -> None:
    """Bring a catalog of format 1 to this one, in one transaction: the whole change or none.

    It reads every text and vector once (a few seconds for 100,000 passages).
    """
    db.create_function("content_hash", 1, content_hash, deterministic=True)
    db.create_function(
        "text_digest", 2, lambda c, t: text_digest(searched(c, t)), deterministic=True
    )
    db.create_function("crc32", 1, zlib.crc32, deterministic=True)
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while this one waited.
        if db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone() == ("1",):
            for statement in filter(str.strip, (_ADDED + SCHEMA).split(";")):
                db.execute(statement)
            db.execute("UPDATE documents SET hash = content_hash(text)")
            db.execute(
                "UPDATE passages SET digest = text_digest(context, text), crc = crc32(vector)"
            )
            db.execute("UPDATE meta SET value = ? WHERE key = 'format'", [FORMAT])
        db.execute("COMMIT")
    except BaseException:  # also an interrupt: nothing half done stays
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
