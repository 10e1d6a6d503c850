"""A true sentence in other words, without a clause, or in another order.

By rules, for Spanish and English; None where no rule applies.
"""

import random
import re
from decimal import Decimal

from index.text.months import MONTHS
from qa.asked.values import ValueKind, values

__all__ = ["reordered", "reworded", "shortened"]

_LEADS = {
    "es": (
        "Según el documento, ",
        "El texto dice que ",
        "De acuerdo con el pasaje, ",
        "Se indica que ",
        "",
    ),
    "en": ("According to the document, ", "The text says that ", "The passage states that ", ""),
}
_SYNONYMS = {
    "es": (
        "comenzó empezó|comenzaron empezaron|además también|alrededor_de cerca_de|utiliza usa|"
        "utilizado usado|utilizan usan|debido_a a_causa_de|sin_embargo no_obstante|mientras_que y|"
        "realizó hizo|obtuvo consiguió|actualmente hoy|posteriormente después|finalmente al_final|"
        "numerosos muchos|diversos varios|construido edificado|murió falleció|"
        "conocido_como llamado|"
        "falleció murió|principal más_importante|gran enorme|a_menudo con_frecuencia|"
        "cerca_de alrededor_de"
    ),
    "en": (
        "began started|however nevertheless|used utilised|because_of due_to|due_to because_of|"
        "obtained got|currently now|subsequently later|finally at_last|numerous many|"
        "built constructed|"
        "died passed_away|known_as called|main principal|often frequently|about around|large big|"
        "received got|also too|approximately about|located situated|while whereas|big large"
    ),
}
_CLAUSE = re.compile(
    r",\s(?:que|quien|cual|el cual|la cual|donde|which|who|where|whose|mientras|while|"
    r"aunque|although|"
    r"lo que|incluyendo|including|como|such as|siendo|being|y|e|and|pero|but)\s[^,;"
    r"]{8,120}(?=[,.;])"
)
_ASIDE = re.compile(r"\s\([^()]{2,80}\)|,\s[a-záéíóú][^,;]{6,70},(?=\s[a-záéíóú])")


def shortened(text: str, draw: random.Random) -> str | None:
    """Without an aside or a clause between commas; never one that denies or limits."""
    cuts = [m for form in (_ASIDE, _CLAUSE) for m in form.finditer(text)]
    limits = re.compile(
        r"\b(?:no|not|nunca|never|except\w*|salvo|si|if|sin|without|hasta|until)\b", re.I
    )
    cuts = [m for m in cuts if not limits.search(m[0]) and len(text) - len(m[0]) >= 40]
    if not cuts:
        return None
    cut = draw.choice(cuts)
    return re.sub(r"\s+", " ", text[: cut.start()] + text[cut.end() :])


_FRONT = re.compile(
    r"(?P<lead>(?:En|Durante|Desde|Tras|Después de|Antes de|A partir de|Hasta|Para|Con|"
    r"Por|In|During|"
    r"Since|After|Before|From|By|At|On|For|With)\s[^,;:]{3,60}),\s(?P<rest>[^;:]{25,})\."
)
_BACK = re.compile(
    r"(?P<rest>[^;:]{25,}),\s(?P<tail>(?:en|durante|desde|tras|después de|antes de|hasta|"
    r"in|during|since|"
    r"after|before|by|at|on)\s[^,;:]{3,60})\."
)


def reordered(text: str) -> str | None:
    """What stands before the first comma put last, or what stands after the last one put first."""
    front, back = _FRONT.fullmatch(text), _BACK.fullmatch(text)
    commas = max((m["rest"].count(",") for m in (front, back) if m), default=0)
    own = front or back
    if own is None or commas > 1 or re.match(r"(?:que|which|who)\b", own["rest"]):
        return None
    if front:
        lead = front["lead"]
        return f"{front['rest'][0].upper()}{front['rest'][1:]} {lead[0].lower()}{lead[1:]}."
    if back:
        tail, rest = back["tail"], back["rest"]
        name = rest.split()[0].lower() not in {"el", "la", "los", "las", "the", "a", "un", "una"}
        return f"{tail[0].upper()}{tail[1:]}, {rest if name else rest[0].lower() + rest[1:]}."
    return None


def reworded(text: str, language: str, draw: random.Random) -> str | None:
    """With other forms of its numbers and dates, other words of the same meaning, and a lead-in."""
    told = _other_forms(text, language, draw)
    for pair in _SYNONYMS[language].split("|"):
        one, other = (words.replace("_", " ") for words in pair.split())
        new = re.sub(rf"(?<!\w){one}(?!\w)", other, told, count=1)
        if '"' in told or "«" in told or "“" in told:  # whose words they are
            break
        if new != told and draw.random() < 0.7:
            told = new
            break
    lead = draw.choice(_LEADS[language])
    if lead and told.split()[0].lower() in {
        "el",
        "la",
        "los",
        "las",
        "en",
        "the",
        "in",
        "a",
        "un",
        "una",
        "this",
        "it",
    }:
        told = lead + told[0].lower() + told[1:]
    return told if told != text else None


_SMALL = {
    "es": ("dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"),
    "en": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
}


def _other_forms(text: str, language: str, draw: random.Random) -> str:
    for value in reversed(values(text, language)):
        own = text[value.start : value.end]
        form = own
        key = next(iter(value.keys))
        if value.kind is ValueKind.DATE and len(value.keys) == 1:
            year, month, day = key.split("-")
            if year and day:
                name = MONTHS[language][int(month) - 1]
                form = draw.choice(_dates(language, year, name, int(month), int(day)))
        elif value.kind is ValueKind.NUMBER and "." not in key:
            number = int(Decimal(key))
            if (
                2 <= number <= 10
                and own.isdigit()
                and text[value.end : value.end + 2].strip(" ").isalpha()
            ):
                form = _SMALL[language][number - 2]
            elif 2 <= number <= 10 and own.isalpha():
                form = str(number)
            elif number >= 10_000 and not any(map(str.isalpha, own)):
                form = draw.choice((f"{number:,}", f"{number:,}".replace(",", "."), str(number)))
        elif value.kind is ValueKind.SHARE and own.endswith("%"):
            form = own.rstrip("% ") + (" por ciento" if language == "es" else " percent")
        if draw.random() < 0.7:
            text = text[: value.start] + form + text[value.end :]
    return text


def _dates(language: str, year: str, name: str, month: int, day: int) -> tuple[str, ...]:
    if language == "es":
        return (
            f"{day} de {name} de {year}",
            f"{day:02d}/{month:02d}/{year}",
            f"{day} de {name}, {year}",
        )
    name = name.capitalize()
    return f"{name} {day}, {year}", f"{day} {name} {year}", f"{year}-{month:02d}-{day:02d}"
