"""The names of the months, and dates as people write them."""

__all__ = ["MONTHS", "MONTH_NUMBERS", "written_date"]

_SPANISH = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_ENGLISH = "january february march april may june july august september october november december"

MONTHS = {"es": tuple(_SPANISH.split()), "en": tuple(_ENGLISH.split())}
"""The twelve names of each language, in lower case."""

MONTH_NUMBERS = {name: number for names in MONTHS.values() for number, name in enumerate(names, 1)}
"""The number, from 1, of each name of either language."""


def written_date(date: str, language: str) -> str:
    """A date given as YYYY-MM-DD: "3 de septiembre de 2025", or "3 September 2025"."""
    year, month, day = (int(part) for part in date.split("-"))
    if language == "en":
        return f"{day} {MONTHS['en'][month - 1].capitalize()} {year}"
    return f"{day} de {MONTHS['es'][month - 1]} de {year}"
