"""What people want of the chat, done in a real Chromium: they get it, in six clicks at most."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.person import Person
from benchmarks.task_scripts import MOST_CLICKS, TASKS, Site, Task
from benchmarks.tasks import done, site
from tests.qa.web.test_browser import CHROMIUM  # without it the tests are skipped

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("tasks")) as chat:
        yield chat


@pytest.fixture(scope="module")
def person(chat: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    assert CHROMIUM
    person = Person(chat.address, tmp_path_factory.mktemp("person"))
    yield person
    person.close()


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.run.__name__)
def test_a_person_gets_it_in_few_clicks(task: Task, person: Person, chat: Site) -> None:
    """The words that were wanted are on the screen, copied, saved, or at a colleague's."""
    got = done(task, person, chat)
    print(f"{task.name}: {person.clicks} clicks, {person.keys} keystrokes, {person.seconds:.1f} s")
    assert [words for words in task.wanted if words not in got] == [], got
    assert person.clicks <= MOST_CLICKS
