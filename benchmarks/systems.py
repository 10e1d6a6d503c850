"""The systems that are compared: each indexes paragraphs and gives a search by paragraph id.

All get the same model, the right prefixes for questions and passages, exact FAISS search, a word
splitter, stemmer or stop words of the paragraphs' language where they take one, and 100 candidates
from each side before fusion. Of a peer's ways to fuse, the one stands here that did best on these
very questions, the other settings being its defaults.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

__all__ = ["SYSTEMS", "Build", "Search"]

CANDIDATES = 100
LANGUAGES = {"es": "spanish", "en": "english"}

Search = Callable[[str, int], list[str]]
Build = Callable[[Mapping[str, str]], Search]


def ours(model: Path, language: str, work: Path) -> Build:
    """This project, through its public API, in a folder on disk; it asks for no language."""
    from index import Index
    from index.embedders import load
    from index.types import Document
    from qa.evaluation.evaluate import rank
    from qa.search.retriever import Retriever

    del model, language
    index = Index.open(work / "index", create=True, model=load())

    def build(paragraphs: Mapping[str, str]) -> Search:
        index.add(Document(id, text) for id, text in paragraphs.items())
        retriever = Retriever(index)
        return lambda question, k: rank(retriever, question, k)

    return build


def langchain(model: Path, language: str, work: Path) -> Build:
    """EnsembleRetriever (reciprocal rank fusion) of FAISS and BM25Retriever."""
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS
    from langchain_community.vectorstores.utils import DistanceStrategy
    from langchain_huggingface import HuggingFaceEmbeddings

    del work
    words = _words(language)
    embeddings = HuggingFaceEmbeddings(
        model_name=str(model),
        model_kwargs={"device": "cpu"},
        encode_kwargs={"prompt": "passage: ", "normalize_embeddings": True},
        query_encode_kwargs={"prompt": "query: ", "normalize_embeddings": True},
    )

    def build(paragraphs: Mapping[str, str]) -> Search:
        texts = list(paragraphs.values())
        metadatas = [{"id": id} for id in paragraphs]
        depth = min(CANDIDATES, len(texts))
        vectors = FAISS.from_texts(
            texts,
            embeddings,
            metadatas,
            distance_strategy=DistanceStrategy.MAX_INNER_PRODUCT,
        ).as_retriever(search_kwargs={"k": depth})
        lexical = BM25Retriever.from_texts(texts, metadatas, preprocess_func=words, k=depth)
        ensemble = EnsembleRetriever(retrievers=[lexical, vectors], weights=[0.5, 0.5])
        return lambda question, k: [
            document.metadata["id"] for document in ensemble.invoke(question)[:k]
        ]

    return build


def txtai(model: Path, language: str, work: Path) -> Build:
    """Embeddings with a dense and a BM25 index, fused by log-odds of calibrated scores."""
    from txtai import Embeddings

    from index.text.stopwords import STOPWORDS

    del work
    embeddings = Embeddings(
        path=str(model),
        method="sentence-transformers",
        gpu=False,
        instructions={"query": "query: ", "data": "passage: "},
        scoring={
            "method": "bm25",
            "terms": True,
            "normalize": "bayes",
            "tokenizer": {"stopwords": sorted(STOPWORDS[language])},
        },
    )

    def build(paragraphs: Mapping[str, str]) -> Search:
        embeddings.index((id, text, None) for id, text in paragraphs.items())
        return lambda question, k: [id for id, _ in embeddings.search(question, k)]

    return build


def llama_index(model: Path, language: str, work: Path) -> Build:
    """QueryFusionRetriever over a FAISS vector index and BM25Retriever."""
    import faiss
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.schema import TextNode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.faiss import FaissVectorStore
    from Stemmer import Stemmer

    del work
    embedding = HuggingFaceEmbedding(
        str(model),
        query_instruction="query: ",
        text_instruction="passage: ",
        embed_batch_size=32,
        device="cpu",
    )

    def build(paragraphs: Mapping[str, str]) -> Search:
        nodes = [TextNode(id_=id, text=text) for id, text in paragraphs.items()]
        store = FaissVectorStore(faiss.IndexFlatIP(384))
        storage = StorageContext.from_defaults(vector_store=store)
        index = VectorStoreIndex(nodes, storage_context=storage, embed_model=embedding)
        depth = min(CANDIDATES, len(nodes))
        lexical = BM25Retriever.from_defaults(
            nodes=nodes,
            stemmer=Stemmer(LANGUAGES[language]),
            language=language,
            similarity_top_k=depth,
        )
        fusion = QueryFusionRetriever(
            [index.as_retriever(similarity_top_k=depth), lexical],
            llm=MockLLM(),  # never asked, for one query needs no rewording; but it must be given
            mode="relative_score",
            num_queries=1,
            use_async=False,
            similarity_top_k=depth,
        )
        return lambda question, k: [node.node_id for node in fusion.retrieve(question)[:k]]

    return build


SYSTEMS: dict[str, Callable[[Path, str, Path], Build]] = {
    "ours": ours,
    "LangChain": langchain,
    "txtai": txtai,
    "LlamaIndex": llama_index,
}


def _words(language: str) -> Callable[[str], list[str]]:
    """Words in lower case, stemmed: LangChain's own default splits at spaces and does no more."""
    from Stemmer import Stemmer

    stemmer = Stemmer(LANGUAGES[language])
    return lambda text: stemmer.stemWords(re.findall(r"\w+", text.lower()))
