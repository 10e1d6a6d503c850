"""Questions that a document may answer, made from its own words without a model.

Each comes with the stretch of the document where its answer should stand, so that whoever asks it
can tell an answer from a coincidence. Who holds an office, when something was done, what something
is, what is said under a heading, what was said, how many there are.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, TypeVar

from index.chunking.structure import with_blocks
from index.text.months import MONTHS
from index.text.stopwords import STOPWORDS
from index.types import BlockRole

if TYPE_CHECKING:
    from index.types import Document

__all__ = ["Candidate", "alternating", "candidates"]

T = TypeVar("T")

_CHARACTERS = 20_000  # read of each document at most
_LONGEST = 110  # characters of a question that still looks like an example
_NEAR = 400  # characters after a name or heading in which what is said of it begins

_LETTER = r"[^\W\d_]"
_CAPITAL = r"[A-ZÁÉÍÓÚÜÑ][^\W\d_]*[a-záéíóúüñ][\w'’-]*"
_NAME = rf"{_CAPITAL}(?:[ ](?:(?:de las|de los|de la|del|de|of the|of)[ ])?{_CAPITAL}){{0,4}}"
_FULL_NAME = _NAME.replace("{0,4}", "{1,4}")
_OFFICE = {
    "es": (
        r"(?:el |la |entonces |actual )?(?:titular|secretari[oa]|president[ea]|director|"
        r"ministr[oa]|gobernador|jef[ea] de|canciller|diputad[oa]|senador|alcalde|concejal|"
        r"rector|vocer[oa]|portavoz|coordinador|fundador|profesor|investigador|escritor|autor|rey|"
        r"reina|papa|doctor|ingenier[oa]|abogad[oa]|botánic[oa]|arquitect[oa]|médic[oa]|comandante)"
    ),
    "en": (
        r"(?:the |an? )?(?:secretary|president|director|minister|governor|head of|chief|chancellor|"
        r"deputy|senator|mayor|spokes|chair|coordinator|founder|co-founder|professor|researcher|"
        r"writer|author|king|queen|pope|doctor|engineer|lawyer|CEO)"
    ),
}
_RANK = re.compile(
    r"^(?:General|Vicealmirante|Almirante|Coronel|Capitán|Señora?|Doctora?|Dra?|Ing)\b\.? "
)
_SAYING = {
    "destacó": "destacó", "reconoció": "reconoció", "afirmó": "afirmó", "aseguró": "aseguró",
    "señaló": "señaló", "dijo": "dijo", "anunció": "anunció", "explicó": "explicó",
    "subrayó": "subrayó", "reiteró": "reiteró", "declaró": "declaró", "informó": "informó",
    "indicó": "indicó", "advirtió": "advirtió", "propuso": "propuso", "demostró": "demostró",
    "descubrió": "descubrió", "concluyó": "concluyó",
    "said": "say", "announced": "announce", "claimed": "claim", "stated": "state",
    "explained": "explain", "noted": "note", "warned": "warn", "argued": "argue",
    "reported": "report", "showed": "show", "found": "find", "concluded": "conclude",
    "discovered": "discover", "proposed": "propose", "proved": "prove", "declared": "declare",
}  # fmt: skip
_SAID = re.compile(rf"\b({_NAME}) ({'|'.join(_SAYING)}) (?:que|that)\b")
_MANY = re.compile(r"(?<![\d.,])(\d[\d.,]*) ((?:[^\W\d_A-Z]{3,}s)(?: [^\W\d_A-Z]+){1,4})")
_UNITS = re.compile(
    r"(?:años|meses|semanas|días|horas|minutos|segundos|veces|pesos|dólares|euros|metros|kilómetros|"
    r"millones|miles|grados|puntos|years|months|weeks|days|hours|minutes|seconds|times|dollars|"
    r"euros|pounds|metres|meters|kilometres|kilometers|miles|feet|millions|degrees|points)\b"
)
# Where a noun phrase ends: what follows says something about it.
_PHRASE_END = re.compile(
    r"\s(?:que|por|para|en|con|y|e|o|se|a|al|entre|durante|desde|hasta|fue|fueron|son|han|ha|es|como|"
    r"cada|más|who|that|which|and|or|in|on|at|by|for|with|from|to|were|are|was|is|have|has|had|per|"
    r"during|between|than|as)\b"
)
# Markup, addresses, and words that order the reader about: no question of ours has any.
_ODD = re.compile(
    r"[<>{}\[\]|\\`=@#$]|://|www\.|"
    r"\b(?:ignor[ae]r?|olvid[ae]r?|obedece|finge|ignore|disregard|forget|obey|pretend|prompt)\b",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset({"de", "del", "la", "las", "los", "of", "the"})
_FEMININE = re.compile(r"\b(?!\w*mas\b)\w*(?:as|dades|ciones|siones|tudes)\b")
_FEMININE_ONE = re.compile(r"(?:(?<![aeo]m)(?<!\bdí)a|ción|sión|dad|tud|umbre|ez)$")
_MASCULINE = re.compile(r"\b\w+os\b")

_MONTH = "|".join(MONTHS["es"] + MONTHS["en"])
_DATE = (
    rf"(?:en (?:{_MONTH})(?: de)? \d{{4}}|el \d{{1,2}} de (?:{_MONTH})|en (?:el año )?[12]\d{{3}}|"
    rf"in (?:{_MONTH}),? \d{{4}}|on (?:{_MONTH}) \d|in [12]\d{{3}})\b"
)
_ARTICLES = r"(?:El|La|Los|Las)"
_WHAT = rf"{_ARTICLES} {_LETTER}+(?: (?:de la|del|de|{_LETTER}+(?:al|co|ca|vo|va)) {_LETTER}+)?"
_WHEN = {
    "es": re.compile(
        rf"(?:^|(?<=[.\n] ))({_WHAT}|{_FULL_NAME}) "
        rf"(se {_LETTER}+ó|fue(?:ron)? {_LETTER}+[ai]d[oa]s?|abrió|nació|murió|falleció|ardió|"
        rf"cerró|terminó|empezó|comenzó)\b[^.;\n]{{0,60}}?\b{_DATE}",
        re.MULTILINE,
    ),
    "en": re.compile(
        rf"(?:^|(?<=[.\n] ))(The {_LETTER}+(?: (?:of )?{_LETTER}+)?|{_FULL_NAME}) "
        rf"(was|were) ({_LETTER}+ed|born|built|made|held|sold)\b[^.;\n]{{0,60}}?\b{_DATE}",
        re.MULTILINE,
    ),
}
_IS = {
    "es": re.compile(
        rf"(?:^|(?<=[.\n–-] ))({_ARTICLES} {_LETTER}+(?: (?:de|del|de la) {_LETTER}+)?) (es|son) "
        r"(?:un|una|el|la|los|las|aquell?[oa]?s?|todo|toda|conjunto|personas)\b",
        re.MULTILINE,
    ),
    "en": re.compile(
        rf"(?:^|(?<=[.\n–-] ))((?:The )?{_CAPITAL}(?: {_CAPITAL})?) (is|are) (?:an?|the) ",
        re.MULTILINE,
    ),
}
_STOP = frozenset(word for words in STOPWORDS.values() for word in words)
_PRONOUNS = frozenset(
    {"it", "this", "that", "he", "she", "they", "we", "you", "i", "there", "these", "those", "who"}
)
# "III. Entes públicos: las dependencias": an item with a name.
_LABEL = re.compile(rf"(?:[-•*] |\(?\w{{1,5}}[.)º°-]+ )?({_CAPITAL}(?: {_LETTER}+){{0,5}}): \S")
_NUMBERED = re.compile(
    r"^(?:(?:cap[ií]tulo|t[ií]tulo|secci[oó]n|art[ií]culo|anexo|chapter|section|article|part)\s+"
    r"[\w.º°]+|\(?(?:\d+(?:\.\d+)*|[ivxlc]+|[a-z])[.)º°-])[\s.:–-]*",
    re.IGNORECASE,
)
_QUESTION = {
    "es": r"¿(?:Qué|Quién|Quiénes|Cuál|Cuáles|Cuánto|Cuánta|Cuántos|Cuántas|Cómo|Cuándo|Dónde|"
    r"Por qué|Para qué|A quién|En qué|De qué)\b[^?¿]{6,}\?",
    "en": r"(?:What|Who|Which|How|When|Where|Why)\b[^?]{8,}\?",
}
_SPOKEN = re.compile(r"\b(?:usted|ustedes|inaudible|you|your|esto|eso|this|that)\b", re.IGNORECASE)
_ABOUT = {"es": "¿Qué se dice sobre {}?", "en": "What is said about {}?"}
_MEANT = {"es": "¿Qué se entiende por {}?", "en": "What is meant by {}?"}
_WHO = {"es": "¿Quién es {}?", "en": "Who is {}?"}
_SAY = {"es": "¿Qué {1} {0}?", "en": "What did {0} {1}?"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the stretch ``text[start:end]`` in which its answer should stand.

    ``after`` is where what answers ends at the earliest: beyond a heading, which answers nothing.
    ``about`` is a name with which the answer begins, if it is about that name.
    """

    question: str
    start: int
    end: int
    after: int = 0
    about: str = ""


def candidates(document: "Document", language: str, around: int = 0) -> list[Candidate]:
    """Questions in ``language`` (es, en) that this document may answer, of each kind in turn.

    A bounded stretch of a long document is read, with the offset ``around`` in its middle. In a
    language other than the document's there are only those that need no more than a name.
    """
    first = max(0, around - _CHARACTERS // 2)
    text = document.text[: first + _CHARACTERS]  # offsets stay those of the document
    kinds: list[Iterator[Candidate]] = [_who(text, document.language or language, language)]
    if document.language == language:
        named = _under_names(document, text, language)
        kinds += [_when(text, language), named, _is(text, language), _said(text, language)]
        kinds += [_many(text, language), _named(text, language)]
    else:
        kinds.append(_named(text, language))
    found: dict[str, Candidate] = {}
    for made in alternating(kinds):
        plain = len(made.question) <= _LONGEST and not _ODD.search(made.question)
        if made.start >= first and plain:
            found.setdefault(made.question, made)
    return list(found.values())


def alternating(groups: Sequence[Sequence[T] | Iterator[T]]) -> Iterator[T]:
    """The first of each group, the second of each, and so on: variety before quantity."""
    for row in zip_longest(*groups):
        yield from (item for item in row if item is not None)


def _who(text: str, written: str, language: str) -> Iterator[Candidate]:
    if written in _OFFICE:
        for match in re.finditer(rf"\b({_FULL_NAME}), (?:{_OFFICE[written]})", text):
            yield Candidate(_WHO[language].format(_RANK.sub("", match[1])), *match.span())


def _when(text: str, language: str) -> Iterator[Candidate]:
    for match in _WHEN[language].finditer(text):
        subject = re.sub(rf"^(?:{_ARTICLES}|The) ", lambda found: found[0].lower(), match[1])
        if language == "es":
            yield Candidate(f"¿Cuándo {match[2]} {subject}?", *match.span())
        else:
            yield Candidate(f"When {match[2]} {subject} {match[3]}?", *match.span())


def _is(text: str, language: str) -> Iterator[Candidate]:
    for match in _IS[language].finditer(text):
        subject = _small(match[1]) if language == "es" or match[1].startswith("The ") else match[1]
        if subject.lower() in _PRONOUNS:
            continue
        asks = "¿Qué" if language == "es" else "What"
        yield Candidate(f"{asks} {match[2]} {subject}?", *match.span())


def _said(text: str, language: str) -> Iterator[Candidate]:
    for match in _SAID.finditer(text):
        if match[1].lower() not in STOPWORDS[language]:
            question = _SAY[language].format(match[1], _SAYING[match[2]])
            yield Candidate(question, match.start(), match.end() + _NEAR)


def _many(text: str, language: str) -> Iterator[Candidate]:
    for match in _MANY.finditer(text):
        number, phrase = match.groups()
        year = len(number) == 4 and number[:2] in {"19", "20"}
        phrase = _noun_phrase(_PHRASE_END.split(" ".join(phrase.split()))[0])
        if year or " " not in phrase or _UNITS.match(phrase):
            continue
        if language == "en":
            yield Candidate(f"How many {phrase} are mentioned?", *match.span())
        else:
            yield Candidate(f"¿Cuánt{_ending(phrase)} {phrase} se mencionan?", *match.span())


def _article(words: str) -> str:
    """The article of a Spanish noun, by its ending."""
    noun = words.partition(" ")[0]
    if noun.endswith("s"):
        return f"l{_ending(words)}"
    return "la" if _FEMININE_ONE.search(noun) else "el"


def _ending(words: str) -> str:
    """The ending of "cuántos" or "los" before these words in the plural: os or as."""
    noun = words.partition(" de")[0]
    return "as" if _FEMININE.search(noun) and not _MASCULINE.search(noun) else "os"


def _noun_phrase(phrase: str) -> str:
    """The words up to the first that is neither plural nor follows a "de": "puentes (cayeron)"."""
    words = phrase.split()
    if words[0] in _STOP or words[0].startswith("cuya") or words[0].endswith("mos"):
        return ""
    kept = words[:1]
    for before, word in pairwise(words):
        if not (word in _PREPOSITIONS or word.endswith("s") or before in _PREPOSITIONS):
            break
        kept.append(word)
    while kept[-1] in _STOP:
        kept.pop()
    return " ".join(kept)


def _under_names(document: "Document", text: str, language: str) -> Iterator[Candidate]:
    """What is said under a heading or in an item with a name; a heading that asks, as it stands."""
    blocks = [block for block in with_blocks(document).blocks if block.end <= len(text)]
    if any(block.role is BlockRole.TURN for block in blocks):
        return  # what looks like a heading is one of many questions that somebody asked
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        line = " ".join(text[block.start : block.end].split())
        if block.role is BlockRole.HEADING and after and after.role is not BlockRole.HEADING:
            yield from _heading(line, block.start, block.end, language)
        elif block.role is BlockRole.ITEM and (label := _LABEL.match(line)):
            question = _labelled(_small(label[1]), line[label.end() - 1 :][:60], language)
            yield Candidate(question, block.start, block.end, block.start + len(label[0]))


def _labelled(name: str, value: str, language: str) -> str:
    """What asks for a value: a date, a number (as in "Presupuesto: 1.240 euros"), a definition."""
    if not re.search(r"\d", value):
        return _MEANT[language].format(name)
    is_date = re.search(rf"\d (?:de )?(?:{_MONTH})\b|\b(?:{_MONTH}) \d", value)
    if language == "es":
        is_ = "son" if name.partition(" ")[0].endswith("s") else "es"
        which = "Cuándo" if is_date else "Cuáles" if is_ == "son" else "Cuál"
        return f"¿{which} {is_} {_article(name)} {name}?"
    is_ = "are" if re.search(r"[^s]s$", name) else "is"
    return f"{'When' if is_date else 'What'} {is_} the {name}?"


def _heading(line: str, start: int, end: int, language: str) -> Iterator[Candidate]:
    section = start, end + 2 * _NEAR
    if re.fullmatch(_QUESTION[language], line) and not _SPOKEN.search(line):
        yield Candidate(line, *section, end)
        return
    name = _NUMBERED.sub("", line).strip(" .:;–-")
    words = name.split()
    if not (2 < len(words) < 15 and name[-1:].isalnum() and words[0].isalpha()) or "?" in name:
        return
    if name.isupper():
        name = name.lower()
    plural = re.match(r"(?:Los |Las )?([^\W\d_]{4,}s) (?:de|del|para)\b", name)
    if language == "es" and plural and name[:1].isupper():
        rest = _small(name[plural.start(1) :])
        yield Candidate(f"¿Cuáles son l{_ending(plural[1].lower())} {rest}?", *section, end)
    elif re.match(r"(?:El|La|Los|Las|The)\s", name):
        yield Candidate(_ABOUT[language].format(_small(name)), *section, end)


def _named(text: str, language: str) -> Iterator[Candidate]:
    """What is said about the names of more than one word that stand most often."""
    names = Counter(re.findall(rf"\b{_FULL_NAME}\b", text))
    for name, count in sorted(names.items(), key=lambda item: (-item[1], item[0])):
        if count > 1 and name.split()[0].lower() not in _STOP:
            before = re.search(rf"\b(el|la|los|las|del|al) {re.escape(name)}\b", text)
            article = "el" if before and before[1] in {"del", "al"} else before[1] if before else ""
            shown = f"{article} {name}" if article and language == "es" else name
            yield Candidate(_ABOUT[language].format(shown), 0, len(text), about=name)


def _small(words: str) -> str:
    """With a small first letter, unless what follows shows an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
