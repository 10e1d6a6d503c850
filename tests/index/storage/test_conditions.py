"""Conditions on documents, against the same conditions in Python."""

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import InputError
from index.storage.catalog import Catalog
from index.storage.conditions import SQLITE, condition
from index.storage.opening import Place, open_catalog
from index.storage.postgres.address import Address
from index.types import Document

KINDS = ("acta", "ley", "Acta")
VALUES = (
    st.sampled_from(KINDS)
    | st.integers(-2, 2)
    | st.sampled_from((0.5, 1.0, True, False))
    | st.lists(st.sampled_from(KINDS), max_size=2)
)
NAMES = st.sampled_from(("kind", "a b", 'say "x"', "a.$b", "ñ"))
SCALARS = st.sampled_from(KINDS) | st.integers(-2, 2) | st.sampled_from((0.5, True))
TESTS = (
    SCALARS
    | st.fixed_dictionaries({}, optional={"$eq": SCALARS, "$ne": SCALARS, "$gt": SCALARS}).filter(
        bool
    )
    | st.fixed_dictionaries({"$lte": SCALARS})
    | st.fixed_dictionaries({"$in": st.lists(SCALARS, max_size=3)})
    | st.fixed_dictionaries({"$nin": st.lists(SCALARS, max_size=3)})
    | st.fixed_dictionaries({"$exists": st.booleans()})
)
CONDITIONS = st.recursive(
    st.dictionaries(NAMES, TESTS, max_size=2),
    lambda parts: (
        st.fixed_dictionaries({"$and": st.lists(parts, max_size=2)})
        | st.fixed_dictionaries({"$or": st.lists(parts, max_size=2)})
        | st.fixed_dictionaries({"$not": parts})
    ),
    max_leaves=4,
)


def holds(where: Mapping[str, Any], metadata: Mapping[str, Any]) -> bool:
    """Whether a condition holds for a document, as the documentation says it."""
    for name, wanted in where.items():
        if name == "$and":
            fits = all(holds(part, metadata) for part in wanted)
        elif name == "$or":
            fits = any(holds(part, metadata) for part in wanted)
        elif name == "$not":
            fits = not holds(wanted, metadata)
        else:
            tests = wanted if isinstance(wanted, Mapping) else {"$eq": wanted}
            found = metadata.get(name, [])
            items = found if isinstance(found, list) else [found]
            fits = all(passes(items, operator, value) for operator, value in tests.items())
        if not fits:
            return False
    return True


def passes(items: list[Any], operator: str, wanted: Any) -> bool:
    """Whether one of the values that a document has of a name passes a test."""
    if operator in {"$ne", "$nin"}:
        return not passes(items, {"$ne": "$eq", "$nin": "$in"}[operator], wanted)
    if operator == "$exists":
        return bool(bool(items) == wanted)
    if operator == "$in":
        return any(item in wanted for item in items)
    if operator == "$eq":
        return wanted in items
    alike = [item for item in items if isinstance(item, str) == isinstance(wanted, str)]
    return any(item > wanted if operator == "$gt" else item <= wanted for item in alike)


def write(catalog: Catalog, *documents: Document) -> None:
    """Write documents without passages."""
    with catalog.transaction():
        for document in documents:
            catalog.add(document, [], np.empty((0, 2), dtype=np.float32))


@pytest.fixture(scope="module", params=["file", "server"])
def catalog(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Catalog]:
    """A catalog in a file, and one on a server."""
    if request.param == "file":
        place: Place = tmp_path_factory.mktemp("conditions")
    else:
        place = Address.parse(request.getfixturevalue("postgres").address())
    opened = open_catalog(place, create=True)
    yield opened
    opened.close()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=3), max_size=4), CONDITIONS)
def test_as_in_python(
    catalog: Catalog, documents: list[dict[str, Any]], where: dict[str, Any]
) -> None:
    """The documents that a condition finds are those for which it holds."""
    with catalog.transaction():
        catalog.remove([info.id for info in catalog.documents()])
    write(catalog, *(Document(str(n), metadata=one) for n, one in enumerate(documents)))
    expected = [str(n) for n, one in enumerate(documents) if holds(where, one)]
    assert sorted(catalog.matching(*condition(where, catalog.dialect))) == expected


def test_what_a_document_says_of_itself(catalog: Catalog) -> None:
    """Its id, title, source, language and date are named like metadata, which they hide."""
    with catalog.transaction():
        catalog.remove([info.id for info in catalog.documents()])
    write(
        catalog,
        Document("a", "", "Acta 3", "/d/a.pdf", "es", metadata={"date": "2024-05-31"}),
        Document("b", language="en", metadata={"date": "hacia mayo", "title": "Acta 3"}),
    )
    for where, found in (
        ({"id": {"$in": ["b", "c"]}}, ["b"]),
        ({"title": "Acta 3"}, ["a"]),
        ({"source": Path("/d/a.pdf")}, ["a"]),
        ({"language": {"$ne": "es"}}, ["b"]),
        ({"date": {"$gte": datetime.date(2024, 5, 31), "$lt": "2025"}}, ["a"]),
        ({"date": "hacia mayo"}, []),  # it is no day
        ({"date": {"$exists": True}}, ["a"]),
        ({"title": {"$exists": False}}, ["b"]),
        ({}, ["a", "b"]),
    ):
        assert sorted(catalog.matching(*condition(where, catalog.dialect))) == found, where


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("year", "is a dictionary"),
        ([("year", 1)], "is a dictionary"),
        ({3: 1}, "is a dictionary"),
        ({"year": {"gt": 1}}, "gt is no operator on year: use "),
        ({"year": {}}, "The condition on year is empty"),
        ({"year": None}, "year is compared with a text"),
        ({"year": [2024]}, "year is compared with a text"),
        ({"year": float("nan")}, "year is compared with a text"),
        ({"year": 2**63}, "year is compared with a text"),
        ({"year": {"$exists": 1}}, "is true or false"),
        ({"year": {"$in": "2024"}}, "takes a list of values"),
        ({"$or": {"year": 1}}, "takes a list of conditions"),
        ({"$nor": []}, "is no operator on conditions"),
        ({"\ud800": 1}, "half a character"),
    ],
)
def test_what_is_no_condition(where: Any, said: str) -> None:
    with pytest.raises(InputError, match=said.replace("$", r"\$")):
        condition(where, SQLITE)


def test_one_that_is_nested_without_end() -> None:
    where: dict[str, Any] = {"year": 1}
    for _ in range(30):
        where = {"$not": where}
    with pytest.raises(InputError, match="flatter"):
        condition(where, SQLITE)
