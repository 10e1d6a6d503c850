"""Dates as people write them."""

from index.dates import MONTHS

__all__ = ["written"]


def written(date: str, language: str) -> str:
    """A date given as YYYY-MM-DD: "3 de septiembre de 2025", or "3 September 2025"."""
    year, month, day = (int(part) for part in date.split("-"))
    if language == "en":
        return f"{day} {MONTHS['en'][month - 1].capitalize()} {year}"
    return f"{day} de {MONTHS['es'][month - 1]} de {year}"
