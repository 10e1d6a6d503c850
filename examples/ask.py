"""Index a folder, ask, and print the answer with the words that it was taken from."""

from pathlib import Path
from tempfile import TemporaryDirectory

from index import Index
from qa import Assistant, Retriever

SEEDS = Path(__file__).parent.parent / "seeds"

with TemporaryDirectory() as folder:
    with Index.open(folder, create=True) as index:
        index.sync(SEEDS)
    with Retriever.open(folder) as retriever:
        assistant = Assistant(retriever)
        for question in ("¿Cuándo visitó Rubio México?", "¿Quién pintó Las meninas?"):
            answer = assistant.ask(question)
            print(question, f"({answer.confidence:.0%} sure)")
            print(answer.text)
            for number, citation in enumerate(answer.citations, 1):
                document = retriever.document(citation.document_id)
                # A citation is exactly a stretch of its document.
                assert citation.quote == document.text[citation.start : citation.end]
                print(f"  [{number}] {citation.document_id}, paragraph {citation.paragraph}")
