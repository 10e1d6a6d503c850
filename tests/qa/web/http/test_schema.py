"""The API against its own description: whatever is sent, what comes back is described."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import Retriever
from qa.web.options import Options
from qa.web.service import Service
from tests.conftest import CHAT

pytest.importorskip("fastapi", reason=CHAT)
schemathesis = pytest.importorskip(
    "schemathesis", reason="needs schemathesis: run pip install -r tests/requirements.txt"
)
from hypothesis import HealthCheck, settings

from qa.web.http.app import create_api

TOKEN = "t"  # noqa: S105
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
EXAMPLES = 12  # of each operation


@pytest.fixture(scope="module")
def described(
    seeds_index: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """The description of a server that lets documents be changed, over an index of its own."""
    folder = tmp_path_factory.mktemp("http") / "index"
    shutil.copytree(seeds_index, folder)
    with Retriever.open(folder) as retriever:
        options = Options(token=TOKEN, allow_upload=True, timeout=300)
        api = create_api(retriever, "testserver", service=Service(options))
        yield schemathesis.openapi.from_asgi("/openapi.json", api, headers=HEADERS)


schema = schemathesis.pytest.from_fixture("described")


def in_order(case: Any) -> bool:
    """Whether the dates are: what no schema can say."""
    for part in (case.query, case.body):
        if isinstance(part, dict) and part.get("since") and part.get("until"):
            return str(part["since"]) <= str(part["until"])
    return True


@schema.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
def test_every_answer_is_as_described(case: Any) -> None:
    """Whatever is sent, also what is wrong: status, form, headers, and who may ask."""
    if in_order(case):
        case.call_and_validate(headers=HEADERS)
