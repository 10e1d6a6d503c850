"""The typed models and docs/json.schema.json are one schema."""

import json
from typing import Any

import pytest

from tests.conftest import CHAT, ROOT

pytest.importorskip("fastapi", reason=CHAT)
from pydantic import TypeAdapter

from qa.web.http import answers

SCHEMA = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))["$defs"]
NAMES = {
    "added": "Added", "ask": "Answer", "citation": "Citation", "cited": "Cited",
    "counted": "Counted", "document": "Listed", "documents": "Documents", "fault": "Fault",
    "health": "Health", "hit": "Hit", "lack": "Lack", "mentioned": "Mentioned", "quote": "Quote",
    "refusal": "Refusal", "removed": "Removed", "suggestion": "Suggestion", "whole": "Whole",
}  # fmt: skip


def plain(schema: Any, names: dict[str, str]) -> Any:  # noqa: PLR0911  # a case each
    """A schema without words for people, and with one way to write what may be null."""
    if isinstance(schema, list):
        return [plain(one, names) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return names.get(schema["$ref"].rpartition("/")[2], schema["$ref"])
    if "anyOf" in schema:
        *others, null = sorted(schema["anyOf"], key=lambda one: one.get("type") == "null")
        if null == {"type": "null"} and len(others) == 1:
            return {"null or": plain(others[0], names)}
    if isinstance(schema.get("type"), list) and "null" in schema["type"]:
        (kind,) = set(schema["type"]) - {"null"}
        return {"null or": plain({**schema, "type": kind}, names)}
    left = {key: value for key, value in schema.items() if key not in {"description", "title"}}
    if "enum" in left:
        left.pop("type", None)
    if "properties" in left:
        left["properties"] = {k: plain(v, names) for k, v in left["properties"].items()}
        left["required"] = sorted(left.get("required", []))
        return left
    if "additionalProperties" in left and left["additionalProperties"] is not False:
        return "metadata"
    return {key: plain(value, names) for key, value in left.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_model_is_the_definition(name: str) -> None:
    """Key by key: types, limits, what may be null, and what must be there."""
    own = TypeAdapter(getattr(answers, NAMES[name])).json_schema()
    own.pop("$defs", None)
    by_model = {model: model for model in NAMES.values()}
    assert plain(own, by_model) == plain(SCHEMA[name], NAMES)


def test_metadata_has_the_values_that_documents_have() -> None:
    """Texts, numbers, true and false, lists of texts."""
    kinds = answers.Hit.model_json_schema()["properties"]["metadata"]["additionalProperties"]
    named = {one["type"] for one in kinds["anyOf"]}
    wanted = SCHEMA["hit"]["properties"]["metadata"]["additionalProperties"]
    assert named == set(wanted["type"])


def test_a_problem_is_an_error() -> None:
    """RFC 9457's members, and ours."""
    own, wanted = answers.Problem.model_json_schema(), SCHEMA["error"]
    assert set(own["properties"]) == set(wanted["properties"])
    assert {*own["required"], "type"} == set(wanted["required"])
