"""Ask a question and a follow-up, which is searched for in full."""

from pathlib import Path
from tempfile import TemporaryDirectory

from index import Index
from qa import Assistant, Retriever, Turn

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTIONS = ("¿Cuándo visitó Rubio México?", "¿Y qué destacó?")

with TemporaryDirectory() as folder:
    with Index.open(folder, create=True) as index:
        index.sync(SEEDS)
    with Retriever.open(folder) as retriever:
        assistant = Assistant(retriever)
        history: list[Turn] = []
        for question in QUESTIONS:
            answer = assistant.ask(question, history)
            print("?", question)
            print("searched for:", answer.searched_for)
            print(answer.text, end="\n\n")
            history.append(Turn(question, answer))
