"""What people want of the chat, each with the way that a person takes through the page.

A script returns the words that the person has got in the end, in which ``wanted`` must stand.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.person import WIDE, Person
from benchmarks.task_files import write_letter

__all__ = ["MOST_CLICKS", "TASKS", "Task"]

MOST_CLICKS = 6
PHONE = 390
FINE = "¿De cuánto es la multa por desperdiciar agua?"
LOST = "¿Qué porcentaje del agua se pierde por fugas?"
ZOOMED = "document.querySelector('#source .paper').clientWidth"


@dataclass(frozen=True, slots=True)
class Task:
    """``name`` is what the person wants, ``wanted`` the words that show that they got it."""

    name: str
    run: Callable[[Person], str]
    wanted: tuple[str, ...]
    width: int = WIDE
    path: str = "/"


def send_the_page(person: Person) -> str:
    """The colleague opens the link and sees the page, with the words in a box."""
    person.ask(FINE)
    person.click("Copiar enlace", "#source")
    with person.colleague() as other:
        other.go(person.clipboard())
        other.wait(lambda: other.first("#source .boxes .answer"))
        place = other.see("#source .place")
        other.click("Texto", "#source")
        return f"{place} {other.see('#source mark')}"


def newer_report(person: Person) -> str:
    """The newer one stands first, with its date, and it is said that they disagree."""
    person.ask(LOST)
    person.see("#chat .bot-row", "no coinciden")
    return person.see("#chat blockquote")


def one_document(person: Person) -> str:
    """Chosen below the question box."""
    person.on(lambda: person.first("#scope input"))
    person.click("Informe de fugas 2023", "#scope")
    person.see("#scope .token")
    return person.ask(LOST)


def follow_up(person: Person) -> str:
    """The second question leans on the first one."""
    person.ask("¿De cuánto es la multa por conectar una toma clandestina?")
    return person.ask("¿Y por desperdiciar agua?")


def third_mention(person: Person) -> str:
    """Every place, as a list; a click on a number opens it."""
    person.ask("«comité de vigilancia»")
    person.click("[3]", "#chat")
    person.see("#source h2", "[3]")
    return person.see("#source mark")


def since_a_date(person: Person) -> str:
    """What an older document says is left out."""
    person.click("Fechas de los documentos")
    person.on(lambda: person.first("#dates input"))
    person.type("2025")
    answer = person.ask("¿Cuántos litros por segundo da el pozo de La Loma?")
    return "" if "14 litros" in answer else answer


def add_a_document(person: Person) -> str:
    """With the system's dialog, in which a file is chosen and opened: two clicks of the three."""
    person.click("Documentos", "#top")
    person.wait(lambda: (button := person.first(".choose")) and button.is_enabled())
    letter = write_letter(person.folder)
    person.find("input[type=file]")[0].send_keys(str(letter))
    person.clicks += 3
    person.see(".uploads", "Indexado")
    person.click("Preguntar solo a este: Carta de los vecinos", "tbody")
    person.see("#scope .token")
    return person.ask("¿A qué hora debe pasar el camión cisterna?")


def take_out(person: Person) -> str:
    """It is asked whether to, and the list has it no more."""
    person.click("Documentos", "#top")
    person.click("Quitar: Borrador", "tbody")
    person.click("Quitar", "dialog")
    said = person.see(".said", "se ha quitado")
    person.wait(lambda: "Borrador" not in " ".join(person.texts("tbody")))
    return said


def yesterday(person: Person) -> str:
    """The browser was closed since; the conversation goes on."""
    with person.aside():
        person.ask("¿De cuánto es la multa por conectar una toma clandestina?")
        person.restart()
    person.click("Historial")
    person.click("¿De cuánto es la multa", "#history-list")
    person.see("#chat .bot-row", "18,000 pesos")
    return person.ask("¿Y por desperdiciar agua?")


def delete_all(person: Person) -> str:
    """Nothing is left in the browser."""
    with person.aside():
        person.ask(FINE)
        person.click("Nueva conversación")
        person.wait(lambda: not person.find("#chat .message-row"))
        person.ask(LOST)
    person.click("Historial")
    person.click("Borrar todo", "#history-list")
    person.click("Sí, borrar todo", "#history-list")
    said = person.see("#history-list", "Todavía no hay conversaciones")
    kept = "return JSON.stringify({...localStorage})"
    person.wait(lambda: '"turns"' not in person.driver.execute_script(kept))
    return said


def search_in_all(person: Person) -> str:
    """The question was asked of one document, which does not say it."""
    person.ask(FINE)
    person.see("#chat .bot-row", "El documento elegido no lo dice")
    person.click("Buscar en todos", "#chat")
    return person.see("#chat .bot-row", "2,400 pesos")


def correct_a_question(person: Person) -> str:
    """The pencil beside it; the wrong one goes."""
    person.ask("¿De cuánto es la multa por cazar venados?")
    person.click("Editar la pregunta", "#chat")
    person.type(FINE, instead=True)
    person.enter()
    person.wait(lambda: person.texts("#chat .user-row") == [FINE])
    return person.answer()


def cell_in_its_table(person: Person) -> str:
    """The source beside the answer is the table, with the cell marked under its heading."""
    person.ask("¿Cuál es la tarifa de uso industrial?")
    headings = person.wait(lambda: person.texts("#source th[scope=col]"))
    row = person.wait(lambda: person.texts("#source tr.cited > *"))
    cell = person.see("#source tr.cited mark strong")
    return f"{headings[row.index(cell)]}: {cell}"


def larger_page(person: Person) -> str:
    """The words are in a box, and stay in sight."""
    person.ask(FINE)
    person.wait(lambda: person.first("#source .boxes .answer"))
    person.wait(lambda: not person.find("#source .waiting"))
    before = person.driver.execute_script(f"return {ZOOMED}")
    person.click("Ampliar", "#source")
    times = person.driver.execute_script(f"return {ZOOMED}") / before
    person.wait(lambda: _is_within(person, "#source .boxes .answer", "#source .frame"))
    return f"{times:.1f} {person.see('#source .place')}"


def _is_within(person: Person, inner: str, outer: str) -> bool:
    box, frame = person.first(inner).rect, person.first(outer).rect
    return all(
        frame[at] <= box[at] and box[at] + box[size] <= frame[at] + frame[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


def language_and_colours(person: Person) -> str:
    """Both in the menu on top."""
    person.click("ES · Idioma", "#top")
    person.click("English", "#settings")
    person.see("h1", "Ask your documents")
    person.click("EN · Language", "#top")
    person.click("Dark", "#settings")
    dark = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every((n) => n < 60)"
    person.wait(lambda: person.driver.execute_script(f"return {dark}"))
    return person.see("h1")


def say_it_is_wrong(person: Person) -> str:
    """Whoever keeps the chat reads it in a file."""
    person.ask(LOST)
    person.click("Esto está mal", "#chat")
    person.wait(lambda: person.driver.switch_to.active_element == person.first("#chat .why input"))
    person.type("Es el dato de 2022")
    person.enter()
    person.see("#chat .rating .said", "Gracias por el comentario")
    lines = (person.site.index / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    last = json.loads(lines[-1])
    return f"{last['verdict']}: {last['comment']} ({last['question']})"


def save_and_check(person: Person) -> str:
    """As Word; months later the quotes are checked on the command line."""
    person.ask(FINE)
    person.click("Guardar", "#take")
    person.click("Word", "#take")
    report = person.downloaded(".docx")
    with person.aside():
        return person.site.verify(report)


def read_on_a_phone(person: Person) -> str:
    """The source opens over the whole width, and closes again."""
    person.ask(FINE)
    person.click("[1]", "#chat")
    place = person.see("#source .place")
    person.wait(lambda: person.first("#source .boxes .answer"))
    person.click("Cerrar", "#source")
    person.wait(lambda: not person.texts("#source .place"))
    return f"{place} {person.see('#chat .bot-row')}"


def copy_on_a_phone(person: Person) -> str:
    """To paste it into a message."""
    person.ask(FINE)
    person.click("Copiar respuesta", "#chat")
    return person.clipboard()


def find_a_file_on_a_phone(person: Person) -> str:
    """By a word of its name; it is read in the page."""
    person.click("Documentos", "#top")
    person.on(lambda: person.first("[type=search]"))
    person.type("2025-02")
    person.wait(lambda: len(person.texts("tbody tr")) == 1)
    person.click("Acta de la sesión", "tbody")
    return person.see("dialog .text", "inspector")


TASKS = (
    Task("Find the page in the law that sets the fine, and send it to a colleague",
         send_the_page, ("ley-de-aguas.pdf", "página 3", "multa de 2,400 pesos")),
    Task("See which of two reports is newer about the same figure",
         newer_report, ("29 por ciento", "20 de enero de 2025", "informe-fugas-2024")),
    Task("Ask only one document", one_document, ("38 por ciento",)),
    Task("Ask a follow-up question", follow_up,
         ("Entendido como: ¿De cuánto es la multa por desperdiciar agua?", "2,400 pesos")),
    Task("Find every mention of an exact phrase, and open the third",
         third_mention, ("halló tres tomas clandestinas",)),
    Task("Learn what was said since a date", since_a_date, ("9 litros por segundo",)),
    Task("Add a document, and ask about it", add_a_document, ("siete de la mañana",)),
    Task("Take a document out", take_out, ("«Borrador» se ha quitado.",)),
    Task("Go on with yesterday's conversation, after the browser was closed",
         yesterday, ("Entendido como", "2,400 pesos")),
    Task("Delete all conversations", delete_all, ("Todavía no hay conversaciones",)),
    Task("Search in all documents, where the chosen one does not say it",
         search_in_all, ("2,400 pesos", "ley-de-aguas.pdf"), path="/?in=tarifas.xlsx"),
    Task("Correct a question", correct_a_question, ("2,400 pesos",)),
    Task("See a table's cell in its table",
         cell_in_its_table, ("Tarifa por metro cúbico: 34.75 pesos",)),
    Task("Make the page larger at the quoted words", larger_page, ("1.5", "página 3")),
    Task("Change the language and the colours", language_and_colours, ("Ask your documents",)),
    Task("Say that an answer is wrong, and why",
         say_it_is_wrong, (f"bad: Es el dato de 2022 ({LOST})",)),
    Task("Save a conversation as Word, and check it later", save_and_check,
         ("1 de 1 citas siguen en pie",)),
    Task("Read the source on a phone, and go back",
         read_on_a_phone, ("página 3", "2,400 pesos"), PHONE),
    Task("Copy an answer on a phone", copy_on_a_phone, ("2,400 pesos", "ley-de-aguas.pdf"), PHONE),
    Task("Find a file on a phone, and read it",
         find_a_file_on_a_phone, ("contratar a un inspector",), PHONE),
)  # fmt: skip
