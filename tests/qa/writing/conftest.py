"""Two documents of an invented office, and what is asked of them."""

from collections.abc import Iterator

import pytest

from index import Document, Index
from index.embedders import Embedder
from qa import Retriever

SPANISH = (
    "La oficina de patentes de Lumbría la dirige Ana Ruiz desde 2011. "
    "El plazo para presentar una solicitud es de 20 días hábiles. "
    "La tasa de registro cuesta 35 euros y se paga por transferencia."
)
ENGLISH = (
    "The patent office of Lumbry has been run by Ann Rowe since 2011. "
    "The deadline for filing an application is 20 working days. "
    "The registration fee is 35 euros and is paid by bank transfer."
)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Retriever]:
    """A retriever over both documents."""
    folder = tmp_path_factory.mktemp("office") / "index"
    with Index.open(folder, create=True, model=embedder) as index:
        index.add([Document("es", SPANISH, "Oficina"), Document("en", ENGLISH, "Office")])
        yield Retriever(index)
