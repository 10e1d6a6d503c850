"""Blocks and notices as the catalog keeps them: short JSON, lists instead of objects."""

import json
from collections.abc import Iterable
from typing import Any

from index.types import Block, BlockRole, Notice, NoticeKind

__all__ = ["blocks_json", "blocks_of", "listed", "notices_json", "notices_of"]

_CODES = {
    BlockRole.HEADING: "h",
    BlockRole.PARAGRAPH: "p",
    BlockRole.ITEM: "i",
    BlockRole.TABLE: "t",
    BlockRole.FIELD: "f",
    BlockRole.NOTE: "n",
    BlockRole.CAPTION: "c",
    BlockRole.CODE: "x",
    BlockRole.TURN: "s",
    BlockRole.QUOTED: "q",
}
_ROLES = {code: role for role, code in _CODES.items()}
_UNSAID = (0, "", None, 0, ())  # level, mark, anchor, header_rows, spans


def blocks_json(blocks: Iterable[Block]) -> str:
    """One list a block, its role in one letter; what is not said is left out at the end."""
    return json.dumps([_row(block) for block in blocks], ensure_ascii=False, separators=(",", ":"))


def _row(block: Block) -> list[Any]:
    row: list[Any] = [_CODES[block.role], block.start, block.end, block.level, block.mark]
    row += [block.anchor, block.header_rows, block.spans]
    while len(row) > 3 and row[-1] == _UNSAID[len(row) - 4]:
        row.pop()
    return row


def blocks_of(kept: str) -> tuple[Block, ...]:
    """The blocks of what `blocks_json` gave, or of nothing; unknown roles are paragraphs."""
    if not kept or kept == "[]":
        return ()
    return tuple(_block(*row) for row in json.loads(kept))


def _block(  # the columns of a row
    role: str,
    start: int,
    end: int,
    level: int = 0,
    mark: str = "",
    anchor: int | None = None,
    header_rows: int = 0,
    spans: Iterable[tuple[int, int, int, int]] = (),
) -> Block:
    known = _ROLES.get(role, BlockRole.PARAGRAPH)
    cells = tuple((row, column, rows, columns) for row, column, rows, columns in spans)
    return Block(known, start, end, level, mark, anchor, header_rows, cells)


def notices_json(notices: Iterable[Notice]) -> str:
    """The kind and the text of each."""
    return json.dumps([[notice.kind.value, notice.text] for notice in notices], ensure_ascii=False)


def notices_of(kept: str) -> tuple[Notice, ...]:
    """The notices of what `notices_json` gave; unknown kinds are `NoticeKind.OTHER`."""
    kinds = {kind.value: kind for kind in NoticeKind}
    return tuple(Notice(kinds.get(kind, NoticeKind.OTHER), text) for kind, text in json.loads(kept))


def listed(kept: str) -> tuple[Any, ...]:
    """The values of a JSON list; most are empty."""
    return tuple(json.loads(kept)) if kept != "[]" else ()
