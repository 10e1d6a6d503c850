"""The tables of the catalog, and how those of an earlier format are brought up to date.

Format 1 had no checksums. Format 2 had no roles of passages. Format 3 has both.
"""

import sqlite3
import zlib

from index.text.hashing import content_hash, text_digest

__all__ = ["EARLIER", "FORMAT", "LONG_WAIT", "SCHEMA", "searched", "upgrade"]

LONG_WAIT, SHORT_WAIT = 10_000, 500  # milliseconds for another process to write
FORMAT = "3"
EARLIER = frozenset(("1", "2"))
"""The formats that `upgrade` brings to this one."""
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
    role TEXT NOT NULL DEFAULT 'body',
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
# What format 2 added to format 1. The digests and checksums are then filled in.
_CHECKSUMS = """
ALTER TABLE documents ADD COLUMN hash TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN file_hash TEXT;
ALTER TABLE passages ADD COLUMN digest BLOB;
ALTER TABLE passages ADD COLUMN crc INTEGER;
ALTER TABLE failures ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
ALTER TABLE failures ADD COLUMN size INTEGER;
ALTER TABLE failures ADD COLUMN modified INTEGER;
DROP INDEX documents_by_root;
UPDATE documents SET hash = content_hash(text);
UPDATE passages SET digest = text_digest(context, text), crc = crc32(vector);
"""
# What format 3 added to format 2, in which the context alone told a byline. These are the contexts
# that were written then; they do not change with those that are written now.
_IS_BYLINE = "context IN ('Autor, quien escribió el artículo', 'Author, who wrote the article')"
_ROLES = f"""
ALTER TABLE passages ADD COLUMN role TEXT NOT NULL DEFAULT 'body';
UPDATE passages SET role = 'byline' WHERE {_IS_BYLINE};
"""
# The table of format 3, for a connection that may not write a catalog of format 2.
_ROLES_VIEW = f"""
CREATE TEMP VIEW passages AS
SELECT *, CASE WHEN {_IS_BYLINE} THEN 'byline' ELSE 'body' END AS role FROM main.passages
"""


def searched(context: str, text: str) -> str:
    """What is embedded and searched of a passage: `index.types.Passage.indexed_text`."""
    return f"{context}: {text}" if context else text


def upgrade(db: sqlite3.Connection, *, to_write: bool = False) -> bool:
    """Bring a catalog of an earlier format to this one, in one transaction: all of it or nothing.

    From format 1 it reads every text and vector once, from format 2 every context (a few seconds
    for 100,000 passages). A catalog of format 2 that cannot be written now, since it is read only,
    the disk is full or somebody else writes, stays as it is and is read through a view that has
    what is new: then False is given. ``to_write`` says that a view is of no use, and removes one.
    Raises sqlite3.OperationalError where it cannot be done.
    """
    if to_write:
        db.execute("DROP VIEW IF EXISTS temp.passages")
    elif _format(db) == "2":
        db.execute(f"PRAGMA busy_timeout = {SHORT_WAIT}")  # to read, nobody waits long
    try:
        _upgrade(db)
    except sqlite3.OperationalError:
        if to_write or _format(db) != "2":
            raise
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute(_ROLES_VIEW)
        return False
    finally:
        db.execute(f"PRAGMA busy_timeout = {LONG_WAIT}")
    return True


def _upgrade(db: sqlite3.Connection) -> None:
    db.create_function("content_hash", 1, content_hash, deterministic=True)
    db.create_function(
        "text_digest", 2, lambda c, t: text_digest(searched(c, t)), deterministic=True
    )
    db.create_function("crc32", 1, zlib.crc32, deterministic=True)
    db.execute("BEGIN IMMEDIATE")
    try:
        # Asked only now: another process may have upgraded it while this one waited.
        steps = {"1": _CHECKSUMS + _ROLES + SCHEMA, "2": _ROLES}.get(_format(db) or "", "")
        for statement in filter(str.strip, steps.split(";")):
            db.execute(statement)
        if steps:
            db.execute("UPDATE meta SET value = ? WHERE key = 'format'", [FORMAT])
        db.execute("COMMIT")
    except BaseException:  # also an interrupt: nothing half done may stay
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _format(db: sqlite3.Connection) -> str | None:
    row = db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    return row[0] if row else None
