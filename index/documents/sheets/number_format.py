"""Number formats of Excel: what a cell shows of its value.

A format has up to four sections (positive; negative; zero; text). Where Excel and LibreOffice show
a number otherwise, the longer one stands here: a number of twelve digits is not shortened to
1.2E+11, for it may be a telephone or an account.
"""

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from index.documents.sheets.date_format import date_text
from index.documents.sheets.locales import Locale, by_code

__all__ = ["BUILT_IN", "NumberFormat", "general", "number_format"]

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0_);("$"#,##0)',
    6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)',
    8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "system-date",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "system-date h:mm",
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    42: '_("$"* #,##0_);_("$"* (#,##0);_("$"* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
"""The formats that a file names by number alone."""

_SYSTEM_DATE = {False: "m/d/yyyy", True: "dd/mm/yyyy"}
_LONG_DATE = {"en": "dddd, mmmm d, yyyy", "es": 'dddd, d "de" mmmm "de" yyyy'}
_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)"?              # literal text
    | \\(?P<escaped>.)                # one literal character
    | _(?P<padding>.)                 # a space as wide as that character
    | \*(?P<fill>.)                   # that character repeated to the cell's width
    | \[(?P<bracket>[^\]]*)\]         # colour, condition, currency and locale, elapsed time
    | (?P<general>General|Standard)
    | (?P<date>AM/PM|A/P|[yY]+|[mM]+|[dD]+|[hH]+|[sS]+(?:[.,]0+)?|e(?![+-])+)
    | (?P<exponent>[eE][+-])
    | (?P<digit>[0\#?])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+(?:E[+-]?\d+)?)$", re.IGNORECASE)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_CURRENCY = re.compile(r"\$(?P<symbol>.*?)(?:-(?P<code>[0-9A-Fa-f]{1,8}))?(?:,.*)?$")
# A binary fraction has no more digits that mean something.
_FIFTEEN = Context(prec=15)
_MAX_FORMAT = 1000  # characters of a code
_MAX_DECIMALS = 30
_MOST_SEEN = 10_000


_WIDE = Context(prec=400)
_PLACES = [Decimal(1).scaleb(-places) for places in range(_MAX_DECIMALS + 1)]
_KIND_LETTERS = {"digit": "0", "literal": "_"}
_USUAL = re.compile(r"([_%$€£+\-() ]*)(0(?:[0,]*0)?(?:\.0{1,30})?)([_%$€£+\-() ]*)")

Token = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Plain:
    """A format of literals around digits: at least ``zeros`` before the decimal sign."""

    before: str
    after: str
    zeros: int
    places: int
    grouped: bool
    percent: int


@dataclass(slots=True)
class _Section:
    """One section's tokens: (kind, text), kinds being literal, digit, date, other ..."""

    tokens: list[Token] = field(default_factory=list)
    condition: tuple[str, float] | None = None
    locale: Locale | None = None  # of numbers and dates
    kind: str = "number"
    plain: "_Plain | None" = None

    def find_kind(self) -> str:
        """What the section shows: dates, text, numbers, or numbers without a format."""
        kinds = {kind for kind, _ in self.tokens}
        if "date" in kinds or "elapsed" in kinds:
            return "date"
        if "general" in kinds:
            return "general"
        return "text" if ("at", "@") in self.tokens else "number"


class NumberFormat:
    """A compiled format code; ``is_date`` says whether it shows dates or times."""

    def __init__(self, code: str, locale: Locale) -> None:
        self.code = code = code[:_MAX_FORMAT]
        self._locale = locale
        if code.upper().startswith("[$-F800]"):
            code = _LONG_DATE["es" if locale.language == "es" else "en"]
        code = code.replace("system-date", _SYSTEM_DATE[locale.day_first])
        self._sections = [_section(part) for part in _split(code)][:4]
        self.is_date = self._sections[0].kind == "date"
        self._seen: dict[float, str] = {}  # columns repeat their values
        self._from_1904 = False
        self._is_general = len(self._sections) == 1 and code.lower() == "general"

    def text(self, value: str) -> str:
        """What the cell shows of a text."""
        sections = self._sections
        chosen = sections[3] if len(sections) == 4 else sections[-1]
        if len(sections) == 4 or chosen.kind == "text":
            return "".join(value if kind == "at" else _plain(kind, t) for kind, t in chosen.tokens)
        return value

    def number(self, value: float, *, from_1904: bool = False) -> str:
        """What the cell shows of a number; a date counts days from 1900, or from 1904."""
        if self._is_general:
            return general(value, self._locale)
        if from_1904 is not self._from_1904 or len(self._seen) > _MOST_SEEN:
            self._seen, self._from_1904 = {}, from_1904
        shown = self._seen.get(value)
        if shown is None:
            shown = self._seen[value] = self._number(value, from_1904)
        return shown

    def _number(self, value: float, from_1904: bool) -> str:
        section, signed = self._choose(value)
        locale = section.locale or self._locale
        if section.kind == "date":
            language = locale.language
            shown = date_text(section.tokens, value, language, from_1904, locale.decimal)
            return general(value, locale) if shown is None else shown
        if section.kind in ("general", "text"):
            shown = general(abs(value) if not signed else value, locale)
            plain = (
                shown if kind in ("general", "at") else _plain(kind, t)
                for kind, t in section.tokens
            )
            return "".join(plain)
        number = _FIFTEEN.create_decimal(repr(float(value)))
        number = number if signed else abs(number)
        if section.plain is not None:
            return _plain_number(section.plain, number, locale)
        return _number(section, number, locale)

    def _choose(self, value: float) -> tuple[_Section, bool]:
        """The section for a number, and whether its minus sign is to be shown."""
        sections = self._sections[:3]
        if len(sections) == 3 and sections[2].kind == "text" and len(self._sections) == 3:
            sections = sections[:2]
        if len(sections) == 2 and sections[1].kind == "text":
            sections = sections[:1]
        given = any(section.condition for section in sections)
        for position, section in enumerate(sections[:-1]):
            if section.condition is None and not given:
                if position == 0 and (value > 0 or (value == 0 and len(sections) == 2)):
                    return section, True
                if position == 1 and value < 0:
                    return section, False
                continue
            condition = section.condition or (("<", 0.0) if position else (">", 0.0))
            if _holds(condition, value):
                below = condition[0] in ("<", "<=") and condition[1] <= 0
                return section, not below
        last = sections[-1]
        return last, len(sections) != 2 or given

    def __repr__(self) -> str:
        return f"NumberFormat({self.code!r})"


@lru_cache(maxsize=4096)
def number_format(code: str, locale: Locale) -> NumberFormat:
    """The compiled format of a code."""
    return NumberFormat(code or "General", locale)


def general(value: float, locale: Locale) -> str:
    """A number without a format: whole, or with as many decimals as eleven characters hold."""
    if value == int(value) and abs(value) < 1e16:
        return str(int(value))
    number = _FIFTEEN.create_decimal(repr(float(value)))
    if abs(number) >= Decimal(10) ** 16 or abs(number) < Decimal("1e-9"):
        mantissa, exponent = f"{number:.5E}".split("E")
        mantissa = mantissa.rstrip("0").rstrip(".").replace(".", locale.decimal)
        return f"{mantissa}E{int(exponent):+03d}"
    whole = len(str(abs(int(number))))
    places = max(0, 10 - whole)
    if abs(number) < Decimal("0.0001"):  # rounded to five figures, not to the width
        places = 4 - number.adjusted()
    shown = f"{_rounded(number, places):f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return ("0" if shown == "-0" else shown).replace(".", locale.decimal)


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_WIDE)


def _split(code: str) -> list[str]:
    parts = [""]
    for match in _TOKEN.finditer(code):
        if match["other"] == ";":
            parts.append("")
        else:
            parts[-1] += match[0]
    return parts


def _section(code: str) -> _Section:
    section = _Section()
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup or "other", match[match.lastgroup or "other"]
        if kind == "bracket":
            _bracket(section, text)
        elif kind in ("quoted", "escaped"):
            section.tokens.append(("literal", text))
        elif kind == "padding":
            section.tokens.append(("literal", " "))
        elif kind == "other" and text == "@":
            section.tokens.append(("at", text))
        elif kind != "fill":
            section.tokens.append((kind, text))
    section.kind = section.find_kind()
    if section.kind == "number":
        section.plain = _plain_of(section.tokens)
    return section


def _plain_of(tokens: list[Token]) -> _Plain | None:
    """The usual kind of format (``#,##0.00 €``), which needs no look at each digit."""
    kinds = "".join(
        _KIND_LETTERS.get(kind, "x") if kind != "other" else text for kind, text in tokens
    )
    found = _USUAL.fullmatch(kinds)
    if found is None:
        return None
    digits = "".join(text for _, text in tokens[found.start(2) : found.end(2)])
    whole, _, decimals = digits.partition(".")
    grouped = "," in whole
    zeros = whole.count("0")
    if set(decimals) - {"0"} or not whole.endswith("0") or (grouped and zeros > 1):
        return None
    before = "".join(text for _, text in tokens[: found.start(2)])
    after = "".join(text for _, text in tokens[found.end(2) :])
    percent = sum(token == ("other", "%") for token in tokens)
    return _Plain(before, after, zeros, len(decimals), grouped, percent)


def _plain_number(plain: "_Plain", number: Decimal, locale: Locale) -> str:
    if plain.percent:
        number = number.scaleb(2 * plain.percent)
    rounded = number.quantize(_PLACES[plain.places], ROUND_HALF_UP, _WIDE)
    sign = "-" if number < 0 and rounded else ""
    shown = format(abs(rounded), ",f" if plain.grouped else "f")
    if plain.zeros > 1:
        shown = shown.zfill(plain.zeros + (plain.places + 1 if plain.places else 0))
    if locale.decimal != ".":
        shown = shown.translate({ord(","): locale.group, ord("."): locale.decimal})
    return sign + plain.before + shown + plain.after


def _bracket(section: _Section, text: str) -> None:
    condition = _CONDITION.match(text)
    if condition:
        section.condition = (condition[1], float(condition[2]))
    elif _ELAPSED.fullmatch(text):
        section.tokens.append(("elapsed", text.lower()))
    elif text.startswith("$"):
        currency = _CURRENCY.match(text)
        symbol, code = (currency["symbol"], currency["code"]) if currency else ("", "")
        if symbol:
            section.tokens.append(("literal", symbol))
        else:
            section.locale = by_code(int(code, 16)) if code else None


def _holds(condition: tuple[str, float], value: float) -> bool:
    sign, bound = condition
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }[sign]


def _plain(kind: str, text: str) -> str:
    """What a token shows that stands for no digit."""
    return "" if kind in ("digit", "general", "at", "fill") else text


def _number(section: _Section, number: Decimal, locale: Locale) -> str:
    tokens = section.tokens
    digits = [place for place, (kind, _) in enumerate(tokens) if kind == "digit"]
    if not digits:
        return "".join(_plain(kind, text) for kind, text in tokens)
    number *= 100 ** sum(token == ("other", "%") for token in tokens)
    slash = _place(tokens, "other", "/")
    if slash is not None and digits[0] < slash:
        return _fraction(tokens, slash, number)
    exponent = next((place for place, (kind, _) in enumerate(tokens) if kind == "exponent"), None)
    if exponent is not None and digits[0] < exponent:
        return _scientific(tokens, exponent, number, locale)
    return _fixed(tokens, number, locale)


def _place(tokens: list[Token], kind: str, text: str) -> int | None:
    return tokens.index((kind, text)) if (kind, text) in tokens else None


def _fixed(tokens: list[Token], number: Decimal, locale: Locale) -> str:
    tokens, grouped, thousands = _without_commas(tokens)
    number = number.scaleb(-3 * thousands)
    point = _place(tokens, "other", ".")
    before = tokens if point is None else tokens[:point]
    after = [] if point is None else tokens[point + 1 :]
    places = min(_MAX_DECIMALS, sum(kind == "digit" for kind, _ in after))
    rounded = _rounded(abs(number), places)
    sign = "-" if number < 0 and rounded else ""
    whole, _, decimals = f"{rounded:f}".partition(".")
    shown = _whole(before, whole, locale.group if grouped else "")
    rest = _decimals(after, decimals, locale.decimal)
    return sign + shown + rest


def _without_commas(tokens: list[Token]) -> tuple[list[Token], bool, int]:
    """The tokens without commas; whether one groups digits; how many scale by a thousand."""
    digits = [place for place, (kind, _) in enumerate(tokens) if kind == "digit"]
    first, last = digits[0], digits[-1]
    point = _place(tokens, "other", ".")
    last_whole = max((d for d in digits if point is None or d < point), default=-1)
    kept, grouped, thousands = [], False, 0
    for place, token in enumerate(tokens):
        if token != ("other", ",") or place < first:
            kept.append(token)
        elif first < place < last_whole:
            grouped = True
        elif place - last == thousands + 1 or (point is not None and last_whole < place < point):
            thousands += 1
        else:
            kept.append(token)
    return kept, grouped, thousands


def _whole(tokens: list[Token], digits: str, group: str) -> str:
    """The tokens before the decimal sign, with the digits filled in from the right."""
    digits = digits.lstrip("0")
    shown: list[str] = []
    places = sum(kind == "digit" for kind, _ in tokens)
    count = 0
    for kind, text in reversed(tokens):
        if kind != "digit":
            shown.append(text)
            continue
        places -= 1
        many = len(digits) if places == 0 else 1
        for _ in range(max(1, many)):
            digit = digits[-1:] or ("0" if text == "0" else "")
            digits = digits[:-1]
            if digit and group and count and count % 3 == 0:
                shown.append(group)
            count += bool(digit)
            shown.append(digit)
    return "".join(reversed(shown))


def _decimals(tokens: list[Token], digits: str, sign: str) -> str:
    """The tokens after the decimal sign; zeros at the end stand only where a 0 asks for them."""
    wanted = [text for kind, text in tokens if kind == "digit"]
    needed = max((n for n, text in enumerate(wanted, 1) if text == "0"), default=0)
    kept = max(needed, len(digits.rstrip("0")))
    shown = sign if kept else ""
    position = 0
    for kind, text in tokens:
        if kind == "digit":
            shown += digits[position] if position < min(kept, len(digits)) else ""
            position += 1
        else:
            shown += text
    return shown


def _scientific(tokens: list[Token], exponent: int, number: Decimal, locale: Locale) -> str:
    mantissa, power = tokens[:exponent], tokens[exponent + 1 :]
    point = _place(mantissa, "other", ".")
    whole = sum(kind == "digit" for kind, _ in mantissa[: point or len(mantissa)])
    places = sum(kind == "digit" for kind, _ in mantissa[point:]) if point is not None else 0
    shift = number.adjusted() if number else 0
    shift -= shift % whole if whole > 1 else 0
    scaled = number.scaleb(-shift)
    if abs(_rounded(scaled, places)) >= Decimal(10) ** max(1, whole):  # 9.99 becomes 10.0
        shift += max(1, whole)
        scaled = number.scaleb(-shift)
    sign = "-" if shift < 0 else "+" if tokens[exponent][1].endswith("+") else ""
    digits = [place for place, (kind, _) in enumerate(power) if kind == "digit"]
    shown = _whole(power, str(abs(shift)), "") if digits else str(abs(shift))
    return _fixed(mantissa, scaled, locale) + "E" + sign + shown


def _fraction(tokens: list[Token], slash: int, number: Decimal) -> str:
    """A mixed number (``# ?/?``) or a plain fraction (``?/?``), by the nearest one that fits."""
    over = "".join(text for _, text in tokens[slash + 1 :]).strip()
    fixed = re.match(r"\d+", over)
    size = Fraction(abs(number))
    whole_first = bool(
        re.search(r"[0#?]\s+[0#?]+\s*$", "".join(text for _, text in tokens[:slash]))
    )
    whole = int(size) if whole_first else 0
    rest = size - whole
    if fixed and int(fixed[0]):
        below = int(fixed[0])
        above = int(Decimal(rest.numerator * below / rest.denominator).quantize(Decimal(1)))
    else:
        wide = min(4, max(1, sum(text in "#?" for text in over)))
        near = rest.limit_denominator(10**wide - 1)
        above, below = near.numerator, near.denominator
    if whole_first and above == below:
        whole, above = whole + 1, 0
    sign = "-" if number < 0 and (whole or above) else ""
    if whole_first and not above:
        return f"{sign}{whole}"
    return f"{sign}{whole} {above}/{below}" if whole else f"{sign}{above}/{below}"
