"""For LangChain: a retriever, embeddings, and an assistant that takes questions or messages."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from qa import Hit, Retriever
from qa.errors import InputError, QAError
from qa.integrations import needs
from qa.integrations.opened import Limits, Opened, loaded, metadata_of

with needs("langchain", "langchain_core"):
    from langchain_core.callbacks import (
        AsyncCallbackManagerForRetrieverRun,
        CallbackManagerForRetrieverRun,
    )
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import LanguageModelInput
    from langchain_core.messages import AIMessage, convert_to_messages
    from langchain_core.prompt_values import PromptValue
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import RunnableConfig, RunnableSerializable
    from langchain_core.runnables.config import get_config_list, run_in_executor
    from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

__all__ = ["QaAssistant", "QaEmbeddings", "QaRetriever"]

_ROLES = {"human": "user", "ai": "assistant"}  # what others say is no part of the talk
_STRICT = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class _OverIndex(BaseModel):
    """What is searched, and within which limits.

    ``index`` is the folder of an index, opened at the first search, or an open `qa.Retriever`.
    ``documents``, ``where``, ``since`` and ``until`` limit every search (`qa.Retriever.search`).
    """

    model_config = _STRICT

    index: str | Path | Retriever = Field(frozen=True)
    documents: Collection[str] | None = None
    where: Mapping[str, Any] | None = None
    since: str | None = None
    until: str | None = None
    _opened: Opened = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Note which index is meant; InputError for what names none."""
        super().model_post_init(context)
        self._opened = Opened(self.index)

    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        return {**state, "__dict__": {**state["__dict__"], "index": self._opened.path}}

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self.__copy__()  # what is open is shared

    def _limits(self) -> Limits:
        return Limits(self.documents, self.where, self.since, self.until)


class QaRetriever(_OverIndex, BaseRetriever):
    """Finds passages; safe for threads, and can be pickled.

    ``k`` is the number of passages, ``min_score`` the least relevance (0 to 1). ``invoke``,
    ``ainvoke``, ``batch`` and ``abatch`` take ``k``, ``min_score``, ``documents``, ``where``,
    ``since`` and ``until``, too; the last four narrow those of the retriever. An unknown name is
    refused everywhere. Raises what `qa.Retriever.search` raises.

    ``Document.id`` is `qa.Hit.id`, and ``metadata`` that of `qa.integrations.opened.metadata_of`.
    """

    model_config = _STRICT

    k: int = Field(default=5, ge=1)
    min_score: float | None = Field(default=None, ge=0, le=1)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
        **options: Any,
    ) -> list[Document]:
        return self._found([query], **options)[0]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        **options: Any,
    ) -> list[Document]:
        sync = run_manager.get_sync()
        return await run_in_executor(
            None, lambda: self._get_relevant_documents(query, run_manager=sync, **options)
        )

    def batch(
        self,
        inputs: list[str],
        config: RunnableConfig | list[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        **kwargs: Any,
    ) -> list[list[Document]]:
        """What ``invoke`` gives for each question, found in one search of all of them."""
        try:
            found = self._found(inputs, **kwargs)
        except QAError:  # said of the question that it is about
            return super().batch(inputs, config, return_exceptions=return_exceptions, **kwargs)
        configs = get_config_list(config, len(inputs))
        each = zip(inputs, configs, found, strict=True)
        return [self._told(documents).invoke(one, own) for one, own, documents in each]

    async def abatch(
        self,
        inputs: list[str],
        config: RunnableConfig | list[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        **kwargs: Any,
    ) -> list[list[Document]]:
        """What ``batch`` gives, without keeping the event loop waiting."""
        try:
            found = await run_in_executor(None, lambda: self._found(inputs, **kwargs))
        except QAError:
            return await super().abatch(
                inputs, config, return_exceptions=return_exceptions, **kwargs
            )
        configs = get_config_list(config, len(inputs))
        each = zip(inputs, configs, found, strict=True)
        return [await self._told(documents).ainvoke(one, own) for one, own, documents in each]

    def _found(
        self,
        queries: Sequence[str],
        *,
        k: int | None = None,
        min_score: float | None = None,
        documents: Collection[str] | None = None,
        where: Mapping[str, Any] | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> list[list[Document]]:
        retriever = self._opened.get()
        limits = self._limits().narrowed(Limits(documents, where, since, until), retriever)
        k = self.k if k is None else k
        least = self.min_score if min_score is None else min_score
        found = retriever.search_many(queries, k, min_score=least, **limits.given())
        return [[_document(hit) for hit in hits] for hits in found]

    def _told(self, documents: list[Document]) -> "_Told":
        """What tells callbacks and traces of a search as this retriever does."""
        return _Told(
            name=self.get_name(), tags=self.tags, metadata=self.metadata, documents=documents
        )


class _Told(BaseRetriever):
    documents: list[Document]

    def _get_relevant_documents(
        self,
        query: str,  # noqa: ARG002
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
    ) -> list[Document]:
        return self.documents


def _document(hit: Hit) -> Document:
    return Document(page_content=hit.text, id=hit.id, metadata=metadata_of(hit))


class QaAssistant(_OverIndex, RunnableSerializable[LanguageModelInput, AIMessage]):
    """Answers with quotes, or says that the documents do not say; safe for threads.

    ``invoke`` and ``ainvoke`` take a question, a prompt or messages, of which the last is the
    user's, and ``documents``, ``where``, ``since`` and ``until``, which narrow the assistant's own.
    The message that answers has the text as its content, and `qa.Answer.to_dict` as its
    ``response_metadata``: ``found``, ``citations``, ``confidence`` ... Below ``min_confidence``
    there is no answer (`qa.Assistant`). Raises what `qa.Assistant.ask` raises.
    """

    model_config = _STRICT

    min_confidence: float | None = Field(default=None, ge=0, le=1)

    def invoke(
        self,
        input: LanguageModelInput,  # noqa: A002  # LangChain's name
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> AIMessage:
        """The answer to the last question."""
        return self._call_with_config(lambda given: self._asked(given, **kwargs), input, config)

    async def ainvoke(
        self,
        input: LanguageModelInput,  # noqa: A002
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> AIMessage:
        """What ``invoke`` gives, without keeping the event loop waiting."""

        async def ask(given: LanguageModelInput) -> AIMessage:
            return await run_in_executor(None, lambda: self._asked(given, **kwargs))

        return await self._acall_with_config(ask, input, config)

    def _asked(
        self,
        given: LanguageModelInput,
        *,
        documents: Collection[str] | None = None,
        where: Mapping[str, Any] | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> AIMessage:
        messages = convert_to_messages(
            given
            if isinstance(given, PromptValue)
            else [given]
            if isinstance(given, str)
            else given
        )
        if not messages or messages[-1].type != "human":
            raise InputError("The last message is the user's question: add a HumanMessage.")
        *history, question = [
            {"role": _ROLES.get(message.type, "system"), "content": str(message.text)}
            for message in messages
        ]
        assistant = self._opened.assistant(self.min_confidence)
        limits = self._limits().narrowed(
            Limits(documents, where, since, until), assistant.retriever
        )
        answer = assistant.ask(question["content"], history, **limits.given())
        return AIMessage(content=answer.text, response_metadata=answer.to_dict())


class QaEmbeddings(Embeddings):
    """The bundled embedding model, or another one by name or folder. Safe for threads.

    Unit vectors, of questions and passages apart (`qa.embedder`); raises what that raises.
    """

    def __init__(self, model: str | Path | None = None) -> None:
        self.model = None if model is None else str(model)
        loaded(self.model)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of passages, to be searched."""
        vectors: list[list[float]] = loaded(self.model).encode_document(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question, to search with."""
        vector: list[float] = loaded(self.model).encode_query(text).tolist()
        return vector
