"""Dates of documents."""

from index.documents.dates import iso_date


def test_a_year_of_many_digits_is_no_date() -> None:
    """Metadata may hold anything."""
    assert iso_date("1 Jan 99999999999999 10:00:00") is None
