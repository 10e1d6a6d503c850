"""Haystack: a pipeline with our passages and a chat generator, and one with our reader."""

from pathlib import Path
from tempfile import TemporaryDirectory

from haystack import Pipeline
from haystack.components.builders import ChatPromptBuilder
from haystack.components.generators.chat import MockChatGenerator
from haystack.dataclasses import ChatMessage

from index import Index
from qa.integrations.haystack import QaReader, QaTextRetriever

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "¿Cuándo visitó Rubio México?"
PROMPT = "{% for document in documents %}{{ document.content }}\n{% endfor %}\n{{ query }}"

with TemporaryDirectory() as folder:
    with Index.open(folder, create=True) as index:
        index.sync(SEEDS)
    pipeline = Pipeline()
    pipeline.add_component("retriever", QaTextRetriever(folder, top_k=3))
    pipeline.add_component("prompt", ChatPromptBuilder([ChatMessage.from_user(PROMPT)]))
    pipeline.add_component("model", MockChatGenerator("En septiembre de 2025."))  # put yours here
    pipeline.add_component("reader", QaReader(folder))
    pipeline.connect("retriever.documents", "prompt.documents")
    pipeline.connect("prompt.prompt", "model.messages")
    pipeline.connect("retriever.documents", "reader.documents")
    asked = {name: {"query": QUESTION} for name in ("retriever", "prompt", "reader")}
    found = pipeline.run(asked)
    print("model:", found["model"]["replies"][0].text)
    for answer in found["reader"]["answers"]:
        print("words:", answer.data, "in", answer.document and answer.document.id)
    text = pipeline.dumps()  # read again with Pipeline.loads(text, allowed_modules=["qa.*", ...])
