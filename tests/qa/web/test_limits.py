"""How often somebody may ask, and guess."""

import pytest

from qa.web.limits import Guesses, Questions, address_of, person_of
from qa.web.refused import RefusedError


class Clock:
    """A clock that is set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        """The time, in seconds."""
        return self.now


def test_so_many_questions_in_any_minute() -> None:
    """Each person has a count; a refused question does not count."""
    clock = Clock()
    questions = Questions(2, clock)
    questions.take("ana")
    clock.now += 20
    questions.take("ana")
    questions.take("luis")
    for _ in range(3):
        with pytest.raises(RefusedError) as refused:
            questions.take("ana")
        assert (refused.value.status, refused.value.seconds) == (429, 40)
    clock.now += 40
    questions.take("ana")
    with pytest.raises(RefusedError, match=r"try again in 20 s\.$"):
        questions.take("ana")


def test_without_a_limit_nothing_is_counted() -> None:
    """Any number."""
    questions = Questions(0)
    for _ in range(1000):
        questions.take("ana")


def test_who_forgets_a_password_has_five_tries() -> None:
    """Then each wrong one doubles the wait; the right one forgets them."""
    clock = Clock()
    guesses = Guesses(clock)
    assert [guesses.begin("10.0.0.1", "ana") for _ in range(6)] == [0, 0, 0, 0, 0, 1]
    clock.now += 1
    assert [guesses.begin("10.0.0.1", "ana") for _ in range(2)] == [0, 2]
    clock.now += 2
    assert [guesses.begin("10.0.0.1", "ana") for _ in range(2)] == [0, 4]
    clock.now += 4
    assert guesses.begin("10.0.0.1", "ana") == 0
    guesses.right("10.0.0.1", "ana")
    assert [guesses.begin("10.0.0.1", "ana") for _ in range(6)] == [0, 0, 0, 0, 0, 1]


def test_guesses_are_counted_by_address_and_by_name() -> None:
    """One machine with many names waits; so do many machines with one name, but not for long."""
    clock = Clock()
    guesses = Guesses(clock)
    assert [guesses.begin("10.0.0.1", f"n{number}") for number in range(6)] == [0] * 5 + [1]
    assert [guesses.begin(f"10.0.1.{number}", "ana") for number in range(6)] == [0] * 5 + [1]
    assert guesses.begin("10.0.2.1", "luis") == 0
    for number in range(40):
        clock.now += 301
        assert guesses.begin("10.0.3.1", "eva") == 0, number
    assert guesses.begin("10.0.3.1", "other") == 300
    assert guesses.begin("10.0.3.2", "eva") == 30
    clock.now += 901
    assert [guesses.begin("10.0.3.1", "eva") for _ in range(6)] == [0] * 5 + [1]


@pytest.mark.parametrize(
    ("host", "address"),
    [("10.0.0.1", "10.0.0.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("testclient",) * 2,
     ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64")],
)  # fmt: skip
def test_an_address_is_that_of_a_customer(host: str, address: str) -> None:
    """Of IPv6, where one has many, the network."""
    assert address_of({"client": (host, 1)}) == address
    assert address_of({}) == ""


def test_a_person_is_who_has_logged_in() -> None:
    """Else the address."""
    scope = {"client": ("10.0.0.1", 1), "qa": {"user": "ana"}}
    assert person_of(scope) == "user ana"
    assert person_of({**scope, "qa": {}}) == "address 10.0.0.1"
