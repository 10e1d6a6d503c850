"""Questions that leave out what they are about: "how many types are there?", "¿cuánto costó?".

Told by what their words want beside them: a "role" is somebody's in something, "the band" is one
that was named, "the largest" is the largest of some.
"""

import re
from collections.abc import Sequence

from qa.conversation.lexicon import BE, DO, MAKE, Word, bare

__all__ = ["ARTICLES", "complement", "defines", "lacks"]

# ruff: noqa: SIM905  # lists with one word a line would not be read

ARTICLES = {"es": {"el", "la", "los", "las", "del", "al"}, "en": {"the"}}
OF = {
    "es": {"de", "del", "en", "para", "que", "entre", "con", "sobre", "por", "al", "a"},
    "en": set("of in for that who which with between on at from to by about behind".split()),
}
# Nouns that stand for something already named.
LABELS = {
    "es": set(
        "ciudad pais estado empresa compania programa proyecto ley obra libro pelicula "
        "equipo banda grupo evento guerra batalla zona region pueblo municipio edificio "
        "museo universidad institucion organizacion gobierno acuerdo tratado reforma plan "
        "decreto medida enfermedad tratamiento especie relacion acusado detenido victima "
        "presidente presidenta persona".split()
    ),
    "en": set(
        "city country state company program programme project law work book movie film "
        "team band group event war battle area region town building museum university "
        "institution series organization organisation government agreement treaty reform "
        "plan decree measure disease treatment species relationship movement "
        "product problem incident".split()
    ),
}
# Of these there is one: "the sun" needs nothing before it.
UNIQUE = set(
    "sun moon earth world sky sea ocean universe internet web brain heart body blood skin weather "
    "climate economy police army government president king queen pope law bible past future "
    "average same".split()
)
_RATED = {
    "en": r"(most \w+|best|main|major|key|common|typical|popular|traditional|famous|notable|"
    r"important|good|great|unique|interesting)",
    "es": r"(mas \w+|mejores|peores|principales|comunes|tipic[oa]s|populares|tradicionales|"
    r"famos[oa]s|importantes|necesari[oa]s|obligatori[oa]s)",
}
_NO_PLACE = r"^(?!.* (in|of|at|to|around) )"
_NO_OTHERS = r"^(?!.*\b(than|besides|apart|aside)\b)"
# What a question asks for is "of", "in" or "for" something that it leaves out, whatever else it
# names: the role of Mary in what, "which is the most popular" of which, what type of what.
_LACKING = {
    "en": re.compile(
        r"\b(role|contributions?) of (?!.*\b(in|on|to|for)\b)|"
        r"\bthe (relationship|connection|link) (to|with|of) (?!.*\b(and|to)\b)|"
        r"\bdifferences? (with|from)\b|\bimplications? for\b|\b(compare|differ|members?)$|"
        r"\b\w+est ever\b|\b(during|at|in) (this|that) (time|period|era)\b|"
        rf"{_NO_PLACE}(.*\bnearby\b|.*\b(is|are|was|were) the (most \w+|\w+est)$)|"
        r"\bany (related|similar|in|on|for|with|near|from|that)\b|"
        r"^(what|which) (types?|kinds?|sorts?|variet(y|ies)|versions?|parts?) (?!of\b)"
    ),
    "es": re.compile(
        r"\b(que|cual) diferencias? (hay|tiene|existe) con\b|\bcerca$|"
        r"\bhay (alguno|alguna|algunos|algunas)( (en|con|para|que|por|cerca)\b|$)|"
        r"^(de |en |para )?que (tipos?|clases?|partes?|versiones?) (?!del?\b)"
    ),
}
# The same, in a question without a name.
_LACKING_UNNAMED = {
    "en": re.compile(
        r"\bthe (most \w+|(?!west|fore|test|request|interest|harvest|contest|rest\b|nest|guest)"
        r"\w+est|first|last|best|worst)( (is|are|was|were|ever|in|on|to|for|and|one)\b|$)|"
        r"\bthe (second|third|next|previous|original|newest|latest|other) \w+$|"
        r"\b(impact|influence|importance|significance) of (?!.*\b(in|on|to|for)\b)|"
        r"\bthe (impact|influence|effects?) (up)?on\b(?!.*\bof\b)|"
        rf"{_NO_OTHERS}.*\b(what|which|any|some|many|are|were) other\b|^(what|which) \w+ \w+ed$|"
        r"\b(sources|levels?|versions?|members?|components|ingredients|stages|phases|usage|"
        r"treatments?|alternatives)\b(?! (of|for|to)\b)|"
        rf"^(what|which) \w+( and \w+)? (is|are|was|were) ({_RATED['en']}|needed|required|used|"
        r"available|recommended|involved|included|offered|covered)\b(?!.* (for|in|to|by) )|"
        rf"^(what|who|which) (are|were) (the |some )?{_RATED['en']}"
        r"( (?!of|in|on|for|to|at|by)\w+){1,3}$"
    ),
    "es": re.compile(
        r"\b(el|la|los|las) (mas|menos) \w+$|"
        # Who gives or needs it: a verb without its subject.
        r"^((a|de|con|en|para) )?(que|cuant[oa]s?) \w+ (se )?(dan|dieron|pid\w+|necesit\w+|"
        r"requier\w+|ofrec\w+|cobra\w*|tienen?|tuvo|incluyen?|recib\w+|entreg\w+|paga\w*|us\w+)$|"
        rf"^(que|cuales) \w+ (son|eran|fueron) {_RATED['es']}$"
    ),
}


def lacks(found: Sequence[Word], about: Sequence[Word], language: str) -> bool:
    """Whether what a question is about must be known from before.

    ``about`` holds those of its words that say what it is about.
    """
    asked = " ".join(word.plain for word in found)
    if not about or _LACKING[language].search(asked):
        return True
    if any(word.named for word in about) or any(word.plain.isdigit() for word in found):
        return False
    if _LACKING_UNNAMED[language].search(asked):
        return True
    if len(about) == 1:
        only, before = about[0], found[-2].plain if len(found) > 1 else ""
        # "Requisitos para una beca" names no grant that was spoken of; "de la beca" may.
        new = language == "es" and complement(found, about) and before not in ARTICLES["es"]
        return not (new or defines(found, only, language) or _named_subject(found, only))
    if len(about) > 3:
        return False
    return _labels(found, language) or (language == "en" and _definite_thing(found, about))


def _definite_thing(found: Sequence[Word], about: Sequence[Word]) -> bool:
    any_of_it = any(word.plain == "any" for word in found[2:3])
    return _definite(found, about) or (len(about) == 2 and (_plural(found, about) or any_of_it))


def _plural(found: Sequence[Word], about: Sequence[Word]) -> bool:
    """Whether it asks for "the main layers" and names nothing that has them."""
    before = {word.plain for word in found if word.start < about[0].start}
    ends = about[-1] == found[-1] and about[-1].plain.endswith("s")
    return ends and bool(before & {"are", "were"}) and bool(before & {"the", "some", "any"})


def _labels(found: Sequence[Word], language: str) -> bool:
    """Whether it ends on "the company" or "la empresa", and no word says which."""
    article, noun = ([""] + [word.plain for word in found])[-2:]
    return article in ARTICLES[language] and noun in LABELS[language]


_DEFINES = re.compile(
    r"(what|who) (is|are|was|were)( an?)?$|(tell me|learn|know) (more )?about( an?)?$|"
    r"((?<!por )(que|quien|quienes) (es|son|era|eran|fue|fueron)|define|definicion de|hablame de|"
    r"que significa)( el| la| los| las| una?)?$|definition of$"
)


def defines(found: Sequence[Word], only: Word, language: str) -> bool:
    """Whether a question asks what its one word is: "what are sharks?", "¿qué es la luz?"."""
    before = " ".join(word.plain for word in found if word.start < only.start)
    if len(found) == 1:
        return True  # a keyword
    return bool(_DEFINES.search(before)) and (language == "en" or not before.startswith("quien"))


def _definite(found: Sequence[Word], about: Sequence[Word]) -> bool:
    """Whether the question holds "the band" with nothing to say which band."""
    for place, word in enumerate(found[:-1]):
        noun = found[place + 1]
        after = found[place + 2].plain if place + 2 < len(found) else ""
        if word.plain != "the" or noun.plain == "most" or noun.plain in UNIQUE:
            continue
        before = found[place - 1].plain if place else ""
        near = noun in about or (len(about) < 3 and not bare(noun, "en"))
        if near and after not in OF["en"] and not _compound(before, found[place + 1 :], about):
            return len(about) < 3 or before in BE | DO | MAKE
    return False


def _compound(before: str, rest: Sequence[Word], about: Sequence[Word]) -> bool:
    """Whether what follows "the" is two words that name a thing: "the immune system".

    After "was the system" comes what was done to it, after "did the war" what it did.
    """
    nouns = about if len(about) > 2 else about[-1:]
    if len(rest) < 2 or rest[1] not in nouns or rest[0].plain in LABELS["en"]:
        return False
    does = before in DO and len(rest) == 2
    done = before in BE and rest[1].plain.endswith(("ed", "en", "wn", "lt", "ld", "de"))
    return not (does or done or before in MAKE)


def complement(found: Sequence[Word], about: Sequence[Word]) -> Word | None:
    """The one thing named, at the end, that all else is of or for: "the causes of the drought"."""
    before = " ".join(word.plain for word in found[:-1])
    of = re.search(
        r"\b(de|para|contra|of|for)( el| la| los| las| the)?( an?| una?)?$|\bdel$", before
    )
    return about[0] if of and len(about) == 1 and about[0] == found[-1] else None


def _named_subject(found: Sequence[Word], only: Word) -> bool:
    """Whether the one word stands where a question names its topic: "how is cassoulet made?"."""
    place = found.index(only)
    before = found[place - 1].plain if 0 < place <= 2 else ""
    which = found[0].plain in {"which", "who"}
    done = only.plain.endswith(("ed", "ing"))
    return before in BE | {"do", "does"} and not which and not done
