"""What people want of the chat, done in a real Chromium: they get it, in six clicks at most."""

from collections.abc import Iterator

import pytest

from benchmarks.person import Person, Site
from benchmarks.task_scripts import LOST, MOST_CLICKS, TASKS, Task
from benchmarks.tasks import done, site
from tests.qa.web.test_browser import CHROMIUM  # without it the tests are skipped

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("tasks")) as chat:
        yield chat


@pytest.fixture(scope="module")
def person(chat: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    assert CHROMIUM
    person = Person(chat, tmp_path_factory.mktemp("person"))
    yield person
    person.close()


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.run.__name__)
def test_a_person_gets_it_in_few_clicks(task: Task, person: Person) -> None:
    """The words that were wanted are on the screen, copied, saved, or at a colleague's."""
    got = done(task, person)
    assert [words for words in task.wanted if words not in got] == [], got
    assert person.clicks <= MOST_CLICKS


def test_the_cursor_is_where_the_question_is_written(person: Person) -> None:
    """After a new conversation, a past one and the choice of a document, without a click on it."""
    person.fresh()
    person.ask(LOST)
    person.click("Nueva conversación")
    person.wait(lambda: not person.find("#chat .message-row"))
    person.on(lambda: person.first("#scope input"))
    person.click("Tarifas 2025", "#scope")
    person.wait(lambda: not person.texts("#scope [role=option]"))
    person.ask(LOST)
    person.click("Historial")
    person.on(lambda: person.find("#history-list .past")[1])
    person.see("#chat .bot-row", "29 por ciento")
    person.ask("¿Y cuántas se repararon?")
    assert person.clicks == 8
