"""The names of a written sentence, and whether a passage has them: in parts, short, as an acronym.

Pure.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from index.text.folding import fold
from qa.conversation.entities import find_names
from qa.conversation.lexicon import function_words
from qa.conversation.rules import LANGUAGES

__all__ = ["Name", "as_one", "has_initials", "names_of"]

_JOINED = re.compile(r"\s(?:y|e|and)\s|\s*,\s*")
_WORD = re.compile(r"[^\W_]+")
# Words that are one in names: in Spanish, in English, and who is of there; folded.
_ALIKE = """
alemania germany aleman alemana alemanes german; francia france frances francesa french;
espana spain espanol espanola espanoles spanish; italia italy italiano italiana italian;
inglaterra england ingles inglesa english; bretana britain britanico britanica british;
escocia scotland escoces escocesa scottish; irlanda ireland irlandes irlandesa irish;
rusia russia ruso rusa russian; china chino chinese; japon japan japones japonesa japanese;
estados states; unidos united unido unida unidas; reino kingdom; naciones nations; eeuu us usa eua
americano americana american america estadounidense; mexico mexicano mexicana mexican;
brasil brazil brasileno brazilian; peru peruano peruvian; chile chileno chilean;
colombia colombiano colombian; canada canadiense canadian; cuba cubano cuban;
argentina argentino argentine argentinian; grecia greece griego griega greek; roma rome romano
romana roman; turquia turkey turco turkish; egipto egypt egipcio egyptian; india indio indian;
polonia poland polaco polaca polish; suecia sweden sueco swedish; noruega norway norwegian;
dinamarca denmark danes danish; paises netherlands holanda holland neerlandes dutch;
belgica belgium belga belgian; suiza switzerland suizo swiss; austria austriaco austrian;
hungria hungary hungaro hungarian; europa europe europeo europea european; africa africano african;
asia asiatico asian; londres london; nueva nuevo new; york; paris parisino; moscu moscow;
varsovia warsaw; viena vienna; ginebra geneva; lisboa lisbon; pekin beijing; atenas athens;
bruselas brussels; florencia florence; venecia venice; milan; napoles naples; tokio tokyo;
norte north; sur south; este east; oeste west; universidad university; instituto institute;
ministerio ministry; museo museum; iglesia church; catolica catholic; guerra war; mundial world;
segunda second; primera first; rey king; reina queen; parlamento parliament; banco bank;
rin rhine; danubio danube; mediterraneo mediterranean; pacifico pacific; atlantico atlantic;
oceano ocean; mar sea; rio river; lago lake; isla island; islas islands; monte mount; juan john;
pablo paul; pedro peter; carlos charles; enrique henry; jorge george; maria mary; isabel elizabeth;
luis louis; guillermo william; jaime james; felipe philip; jose joseph; super super; tazon bowl
"""
_SMALL = frozenset(("de", "del", "la", "las", "los", "el", "of", "the", "y", "and", "van", "von"))


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text; ``words`` are its words with capitals, in lower case without accents."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]


def names_of(text: str) -> list[Name]:
    """The names of a text in order; those that "and" joins apart."""
    found = []
    for match in find_names(text):
        start = match.start()
        for cut in (*_JOINED.finditer(text, *match.span()), None):
            end = cut.start() if cut else match.end()
            name = _name(text, start, end)
            if name:
                found.append(name)
            start = cut.end() if cut else end
    return found


def _name(text: str, start: int, end: int) -> Name | None:
    """The name without a genitive and without what stands in lower case at its ends."""
    written = re.sub(r"['’]s?$", "", text[start:end]).rstrip(" .,;:")
    words = [
        fold(word[0])
        for word in _WORD.finditer(written)
        if word[0][0].isupper() or word[0].isdigit()
    ]
    words = [word for word in words if word not in _SMALL and word not in _functions()]
    if not words or all(word.isdigit() for word in words):
        return None
    return Name(written, start, start + len(written), tuple(words))


@cache
def _groups() -> Mapping[str, str]:
    rows = (row.split() for row in _ALIKE.split(";"))
    return {word: row[0] for row in rows for word in row}


def as_one(word: str) -> str:
    """One word for the forms of a name: ``alemania`` for Germany and German."""
    return _groups().get(word, word)


def has_initials(name: Name, text: str) -> bool:
    """Whether name or text has the other's initials: ONU, Organización de las Naciones Unidas."""
    if name.text.isupper() and " " not in name.text:
        letters = fold(re.sub(r"\W", "", name.text)).rstrip("s")
        initials = "".join(fold(word)[0] for word in _capitals(text))
        return len(letters) > 1 and letters in initials
    written = {
        fold(re.sub(r"\.", "", word)) for word in re.findall(r"\b[A-Z](?:\.?[A-Z])+\b", text)
    }
    return len(name.words) > 1 and "".join(word[0] for word in name.words) in written


def _capitals(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word[0].isupper() and fold(word) not in _SMALL]


@cache
def _functions() -> Collection[str]:
    return frozenset().union(*(function_words(language) for language in LANGUAGES))
