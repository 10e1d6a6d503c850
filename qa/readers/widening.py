"""What the marked words of an answer need to be whole: the word, the number's unit, the name. Pure.

"60" of "60 metros cuadrados" and "50" of "más de 50" are other answers than the document gives.
"""

import re
from collections.abc import Sequence

from index.text.months import MONTHS
from qa.readers.evidence import NUMBERS
from qa.readers.grids import Grid

__all__ = ["whole_cell", "widened"]

Span = tuple[int, int]

_LIMIT = (
    r"(?:(?:m[áa]s|menos) de|(?:por|al) (?:lo )?menos|a lo sumo|como (?:m[íi]nimo|m[áa]ximo)|"
    r"alrededor de|cerca de|casi|un[oa]s|aproximadamente|hasta|no (?:m[áa]s|menos) de|"
    r"(?:more|less|fewer|no (?:more|less|fewer)) than|at (?:least|most)|about|around|nearly|almost|"
    r"over|under|up to|approximately|roughly)\s+"
)
_CURRENCY = (
    r"(?:(?:(?:US|MX|CA|A|R)?\$|[€£¥₡]|S/\.?|Bs\.?|L\.?|(?:USD|EUR|MXN|COP|ARS|CLP|PEN))\s?)"
)
_DIGITS = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![\d.,]\d)|\d+(?:[.,’']\d+)*(?:\s?½)?"
_MORE_NUMBERS = (
    "un una uno one media medio half trece catorce dieciséis diecisiete dieciocho diecinueve "
    "veintiuno veintiún veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
    "veintiocho veintinueve sesenta setenta ochenta noventa doscientos doscientas trescientos "
    "trescientas cuatrocientos cuatrocientas quinientos quinientas seiscientos seiscientas "
    "setecientos setecientas ochocientos ochocientas novecientos novecientas thirteen fourteen "
    "sixteen seventeen eighteen nineteen sixty seventy eighty ninety"
)
_WORDS = rf"(?:{'|'.join({*NUMBERS, *_MORE_NUMBERS.split()})})(?!\w)"
_WORDED = rf"{_WORDS}(?:(?:\s+y|\s+and)?\s+{_WORDS}|-{_WORDS})*(?:\s*\(\d+\))?"
_SCALE = (
    r"(?:\s+(?:mil|ciento|cientos|millón|millones|billón|billones|hundred|thousand|million|billion|"
    r"trillion)(?!\w))+"
)
_UNITS = (
    r"(?:M\.\s?N\.|m[²³23]?|[kchd]?m[²³]|km|cm|mm|hm3|ha|kg|mg|mcg|g|ml|l|t|hl|kWh?|MWh?|GWh?|V|°C|ºC|km/h|"
    r"kcal|UMA|UR|UF|MB|GB|TB|hrs?|hs|h|min|a\. ?m\.|p\. ?m\.|a\.m\.|p\.m\.|MXN|USD|EUR|[€£])"
)
_LONG_UNITS = (
    r"(?:kil[óo]metros?|cent[íi]metros?|mil[íi]metros?|metros?|hect[áa]reas?|acres?|kil[óo]s?|"
    r"kilogramos?|gramos?|toneladas?|litros?|mililitros?|grados?|pulgadas?|millas?|kilometres?|"
    r"kilometers?|metres?|meters?|feet|foot|inches|miles?|yards?|pounds?|ounces?|tons?|tonnes?|"
    r"litres?|liters?|gallons?|grams?|kilograms?|degrees|pesos|d[óo]lares|euros|soles|colones|"
    r"quetzales|lempiras|bol[íi]vares|guaran[íi]es|reales|libras|dollars|cents|centavos|"
    r"(?:business |working |calendar )?(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?)|"
    r"a[ñn]os?|meses|mes|semanas?|d[íi]as?|horas?|minutos?|segundos?|por ?ciento|per ?cent|"
    r"puntos porcentuales|percentage points)"
)
_AFTER_UNIT = (
    r"(?:\s+(?:cuadrad[oa]s?|c[úu]bic[oa]s?|squared?|cubic|h[áa]biles|naturales|corridos|"
    r"calendario|mexicanos|argentinos|chilenos|colombianos|uruguayos|celsius))*"
    r"(?:\s+M\.\s?N\.)?(?:\s*/\s*(?:m[²³]?|kg|h|L|l|día|mes|a[ñn]o)(?!\w))?"
)
_UNIT = (
    rf"(?:\s?%|(?:\s+de)?\s+(?:square\s+|cubic\s+)?{_LONG_UNITS}(?!\w){_AFTER_UNIT}|"
    rf"\s?{_UNITS}(?![\w]){_AFTER_UNIT})"
)
_QUANTITY = re.compile(
    rf"(?<![\w$])(?:{_LIMIT})?(?:{_CURRENCY})?(?<![\d])(?:{_DIGITS}|{_WORDED})"
    rf"(?![\w/-]*\d)(?:{_SCALE})?(?:{_UNIT})?",
    re.IGNORECASE,
)
_MONTH = "|".join(sorted((*MONTHS["es"], *MONTHS["en"]), key=len)[::-1])
_DATE = re.compile(
    rf"(?<!\w)(?:\d{{1,2}}(?:\.?[º°o])?\s+(?:de\s+)?(?:{_MONTH})(?:\s+(?:del?\s+)?\d{{4}})?|"
    rf"(?:{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?)(?!\w)",
    re.IGNORECASE,
)
# "a las cinco" of "mañana a las cinco" says on no day.
_DAYS = (
    r"(?:pasado mañana|mañana|hoy|ayer|anteayer|(?:el |este |los )?(?:próximo |próximos )?"
    r"(?:lunes|martes|miércoles|jueves|viernes|sábados?|domingos?)(?: \d{1,2})?|"
    r"(?:the day after )?tomorrow|today|yesterday|(?:on |every |next |this )?"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?)"
)
_APPOINTED = re.compile(rf"(?<!\w){_DAYS},?\s+(?=(?:a las?|desde las?|at|from)\s)", re.IGNORECASE)
_AROUND = 60  # characters at each side in which a quantity may begin or end
_CELL = 80  # characters of the longest cell that is marked as a whole
_VALUE = 60  # the same of a field's value


def widened(text: str, start: int, end: int) -> Span:
    """The span in whole words, and with what a number at its beginning or end is a number of.

    A date is whole where its day or month is in the span; a year alone stays alone.
    """
    start, end = _whole_words(text, start, end)
    low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
    line = text.rfind("\n", low, start) + 1
    low = max(low, line)
    stop = text.find("\n", end, high)
    high = high if stop < 0 else stop
    for match in _DATE.finditer(text, low, high):
        first = re.search(r"\s+(?:del?\s+)?\d{4}$", match[0])
        year = match.start() + first.start() if first else match.end()
        if match.start() <= start < year and end <= match.end():
            return match.span()
    for match in _QUANTITY.finditer(text, low, high):
        if match.start() <= start < match.end() or match.start() < end <= match.end():
            start, end = min(start, match.start()), max(end, match.end())
    for match in _APPOINTED.finditer(text, low, end):
        start = match.start() if match.end() == start else start
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _whole_words(text: str, start: int, end: int) -> Span:
    while 0 < start < len(text) and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def whole_cell(start: int, end: int, grids: Sequence[Grid]) -> Span:
    """The whole cell, or field's value, of which a span is a part, if it is not too long.

    "Panadería" of "Panadería La Espiga" is no name.
    """
    for grid in grids:
        longest = _CELL if grid.is_table else _VALUE
        for row in grid.rows:
            if row.end < start or row.start > end:
                continue
            for cell in row.cells:
                inside = cell.start <= start and end <= cell.end and cell.start < cell.end
                if inside and cell.end - cell.start <= longest:
                    return cell.start, cell.end
    return start, end
