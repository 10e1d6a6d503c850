"""Index rows of a CSV table as documents, without any file, and ask only some of them."""

import csv
import io
from tempfile import TemporaryDirectory

from index import Document, Index
from qa import Assistant, Retriever

TABLE = """\
id,title,date,text
memo-1,Aplazamiento,2026-03-02,La reunión del consejo se aplazó al 3 de mayo por las obras.
memo-2,Presupuesto,2026-03-09,El consejo aprobó un presupuesto de 120.000 euros para el museo.
memo-3,Horario,2026-03-16,El museo abre de martes a domingo, de diez a siete.
"""


def documents() -> list[Document]:
    """One document a row; a date in the metadata is shown with what is quoted."""
    return [
        Document(row["id"], row["text"], title=row["title"], metadata={"date": row["date"]})
        for row in csv.DictReader(io.StringIO(TABLE))
    ]


with TemporaryDirectory() as folder:
    with Index.open(folder, create=True) as index:
        print(index.add(documents()), "passages")
    with Retriever.open(folder) as retriever:
        assistant = Assistant(retriever)
        answer = assistant.ask("¿Qué presupuesto aprobó el consejo?")
        print(answer.short, "-", answer.citations[0].title, answer.citations[0].date)
        elsewhere = assistant.ask("¿Qué presupuesto aprobó el consejo?", documents=["memo-1"])
        print("found in memo-1:", elsewhere.found)
