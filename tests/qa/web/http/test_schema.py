"""The API against its own description: whatever is sent, what comes back is described."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from qa import Retriever
from qa.web.options import Options
from qa.web.service import Service
from tests.conftest import CHAT

pytest.importorskip("fastapi", reason=CHAT)
pytest.importorskip("schemathesis", reason="needs what tests/requirements.txt names")
import schemathesis
from hypothesis import HealthCheck, settings

from qa.web.http.app import create_api

TOKEN = "t"  # noqa: S105
EXAMPLES = 8  # of each operation


def served(retriever: Any, assistant: Any = None) -> Any:
    options = Options(token=TOKEN, allow_upload=True, timeout=300)
    return create_api(retriever, "testserver", service=Service(options), assistant=assistant)


SERVING: list[Any] = []


@pytest.fixture(scope="module", autouse=True)
def api(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A server that lets documents be changed, over an index of its own."""
    folder = tmp_path_factory.mktemp("http") / "index"
    shutil.copytree(seeds_index, folder)
    with Retriever.open(folder) as retriever:
        SERVING.append(served(retriever))
        yield
        SERVING.clear()


async def current(scope: Any, receive: Any, send: Any) -> None:
    await SERVING[0](scope, receive, send)


# Nothing of the description needs an index, which is there only when the tests run.
schema = schemathesis.openapi.from_dict(served(None, SimpleNamespace(retriever=None)).openapi())
schema.app = current


def in_order(case: Any) -> bool:
    """Whether the dates are: what no schema can say."""
    for part in (case.query, case.body):
        if isinstance(part, dict) and part.get("since") and part.get("until"):
            return str(part["since"]) <= str(part["until"])
    return True


@schema.parametrize()  # type: ignore[untyped-decorator]
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
def test_every_answer_is_as_described(case: Any) -> None:
    """Whatever is sent, also what is wrong: status, form, headers, and who may ask."""
    if in_order(case):
        case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"})
