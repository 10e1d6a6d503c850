"""The components for LangChain, with its own standard tests."""

import asyncio
import copy
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REASON = "needs LangChain and its tests: run make test-integrations"
pytest.importorskip("langchain_tests", reason=REASON)

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import ConfigurableField
from langchain_tests.integration_tests import EmbeddingsIntegrationTests, RetrieversIntegrationTests
from langchain_tests.unit_tests import EmbeddingsUnitTests
from pydantic import ValidationError

from qa import Answer, Retriever
from qa.errors import IndexNotFoundError, InputError, QuestionError
from qa.integrations.langchain import QaAssistant, QaEmbeddings, QaRetriever
from tests.qa.integrations.conftest import QUESTION, UNANSWERED, in_process


class TestStandardRetriever(RetrieversIntegrationTests):
    """LangChain's tests of a retriever."""

    @pytest.fixture(autouse=True)
    def _with(self, folder: str) -> None:
        self.folder = folder

    @property
    def retriever_constructor(self) -> type[QaRetriever]:
        return QaRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"index": self.folder}

    @property
    def retriever_query_example(self) -> str:
        return QUESTION


class TestStandardEmbeddings(EmbeddingsIntegrationTests):
    """LangChain's tests of embeddings."""

    @property
    def embeddings_class(self) -> type[QaEmbeddings]:
        return QaEmbeddings


class TestStandardEmbeddingsUnit(EmbeddingsUnitTests):
    """LangChain's tests of how embeddings are made."""

    @property
    def embeddings_class(self) -> type[QaEmbeddings]:
        return QaEmbeddings


@pytest.fixture
def retriever(folder: str) -> QaRetriever:
    return QaRetriever(index=folder)


def ids(documents: list[Document]) -> list[str]:
    return [document.metadata["document_id"] for document in documents]


def test_what_a_document_holds(retriever: QaRetriever, folder: str) -> None:
    """The passage, where it stands, and the metadata, as JSON holds them."""
    best = retriever.invoke(QUESTION)[0]
    with Retriever.open(folder) as own:
        hit = own.search(QUESTION)[0]
        assert (
            hit.text == own.document("acta-2").text[best.metadata["start"] : best.metadata["end"]]
        )
    assert (best.id, best.page_content) == (hit.id, hit.text)
    assert best.metadata["source"] == "acta-2"  # it is of no file
    assert best.metadata["year"] == 2024
    assert best.metadata["topics"] == ["agua"]
    assert best.metadata["relevance"] == hit.relevance
    assert best.metadata["hash"] == hit.citation.hash
    assert json.loads(json.dumps(best.metadata)) == best.metadata


def test_limits_of_the_retriever_and_of_a_call_both_hold(folder: str) -> None:
    """What the retriever is limited to may be what somebody is allowed to read."""
    acts = QaRetriever(index=folder, where={"kind": "acta"})
    assert set(ids(acts.invoke("agua"))) == {"acta-1", "acta-2"}
    assert ids(acts.invoke("agua", where={"year": 2024})) == ["acta-2"]
    assert acts.invoke("agua", where={"kind": "ley"}) == []
    assert acts.invoke("agua", documents=["ley-1"]) == []
    two = QaRetriever(index=folder, documents=["acta-1", "ley-1"], since="2023")
    assert ids(two.invoke("agua")) == ["acta-1"]
    assert two.invoke("agua", since="2024") == []
    assert two.invoke("agua", documents=["ley-1", "acta-2"]) == []
    assert ids(two.invoke("agua", until="2023-11-30")) == ["acta-1"]


def test_least_relevance(retriever: QaRetriever) -> None:
    every = retriever.invoke(QUESTION)
    best = max(one.metadata["relevance"] for one in every)
    near = retriever.invoke(QUESTION, min_score=best)
    assert [one.metadata["relevance"] for one in near] == [best]


async def test_async_takes_the_same(retriever: QaRetriever) -> None:
    """And leaves the event loop free."""
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(tick())
    found = await retriever.ainvoke(QUESTION, k=2, where={"year": 2024})
    other.cancel()
    assert ids(found) == ids(retriever.invoke(QUESTION, k=2, where={"year": 2024}))
    assert ticks > 1


class Told(BaseCallbackHandler):
    """Notes what callbacks are told."""

    def __init__(self) -> None:
        self.starts: list[tuple[str, str]] = []
        self.ends: list[int] = []

    def on_retriever_start(self, serialized: Any, query: str, **told: Any) -> None:  # noqa: ARG002
        self.starts.append((told["name"], query))

    def on_retriever_end(self, documents: Any, **_: Any) -> None:
        self.ends.append(len(documents))


async def test_a_batch_is_one_search(
    retriever: QaRetriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That finds what each question finds alone, and of which callbacks hear as of each."""
    searches: list[int] = []
    many = Retriever.search_many

    def counted(self: Retriever, questions: Any, *given: Any, **named: Any) -> Any:
        searches.append(len(questions))
        return many(self, questions, *given, **named)

    questions = [QUESTION, "canon de riego", "library"]
    alone = [ids(retriever.invoke(one, k=2)) for one in questions]
    monkeypatch.setattr(Retriever, "search_many", counted)
    told = Told()
    batch = retriever.batch(questions, {"callbacks": [told]}, k=2)
    assert [ids(found) for found in batch] == alone
    assert told.starts == [("QaRetriever", one) for one in questions]
    assert told.ends == [2, 2, 2]
    assert [ids(found) for found in await retriever.abatch(questions, k=2)] == alone
    assert searches == [3, 3]
    assert retriever.batch([]) == []


async def test_a_wrong_question_in_a_batch(retriever: QaRetriever) -> None:
    for found in (
        retriever.batch([QUESTION, ""], return_exceptions=True),
        await retriever.abatch([QUESTION, ""], return_exceptions=True),
    ):
        assert ids(found[0])[0] == "acta-2"
        assert isinstance(found[1], QuestionError)
    with pytest.raises(QuestionError):
        retriever.batch([QUESTION, ""])


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        (lambda folder: QaRetriever(index=folder, top_k=1), ValidationError, "top_k"),
        (lambda folder: QaRetriever(index=folder, k=0), ValidationError, "k"),
        (lambda folder: QaRetriever(index=folder).invoke("a", top_k=1), TypeError, "top_k"),
        (lambda folder: QaRetriever(index=folder).batch(["a"], top_k=1), TypeError, "top_k"),
        (lambda folder: QaRetriever(index=folder, where={"$x": 1}).invoke("a"), InputError, "x"),
        (lambda folder: QaRetriever(index=folder).invoke(""), QuestionError, "empty"),
        (lambda folder: QaRetriever(index=folder + "no").invoke("a"), IndexNotFoundError, "no"),
        (lambda _: QaRetriever(index=" "), InputError, "An index is given by its folder"),
        (lambda folder: QaAssistant(index=folder, k=3), ValidationError, "k"),
        (lambda folder: QaAssistant(index=folder).invoke("a", k=3), TypeError, "k"),
    ],
)
def test_what_is_refused(
    folder: str, wrong: Callable[[str], object], error: type[Exception], said: str
) -> None:
    """Names that are unknown, and values that are wrong."""
    with pytest.raises(error, match=said):
        wrong(folder)


def test_copies_and_other_processes(folder: str) -> None:
    """A copy, a pickled one and one after a fork search, also where the retriever was open."""
    with Retriever.open(folder) as opened:
        for retriever in (QaRetriever(index=folder, k=2), QaRetriever(index=opened, k=2)):
            found = retriever.invoke(QUESTION)
            assert pickle.loads(pickle.dumps(retriever)).invoke(QUESTION) == found
            assert copy.deepcopy(retriever).invoke(QUESTION) == found
            assert retriever.model_copy(update={"k": 1}).invoke(QUESTION) == found[:1]
            chosen = retriever.configurable_fields(k=ConfigurableField(id="k"))
            assert chosen.invoke(QUESTION, {"configurable": {"k": 1}}) == found[:1]
            in_process(retriever.invoke, QUESTION)


def test_components_of_a_folder_share_what_is_open(folder: str) -> None:
    """So a second one costs nothing, and neither does a configured copy for each call."""
    one, other = QaRetriever(index=folder), QaAssistant(index=Path(folder))
    assert one._opened.get() is other._opened.get()


def test_an_answer(folder: str) -> None:
    """The message has the text, and all of the answer beside it."""
    assistant = QaAssistant(index=folder)
    message = assistant.invoke(QUESTION)
    answer = Answer.from_dict(message.response_metadata)
    assert message.content == answer.text
    assert "3 de mayo" in answer.citations[0].quote
    assert not assistant.invoke(UNANSWERED).response_metadata["found"]
    acts = QaAssistant(index=folder, where={"kind": "acta"})
    asked = "¿Cuándo se paga el canon de riego?"
    assert assistant.invoke(asked).response_metadata["found"]
    assert not acts.invoke(asked).response_metadata["found"]
    assert not acts.invoke(asked, where={"kind": "ley"}).response_metadata["found"]


async def test_an_answer_to_messages(folder: str) -> None:
    """A prompt or messages are a conversation; a follow-up leans on what was asked before."""
    assistant = QaAssistant(index=folder)
    prompt = ChatPromptTemplate.from_messages([("system", "Responde."), ("human", "{question}")])
    first = (prompt | assistant).invoke({"question": QUESTION})
    assert "3 de mayo" in str(first.content)
    talk = [SystemMessage("Responde."), HumanMessage(QUESTION), first, HumanMessage("¿Por qué?")]
    second = await assistant.ainvoke(talk)
    assert "enferma" in str(second.content)
    with pytest.raises(InputError, match="add a HumanMessage"):
        assistant.invoke([HumanMessage(QUESTION), AIMessage("No.")])


def test_embeddings_of_questions_and_passages_differ() -> None:
    """They are the model's own two kinds, and unit vectors."""
    embeddings = pickle.loads(pickle.dumps(QaEmbeddings()))
    question, passage = embeddings.embed_query("agua"), embeddings.embed_documents(["agua"])[0]
    assert sum(value * value for value in question) == pytest.approx(1, abs=1e-5)
    assert question != passage
    assert embeddings.embed_documents([]) == []
