#!/usr/bin/env bash
# Found: LangChain drops a filter that stands in the wrong place, and says nothing.
# - VectorStore.as_retriever(filter=...) searches everything: the retriever's model ignores names that
#   it does not know, and a filter has to stand in search_kwargs. So is as_retriever(k=1): four come.
# - search_kwargs itself is not checked: the in-memory store ignores a misspelt name in it.
# - invoke(question, filter=...) of a retriever whose method takes the question alone, as the one in
#   the docstring of BaseRetriever, drops it too: arguments are only passed on where that method takes
#   any of its own. Where it takes one, an unknown name is refused, but ainvoke() with a name that it
#   does take is refused as well, unless the asynchronous method is written out.
# The same words in the same call do work elsewhere: as_retriever().invoke(question, filter=...) does.
# Why it matters: filters keep a client's documents, a year or a case apart. Without it the answer
# looks as good, and quotes a document that the question was not to see.
# Seen with langchain-core 1.8.3 and its own in-memory store.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet langchain-core==1.8.3 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import asyncio
from importlib.metadata import version

from langchain_core.documents import Document
from langchain_core.embeddings import DeterministicFakeEmbedding
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import InMemoryVectorStore

DOCUMENTS = [
    Document(f"The rent of flat {number} is {600 + number} euros.", metadata={"client": client})
    for number, client in enumerate(["Ana", "Ana", "Ben", "Ben", "Ben", "Cleo"])
]


def of_ana(document):
    return document.metadata["client"] == "Ana"


store = InMemoryVectorStore(DeterministicFakeEmbedding(size=16))
store.add_documents(DOCUMENTS)


def clients(retriever, **arguments):
    return sorted(document.metadata["client"] for document in retriever.invoke("rent", **arguments))


class Simple(BaseRetriever):
    """As in the docstring of BaseRetriever."""

    docs: list[Document]
    k: int = 5

    def _get_relevant_documents(self, query, *, run_manager):
        return self.docs[: self.k]


class Filtered(Simple):
    def _get_relevant_documents(self, query, *, run_manager, filter=lambda document: True):
        return [document for document in self.docs if filter(document)][: self.k]


print(f"langchain-core {version('langchain-core')}")
seen = {
    "as_retriever(filter=...)": clients(store.as_retriever(filter=of_ana)),
    "as_retriever(k=1)": clients(store.as_retriever(k=1)),
    "search_kwargs, misspelt": clients(store.as_retriever(search_kwargs={"filtre": of_ana})),
    "search_kwargs": clients(store.as_retriever(search_kwargs={"filter": of_ana})),
    "invoke(filter=...)": clients(store.as_retriever(), filter=of_ana),
    "simple invoke(filter=...)": clients(Simple(docs=DOCUMENTS), filter=of_ana),
    "filtered invoke(filter=...)": clients(Filtered(docs=DOCUMENTS), filter=of_ana),
}
for call, found in seen.items():
    print(f"{call}: {', '.join(found)}")
kept = {call for call, found in seen.items() if found == ["Ana", "Ana"]}
assert kept == {"search_kwargs", "invoke(filter=...)", "filtered invoke(filter=...)"}, kept
assert len(seen["as_retriever(k=1)"]) == 4, "k is no longer ignored"
for call, run in (
    ("invoke(filtre=...)", lambda: Filtered(docs=DOCUMENTS).invoke("rent", filtre=of_ana)),
    (
        "ainvoke(filter=...)",
        lambda: asyncio.run(Filtered(docs=DOCUMENTS).ainvoke("rent", filter=of_ana)),
    ),
):
    try:
        run()
    except TypeError as error:
        print(f"{call}: {error}")
    else:
        raise AssertionError(f"{call} is no longer refused")
PY
