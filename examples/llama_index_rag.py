"""LlamaIndex: our passages for a model's answer, and answers quoted without a model."""

from pathlib import Path
from tempfile import TemporaryDirectory

from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine

from index import Index
from qa.integrations.llama_index import QaQueryEngine, QaRetriever

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "¿Cuándo visitó Rubio México?"

with TemporaryDirectory() as folder:
    with Index.open(folder, create=True) as index:
        index.sync(SEEDS)
    retriever = QaRetriever(folder, similarity_top_k=3)
    model = MockLLM()  # put yours here; this one repeats what it is given
    response = RetrieverQueryEngine.from_args(retriever, llm=model).query(QUESTION)
    print("model:", str(response)[:100])
    for source in response.source_nodes:
        print("passage:", source.node.node_id)
    quoted = QaQueryEngine(index=folder).query(QUESTION)
    print("quoted:", quoted)
    print("[1]:", quoted.source_nodes[0].node.get_content())
