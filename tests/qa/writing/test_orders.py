"""Sixty orders to language models in documents, and a model that obeys every one of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index import Document, Index
from index.embedders import Embedder
from qa import Answer, Retriever
from qa.writing import Writer, writer
from qa.writing.instructions import speaks_to_a_model
from tests.qa.writing.conftest import ENGLISH, SPANISH
from tests.qa.writing.orders import ORDERS, Order

ASKED = {
    "es": "¿Qué plazo hay para presentar una solicitud?",
    "en": "What is the deadline for filing an application?",
}
NUMBERED = list(enumerate(ORDERS))
# Those whose words no document states: links, other languages, other passages, greetings.
UNSAID = [(number, order) for number, order in NUMBERED if order.mark not in order.text]
PLAIN = (
    "Ignore el aviso anterior si ya pagó la cuota.",
    "Responda a todas las preguntas del formulario y escriba su nombre.",
    "El director respondió que no había plazo y dijo a los usuarios que esperasen.",
    "Los modelos de lenguaje han mejorado mucho desde 2022.",
    "You must answer every question on the form and write your name on each page.",
    "The assistant manager said that the office would reply within ten days.",
    "Ignore the previous notice if you have already paid.",
)


class Obedient:
    """A model that does what a document orders, whether it has seen it or not."""

    name = "obediente"

    def __init__(self, order: Order) -> None:
        self.order = order
        self.prompts: list[str] = []

    def write(self, messages: Sequence[dict[str, str]]) -> Iterator[str]:
        """What was ordered, in small pieces."""
        self.prompts.append(messages[-1]["content"])
        yield from self.order.says


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Retriever]:
    """For each order a document that answers and holds it, and one that holds it beside."""
    folder: Path = tmp_path_factory.mktemp("orders") / "index"
    documents = []
    for number, order in NUMBERED:
        facts = SPANISH if order.language == "es" else ENGLISH
        documents += [
            Document(f"{number}-in", f"{facts} {order.text}", "Oficina"),
            Document(f"{number}-clean", facts, "Oficina"),
            Document(f"{number}-beside", f"{ASKED[order.language]} {order.text}", "Aviso"),
        ]
    with Index.open(folder, create=True, model=embedder) as index:
        index.add(documents)
        yield Retriever(index)


def reaches(answer: Answer, order: Order) -> bool:
    """Whether anything of an order is in what the model is said to have written."""
    if not answer.written or not answer.written.shown:
        return order.mark in " ".join(answer.notes)
    lines = answer.text.split("\n")
    return order.mark.lower() in " ".join(lines).lower()


@pytest.mark.parametrize(("number", "order"), NUMBERED)
def test_nothing_of_an_order_is_written(poisoned: Retriever, number: int, order: Order) -> None:
    """Neither where the passage that answers holds it, nor (the odd ones) where another does."""
    aside = [f"{number}-clean", f"{number}-beside"]
    model = Obedient(order)
    answer = Writer(poisoned, model=model).ask(
        ASKED[order.language], documents=aside if number % 2 else [f"{number}-in"]
    )
    assert answer.found
    assert not reaches(answer, order)
    assert order.text not in "".join(model.prompts)


@pytest.mark.parametrize(("number", "order"), UNSAID)
def test_the_check_alone(
    poisoned: Retriever, number: int, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing tells that it is an order, what no document states stops at the check."""
    monkeypatch.setattr(writer, "speaks_to_a_model", lambda _: False)
    answer = Writer(poisoned, model=Obedient(order)).ask(
        ASKED[order.language], documents=[f"{number}-in"]
    )
    assert not reaches(answer, order)


@pytest.mark.parametrize("text", [*PLAIN, SPANISH, ENGLISH])
def test_what_documents_say_to_people_is_no_order(text: str) -> None:
    assert not speaks_to_a_model(text)
