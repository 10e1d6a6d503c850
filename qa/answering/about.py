"""Who wrote a document, and of when it is: from what the document says of itself.

The words that say so are quoted where they stand in the text. What only the file's own data say is
told in a note, beside how the document begins.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from index.errors import DocumentNotFoundError
from index.query import Query
from index.storage.catalog import Origin
from index.text.folding import fold
from index.text.months import written_date
from index.types import Passage, Role
from qa.answering.replies import beginning
from qa.asked.documents import FEW_DOCUMENTS
from qa.asked.values import ValueKind, folded, values
from qa.readers import Quote, Reading
from qa.search.citations import cite
from qa.search.retriever import Retriever
from qa.types import Hit

__all__ = ["Aspect", "about_itself", "aspect_asked"]

PASSAGES = 200  # of a document in which its author and date are looked for
LONGEST_LINE = 300  # characters quoted around them


class Aspect(StrEnum):
    """What of a document is asked for."""

    AUTHOR = "author"
    DATE = "date"


_THE = r"(?:\s(?:el|la|los|las|the|est[eao]s?|es[eao]s?|this|that|these|those)\b)?"
_WHAT = r"(?P<what>.*?)\W*$"
_WRITTEN = r"escrit[oa]|redactad[oa]|elaborad[oa]"
_PUBLISHED = r"publicad[oa]|emitid[oa]|expedid[oa]"
_ASKED = (
    (
        Aspect.AUTHOR,
        r"(?:por |de )?quien(?:es)? (?:lo |la )?(?:ha |han |fue |fueron )?(?:escribio|escribieron|"
        rf"redacto|redactaron|elaboro|elaboraron|{_WRITTEN})\b(?: por)?{_THE}\s?{_WHAT}",
    ),
    (
        Aspect.AUTHOR,
        r"(?:quien(?:es)? (?:es|son|fue|fueron)|cual es) (?:el |la |los |las )?(?:nombre del? )?"
        rf"(?:el |la )?(?:autor|autora|autores|autoras)\b(?: del?\b)?{_THE}\s?{_WHAT}",
    ),
    (
        Aspect.AUTHOR,
        r"(?:do you know )?who (?:wrote|authored|drafted|"
        r"(?:is|was|are|were) the authors?\b(?: of)?)"
        rf"{_THE}\s?{_WHAT}",
    ),
    (
        Aspect.AUTHOR,
        rf"who (?:was|were|is){_THE} (?P<what>.*?)\s?(?:written|authored|drafted) by\W*$",
    ),
    (
        Aspect.DATE,
        rf"de (?:cuando|que (?:fecha|ano|dia|mes)) (?:es|data|son|datan)\b{_THE}\s?{_WHAT}",
    ),
    (Aspect.DATE, rf"(?:que|cual) fecha (?:tiene|lleva)\b{_THE}\s?{_WHAT}"),
    (
        Aspect.DATE,
        rf"(?:cual es|what is) (?:la|the) (?:fecha|date)\b(?: (?:del?|of)\b)?{_THE}\s?{_WHAT}",
    ),
    (
        Aspect.DATE,
        r"(?:cuando|en que fecha|en que ano) (?:se |fue |fueron )?(?:escribio|redacto|publico|"
        rf"emitio|expidio|elaboro|fecho|{_WRITTEN}|{_PUBLISHED})\b{_THE}\s?{_WHAT}",
    ),
    (
        Aspect.DATE,
        rf"(?:when|on what date|in what year) (?:was|were|is){_THE} (?P<what>.*?)\s?"
        r"(?:written|published|dated|issued|drafted|from)\W*$",
    ),
    (
        Aspect.DATE,
        rf"(?:what|which) (?:date|year) (?:is|does|was){_THE} (?P<what>.*?)\s?"
        r"(?:have|bear|carry|from|written|published|dated|issued)\W*$",
    ),
)
_THIS = re.compile(r"it|this|that|es[eo]|est[eo]|(?:documento|archivo|texto|document|file|text)")
_FORMS = tuple((aspect, re.compile(rf"\W*{form}")) for aspect, form in _ASKED)
_NOTES = {
    (Aspect.AUTHOR, "es"): "Los datos del archivo nombran como autor a: {}.",
    (Aspect.AUTHOR, "en"): "The file's own data name as its author: {}.",
    (Aspect.DATE, "es"): "Según los datos del archivo, es del {}.",
    (Aspect.DATE, "en"): "The file's own data date it {}.",
}


def aspect_asked(question: str) -> tuple[Aspect, str] | None:
    """Whether an author or a date is asked for, and of what, in the question's words.

    It is empty where nothing is named ("¿quién lo escribió?"); None for any other question.
    """
    plain = folded(question)
    for aspect, form in _FORMS:
        match = form.match(plain)
        if match:
            what = question[match.start("what") : match.end("what")].strip()
            return aspect, "" if _THIS.fullmatch(match["what"]) else what
    return None


def about_itself(
    retriever: Retriever, question: str, documents: Sequence[str] | None
) -> Reading | None:
    """What documents say of their author or date, if that is asked of some that are named.

    Quotes, and notes of what their files alone say. None where it is not asked, where nothing or
    much more is meant than three documents, and where one of them does not say it.
    """
    asked = aspect_asked(question)
    if asked is None:
        return None
    aspect, what = asked
    named = retriever.names.meant(what, documents) if what else tuple(documents or ())
    if not 0 < len(named) <= FEW_DOCUMENTS:
        return None
    language = "en" if Query(question).language == "en" else "es"
    return _told(retriever, named, aspect, language)


def _told(
    retriever: Retriever, documents: Sequence[str], aspect: Aspect, language: str
) -> Reading | None:
    quotes: list[Quote] = []
    notes: list[str] = []
    for id in documents:
        try:
            metadata = retriever.document(id).metadata
            passages = retriever.index.passages_of(id, PASSAGES)
        except DocumentNotFoundError:  # removed meanwhile
            return None
        said = str(metadata.get(aspect.value) or "")
        if not said:
            return None
        hits = _hits(retriever, id, passages)
        quote = next(_quoted(hits, aspect, said), None)
        if quote:
            quotes.append(quote)
            continue
        shown = said if aspect is Aspect.AUTHOR else _shown(said, language)
        notes.append(_NOTES[aspect, language].format(shown))
        infos = [info for info in retriever.documents() if info.id == id]
        quotes += beginning(retriever, infos)[:1]
    return Reading(tuple(quotes), 1.0, tuple(notes)) if quotes else None


def _shown(date: str, language: str) -> str:
    whole = re.fullmatch(r"\d{4}-\d{2}-\d{2}", date)
    return written_date(date, language) if whole else date


def _hits(retriever: Retriever, id: str, passages: Sequence[Passage]) -> list[Hit]:
    """The passages as hits, the byline first."""
    origin = retriever.index.origins([id]).get(id, Origin(None, None))
    ordered = sorted(passages, key=lambda passage: passage.role is not Role.BYLINE)
    return [
        Hit(p.text, 0.0, id, cite(p, p.start, p.end, origin), p, 0.0, None, origin=origin)
        for p in ordered
    ]


def _quoted(hits: Sequence[Hit], aspect: Aspect, said: str) -> Iterator[Quote]:
    """The lines in which the author's name, or the date in any form, stands."""
    for hit in hits:
        places = (
            _name_places(hit.text, said)
            if aspect is Aspect.AUTHOR
            else _date_places(hit.passage, said)
        )
        for start, end in places:
            low = hit.text.rfind("\n", 0, start) + 1
            high = hit.text.find("\n", end)
            high = len(hit.text) if high < 0 else high
            if high - low > LONGEST_LINE:
                low, high = max(low, start - LONGEST_LINE // 2), min(high, end + LONGEST_LINE // 2)
                low += hit.text[low:start].find(" ") + 1
                high -= len(hit.text[end:high]) - max(0, hit.text[end:high].rfind(" "))
            at = hit.passage.start
            yield Quote(hit, at + low, at + high, 0.0, (at + start, at + end))


def _name_places(text: str, name: str) -> Iterator[tuple[int, int]]:
    form = r"\s+".join(map(re.escape, fold(name).split()))
    for match in re.finditer(rf"(?<!\w){form}(?!\w)", folded(text)):
        yield match.span()


def _date_places(passage: Passage, date: str) -> Iterator[tuple[int, int]]:
    key = "-".join(str(int(part)) for part in date.split("-") if part.isdigit())
    for value in values(passage.text, passage.language):
        if value.kind is ValueKind.DATE and key in value.keys:
            yield value.start, value.end
