"""Documents that a question names: "Según contrato.txt, ¿cuál es la renta?".

A file's name with its ending chooses the document, wherever it stands, and so does one written as
only files are (``reglamento_2019``). A title chooses it only

- where the question asks what the document says: after "según", "qué dice", "resume", "de qué
  trata", "artículo 3 de", "according to"; or after "en" where its first word is that of a document
  (ley, contrato, report);
- where it begins as the title begins, has two words or more that count, and half of the title's;
- and where the next word of the question does not make another title of it: "Ley de Archivos
  Históricos" is not the "Ley de Archivos".

Else a title that is named whole, or in quotation marks, may as well be what is asked about: its
document is preferred, and others are searched too. Where many documents have the name, none is
named by it.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from threading import RLock

from index.index import Index
from index.text.folding import fold
from qa.asked.titles import ENDINGS, Name, Titles, Word, words_of

__all__ = ["FEW_DOCUMENTS", "Named", "Names"]

MOST_DOCUMENTS = 12  # that one name may mean; more, and it names none
FEW_DOCUMENTS = 3  # that are asked together for their authors or dates
SHARE = 0.5  # of a title's words that name it
LONG_TITLE = 4  # words, from which on a title is taken for one, whatever its first word

_ENDING = re.compile(rf"(?<=[\w)\]])\.(?:{'|'.join(sorted(ENDINGS))})(?![\w/@])", re.IGNORECASE)
_QUOTED = re.compile(
    r"«([^»]{2,150})»|“([^”]{2,150})”|\"([^\"]{2,150})\"|‘([^’]{2,150})’|`([^`]+)`"
)
_JOINED = re.compile(r"\W*(?:(?:y|e|o|u|and|or|con|with|vs)\W+)?(?:(?:en|in|de|of|el|the)\W+)?")
_CHUNK = re.compile(r"[\w./\\()\[\]-]+$")
_KINDS = """
    acta acuerdo anexo aviso bando boletin carta cartel catalogo circular codigo comunicado
    constitucion contrato convenio convocatoria declaracion decreto dictamen directiva edicto
    ensayo escritura estatuto expediente folleto guia informe iniciativa instructivo ley libro
    lineamiento manual memorando memoria minuta norma nota noticia oficio orden plan politica
    poliza programa protocolo proyecto recibo reglamento reporte resolucion sentencia solicitud
    tratado agreement annex act bill brief brochure bylaw charter code constitution contract decree
    directive email essay guide guideline handbook invoice law lease letter memo minute newsletter
    notice order ordinance paper plan policy proposal protocol record regulation report rule ruling
    statement statute summary treaty will
"""
_DOCUMENTS = frozenset(_KINDS.split())
# What may stand between the words that lead to a name and the name.
_OPEN = (
    r"(?: (?:el|la|los|las|un|una|the|this|este|esta|documento|archivo|fichero|texto|file|document|"
    r"titulado|titulada|llamado|called|titled|entitled|de|of))*\W*$"
)
_SAYING = (
    r"dicen?|dijo|establecen?|senalan?|disponen?|indican?|ordenan?|marcan?|preven?|regulan?|"
    r"prohiben?|contienen?|cuentan?|explican?|menciona[n]?|decia"
)
_SUMMED_UP = re.compile(
    r"\b(?:(?:de|sobre|acerca de) que (?:tratan?|hablan?|va|es)|(?:re)?sum(?:e|eme|ir|a)|"
    r"resumenes|resumeme|resumen|sintesis|sintetiza|summari[sz]e|sum up|summary|overview|"
    r"what(?:'s| is| are)|what does)" + _OPEN
)
_ACCORDING = re.compile(
    r"\b(?:segun(?: lo que)?(?: (?:dice|establece|marca|consta en))?|"
    r"(?:de acuerdo|en conformidad|de conformidad) (?:con|a)|conforme al?|"
    r"(?:con )?base en|en terminos de|a la luz de|"
    rf"que (?:{_SAYING})(?: en)?|(?:como|donde) (?:lo )?(?:{_SAYING})|"
    r"according to|as per|pursuant to|based on|under|what (?:does|do|did)|"
    r"(?:articulos?|art|clausulas?|fraccion|capitulos?|titulo|numeral|parrafo|article|clause|section|"
    r"chapter)\.? \S+(?: \S+)?,? (?:de|del|of))(?:l)?" + _OPEN
)
_INSIDE = re.compile(r"\b(?:en|in)" + _OPEN)
_AFTER_SUMMED_UP = re.compile(r"\W*(?:about|(?:de|sobre) que (?:trata|habla|va))\b")
# What goes when the name goes: "según ...,", "en ...", with what marks it as a file.
_LEAD = re.compile(
    r"(?:(?<=\W)|^)(?:(?:según|segun|conforme (?:a|al)|de (?:acuerdo|conformidad) (?:con|a)|"
    r"con base en|en términos de|according to|as per|pursuant to|based on|under|en|in|del?|of|from|"
    r"sobre|about|entre|between|by|por)\s+)?"
    r"(?:(?:el|la|los|las|the|al)\s+)?(?:(?:documento|archivo|fichero|texto|file|document)\s+)?"
    r"(?:(?:llamado|titulado|called|titled|entitled)\s+)?[«“\"‘`'(]*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LOOKS_NAMED = re.compile(r"\d|[«“\"‘`_]|(?<=\S )[^\W\d_a-záéíóúñü]")


@dataclass(frozen=True, slots=True)
class Named:
    """The documents that a question names, and what it asks about them.

    ``name`` is how the question writes it. ``documents``: their ids; none where a file is named
    that is not in the collection. ``question`` is the rest, the question itself where the name is
    part of what is asked. ``only``: others are not asked. ``alike``: for a file that is not there,
    those that are called so but for their ending.
    """

    name: str
    documents: tuple[str, ...]
    question: str
    only: bool
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mention:
    """The place of a name in a question, and the names that it may mean."""

    start: int
    end: int
    names: tuple[Name, ...]
    words: tuple[str, ...] = ()
    whole: bool = True
    is_file: bool = False
    quoted: bool = False  # between quotation marks


class Names:
    """What the documents of an index are called; looked up anew when they have changed.

    Safe for threads.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = RLock()
        self._titles: tuple[object, Titles] | None = None

    def named(self, question: str, among: Collection[str] | None = None) -> Named | None:
        """The documents that a question names, of those ``among`` them; None where it names none.

        All names are read only for a question in which something looks like one.
        """
        if not _looks_named(question):
            return None
        titles = self._known()
        mention = _file(question, titles) or _title(question, titles)
        named = _named(question, mention, among) if mention else None
        if named and not named.documents:
            row = [word.plain for word in words_of(named.name.rpartition(".")[0])]
            alike = {name.document for name in titles.beginning(row) if name.own == len(row)}
            if among is not None:
                alike &= set(among)
            return replace(named, alike=tuple(sorted(alike)))
        return named

    def meant(self, phrase: str, among: Collection[str] | None = None) -> tuple[str, ...]:
        """The documents that a phrase alone names ("acta de mayo.txt", "the minutes"), by id.

        A word like "acta" means those whose names begin with it, where they are few.
        """
        titles = self._known()
        words = [word.plain for word in words_of(phrase)]
        mention = _file(phrase, titles)
        if mention:
            whole = not words_of(phrase[: mention.start])
            names = mention.names if whole else ()
        elif len(words) == 1:
            names = tuple(titles.beginning(words)) if words[0] in _DOCUMENTS else ()
        else:
            held = titles.beginning(words) if words else []
            names = tuple(name for name in held if len(words) >= SHARE * len(name.words))
        ids = {name.document for name in names if among is None or name.document in set(among)}
        return tuple(sorted(ids)) if len(ids) <= FEW_DOCUMENTS else ()

    def _known(self) -> Titles:
        generation = self._index.state
        with self._lock:
            if self._titles is None or self._titles[0] != generation:
                self._titles = generation, Titles(self._index.names())
            return self._titles[1]


def _looks_named(question: str) -> bool:
    if _LOOKS_NAMED.search(question) or _ENDING.search(question):
        return True
    return any(word.plain in _DOCUMENTS for word in words_of(question))


# Files


def _file(question: str, titles: Titles) -> _Mention | None:
    """Names with a file's ending: all of their words, or half of them where they are one file's.

    Of several that are joined ("a.txt y b.txt") the place is that of all.
    """
    found = [
        _one_file(question, match, titles)
        for match in islice(_ENDING.finditer(question), FEW_DOCUMENTS)
        if not _is_address(question, match.end())
    ]
    if not found:
        return None
    first, names = found[0], found[0].names
    for mention in found[1:]:
        names += mention.names
        if _JOINED.fullmatch(question, first.end, mention.start):
            first = replace(first, end=mention.end)
    return replace(first, names=names)


def _one_file(question: str, ending: re.Match[str], titles: Titles) -> _Mention:
    words = _up_to_ending(question, ending)
    count, names = _longest_file(question, words, titles)
    start = _chunk_start(question, ending.end())
    if names and (words[count - 1].start <= start + 1 or _begins_marked(question, start)):
        start = min(words[count - 1].start, start)
        return _Mention(start, ending.end(), tuple(names), is_file=True)
    quoted = next((m for m in _QUOTED.finditer(question) if m.start() < start < m.end()), None)
    start = quoted.start() + 1 if quoted else start
    return _Mention(start, ending.end(), (), is_file=True)


def _up_to_ending(question: str, ending: re.Match[str]) -> list[Word]:
    """The words before a file's ending, and it, from the last to the first."""
    own = Word(ending[0][1:].lower(), ending.start() + 1, ending.end())
    return [own, *reversed([word for word in words_of(question) if word.end <= ending.start()])]


def _longest_file(question: str, words: Sequence[Word], titles: Titles) -> tuple[int, list[Name]]:
    """How many of the words, from the last, name a file, and the names that it may be.

    Words before the file's own are its folders, where a slash follows them.
    """
    row: list[str] = []
    count, names = 0, list[Name]()
    whole = False
    for number, word in enumerate(words, 1):
        held = titles.ending([*row, word.plain])
        in_folder = question[word.end : word.end + 1] in ("/", "\\")
        own = [name for name in held if name.own >= number or in_folder]
        if not own:
            break
        row.append(word.plain)
        found = [name for name in own if name.own <= number]
        if found:
            count, names, whole = number, found, True
        elif not whole and len(held) == 1 and number > 1 and number >= SHARE * held[0].own:
            count, names = number, held
    return count, names


def _begins_marked(question: str, start: int) -> bool:
    """Whether what looks like a name begins with its folders or marks, not with other words."""
    return question[start : start + 1] in ("/", ".", "\\", "(")


def _chunk_start(question: str, end: int) -> int:
    chunk = _CHUNK.search(question, 0, end)
    return chunk.start() if chunk else end


def _is_address(question: str, end: int) -> bool:
    chunk = question[:end].rsplit(maxsplit=1)[-1]
    return "://" in chunk or "@" in chunk or chunk.lower().startswith("www.")


# Titles


def _title(question: str, titles: Titles) -> _Mention | None:
    """The longest name of one or a few documents that the question holds."""
    words = words_of(question)
    quotes = [match.span() for match in _QUOTED.finditer(question)]
    best: _Mention | None = None
    for first in range(len(words)):
        mention = _beginning_at(question, words[first:], titles, quotes)
        if mention and (best is None or len(mention.words) > len(best.words)):
            best = mention
    return best


def _beginning_at(
    question: str, words: Sequence[Word], titles: Titles, quotes: Sequence[tuple[int, int]]
) -> _Mention | None:
    row: list[str] = []
    held: list[Name] = []
    while len(row) < len(words):
        longer = titles.beginning([*row, words[len(row)].plain])
        if not longer:
            break
        row.append(words[len(row)].plain)
        held = longer
    if not row:
        return None
    start, end = words[0].start, words[len(row) - 1].end
    quoted = any(a == start - 1 and b == end + 1 for a, b in quotes)
    if len(row) < 2 and not quoted and "_" not in question[start:end]:
        return None  # one word, with which a whole collection's names may begin
    following = words[len(row)] if len(row) < len(words) else None
    names = _meant(question, row, held, end, following)
    whole = [name for name in names if len(name.words) == len(row)]
    as_file = bool(whole) and "_" in question[start:end]
    if not names or not (len(row) > 1 or as_file or (whole and quoted)):
        return None
    if whole and not quoted:
        names = whole
    elif not whole:  # another title may be meant by the same words
        names = sorted({*names, *_also_meant(row, following, titles)})
    if len({name.document for name in names}) > MOST_DOCUMENTS:
        return None
    if following and _YEAR.fullmatch(following.plain) and _joins(question[end : following.start]):
        end = following.end
    return _Mention(start, end, tuple(names), tuple(row), bool(whole), as_file, quoted)


def _meant(
    question: str, row: Sequence[str], held: Sequence[Name], end: int, following: Word | None
) -> list[Name]:
    """The names that a row of words means: half of their words at least, and no other title."""
    near = [name for name in held if len(row) >= SHARE * len(name.words)]
    if following is None or not _joins(question[end : following.start]):
        return near
    after = question[following.start : following.end]
    if _YEAR.fullmatch(after):
        return [name for name in near if after in name.years]
    other = after[0].isdigit() or (after[0].isupper() and not question.isupper())
    return [] if other and following.plain not in _DOCUMENTS else near


def _also_meant(row: Sequence[str], following: Word | None, titles: Titles) -> Iterator[Name]:
    year = following.plain if following and _YEAR.fullmatch(following.plain) else None
    for name in titles.holding(row):
        if len(row) >= SHARE * len(name.words) and (year is None or year in name.years):
            yield name


def _joins(between: str) -> bool:
    """Whether what stands between two words does not part them."""
    return not re.search(r"[,;:.?!»”\"()]", between)


# What a mention means


def _named(question: str, mention: _Mention, among: Collection[str] | None) -> Named | None:
    documents = sorted({name.document for name in mention.names})
    if among is not None:
        documents = [id for id in documents if id in set(among)]
    name = question[mention.start : mention.end].strip()
    if mention.is_file:
        return Named(name, tuple(documents), _rest(question, mention), only=True)
    if not documents:
        return None
    if _asks_document(question, mention):
        return Named(name, tuple(documents), _rest(question, mention), only=True)
    if mention.quoted or (mention.whole and _is_written_as_name(question, mention)):
        return Named(name, tuple(documents), question, only=False)
    return None


def _is_written_as_name(question: str, mention: _Mention) -> bool:
    return mention.words[0] in _DOCUMENTS or question[mention.start].isupper()


def _asks_document(question: str, mention: _Mention) -> bool:
    """Whether the words before a title ask what the document says."""
    before, after = fold(question[: mention.start]), fold(question[mention.end :])
    if _SUMMED_UP.search(before) and (
        not re.search(r"what(?:'s| is| are| does)\W", before) or _AFTER_SUMMED_UP.match(after)
    ):
        return mention.whole or mention.words[0] in _DOCUMENTS
    of_document = mention.words[0] in _DOCUMENTS or _is_code(mention.words)
    long = mention.whole and len(mention.words) >= LONG_TITLE
    if _ACCORDING.search(before):
        return of_document or mention.quoted or long
    return mention.whole and of_document and bool(_INSIDE.search(before))


def _is_code(words: Sequence[str]) -> bool:
    return any(word[0].isdigit() for word in words)


def _rest(question: str, mention: _Mention) -> str:
    """The question without the name, and without what leads to it."""
    before, after = question[: mention.start], question[mention.end :]
    lead = _LEAD.search(before)
    before = before[: lead.start()] if lead else before
    after = re.sub(r"^[»”\"’`')]+", "", after)
    after = re.sub(r"^[\s,:;]+(?=[¿\w])", " ", after) if not before.strip(" ¿¡") else after
    rest = re.sub(r"\s+([?.,;!])", r"\1", " ".join(f"{before}{after}".split()))
    rest = re.sub(r"[,;:]+(?=[?.!]|$)", "", rest).strip()
    rest = re.sub(r"^(what) (?:does|do|did) say\b", r"\1 is said", rest, flags=re.IGNORECASE)
    rest = re.sub(r"^([¿¡]?)\s*[,;:]?\s*(\w)", lambda m: m[1] + m[2].upper(), rest)
    return rest if re.search(r"\w", rest) else question
