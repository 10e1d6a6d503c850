"""Conditions on documents, as callers write them, made into SQL over the catalog.

A condition names values that a document has: those of its metadata, and its own ``id``, ``title``,
``source``, ``language`` and ``date``. The operators are named as in other vector stores.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from index.errors import InputError
from index.text.messages import describe, is_encodable, printable

__all__ = ["COMPARED", "SQLITE", "Dialect", "Sql", "Where", "condition"]

Where = Mapping[str, Any]
"""``{"year": 2024, "kind": {"$in": ["acta", "ley"]}, "$or": [{...}, {...}]}``: all must hold."""

_DATE = "json_extract(metadata, '$.date')"
_DAY = f"CASE WHEN date({_DATE}, '+0 days') = {_DATE} THEN {_DATE} END"  # one that exists, or none
_OWN: Final = {
    "id": "id",
    "title": "title",
    "source": "source",
    "language": "language",
    "date": f"({_DAY})",
}
COMPARED: Final = {"$eq": "=", "$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}
_NEGATED: Final = {"$ne": "$eq", "$nin": "$in"}
_OPERATORS: Final = (*COMPARED, "$in", *_NEGATED, "$exists")
_DEEPEST = 20  # conditions inside conditions

Sql = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database reads the metadata, which is kept as JSON.

    ``date`` is an expression: a document's own date as YYYY-MM-DD, NULL where it has none. ``test``
    gives the condition that a document's value of a name passes a test, one of COMPARED, "$in" or
    "$exists"; of a list, that one of its items does. Texts and numbers are never equal.
    """

    date: str
    test: Callable[[str, str, Any], Sql]


def condition(where: Where, dialect: Dialect) -> Sql:
    """A condition on rows of the table ``documents``, and its parameters.

    Raises InputError for what is no condition, in one sentence that says what to write.
    """
    return _all(where, dialect, 0)


def _all(where: Any, dialect: Dialect, depth: int) -> Sql:
    if not isinstance(where, Mapping) or not all(isinstance(name, str) for name in where):
        raise InputError(
            f'A condition is a dictionary as {{"year": 2024}}, not {describe(where)}: write it so.'
        )
    if depth > _DEEPEST:
        raise InputError(f"A condition is nested more than {_DEEPEST} times: write it flatter.")
    return _joined("AND", [_part(name, wanted, dialect, depth) for name, wanted in where.items()])


def _joined(word: str, parts: Iterable[Sql]) -> Sql:
    parts = list(parts)
    if not parts:
        return ("TRUE" if word == "AND" else "FALSE"), []
    sql = f" {word} ".join(f"({part})" for part, _ in parts)
    return sql, [value for _, values in parts for value in values]


def _part(name: str, wanted: Any, dialect: Dialect, depth: int) -> Sql:
    if name in {"$and", "$or"}:
        if isinstance(wanted, str | Mapping) or not isinstance(wanted, Iterable):
            raise InputError(f"{name} takes a list of conditions, not {describe(wanted)}.")
        return _joined(name[1:].upper(), [_all(part, dialect, depth + 1) for part in wanted])
    if name == "$not":
        return _negated(_all(wanted, dialect, depth + 1))
    if name.startswith("$"):
        raise InputError(
            f"{printable(name)} is no operator on conditions: use $and, $or or $not, and "
            f"{', '.join(_OPERATORS)} on a value."
        )
    if not is_encodable(name):
        raise InputError("The name of a value holds half a character: write it anew.")
    if not isinstance(wanted, Mapping):
        return _compared(name, "$eq", wanted, dialect)
    if not wanted:
        raise InputError(
            f'The condition on {printable(name)} is empty: write {{"$eq": value}} or leave it out.'
        )
    tests = [_compared(name, operator, value, dialect) for operator, value in wanted.items()]
    return _joined("AND", tests)


def _negated(part: Sql) -> Sql:
    sql, values = part
    return f"NOT coalesce(({sql}), FALSE)", values


def _compared(name: str, operator: Any, wanted: Any, dialect: Dialect) -> Sql:
    if operator not in _OPERATORS:
        shown = printable(operator) if isinstance(operator, str) else describe(operator)
        raise InputError(
            f"{shown} is no operator on {printable(name)}: use {', '.join(_OPERATORS)}."
        )
    if operator in _NEGATED:
        return _negated(_compared(name, _NEGATED[operator], wanted, dialect))
    if operator == "$exists":
        if not isinstance(wanted, bool):
            raise InputError(f"$exists on {printable(name)} is true or false: write one of them.")
        found = dialect.test(name, operator, None)
        return found if wanted else _negated(found)
    if operator == "$in":
        if isinstance(wanted, str | Mapping) or not isinstance(wanted, Iterable):
            raise InputError(
                f"$in on {printable(name)} takes a list of values, not {describe(wanted)}."
            )
        return dialect.test(name, operator, [_value(name, item) for item in wanted])
    return dialect.test(name, operator, _value(name, wanted))


def _test(name: str, operator: str, wanted: Any) -> Sql:
    """SQLite's."""
    if operator == "$exists":
        return _on(name, "IS NOT NULL", [], None)
    if operator == "$in":
        return _on(name, "IN (SELECT value FROM json_each(?))", [json.dumps(wanted)], None)
    kind = None if operator == "$eq" else "text" if isinstance(wanted, str) else "number"
    return _on(name, f"{COMPARED[operator]} ?", [wanted], kind)


def _on(name: str, test: str, values: list[Any], kind: str | None) -> Sql:
    """A test of the named value with these parameters, or of each item where it is a list.

    SQLite would order any number before any text: ``kind`` is what alone is compared.
    """

    def tested(column: str) -> str:
        typed = {
            None: "",
            "text": f" AND typeof({column}) = 'text'",
            "number": f" AND typeof({column}) IN ('integer', 'real')",
        }
        return f"{column} {test}{typed[kind]}"

    if name in _OWN:
        return f"{tested(_OWN[name])}", values
    return (
        "EXISTS (SELECT 1 FROM json_each(metadata) AS named WHERE named.key = ? AND CASE named.type"
        f" WHEN 'array' THEN EXISTS (SELECT 1 FROM json_each(named.value) AS item"
        f" WHERE {tested('item.value')}) ELSE {tested('named.value')} END)",
        [name, *values, *values],
    )


def _value(name: str, value: Any) -> str | float | int:
    """A value to compare with, as it is kept: true and false are 1 and 0."""
    if isinstance(value, date):  # a time is one, too
        value = value.isoformat()
    elif isinstance(value, Path):
        value = str(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and is_encodable(value):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int) and abs(value) < 2**63:
        return value
    raise InputError(
        f"{printable(name)} is compared with a text, number, date or true and false, not with "
        f"{describe(value)}."
    )


SQLITE: Final = Dialect(_DAY, _test)
