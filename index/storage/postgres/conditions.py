"""Conditions on documents in PostgreSQL's SQL (`index.storage.conditions`)."""

import json
from typing import Any, Final

from index.storage.conditions import COMPARED, Dialect, Sql
from index.storage.postgres.plain import plain

__all__ = ["POSTGRES"]

_DATE = "(metadata::jsonb ->> 'date')"
_DAY = (
    f"CASE WHEN {_DATE} ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$'"
    f" AND pg_input_is_valid({_DATE}, 'date') THEN {_DATE} END"
)
_OWN: Final = {
    "id": "to_jsonb(id)",
    "title": "to_jsonb(title)",
    "source": "to_jsonb(source)",
    "language": "to_jsonb(language)",
    "date": f"to_jsonb({_DAY})",
}
# Each value that a document has of a name, items of a list one by one; true and false as numbers.
_NAMED = (
    "(SELECT CASE item WHEN 'true' THEN '1' WHEN 'false' THEN '0' ELSE item END AS value"
    " FROM (SELECT metadata::jsonb -> ?::text AS held) AS one, jsonb_array_elements("
    "CASE jsonb_typeof(held) WHEN 'array' THEN held ELSE jsonb_build_array(held) END) AS item)"
)


def _test(name: str, operator: str, wanted: Any) -> Sql:
    wanted = plain(wanted)
    if operator == "$exists":
        test, values = "jsonb_typeof(value) != 'null'", []
    elif operator == "$in":
        test = "value IN (SELECT jsonb_array_elements(?::jsonb))"
        values = [json.dumps(wanted, ensure_ascii=False)]
    elif operator == "$eq":
        test, values = "value = ?::jsonb", [json.dumps(wanted, ensure_ascii=False)]
    elif isinstance(wanted, str):
        text = """(value #>> '{}') COLLATE "C\""""
        test = f"jsonb_typeof(value) = 'string' AND {text} {COMPARED[operator]} ?"
        values = [wanted]
    else:
        test = f"jsonb_typeof(value) = 'number' AND value {COMPARED[operator]} ?::jsonb"
        values = [json.dumps(wanted)]
    if name in _OWN:
        return f"EXISTS (SELECT 1 FROM (SELECT {_OWN[name]} AS value) AS own WHERE {test})", values
    return f"EXISTS (SELECT 1 FROM {_NAMED} AS named WHERE {test})", [name, *values]


POSTGRES: Final = Dialect(_DAY, _test)
