"""Kinds of questions whose answer is a whole: a list, its length, an item, a definition, a vote.

A kind says what a question may want; whether there is such a whole, the documents say.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from index.text.folding import fold
from index.text.marks import roman_value

__all__ = ["Asked", "QuestionKind", "asked_kind"]


class QuestionKind(StrEnum):
    """What a question asks for, beside dates, numbers and names."""

    LIST = "list"  # all items of a list
    COUNT = "count"  # how many there are of them
    ITEM = "item"  # one of them, by its place or its mark
    VOTE = "vote"  # who or how many were for, against, or abstained
    DEFINITION = "definition"
    ABOUT = "about"  # what someone or something says about a subject
    PART = "part"  # what an article or clause says, all of it


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's kind with what belongs to it, in lower case and without accents.

    ``subject`` is what is defined, counted, listed or spoken about, as far as the words show it;
    ``source`` who says it. ``place`` counts items from 1, -1 being the last; ``mark`` is a letter
    or number that an item is marked with. ``sure`` is false where the words may as well ask for
    one thing: "¿qué deben presentar?"
    """

    kind: QuestionKind
    subject: str = ""
    source: str = ""
    place: int = 0
    mark: str = ""
    sure: bool = True


_LEAD = re.compile(
    r"(?:(?:y|e|o|and|so|ok|oye|hola|por favor|please|necesito saber|quiero saber|quisiera saber|"
    r"me (?:puedes?|podrias?) decir|(?:puedes?|podrias?) decirme|dime|digame|sabes|"
    r"(?:can|could) you (?:please )?tell me|tell me|i (?:want|need) to know|do you know)\b[ ,:]*)+"
)
_ENDS = r"[\s¿?¡!.,;:\"“”«»'()]+"
_BEFORE = r"(?:(?:a|con|de|desde|en|para|por|sobre|segun|in|on|at|from|to|with|by|for|of|under) )?"
_SAYS = (
    r"(?:dice|dicen|dijo|dijeron|establece|establecen|senala|senalan|senalo|menciona|mencionan|"
    r"menciono|indica|indican|dispone|disponen|ordena|preve|comenta|comentaron|comento|explica|"
    r"explico|opina|opino|se dice|se menciona|se senala|se establece|se indica|se dijo|se dispone|"
    r"se comenta)"
)
_ON = (
    r"(?:sobre|acerca de|respecto (?:a|de)|con respecto a|en relacion con|relativo a|en cuanto a|"
    r"en materia de|referente a)"
)
_ON_EN = r"(?:about|on|regarding|concerning|with regard to|as to)"
_ABOUT = (
    re.compile(rf"(?:y )?que (?:es lo que )?{_SAYS}(?P<source>.*?)\b{_ON}l? (?P<subject>.+)"),
    re.compile(
        r"(?:y )?que (?:se )?(?:dice|sabe|menciona|habla|cuenta)n? (?:de|del) (?P<subject>.+)"
    ),
    re.compile(rf"(?:y )?{_ON}l? (?P<subject>.+?),? que {_SAYS}(?P<source>.*)"),
    re.compile(
        r"what (?:does|did|do|is|was|has|have)\b(?P<source>.*?)\b(?:say|says|said|state|stated|"
        rf"mention|mentioned|establish|provide|specify|tell us) {_ON_EN} (?P<subject>.+)"
    ),
    re.compile(rf"{_ON_EN} (?P<subject>.+?), what (?:does|did|do)\b(?P<source>.*?)\b(?:say|state)"),
    re.compile(r"what (?:does|did|do)\b(?P<source>.*?) mention of (?P<subject>.+)"),
)
_PART_NAME = (
    r"(?:articulo|art\.?|clausula|article|clause|section|seccion|transitorio|regla|rule|base|"
    r"lineamiento)"
)
_PART = (
    re.compile(rf"que {_SAYS} (?:en )?(?:el|la) (?P<source>(?:\w+ )?{_PART_NAME}\b.*)"),
    re.compile(
        rf"what (?:do|does|did) (?P<source>(?:the )?(?:\w+ )?{_PART_NAME}\b.*?) "
        r"(?:say|state|establish|provide)\b(?P<rest>.*)"
    ),
)

_PLACES = {
    "primer": 1, "primero": 1, "primera": 1, "segundo": 2, "segunda": 2, "tercer": 3, "tercero": 3,
    "tercera": 3, "cuarto": 4, "cuarta": 4, "quinto": 5, "quinta": 5, "sexto": 6, "sexta": 6,
    "septimo": 7, "septima": 7, "octavo": 8, "octava": 8, "noveno": 9, "novena": 9, "decimo": 10,
    "decima": 10, "ultimo": -1, "ultima": -1, "penultimo": -2, "penultima": -2, "first": 1,
    "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "last": -1, "final": -1,
}  # fmt: skip
_PLACE = (
    "|".join(sorted(_PLACES, key=len, reverse=True)) + r"|\d{1,2}(?:st|nd|rd|th|o|a|er|do|ro|to)"
)
_WAS = r"(?:es|fue|era|sera|is|was|will be)"
_ITEM = (
    re.compile(
        rf"{_BEFORE}(?:cual|que|what|which) {_WAS} (?:el|la|the) (?P<place>{_PLACE})\b ?"
        r"(?P<subject>.*)"
    ),
    re.compile(
        rf"que {_SAYS} (?:el|la) (?P<place>{_PLACE}) (?P<subject>.*)|"
        rf"what does the (?P<place_en>{_PLACE}) (?P<subject_en>.*) say"
    ),
)
_MARKED = re.compile(
    r"\b(?:inciso|numeral|fraccion|literal|punto|apartado|item|point|paso|step|bullet|"
    r"requisito|requirement|condicion|letra|letter|subparagraph|clausula|clause)"
    r" [\"“«(]?(?P<mark>\d{1,2}|[ivx]{1,5}|[a-z])[\"”»)]?(?![\w])"
)
_PARTS = re.compile(
    r"(?:articulo|clausula|capitulo|parrafo|seccion|pagina|article|clause|chapter|paragraph|section|page)\b"
)
_NOT_MARKS = frozenset(("a", "y", "e", "o", "u"))  # words, where nothing closes them

_SIDES = re.compile(
    r"\b(?:a favor|en contra|in favou?r|against|abst\w+|(?:voto|voted?|votes|vote) for)\b"
)
_VOTES = re.compile(r"\bvot\w*|\babst\w+|\bballots?\b|\babstuv\w+")

_COUNT = re.compile(
    r"\b(?:(?:cuant[oa]s|how many) |(?:numero de|cantidad de|number of) (?=\w+s\b))(?P<subject>.+)"
)
_DEFINITION = (
    re.compile(
        r"(?:que|cual) es (?:el |la )?(?:significado|definicion|concepto) de (?P<subject>.+)"
    ),
    re.compile(
        r"que (?:se )?(?:entiende|entendera|quiere decir|significa|entendemos)"
        r"(?: por| como| con)? (?P<subject>.+)"
    ),
    re.compile(r"(?:como|de que manera) se define (?P<subject>.+)"),
    re.compile(r"(?:define|defina|definir|definicion de) (?P<subject>.+)"),
    re.compile(r"a que se (?:llama|refiere|le llama|le conoce como|denomina) (?P<subject>.+)"),
    re.compile(r"que (?:es|son) (?:exactamente )?(?!lo que\b)(?P<subject>.+)"),
    re.compile(r"what (?:do|does|did) (?P<subject>.+?) (?:mean|stand for|refer to)\b.*"),
    re.compile(r"what (?:is|are) meant by (?P<subject>.+)"),
    re.compile(r"(?:what is the )?(?:meaning|definition) of (?P<subject>.+)"),
    re.compile(r"how is (?P<subject>.+?) defined\b.*"),
    re.compile(r"(?:define|what is an?) (?P<subject>.+)"),
    re.compile(
        r"what (?:is|are) (?!the\b|it\b|this\b|that\b|there\b)(?P<subject>(?:\w+[ -]?){1,4})$"
    ),
)
_ARTICLES = re.compile(
    r"^(?:(?:el|la|los|las|lo|un|una|unos|unas|the|an?|al|termino|palabra|term|word)\b ?)+"
)

_ORDERS = re.compile(
    r"(?:(?:por favor|please|puedes|podrias|can you|could you|me)[ ,]+)*"
    r"(?:enumer\w+|listar?|liste|listame|mencion\w+|nombra\w*|nombre|dame|deme|dar|di|dime|digame|decir|"
    r"indica\w*|indique|muestr\w+|list|name|enumerate|give me|show me|tell me|state)\b"
    r"(?: me)? (?:la lista (?:completa )?de |the (?:full )?list of |a list of )?"
    r"(?P<subject>(?:tod[oa]s )?(?:los|las|sus|all|the|every)\b.*\w{2}s\b.*)"
)
_WHICH = re.compile(
    rf"{_BEFORE}(?:cuales|(?:que|what|which) (?:son|fueron|eran|seran|are|were))\b(?P<subject>.*)"
)
_PLURAL = re.compile(
    rf"{_BEFORE}(?:que|what|which)(?: (?:otr[oa]s|tod[oa]s|nuev[oa]s|tipos? de|clases? de|"
    r"other|new|kinds? of|types? of|sorts? of))? (?P<noun>\w+)(?P<next> \w+)?.*"
)
# Words that end as several things do, and are one, or none.
_SINGULAR = frozenset(
    """
    mes pais interes mas gas virus lunes martes miercoles jueves viernes despues es is was has does
    this its crisis dosis tesis basis analysis status process class address business access bus
    autobus ingles frances us as les nos se debes puedes tienes necesitas dices
    """.split()  # noqa: SIM905  # a list with one word a line would not be read
)
# What is one thing as a rule.
_ONE = (
    r"(?:horas?|dia|fecha|ano|mes|edad|precio|monto|color|time|day|date|year|month|age|price|"
    r"amount|is|was|fue|era)"
)
_SOMETHING = re.compile(
    rf"{_BEFORE}(?:(?:que|what)(?! {_ONE}\b)|quienes|who are|como|steps? to|"
    r"how (?:to|do|does|can|should|is|are))\b(?P<subject>.*)"
)


def asked_kind(question: str) -> Asked | None:
    """The kind of a question in Spanish or English, with or without accents and marks.

    None where it asks for one thing, as "¿cuándo nació?" does.
    """
    words = " ".join(re.sub(_ENDS + "$|^" + _ENDS, "", fold(question)).split())
    words = re.sub(r"\b(what|which|who|how)['’]s\b", r"\1 is", words)
    if order := _ORDERS.match(words):
        return Asked(QuestionKind.LIST, order["subject"])
    lead = _LEAD.match(words)
    words = words[lead.end() if lead else 0 :].lstrip("¿¡ ")
    return (
        _item(words)
        or _about(words)
        or _vote(words)
        or _count(words)
        or _listed(words)
        or _definition(words)
        or _something(words)
    )


def _first(patterns: tuple[re.Pattern[str], ...], words: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.match(words))), None)


def _item(words: str) -> Asked | None:
    match = _first(_ITEM, words)
    if match:
        if _PARTS.match(match["subject"] or ""):
            return None
        found = {name.removesuffix("_en"): text for name, text in match.groupdict().items() if text}
        place = _PLACES.get(found["place"]) or int(re.sub(r"\D", "", found["place"]))
        return Asked(QuestionKind.ITEM, found.get("subject", ""), place=place) if place else None
    marked = _MARKED.search(words)
    if marked and re.match(rf"{_BEFORE}(?:que|cual|what|which)\b", words):
        mark = marked["mark"]
        closed = marked[0][-1] in '"”»)' or marked.end() == len(words)
        if mark not in _NOT_MARKS or closed:
            # "Inciso c" is no hundredth one.
            roman = roman_value(mark) if mark not in ("c", "l") else 0
            number = int(mark) if mark.isdigit() else roman
            rest = f"{words[: marked.start()]} {words[marked.end() :]}"
            return Asked(QuestionKind.ITEM, rest, place=number, mark=mark)
    return None


def _about(words: str) -> Asked | None:
    match = _first(_ABOUT, words)
    if match:
        source = match.groupdict().get("source") or ""
        return Asked(QuestionKind.ABOUT, match["subject"].strip(), source.strip())
    match = _first(_PART, words)
    return Asked(QuestionKind.PART, source=match["source"].strip()) if match else None


def _vote(words: str) -> Asked | None:
    if _VOTES.search(words) and _SIDES.search(words):
        return Asked(QuestionKind.VOTE, words)
    asks = re.match(rf"{_BEFORE}(?:quien|quienes|cuant[oa]s|who|how many)\b", words)
    return Asked(QuestionKind.VOTE, words) if asks and _SIDES.search(words) else None


def _count(words: str) -> Asked | None:
    match = _COUNT.search(words)
    return Asked(QuestionKind.COUNT, match["subject"]) if match else None


def _listed(words: str) -> Asked | None:
    match = _WHICH.match(words)
    if match:
        # "¿Qué son las mitocondrias?", "what are mitochondria": asked for what they are.
        spanish = words.startswith("que son") or re.match(
            r"what (?:are|were) (?!the|all|its|their|"
            r"his|her|my|our|your|those|some)(?!.*\b(?:for|of|to|in)\b)",
            words,
        )
        return None if spanish else Asked(QuestionKind.LIST, match["subject"].strip())
    match = _PLURAL.match(words)
    plural = match and match["noun"].endswith("s") and match["noun"] not in _SINGULAR
    return Asked(QuestionKind.LIST, words) if plural else None


def _definition(words: str) -> Asked | None:
    match = _first(_DEFINITION, words)
    subject = _ARTICLES.sub("", match["subject"].strip()) if match else ""
    return Asked(QuestionKind.DEFINITION, subject.strip(" \"“”«»'")) if subject else None


def _something(words: str) -> Asked | None:
    match = _SOMETHING.match(words)
    return Asked(QuestionKind.LIST, words, sure=False) if match else None
