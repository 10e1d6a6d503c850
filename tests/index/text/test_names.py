"""Names of documents that must differ."""

from index.text.names import numbered


def test_the_first_number_that_is_free() -> None:
    """One after the other, with the number before the ending."""
    taken: set[str] = set()
    for _ in range(6):
        taken.add(numbered("a/acta.txt", taken.__contains__))
    numbers = [f"a/acta ({number}).txt" for number in range(2, 7)]
    assert taken == {"a/acta.txt", *numbers}


def test_where_numbers_in_between_are_free() -> None:
    """The name is a free one."""
    taken = {"acta", "acta (2)", "acta (4)", "acta (5)"}
    free = numbered("acta", taken.__contains__)
    assert free not in taken


def test_thousands_of_one_name() -> None:
    """Few are asked for each."""
    taken: set[str] = set()
    asked = 0

    def is_taken(name: str) -> bool:
        nonlocal asked
        asked += 1
        return name in taken

    for _ in range(5000):
        taken.add(numbered("Aviso.eml", is_taken))
    assert len(taken) == 5000
    assert asked < 5000 * 30
