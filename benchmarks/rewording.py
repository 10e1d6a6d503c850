"""A true sentence in other words, without a clause, in another order, or made of a question.

By rules, for Spanish and English; None where no rule applies.
"""

import random
import re
from decimal import Decimal

from index.text.months import MONTHS
from qa.asked.values import ValueKind, values

__all__ = ["answered", "reordered", "reworded", "shortened"]

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
    if commas > 1 or re.match(
        r"(?:que|which|who)\b", (front or back or [""])[0 if not front else "rest"]
    ):
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
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce".split(),
    "en": "zero one two three four five six seven eight nine ten eleven twelve".split(),
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
                2 <= number <= 12
                and own.isdigit()
                and text[value.end : value.end + 2].strip(" ").isalpha()
            ):
                form = _SMALL[language][number]
            elif 2 <= number <= 12 and own.isalpha():
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


def answered(question: str, answer: str, language: str) -> str | None:
    """The sentence that a question and its answer make; None for answers of more than 100 letters."""
    words = " ".join(question.split()).strip(" ¿?!.")
    told = " ".join(answer.split()).rstrip(" .,;")
    if not 1 <= len(told) <= 100 or "\n" in answer.strip() or "?" in words or "¿" in words:
        return None
    made = _spanish(words, told) if language == "es" else _english(words, told)
    return f"{made[0].upper()}{made[1:]}." if made else None


def _spanish(words: str, told: str) -> str | None:
    words = words[0].lower() + words[1:]
    if match := re.fullmatch(r"(?:qui[eé]n|qui[eé]nes|qu[eé]) (?P<v>\w+.*)", words):
        noun = re.match(
            r"qu[eé] (?P<n>\w+) (?P<rest>(?:se |le |les |lo |la |no )*(?:es|son|fue|fueron|"
            r"tiene|tienen|\w+[óe]|\w+an?|\w+ron)\b.*)",
            words,
        )
        if noun and words.startswith("qu") and not re.match(r"qui", words):
            return f"{told} {noun['rest']}"
        return f"{told} {match['v']}"
    if match := re.fullmatch(r"cu[aá]nt[oa]s (?P<rest>.*)", words):
        noun = match["rest"].split()[0]
        rest = (
            match["rest"]
            if noun.lower()[:4] not in told.lower()
            else match["rest"].split(" ", 1)[-1]
        )
        return f"{told} {rest}"
    if match := re.fullmatch(r"cu[aá]l(?:es)? (?P<v>es|son|fue|fueron|era|eran) (?P<x>.*)", words):
        return f"{match['x']} {match['v']} {told}"
    if match := re.fullmatch(
        r"(?P<p>en|de|a|con|para|por|desde|hasta) (?:qu[eé] (?P<n>\w+)|cu[aá]l\w*|"
        r"qui[eé]n\w*) (?P<rest>.*)",
        words,
    ):
        prep = "" if re.match(rf"{match['p']}\b", told.lower()) else f"{match['p']} "
        year = "el año " if (match["n"] or "") == "año" and told.isdigit() else ""
        return f"{prep}{year}{told} {match['rest']}"
    if match := re.fullmatch(r"(?:cu[aá]ndo|d[oó]nde) (?P<rest>.*)", words):
        prep = (
            ""
            if re.match(
                r"(?:en|el|la|los|desde|hasta|durante|a|al|tras|después|antes|por|cerca)\b",
                told.lower(),
            )
            else "en "
        )
        return f"{prep}{told} {match['rest']}"
    return None


_AUX = r"was|were|is|are|has|have|had|can|could|will|would"
_PARTICIPLE = re.compile(
    r"(?<=\s)(?:\w+ed|born|made|held|built|known|given|taken|found|written|founded|sold|"
    r"won|led|seen|set|"
    r"located|called|named|used|sent|put|begun|become|been|able|considered)\b"
)


def _english(words: str, told: str) -> str | None:
    words = words[0].lower() + words[1:]
    if match := re.fullmatch(
        rf"(?:what|who) (?P<v>is|was|are|were) (?P<x>(?:the|a|an|one|his|her|its|their)\s.*)", words
    ):
        return f"{match['x']} {match['v']} {told}"
    if match := re.fullmatch(rf"(?:who|what) (?P<rest>(?!did|does|do|{_AUX}).*)", words):
        noun = re.match(rf"what (?P<n>\w+) (?P<rest>(?:{_AUX}|\w+ed|\w+s)\b.*)", words)
        if noun:
            return f"{told} {noun['rest']}"
        return None if re.search(r"\b(?:did|does|do)\b", words) else f"{told} {match['rest']}"
    if match := re.fullmatch(rf"who (?P<rest>(?:{_AUX}) .*)", words):
        return f"{told} {match['rest']}"
    if match := re.fullmatch(
        rf"(?:which|what) (?P<n>[\w ]{{2,30}}?) (?P<rest>(?:{_AUX}|\w+ed|won|led|made)\b.*)", words
    ):
        return None if re.search(r"\b(?:did|does|do)\b", words) else f"{told} {match['rest']}"
    if match := re.fullmatch(r"how many (?P<rest>.*)", words):
        rest = match["rest"]
        if re.search(r"\b(?:did|does|do)\b", rest) or re.search(
            rf"\b(?:{_AUX}) (?:there|the)\b", rest
        ):
            return None
        noun = rest.split()[0]
        return f"{told} {rest if noun.lower()[:4] not in told.lower() else rest.split(' ', 1)[-1]}"
    if match := re.fullmatch(r"(?:when|where|in what year|in which \w+) (?P<rest>.*)", words):
        return _placed(match["rest"], told, words)
    return None


def _placed(rest: str, told: str, words: str) -> str | None:
    prep = (
        ""
        if re.match(
            r"(?:in|on|at|the|by|after|before|during|from|since|near|within)\b", told.lower()
        )
        else "in "
    )
    if re.search(r"\d{1,2},? \d{4}", told) and words.startswith("when") and prep:
        prep = "on "
    if match := re.fullmatch(r"(?:did|does|do) (?P<x>.*)", rest):
        return f"{match['x']} {prep}{told}"
    if match := re.fullmatch(rf"(?P<aux>{_AUX}) (?P<x>.*)", rest):
        verb = _PARTICIPLE.search(match["x"])
        if verb is None:
            return None
        x = match["x"]
        return f"{x[: verb.start()]}{match['aux']} {x[verb.start() :]} {prep}{told}"
    return None
