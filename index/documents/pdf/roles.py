"""What a paragraph is: a heading and of which level, an item of a list, an article, a field."""

import re
from collections.abc import Sequence

from index.documents.parts import Part
from index.documents.pdf.paragraphs import Para
from index.documents.pdf.patterns import ARTICLE, DIVISION, ITEM_MARK
from index.types import BlockRole

__all__ = ["Roles", "with_titles"]

_BULLETS = "-–—•▪◦●○■□◆➢➤✓✔·*\uf0b7\uf0a7\uf0d8\uf076\uf0fc"
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'»”’)\]]*$")
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+[A-ZÁÉÍÓÚÑ¿]")
_CAPTION = re.compile(
    r"(?:(?:Tabla|Cuadro|Table|Figura|Figure|Gr[áa]fic[ao]|Ilustraci[óo]n|Mapa|TABLA|CUADRO|FIGURA)"
    r"\s+(?:n\.?º?\s*)?[\dIVX]+|\(?(?:[Ee]n\s|[Cc]ifras\s+en\s)?(?:miles|millones|pesos|porcentajes?"
    r"|euros|unidades|toneladas|hect[áa]reas|kilogramos|thousands|millions)\b)"
)
_FIELD = re.compile(r"[A-ZÁÉÍÓÚÑ¿][^:.;]{1,45}:\s+\S")
_LETTERED = re.compile(r"\b(?:[A-ZÁÉÍÓÚÑ] ){4,}[A-ZÁÉÍÓÚÑ]\b")
_DIVISIONS = (
    re.compile(r"(?:LIBRO|BOOK|PARTE|PART|ANEXO|AP[ÉE]NDICE|ANNEX|APPENDIX)\b", re.IGNORECASE),
    re.compile(r"(?:T[ÍI]TULO|TITLE|TRANSITORIOS?|DISPOSICIONES)\b", re.IGNORECASE),
    re.compile(r"(?:CAP[ÍI]TULO|CHAPTER)\b", re.IGNORECASE),
    re.compile(r"(?:SECCI[ÓO]N|SECTION)\b", re.IGNORECASE),
)
_DIVISION_ALONE = re.compile(
    r"(?:LIBRO|T[ÍI]TULO|CAP[ÍI]TULO|SECCI[ÓO]N|PARTE|ANEXO|CHAPTER|PART|TITLE|SECTION|Libro|T[íi]tulo"
    r"|Cap[íi]tulo|Secci[óo]n|Parte|Anexo|Chapter|Part|Section)\s+"
    r"(?:[IVXLC]+|\d+|[A-ZÁÉÍÓÚa-záéíóú]+[oaOA]|[A-Z])(?:\s+(?:Bis|BIS|Ter|TER))?\s*[.:–—-]*"
)
_LARGER = 1.12  # than the body's type
_MOST_LETTERS = 220
_ROMAN = re.compile(r"[ivxlcIVXLC]+")


class Roles:
    """Roles for the paragraphs of one document."""

    def __init__(self, paras: Sequence[Para], body: float) -> None:
        self._body = body
        self._fields = _fields(paras)
        self._captions = _captions(paras)
        self._headings = {
            id(para) for place, para in enumerate(paras) if self._is_heading(paras, place)
        }
        self._first = ""  # the first heading's text: the title may come again
        self._levels = self._of_levels(paras)
        self._stack: list[tuple[str, float]] = []
        self._opens = False  # whether the last item ended with a colon

    def part(self, para: Para, text: str, breaks: tuple[int, ...]) -> Part:
        """The part of a paragraph with its clean text; an item's mark leaves the text."""
        if para.table is not None:
            spans, headers = tuple(para.table.spans), para.table.header_rows
            return Part(
                BlockRole.TABLE, text, para.page, header_rows=headers, spans=spans, breaks=breaks
            )
        if id(para) in self._headings:
            return self._heading(para, text, breaks)
        if para.is_caption or id(para) in self._captions:
            return Part(BlockRole.CAPTION, text, para.page, breaks=breaks)
        if para.is_field or id(para) in self._fields:
            return Part(BlockRole.FIELD, text, para.page, breaks=breaks)
        return self._numbered(para, text, breaks)

    def _heading(self, para: Para, text: str, breaks: tuple[int, ...]) -> Part:
        self._stack = []
        shown = _LETTERED.sub(lambda match: match[0].replace(" ", ""), text)
        level = self._levels[id(para)]
        breaks = breaks if shown == text else ()
        return Part(BlockRole.HEADING, shown, para.page, level=level, breaks=breaks)

    def _numbered(self, para: Para, text: str, breaks: tuple[int, ...]) -> Part:
        """An article, an item, or a plain paragraph."""
        article = ARTICLE.match(text)
        if article and text[article.end() :].strip():
            self._stack = []
            return _marked(BlockRole.PARAGRAPH, para, text, article["mark"], article.end(), breaks)
        item = ITEM_MARK.match(text)
        if item and self._is_item(para, item["mark"]):
            return self._item(para, text, item, breaks)
        return Part(BlockRole.PARAGRAPH, text, para.page, breaks=breaks)

    def _is_item(self, para: Para, mark: str) -> bool:
        if para.separate:
            return False
        if re.fullmatch(r"[B-Z]\.", mark) and not _ROMAN.fullmatch(mark[0]):
            # The initial of a name, where no list has come to this letter.
            return any(kind.startswith("letterI") for kind, _ in self._stack)
        # "A " or "5 " alone is how a sentence begins.
        return mark in _BULLETS or not mark.isalnum()

    def _item(self, para: Para, text: str, match: re.Match[str], breaks: tuple[int, ...]) -> Part:
        mark = match["mark"]
        kind = _kind(mark, self._stack)
        places = [place for place, (known, _) in enumerate(self._stack) if known == kind]
        if places:
            same = [place for place in places if abs(self._stack[place][1] - para.x0) < 6]
            self._stack = self._stack[: (same or places)[-1] + 1]
            if not same and para.x0 > self._stack[-1][1] + 6 and mark in _BULLETS:
                self._stack.append((kind, para.x0))
        else:
            while self._stack and self._stack[-1][1] > para.x0 + 6:
                self._stack.pop()
            beside = bool(self._stack) and abs(self._stack[-1][1] - para.x0) < 6
            if beside and "bullet" in (kind, self._stack[-1][0]) and not self._opens:
                self._stack.pop()  # another list at the same place
            self._stack.append((kind, para.x0))
        level = len(self._stack)
        self._opens = text.endswith(":")
        shown = "" if mark in _BULLETS else mark
        part = _marked(BlockRole.ITEM, para, text, shown, match.end(), breaks)
        return Part(part.role, part.text, part.page, level, part.mark, breaks=part.breaks)

    def _is_heading(self, paras: Sequence[Para], place: int) -> bool:
        para = paras[place]
        text = para.text
        other = para.table is not None or para.is_field or para.separate or para.is_caption
        other = other or id(para) in self._captions or id(para) in self._fields
        long = len(text) > _MOST_LETTERS or para.lines > 4
        letters = [sign for sign in text if sign.isalpha()]
        if other or long or len(letters) < 3:
            return False
        capitals = sum(map(str.isupper, letters)) > 0.9 * len(letters)
        article = ARTICLE.match(text)
        if DIVISION.match(text) and (capitals or para.bold > 0.9 or para.centred):
            return not text.endswith((",", ";"))
        if article:
            return not text[article.end() :].strip()
        if place == 0 and para.page == 1 and capitals and len(text) > 12:
            return True  # a title, also with a full stop
        if _SENTENCE_END.search(text) or text[0].islower():
            return para.size >= 1.3 * self._body and len(text) < 120 and text[0].isupper()
        return self._stands_out(para, capitals=capitals, first=place == 0)

    def _stands_out(self, para: Para, *, capitals: bool, first: bool) -> bool:
        """Whether the type is larger, bold or in capitals."""
        if para.size >= _LARGER * self._body:
            return True
        if para.size < 0.9 * self._body:
            return False
        apart = para.centred or para.gap > 1.15 or first
        return (para.bold > 0.9 and len(para.text) < 160) or (
            capitals and apart and 5 <= len(para.text) < 140
        )

    def _of_levels(self, paras: Sequence[Para]) -> dict[int, int]:
        keys = {}
        first = True
        for para in paras:
            if id(para) in self._headings:
                keys[id(para)] = self._key(para, first=first and para.page == 1)
                first = False
        ranks = {key: min(6, rank) for rank, key in enumerate(sorted(set(keys.values())), 1)}
        return {place: ranks[key] for place, key in keys.items()}

    def _key(self, para: Para, *, first: bool) -> tuple[float, float]:
        """Smaller for what is higher: by type size, then by what the words say."""
        size = -round(para.size) if para.size >= _LARGER * self._body else 0.0
        for rank, pattern in enumerate(_DIVISIONS):
            if pattern.match(para.text):
                return 0.0, 1.0 + rank
        if first:
            self._first = para.text.casefold()
            return -1000.0, 0.0
        if ARTICLE.match(para.text):
            return 0.0, 9.0
        numbered = _NUMBERED.match(para.text)
        if numbered:
            return size, 5.0 + numbered["number"].count(".") / 10
        upper = para.text.isupper()
        if para.text.casefold() == self._first:
            return -1000.0, 0.0
        return size, 6.0 if upper else 7.0 if para.bold > 0.9 else 8.0


def with_titles(paras: Sequence[Para]) -> list[Para]:
    """The paragraphs; "TÍTULO I:" and the line under it that names it are one."""
    result: list[Para] = []
    for para in paras:
        before = result[-1] if result else None
        if before is not None and _names(before, para):
            before.text = f"{before.text} {para.text}"
            before.lines += para.lines
            before.bold = min(before.bold, para.bold)
            continue
        result.append(para)
    return result


def _names(division: Para, title: Para) -> bool:
    """Whether a short line is the name of the chapter whose number stands alone above it."""
    text = title.text
    if division.table or title.table or division.page != title.page or title.breaks:
        return False
    if not _DIVISION_ALONE.fullmatch(division.text) or len(text) > 160 or title.lines > 3:
        return False
    other = DIVISION.match(text) and re.search(r"\s(?:[IVXLC]+|\d+)\b", text)
    other = other or ARTICLE.match(text) or ITEM_MARK.match(text)
    near = abs(title.size - division.size) <= 0.25 * division.size and title.gap <= 2.6
    alike = title.centred or title.bold > 0.9 or text.isupper()
    return bool(not other and near and alike) and (not _SENTENCE_END.search(text) or text.isupper())


def _marked(
    role: BlockRole, para: Para, text: str, mark: str, end: int, breaks: tuple[int, ...]
) -> Part:
    """A part whose mark is no longer in its text."""
    while end < len(text) and text[end] == " ":
        end += 1
    moved = tuple(max(0, offset - end) for offset in breaks)
    return Part(role, text[end:], para.page, mark=mark.strip(), breaks=moved)


def _kind(mark: str, stack: Sequence[tuple[str, float]]) -> str:
    """The kind of an item's mark: lists of one kind and place are one list."""
    if mark in _BULLETS:
        return "bullet"
    bare = mark.strip("()., -–—ºª°")
    shape = re.sub(r"[\w\s]+", "", mark)[-1:]
    if bare.replace(".", "").isdigit():
        return f"number{bare.count('.')}{shape}"
    if _ROMAN.fullmatch(bare):
        case = "I" if bare.isupper() else "i"
        roman, letter = f"roman{case}{shape}", f"letter{case}{shape}"
        known = [kind for kind, _ in stack]
        # "c)" and "i)" belong to the letters where the list has letters.
        if len(bare) == 1 and letter in known and roman not in known:
            return letter
        if len(bare) == 1 and bare.lower() not in "ivx" and roman not in known:
            return letter
        return roman
    return f"letter{'I' if bare.isupper() else 'i'}{shape}"


def _fields(paras: Sequence[Para]) -> set[int]:
    """Short lines of a label and its value, at least two one after the other."""
    found: set[int] = set()
    before: Para | None = None
    for para in paras:
        is_field = (
            para.table is None
            and para.lines == 1
            and len(para.text) < 110
            and _FIELD.match(para.text)
            and not ITEM_MARK.match(para.text)
            and not ARTICLE.match(para.text)
            and para.text[-1] not in ":;,"
            and not (para.text[-1] == "." and para.text.count(" ") > 4)
        )
        if is_field and before is not None:
            found |= {id(before), id(para)}
        before = para if is_field else None
    return found


def _captions(paras: Sequence[Para]) -> set[int]:
    """Lines that name a table or a figure, or the unit of the table after them."""
    found: set[int] = set()
    for place, para in enumerate(paras):
        if para.table is not None or para.lines > 4 or not _CAPTION.match(para.text):
            continue
        named = re.match(r"[A-ZÁÉÍÓÚa-zñáéíóú]+\s+(?:n\.?º?\s*)?[\dIVX]+\s*[.:\-–—]", para.text)
        near = any(other.table is not None for other in paras[place + 1 : place + 3])
        if near or (named and para.lines <= 3 and len(para.text) < 300):
            found.add(id(para))
    return found
