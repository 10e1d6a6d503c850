"""A limit by date in words."""

from index.text.months import written_date

__all__ = ["period"]

_WORDS = {
    "es": ("desde el {}", "hasta el {}", "del {} al {}", "del {}"),
    "en": ("from {}", "until {}", "from {} to {}", "of {}"),
}


def period(since: str | None, until: str | None, language: str) -> str:
    """As "del 1 de mayo de 2024 al 31 de mayo de 2024"; empty without both.

    The first and the last day are given as YYYY-MM-DD.
    """
    language = language if language in _WORDS else "es"
    first, last, both, one = _WORDS[language]
    days = [written_date(day, language) for day in dict.fromkeys((since, until)) if day]
    if since and until:
        return (one if since == until else both).format(*days)
    return (first if since else last).format(*days) if days else ""
