"""The words by which a follow-up is recognised, and the words of a question.

Lists are in lower case, without accents, as `plain` leaves them: people type in a hurry.
"""

# ruff: noqa: SIM905  # lists with one word a line would not be read

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from index.text.analysis import analyse
from index.text.folding import fold
from index.text.stopwords import STOPWORDS

__all__ = [
    "ABOUT",
    "AFTER_LO",
    "ASKING",
    "BE",
    "BEFORE_THAT",
    "CLAUSE",
    "CONDITIONS",
    "DO",
    "HIS",
    "IDLE_IT",
    "JOINS",
    "LINKS",
    "MAKE",
    "OPENINGS",
    "OTHERS",
    "OWNED",
    "PERSONS",
    "PLACES",
    "POINTING",
    "PREPOSITIONS",
    "THINGS",
    "TIMES",
    "Word",
    "bare",
    "content",
    "function_words",
    "said",
    "words",
]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question; offsets in characters. ``plain`` is lower case without accents."""

    text: str
    plain: str
    start: int
    end: int
    named: bool  # begins with a capital, and not because a sentence begins there


# Lower case, without accents, as `plain` leaves them.
PERSONS = {"es": {"ella"}, "en": set("he him his she her hers himself herself".split())}
THINGS = set("it its itself they them their theirs themselves eso esto aquello ello".split())
THINGS |= {"ellos", "ellas"}
# After these words "lo" is an article.
AFTER_LO = set(
    "que de del mas menos mismo anterior siguiente unico mejor peor primero ultimo bueno malo "
    "nuevo largo contrario importante principal suficiente antes".split()
)
POINTING = {
    "es": set(
        "ese esa esos esas este esta estos estas aquel aquella aquellos aquellas dicho "
        "dicha dichos dichas".split()
    ),
    "en": {"this", "that", "these", "those"},
}
OWNED = {"es": {"su", "sus", "suyo", "suya", "suyos", "suyas"}, "en": {"its", "their"}}
HIS = {"his", "her"}
PLACES = {"es": {"ahi", "alli", "alla"}, "en": {"there"}}
OTHERS = {
    "es": set("otro otra otros otras demas mismo misma mismos mismas ambos ambas".split()),
    "en": {"else", "other", "others", "another", "both", "same", "former", "latter"},
}
# "This year" and "este mes" point at today, not at what was said.
TIMES = set(
    "year month week morning afternoon evening night time century decade ano anos mes "
    "semana dia dias manana tarde noche momento siglo decada vez sexenio gobierno administracion "
    "government administration country pais".split()
)
BE = set("is are was were be been isn't aren't wasn't weren't will would has have had".split())
DO, MAKE = {"do", "does", "did"}, {"make", "makes", "made"}
OPENINGS = set("y e and but pero entonces so then also tambien or o ademas plus now ahora".split())
ABOUT = re.compile(
    r"(what|how) (about|of)\b|(y )?(que (hay|pasa|paso|tal|me dices)|como) (de|con|en|para)\b|"
    r"any(thing|one|body|where)?\b|(algo|alguna?|algun) (mas|otr[oa])\b|(more|mas) (about|sobre)\b"
)
PREPOSITIONS = set(
    "en in at para for de of con with desde since por by from sobre about on during "
    "durante segun del al after before despues antes without sin entre between".split()
)
ASKING = {
    "es": set(
        "que quien quienes cual cuales cuando cuanto cuanta cuantos cuantas donde adonde "
        "como porque".split()
    ),
    "en": set("what who whom whose which when where why how".split()),
}
# Before these, "that" points; after a noun it only links.
BEFORE_THAT = BE | set(
    "did does do about of in on for with from to by like after before at why how and "
    "but when can could should would during know mean say".split()
)
LINKS = set("and or but when while if because since although who which after before".split())
LINKS |= set("y o pero cuando mientras si porque aunque tras".split())
LINKS |= {"besides", "than", "that", "so", "aside"}
JOINS = {"and", "or", "y", "o"}  # nouns, or clauses that begin with one of the words below
CLAUSE = BE | ASKING["en"] | ASKING["es"] | DO | {"can", "could", "should"}
CONDITIONS = {"if", "while", "because", "si", "mientras", "porque"}
_SO_FAR = re.compile(
    r"^\W*(?:(?:ok|okay|oh|wow|interesting|interesante|gracias|thanks|vale|bien|hmm|no|si|yes|"
    r"sure|great|claro|perfecto)\b[\s.,;:!…]+)+",
    re.IGNORECASE,
)
IDLE_IT = re.compile(
    r"\bit('s| is| was| take| takes| took| cost| possible| necessary)?\b(?=[^?]*\b(to|that)\b)"
    r"(?=.*\b(take|takes|took|possible|necessary|better|true|safe|legal|important|mean|rains?|"
    r"healthy|good|bad|hard|easy|like|called|cost|normal|common|worth)\b)"
)

# Words that are about nothing by themselves: verbs of every question, and nouns that want an "of".
_GENERAL = {
    "es": (
        "describe explica compara disponible "
        "decir dijo dice dicen dijeron hacer hizo hace hicieron hacen haber habia hubo pasar paso "
        "pasa ocurrio ocurrir sucedio suceder tener tiene tienen tuvo tenia tuvieron estar esta "
        "estaba estan estuvo ir va van iba dar dio da dieron quedar quedo haria puede pueden "
        "podria debe deben existe existen respondio responder contesto contestar explico explica "
        "menciona menciono hablar hablo habla saber sabe sabes dime cuentame explicame hablame "
        "cuestion nombre fecha lugar ano anos dia dias mes hora tiempo vez veces parte partes cosa "
        "cosas tipo tipos clase clases forma formas manera caso casos ejemplo ejemplos causa "
        "causas razon razones motivo motivos efecto efectos consecuencia consecuencias resultado "
        "resultados objetivo objetivos ventaja ventajas desventaja desventajas riesgo riesgos "
        "beneficio beneficios diferencia diferencias caracteristica caracteristicas importancia "
        "importante importantes principal principales papel funcion origen historia costo costos "
        "coste precio cantidad numero total porcentaje monto cifra plazo requisito requisitos "
        "pena penas multa detalle detalles informacion capital edad autor autores opinion "
        "respuesta problema problemas solucion primer primero primera ultimo ultima nuevo nueva "
        "mejor peor mayor menor grande general ahora hoy ayer luego despues antes entonces "
        "tambien ademas mas menos mucho muchos poco todo todos alguna algun algo alguien otro "
        "otra otros otras mismo misma exactamente aproximadamente realmente tan tanto asi "
        "significa significado llama llamaba llaman trata fin final inicio lista pasos proceso "
        "gente contra favor"
    ),
    "en": (
        "describe compare explain available exist differ relate related "
        "say said says tell told show give gave given get got gets make made do did does done go "
        "went goes happen happened happens happening have having take took taken know known want "
        "need needs needed find come came become became use used work works worked working call "
        "called mean means let think find found see keep start started begin began end ended stop "
        "cause caused change changed could should may might must shall am being about more most "
        "many much some any other others another else anything something anyone one ones two both "
        "all also still again ever just only very now today then yes no name names date place "
        "year years day days month time times part parts thing things type types kind kinds sort "
        "form forms way ways case cases example examples reason reasons effect effects result "
        "results consequence consequences impact pros cons advantage advantages disadvantages "
        "benefit benefits risk risks difference differences different similar similarities "
        "feature features characteristics importance important significant significance notable "
        "main major key role function purpose origin history background cost costs price amount "
        "number total percentage figure figures symptom symptoms treatment treatments method "
        "process steps rules rule requirement requirements detail details information interesting "
        "article aspect aspects facts author authors opinion answer question problem problems "
        "solution issue issues first last next new best worst better good bad great largest "
        "biggest long old big popular famous successful success common typical good like look "
        "member members leader leaders winner winners band group album song movie film book team "
        "show story public response reaction criticism reviews awards award option options list"
    ),
}


def words(text: str) -> list[Word]:
    """The words of a text in order; a number is a word, too."""
    found = []
    begins = True
    last = 0
    for match in re.finditer(r"\w+(?:['’\-]\w+)*", text):
        begins = begins or re.search(r"[.?!¿¡:;]", text[last : match.start()]) is not None
        named = match[0][0].isupper() and (not begins or match[0][1:2].isupper())
        found.append(Word(match[0], fold(match[0]), match.start(), match.end(), named))
        begins, last = False, match.end()
    return found


def said(question: str) -> str:
    """The question without what only acknowledges the answer before it: "Interesting. What..."."""
    rest = _SO_FAR.sub("", question)
    return rest if any(letter.isalnum() for letter in rest) else question


@cache
def _general(language: str) -> frozenset[str]:
    return frozenset(analyse(_GENERAL[language], language))


@cache
def function_words(language: str) -> frozenset[str]:
    """The words of a language that only hold a question together, and those that ask."""
    return frozenset(STOPWORDS[language]) | ASKING[language] | OPENINGS


def bare(word: Word, language: str) -> bool:
    """Whether a word is a function word or asks."""
    stem = re.split(r"['’]", word.plain)[0]
    return stem in function_words(language)


def content(found: Sequence[Word], language: str) -> list[Word]:
    """The words that say what a question is about: no function words, no general ones."""
    return [
        word
        for word in found
        if not bare(word, language)
        and not word.plain.isdigit()
        and (word.named or not _general(language).issuperset(analyse(word.text, language)))
    ]
