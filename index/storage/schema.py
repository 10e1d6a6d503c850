"""The tables of the catalog, and how those of an earlier format are brought up to date.

Format 1 had no checksums, format 2 no roles of passages, format 3 no blocks. Format 4 has them all.
"""

import sqlite3
import zlib

from index.text.hashing import content_hash, text_digest

__all__ = ["EARLIER", "FORMAT", "LONG_WAIT", "SCHEMA", "searched", "upgrade"]

LONG_WAIT, SHORT_WAIT = 10_000, 500  # milliseconds for another process to write
FORMAT = "4"
EARLIER = frozenset(("1", "2", "3"))
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
    file_hash TEXT,
    blocks TEXT NOT NULL DEFAULT '[]',
    page_labels TEXT NOT NULL DEFAULT '[]',
    page_confidences TEXT NOT NULL DEFAULT '[]',
    notices TEXT NOT NULL DEFAULT '[]',
    reading INTEGER NOT NULL DEFAULT 0,
    container TEXT
);
CREATE INDEX IF NOT EXISTS documents_by_container ON documents (container)
    WHERE container IS NOT NULL;
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
    crc INTEGER,
    blocks TEXT NOT NULL DEFAULT '',
    header TEXT NOT NULL DEFAULT ''
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
# What format 4 added to format 3. A document whose ``reading`` is 0 was read by an earlier release,
# and has no blocks until its file is read again.
_BLOCKS = """
ALTER TABLE documents ADD COLUMN blocks TEXT NOT NULL DEFAULT '[]';
ALTER TABLE documents ADD COLUMN page_labels TEXT NOT NULL DEFAULT '[]';
ALTER TABLE documents ADD COLUMN page_confidences TEXT NOT NULL DEFAULT '[]';
ALTER TABLE documents ADD COLUMN notices TEXT NOT NULL DEFAULT '[]';
ALTER TABLE documents ADD COLUMN reading INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN container TEXT;
ALTER TABLE passages ADD COLUMN blocks TEXT NOT NULL DEFAULT '';
ALTER TABLE passages ADD COLUMN header TEXT NOT NULL DEFAULT '';
"""
_STEPS = {
    "1": _CHECKSUMS + _ROLES + _BLOCKS + SCHEMA,
    "2": _ROLES + _BLOCKS + SCHEMA,
    "3": _BLOCKS + SCHEMA,
}
# The tables of format 4, for a connection that may not write a catalog of an earlier format.
_DOCUMENTS_VIEW = """
CREATE TEMP VIEW documents AS SELECT *, '[]' AS blocks, '[]' AS page_labels,
'[]' AS page_confidences, '[]' AS notices, 0 AS reading, NULL AS container FROM main.documents
"""
_PASSAGES_VIEW = "CREATE TEMP VIEW passages AS SELECT *, '' AS blocks, '' AS header"
_VIEWS = {
    "2": (
        _DOCUMENTS_VIEW,
        f"{_PASSAGES_VIEW}, CASE WHEN {_IS_BYLINE} THEN 'byline' ELSE 'body' END AS role"
        " FROM main.passages",
    ),
    "3": (_DOCUMENTS_VIEW, f"{_PASSAGES_VIEW} FROM main.passages"),
}


def searched(context: str, text: str) -> str:
    """What is embedded and searched of a passage: `index.types.Passage.indexed_text`."""
    return f"{context}: {text}" if context else text


def upgrade(db: sqlite3.Connection, *, to_write: bool = False) -> bool:
    """Bring a catalog of an earlier format to this one, in one transaction: all of it or nothing.

    From format 1 it reads every text and vector once, from format 2 every context (a few seconds
    for 100,000 passages), from format 3 nothing. A catalog of format 2 or 3 that cannot be written
    now, since it is read only, the disk is full or somebody else writes, stays as it is and is read
    through views that have what is new: then False is given. ``to_write`` says that views are of no
    use, and removes them. Raises sqlite3.OperationalError where it cannot be done.
    """
    if to_write:
        db.execute("DROP VIEW IF EXISTS temp.passages")
        db.execute("DROP VIEW IF EXISTS temp.documents")
    elif _format(db) in _VIEWS:
        db.execute(f"PRAGMA busy_timeout = {SHORT_WAIT}")  # to read, nobody waits long
    try:
        _upgrade(db)
    except sqlite3.OperationalError:
        views = _VIEWS.get(_format(db) or "")
        if to_write or not views:
            raise
        db.execute("PRAGMA temp_store = MEMORY")
        for view in views:
            db.execute(view)
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
        steps = _STEPS.get(_format(db) or "", "")
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
