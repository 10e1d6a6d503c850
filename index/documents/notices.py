"""What is left out of a text, said in sentences: "2 hidden rows are left out"."""

import re
from collections.abc import Iterable, Mapping

from index.types import Notice, NoticeKind

__all__ = ["counted"]

_FORMS = re.compile(r"\(([a-z]+|[a-z ]+/[a-z ]+)\)")


def counted(
    counts: Mapping[str, int], told: Iterable[tuple[str, NoticeKind, str]]
) -> tuple[Notice, ...]:
    """A notice of each count that is not nought, in the order of ``told``.

    That has the count's name, and its sentence: "{} row(s) that (was/were) hidden (is/are) lost".
    """
    return tuple(
        Notice(kind, _said(sentence, counts[name]))
        for name, kind, sentence in told
        if counts.get(name)
    )


def _said(sentence: str, count: int) -> str:
    """The sentence about one thing, or about more."""

    def written(match: re.Match[str]) -> str:
        one, _, more = match[1].partition("/")
        return (one if more else "") if count == 1 else more or one

    return _FORMS.sub(written, sentence).format(f"{count:,}")
