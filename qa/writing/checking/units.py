"""The unit of a number: five years are not five months, and euros no dollars. Pure."""

import re
from functools import cache

from qa.asked.values import Value, folded

__all__ = ["unit_at"]

# One unit a row, Spanish and English, folded.
_UNITS = (
    "segundos? seconds?",
    "minutos? minutes? min",
    "horas? hours? hrs?",
    "dias? days?",
    "semanas? weeks?",
    "mes meses months?",
    "anos? years?",
    "decadas? decades?",
    "siglos? centur(?:y|ies)",
    "euros? eur €",
    "dolar dolares dollars? usd us\\$ u\\$s",
    "libras? pounds? £",
    "pesos? mxn ars",
    "kilometros? kilomet(?:er|re)s? km",
    "metros? met(?:er|re)s? m",
    "centimetros? centimet(?:er|re)s? cm",
    "milimetros? millimet(?:er|re)s? mm",
    "millas? miles?",
    "pies feet foot",
    "kilos? kilogramos? kilograms? kg",
    "gramos? grams? gr?",
    "toneladas? tons? tonnes?",
    "litros? lit(?:er|re)s? l",
    "hectareas? hectares? ha",
    "acres?",
    "votos? votes?",
)
_SIGN = re.compile(r"(€|£|us\$|u\$s)\s?$")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(rf"[\s-]*(?:(?:millones|mil|million|de)\s)*(?:{r.replace(' ', '|')})(?!\w)")
        for r in _UNITS
    )


def unit_at(text: str, value: Value) -> int | None:
    """A number for the unit that a value has in a text; None where it is told none."""
    return _unit_at(folded(text), value.start, value.end)


def _unit_at(plain: str, start: int, end: int) -> int | None:
    for number, pattern in enumerate(_patterns()):
        if pattern.match(plain, end):
            return number
    sign = _SIGN.search(plain[max(0, start - 4) : start])
    if sign is None:
        return None
    return next(n for n, p in enumerate(_patterns()) if p.match(sign[1]))
