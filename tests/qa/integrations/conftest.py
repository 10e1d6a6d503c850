"""Some documents with metadata; no framework calls home."""

import os
from collections.abc import Callable

import pytest

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
os.environ["LANGSMITH_TRACING"] = "false"

from index import Document, Index
from index.embedders import Embedder

DOCUMENTS = (
    Document(
        "acta-1",
        "El pleno aprobó el presupuesto de 120.000 euros. Votaron a favor nueve concejales.",
        "Acta del pleno",
        metadata={"date": "2023-11-30", "year": 2023, "kind": "acta", "topics": ["pleno", "gasto"]},
    ),
    Document(
        "acta-2",
        "La reunión sobre el agua se aplazó al 3 de mayo porque la alcaldesa estaba enferma.",
        "Acta de la comisión",
        metadata={"date": "2024-04-12", "year": 2024, "kind": "acta", "topics": ["agua"]},
    ),
    Document(
        "ley-1",
        "Artículo 1. El canon de riego se paga cada año antes del 31 de marzo.",
        "Ley del agua",
        metadata={"year": 2024, "kind": "ley", "topics": ["agua", "riego"], "urgent": True},
    ),
    Document("memo-1", "The library opens at nine on Saturdays, and is closed on Sundays.", "Memo"),
    Document(
        "nota-1",
        "El puente nuevo costó dos millones y se inauguró en octubre.",
        metadata={"year": 2019, "kind": "nota"},
    ),
)
QUESTION = "¿A qué día se aplazó la reunión sobre el agua?"
UNANSWERED = "¿Quién ganó el Mundial de fútbol de 2022?"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> str:
    """The folder of an index of them."""
    path = tmp_path_factory.mktemp("integrations") / "index"
    with Index.open(path, create=True, model=embedder) as index:
        index.add(DOCUMENTS)
    return str(path)


def in_process(work: Callable[..., object], *given: object) -> None:
    """Check in a process made by a fork that a component searches there."""
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if work(*given) else 1)
        except BaseException:  # noqa: BLE001
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
