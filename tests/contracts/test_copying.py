"""A copy to every kind of place and back is equal, to the last checksum."""

from itertools import islice
from pathlib import Path

import pytest

from index import Index
from index.copy import copy
from index.storage.opening import place_of
from tests.contracts.oracle import Summed, documents, questions
from tests.contracts.places import Place

Hits = list[tuple[str, int, float, bool]]


def hits(place: str, question: str) -> Hits:
    """What is brought up: where it stands, its cosine, and whether words found it."""
    with Index.open(place, model=Summed()) as index:
        assert not index.verify().problems
        found = index.candidates(question, 200)
    return sorted(
        (one.passage.document_id, one.passage.start, one.dense, one.lexical is not None)
        for one in found
    )


def same(found: Hits, wanted: Hits) -> bool:
    places = [(*one[:2], one[3]) for one in found] == [(*one[:2], one[3]) for one in wanted]
    return places and [one[2] for one in found] == pytest.approx([w[2] for w in wanted], abs=2e-3)


def test_there_and_back(place: Place, tmp_path: Path) -> None:
    """Nothing is embedded; all is found as before."""
    source, back = str(tmp_path / "source"), str(tmp_path / "back")
    with Index.open(source, create=True, model=Summed()) as index:
        index.add(islice(documents(), 12))
    there = copy(place_of(source), place_of(place.address), engine=place.engine)
    again = copy(place_of(place.address), place_of(back))
    assert there.checksum == again.checksum
    assert there.copied == again.copied == there.documents == 12
    question = questions()[0]
    wanted = hits(source, question)
    assert len(wanted) > 10
    assert same(hits(place.address, question), wanted)
    assert same(hits(back, question), wanted)
