"""Whether words can be an answer at all to who, when, how many, how much, where or why.

Only what is certain is refused: a time of day is nobody, a date is no price, and "¿cuántos?" wants
a number or a word like "ninguno" or "la mitad" somewhere near. A question that asks for nothing of
the sort, or for two things, is answered by anything. Pure, for Spanish and English.
"""

import re
from enum import StrEnum
from functools import lru_cache

from index.text.folding import fold
from index.text.months import MONTHS

__all__ = ["AnswerType", "asked_type", "fits"]

NEAR = 40
"""Characters around the words of an answer in which what is asked for may stand."""


class AnswerType(StrEnum):
    """What a question wants to know of something."""

    PERSON = "person"  # or an organisation
    TIME = "time"  # when, which day, how often
    CLOCK = "clock"  # at what time
    COUNT = "count"  # how many
    AMOUNT = "amount"  # how much, how deep
    DURATION = "duration"  # how long, how many days
    PLACE = "place"
    REASON = "reason"


def _any(words: str) -> str:
    """A pattern for one of some words, which are given in lower case without accents."""
    return rf"(?<!\w)(?:{'|'.join(words.split())})(?!\w)"


# Numbers

_WRITTEN = (
    "cero un una uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
    r"quince dieci\w+ veinte veinti\w+ treinta cuarenta cincuenta sesenta setenta ochenta noventa "
    r"cien ciento \w+cient[oa]s quinient[oa]s mil mil millon millones billon billones zero one two "
    r"three four five six seven eight nine ten eleven twelve \w+teen (?:twenty|thirty|forty|fifty|"
    r"sixty|seventy|eighty|ninety)(?:-\w+)? hundred thousand million billion"
)
_FIGURES = r"(?<![\w.,:/-])[$€£]?\s?\d+(?:[.,'’\s]\d{3})*(?:[.,]\d+)?(?![\w:/])"
_NUMBER = re.compile(rf"\d|{_any(_WRITTEN)}")
# What else tells how many or how much.
_QUANTITY = re.compile(
    _any(
        r"ningun[oa]? nadie nada tod[oa]s? amb[oa]s mitad tercios? cuart[oa]s? quint[oa] decim[oa] "
        r"varios varias much[oa]s? poc[oa]s? algun[oa]s? gratis gratuit\w+ docenas? decenas? par "
        r"pareja centenar\w* millar\w* miles doble triple cuadruple mayoria minoria mensualidad\w* "
        r"sin ilimitad\w+ total\w* enter[oa] complet[oa] suficiente bastantes? mas menos mism[oa] "
        r"solo unic[oa]s? no ni vez veces igual parte libre medi[oa] cantidad variable "
        r"none nobody nothing all both half thirds? quarters? several many few some a an once "
        r"twice free no not never dozens? pair couple hundreds thousands millions double twofold "
        r"unlimited most whole enough more less fewer single each every any equal same part "
        r"complimentary charge"
    )
)

# Times

_MONTHS = " ".join(fold(month) for language in ("es", "en") for month in MONTHS[language])
_WEEKDAYS = (
    "lunes martes miercoles jueves viernes sabados? domingos? mondays? tuesdays? wednesdays? "
    "thursdays? fridays? saturdays? sundays?"
)
_HOUR_SIGN = r"\s?(?:h|hs|hrs?|horas|[ap]\.?\s?m)(?!\w)\.?"
_TIME_OF_DAY = (
    rf"(?<!\d)\d{{1,2}}[:h]\d{{2}}(?!\d)(?:{_HOUR_SIGN})?|"
    rf"(?<!\d)\d{{1,2}}(?:\.\d{{2}})?{_HOUR_SIGN}"
)
_DATE = r"(?<!\d)(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}(?:-\d{2})?)(?!\d)"
_YEAR = r"(?<![\w.,])(?:1[0-9]|20)\d\d(?![\w%€]|[.,]\d)"
# Words that say when, or on what condition.
_WHEN_WORDS = (
    r"dias? diari\w* semana\w* mes meses mensual\w* bimestr\w* trimestr\w* semestr\w* quincena\w* "
    r"ano anos anual\w* siglos? decadas? horas? minutos? segundos? hoy ayer manana tardes? noches? "
    r"madrugada mediodia medianoche ahora siempre nunca jamas cada antes despues tras cuando "
    r"mientras hasta desde durante al si una(?=\svez) primavera verano otono invierno navidad\w* "
    r"pascua santa temporada curso epoca fin final\w* principios comienzos? inicio\w* mediados "
    r"actualmente pronto proxim\w+ pasad\w+ ultim\w+ siguientes? inmediat\w+ luego entonces plazo "
    r"fechas? periodo\w* entonces tiempo anteayer vispera fiestas? festivos? laborables? habiles "
    r"ocasiones frecuen\w+ momento vez veces primer\w* antigu\w+ jornada vigor permanente\w* "
    r"days? daily weeks? weekly weekends? months? monthly quarter\w* years? yearly annual\w* "
    r"centur\w+ decades? hours? hourly minutes? seconds? today yesterday tomorrow now always never "
    r"every each before after afterwards when whenever while until till since during if once soon "
    r"spring summer autumn fall winter easter christmas term season\w* early late later end "
    r"beginning start recent\w* next last ago upon then immediate\w* noon midday midnight nights? "
    r"evenings? afternoons? mornings? dawn dusk sunset sunrise date\w* time\w* period\w* eve "
    r"partir sexenio mandato holidays? within anniversary often twice first permanent\w*"
)
_TIME = re.compile(
    rf"{_any(_MONTHS)}|{_any(_WEEKDAYS)}|{_TIME_OF_DAY}|{_DATE}|{_YEAR}|{_any(_WHEN_WORDS)}|"
    r"(?<!\w)siglos? [ivx]+|(?<!\w)(?:el|dia|the|on|las?|at) \d{1,2}(?!\w)|\d(?:st|nd|rd|th)(?!\w)"
)
_SURE_TIME = re.compile(rf"{_any(_MONTHS)}|{_any(_WEEKDAYS)}|{_TIME_OF_DAY}|{_DATE}")

# Units

_MONEY = (
    r"euros? eur pesos? mxn dolar dolares dollars? usd pounds? libras? pence centimos? centavos? "
    r"cents? soles bolivares reales francos?"
)
_SPAN_OF_TIME = (
    r"dias? semanas? mes meses anos? horas? minutos? segundos? days? weeks? months? years? hours? "
    r"minutes? seconds? min"
)
_LENGTH = (
    r"metros? kilometros? centimetros? milimetros? km m cm mm millas? met(?:er|re)s? "
    r"kilomet(?:er|re)s? miles? feet foot inch\w* yards?"
)
_OTHER_UNITS = (
    r"kilos? kilogramos? gramos? toneladas? litros? hectareas? grados? bar vatios? kilovatios? kg "
    r"g grams? kilograms? tonnes? tons? lit(?:er|re)s? hectares? acres? degrees? watts? percent"
)
_MONEY_RE = re.compile(rf"[$€£]|{_any(_MONEY)}")
_UNIT = (
    rf"{_any(f'{_MONEY} {_SPAN_OF_TIME} {_LENGTH} {_OTHER_UNITS}')}|[$€£%°º]|por ciento|per cent"
)
_UNIT_RE = re.compile(_UNIT)
_LENGTH_RE = re.compile(_any(_LENGTH))
_LINK = _any(
    "de del a al el la las los y e o en por hasta desde entre unos unas cerca alrededor casi "
    "aproximadamente sobre mas menos que al of to at on in the and or from until till between "
    "about around nearly almost over under more less than up por per h hs hrs am pm manana tarde "
    "noche madrugada morning afternoon evening ano year dia siglo century"
)
# "9 grados todo el año" lasts no time.
_OTHER_MEASURE = re.compile(
    rf"(?:{_LINK} )*\d[\d.,]*\s?"
    rf"(?:{_any(_MONEY)}|{_any('grados? degrees? kilos? kg gramos?')}|[$€£%°])"
)
# Who earns more is told by an amount.
_COMPARES = re.compile(_any("mas menos mayor menor mejor peor more most less least \\w{3,}est"))
_MEASURED = re.compile(
    rf"(?:{_any(_MONTHS)}|{_any(_WEEKDAYS)}|{_TIME_OF_DAY}|{_DATE}|{_FIGURES}|"
    rf"(?<!\w)\d+(?:st|nd|rd|th)?(?!\w)|{_any(_WRITTEN)}|{_UNIT}|{_LINK}|[\W_])+"
)
_ORDINAL_PERIOD = re.compile(_any(_SPAN_OF_TIME))

# Questions

_OPENS = _any(
    "y e o pero and but so then also entonces ademas tambien ahora a ante con contra de desde en "
    "entre hacia hasta para por segun sobre tras in at from to for since until till by with of on "
    "about"
)
_ASKS = re.compile(
    r"(?<!\w)(?:(?:por|para) que|que|quien(?:es)?|cual(?:es)?|cuando|cuant[oa]s?|a?donde|como|what|"
    r"who(?:m|se)?|which|when|where|why|how)(?!\w)"
)
_JOINED = re.compile(rf"\s+(?:y|e|o|u|and|or)\s+(?:{_OPENS}\s+)?(?:{_ASKS.pattern})")
_SPANISH_TYPES = {
    "quien": AnswerType.PERSON,
    "quienes": AnswerType.PERSON,
    "cuando": AnswerType.TIME,
    "donde": AnswerType.PLACE,
    "adonde": AnswerType.PLACE,
    "por que": AnswerType.REASON,
}
_ENGLISH_TYPES = {
    "who": AnswerType.PERSON,
    "whom": AnswerType.PERSON,
    "whose": AnswerType.PERSON,
    "when": AnswerType.TIME,
    "where": AnswerType.PLACE,
    "why": AnswerType.REASON,
}
_TYPES = _SPANISH_TYPES | _ENGLISH_TYPES
_WHICH_TIME = re.compile(r"\s+(?:ano|fecha|dias?|mes|year|date|day|month)(?!\w)")
_WHICH_HOUR = re.compile(r"\s+(?:horas?|time)(?!\w)")
_HOW_MUCH = re.compile(
    r"\s+(?:much|old|far|big|deep|tall|high|wide|heavy|fast|strong|thick|large|loud|hot|cold)(?!\w)"
)
_PERIOD = rf"\s+(?:mas\s+)?(?:tiempo|{_SPAN_OF_TIME.replace(' ', '|')})(?!\w)"
# What happened once has a date; what can, must or usually happens may have a condition instead.
_EVENT = re.compile(
    r"(?<!\w)(?:\w{2,}(?:ó|aron|ieron|rá|rán)|fue|fueron|naci[oó]|muri[oó]|(?:did|was|were|will|had))"
    r"(?!\w)",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"(?<!\w)(?:(?:dur|tard)(?:a|an|aba|aban|o|aron|ara|aran|e|en|ar)|permanec\w+|tiempo|plazo|"
    r"faltan?|last(?:s|ed)?|takes?|took|stay\w*|time)(?!\w)"
)


@lru_cache(maxsize=256)
def asked_type(question: str) -> AnswerType | None:
    """What a question wants to know; None where that is nothing of these, or two things."""
    plain = fold(question)
    if len(plain) != len(question):
        return None
    asking = [match for match in _ASKS.finditer(plain) if _is_asking(question, plain, match)]
    types = {_type(plain, match) for match in asking}
    if len(types) != 1 or _JOINED.match(plain, asking[0].end()):
        return None
    return types.pop()


def _type(plain: str, asks: re.Match[str]) -> AnswerType | None:
    word, rest = asks[0], plain[asks.end() :]
    if word.startswith("cuant") or word == "how":
        return _quantity_asked(word, plain[: asks.start()], rest)
    if word in {"que", "cual", "cuales", "what", "which"} and _WHICH_HOUR.match(rest):
        return AnswerType.CLOCK
    if word in {"que", "cual", "cuales", "what", "which"} and _WHICH_TIME.match(rest):
        return AnswerType.TIME
    return _TYPES.get(word)


def _is_asking(question: str, plain: str, match: re.Match[str]) -> bool:
    """Whether an interrogative asks: it has an accent, or stands where a clause begins."""
    if plain[match.start() : match.end()] != question[match.start() : match.end()].lower():
        return True
    before = plain[: match.start()]
    clause = re.split(r"[¿?¡!:;.]", before)[-1]
    head, comma, tail = clause.rpartition(",")
    if comma and (len(head.split()) > LONGEST_HEAD or _ASKS.search(head) or _INVERTED.match(head)):
        return False
    return not re.sub(rf"{_OPENS}|\W", "", tail)


LONGEST_HEAD = 5  # words: "Ayer Elena Ruiz, cuanto cobro"
_INVERTED = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|es|son|fue|hay)\b"
)


def _quantity_asked(word: str, before: str, rest: str) -> AnswerType | None:
    """The type of "how ..." and "cuánto ..."."""
    often = re.match(r"\s+often(?!\w)", rest) or re.search(r"(?<!\w)cada\s+$", before)
    if often:
        return AnswerType.TIME
    if word == "how":
        if re.match(rf"\s+long(?!\w)|\s+(?:many|much){_PERIOD}", rest):
            return AnswerType.DURATION
        if re.match(r"\s+many(?!\w)", rest):
            return AnswerType.COUNT
        return AnswerType.AMOUNT if _HOW_MUCH.match(rest) else None
    if re.match(rf"{_PERIOD}|\s+llev(?:a|an|o|aba)(?!\w)", rest) or _LASTS.search(rest):
        return AnswerType.DURATION
    return AnswerType.COUNT if word in {"cuantos", "cuantas"} else AnswerType.AMOUNT


def fits(question: str, words: str, sentence: str) -> bool:
    """Whether ``words`` of a ``sentence`` can be the answer that a question asks for.

    False only where they certainly cannot: they are of another type, and what is asked for stands
    nowhere near them in the sentence.
    """
    asked = asked_type(question)
    words = fold(words).strip()
    if asked is None or not words:
        return True
    near = _around(words, fold(sentence))
    time, amount = _is_time(words), _is_amount(words)
    money = amount and bool(_MONEY_RE.search(words))
    counted = bool(_NUMBER.search(near) or _QUANTITY.search(near))
    dated = bool(_TIME.search(near))
    match asked:
        case AnswerType.PERSON | AnswerType.REASON:
            possible = not time and not (amount and not _COMPARES.search(fold(question)))
        case AnswerType.PLACE:
            possible = not (time or (amount and not _LENGTH_RE.search(words)))
        case AnswerType.CLOCK:
            possible = (dated or counted) and (not amount or bool(_TIME.search(words)))
        case AnswerType.TIME:
            happened = bool(_EVENT.search(question))
            possible = (dated or not (happened or amount)) and not money
        case AnswerType.DURATION:
            possible = (counted or dated) and not (money or _OTHER_MEASURE.match(words))
        case AnswerType.COUNT | AnswerType.AMOUNT:
            paid = money and asked is AnswerType.COUNT and not _MONEY_RE.search(fold(question))
            possible = counted and not (time or paid or _is_from_question(question, words))
    return possible


def _around(words: str, sentence: str) -> str:
    """The words with what stands around them in their sentence."""
    at = sentence.find(words)
    if at < 0:
        return f"{words} {sentence}"
    return sentence[max(0, at - NEAR) : at + len(words) + NEAR]


def _is_time(words: str) -> bool:
    """Whether they are a date or a time of day and nothing else."""
    if not _MEASURED.fullmatch(words) or not _SURE_TIME.search(words):
        return False
    return not _UNIT_RE.search(re.sub(rf"{_TIME_OF_DAY}|{_ORDINAL_PERIOD.pattern}", "", words))


def _is_amount(words: str) -> bool:
    """Whether they are figures with a unit, and nothing else."""
    measured = _MEASURED.fullmatch(words) and _NUMBER.search(words) and _UNIT_RE.search(words)
    return bool(measured) and not _SURE_TIME.search(words)


def _is_from_question(question: str, words: str) -> bool:
    """Whether they are only a number that the question itself holds: a year, an article."""
    figures = re.fullmatch(r"[\s.,]*(\d+)[\s.,]*", words)
    return figures is not None and re.search(rf"(?<!\d){figures[1]}(?!\d)", question) is not None
