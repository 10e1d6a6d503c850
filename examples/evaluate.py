"""Measure search and answers on questions of your own."""

from pathlib import Path
from tempfile import TemporaryDirectory

from index import Index
from qa.evaluation.evaluate import measure, read

SEEDS = Path(__file__).parent.parent / "seeds"
# An empty answer: the documents do not say.
QUESTIONS = """\
question,answer
¿Cuándo visitó Rubio México?,septiembre de 2025
¿Quién es el secretario de Estado?,Marco Rubio
¿Cuál es el principal desafío para la salud pública?,fentanilo
¿Quién pintó Las meninas?,
"""

with TemporaryDirectory() as folder:
    file = Path(folder, "questions.csv")
    file.write_text(QUESTIONS, encoding="utf-8")
    path = Path(folder, "index")
    with Index.open(path, create=True) as index:
        index.sync(SEEDS)
    evaluation = measure(read(file), index=path, answers=True)
    for name, value in evaluation.figures.items():
        print(f"{name:22} {value:.3f}")
    for result in evaluation.results:
        if result.question.answers and not result.held:
            print("missed:", result.question.text)
