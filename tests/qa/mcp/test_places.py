"""Ids and addresses of words lead back to them, whatever a document is called."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import InputError
from tests.conftest import MCP

pytest.importorskip("mcp", reason=MCP)

from mcp.shared.uri_template import UriTemplate

from index import Document, Index
from index.embedders import Embedder
from index.text.hashing import content_hash
from qa import Retriever
from qa.mcp import places

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
TEXT = "El faro se encendió en 1863. ¿Quién lo dijo? El farero, à côté, 🙂.\n\nY nadie más."


@given(NAMES)
def test_an_address_is_read_as_the_document_that_it_is_of(name: str) -> None:
    """Also one with signs that mean something in an address."""
    template = UriTemplate.parse(f"{places.DOCUMENTS}/{{+document}}")
    assert template.match(places.address_of(name)) == {"document": name}
    with_place = UriTemplate.parse(f"{places.DOCUMENTS}/{{+document}}#{{place}}")
    found = with_place.match(places.address_of(name, "3-7-0123abcd"))
    assert found == {"document": name, "place": "3-7-0123abcd"}


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Retriever:
    folder: Path = tmp_path_factory.mktemp("places") / "index"
    with Index.open(folder, create=True, model=embedder) as index:
        index.add([Document("a#b-1", TEXT)])
    return Retriever.open(folder)


@settings(deadline=None)
@given(st.integers(0, 100), st.integers(0, 100) | st.none(), st.integers(0, 50))
def test_what_is_read_is_what_stands_there(
    retriever: Retriever, start: int, end: int | None, around: int
) -> None:
    """Exactly, with what is around it, and again by its id, its link, or as a place alone."""
    if not start < min(len(TEXT), len(TEXT) if end is None else end):
        with pytest.raises(InputError, match="has the characters"):
            places.read(retriever, "a#b-1", start, end)
        return
    read = places.read(retriever, "a#b-1", start, end, around, around)
    words = TEXT[start:end]
    assert (read["text"], read["citation"]["quote"]) == (words, words)
    assert read["before"] + words + read["after"] in TEXT
    assert read["citation"]["hash"] == content_hash(TEXT)
    (linked,) = places.links_in([read], retriever)
    for place in (read["id"], linked["citation"]["link"], f"a#b-1#{start}-{start + len(words)}"):
        assert places.read_place(retriever, place, around, around) == read
