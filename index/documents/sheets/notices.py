"""What of a workbook is not in its text, said in sentences."""

from collections import Counter

from index.types import Notice, NoticeKind

__all__ = ["counted_notices"]

_TOLD = (
    ("struck", NoticeKind.DELETED, "{} struck-through text{s} {is} left out"),
    ("comments", NoticeKind.COMMENT, "{} comment{s} {is} left out"),
    ("pictures", NoticeKind.NO_TEXT, "{} picture{s} {is} without text"),
    ("repeated", NoticeKind.OTHER, "{} equal row{s} or cell{s} after the first {is} left out"),
    ("damaged", NoticeKind.LOST, "{} part{s} of the workbook {is} damaged and left out"),
    (
        "formulas",
        NoticeKind.LOST,
        "{} formula{s} {has} no stored result; save the file in its own program",
    ),
)


def counted_notices(counts: Counter[str]) -> list[Notice]:
    """A notice of each count that is not nought."""
    notices = []
    for key, kind, text in _TOLD:
        if counts[key]:
            one = counts[key] == 1
            words = {"s": "" if one else "s", "is": "is" if one else "are"}
            shown = text.format(f"{counts[key]:,}", **words, has="has" if one else "have")
            notices.append(Notice(kind, shown))
    return notices
