"""What styles say of a paragraph and of a run."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from index.documents.word.markup import Element, W, attribute, flag, number, value

__all__ = ["CharacterStyle", "ParagraphStyle", "Styles"]

_DEEPEST = 30  # styles that are based on each other
_HEADING = re.compile(r"(?:heading|titulo|ttulo|encabezado|uberschrift|titre|titolo)\s*([1-9])")
_TOC = re.compile(r"(?:toc|tdc|tabla de contenido|contents|indice)\s*[1-9]")
_KINDS = {
    "title": "title",
    "titulo": "title",
    "puesto": "title",
    "caption": "caption",
    "descripcion": "caption",
    "epigrafe": "caption",
    "leyenda": "caption",
    "table": "caption",  # LibreOffice's captions of tables, pictures and drawings
    "illustration": "caption",
    "figure": "caption",
    "drawing": "caption",
    "toc heading": "heading",
    "tocheading": "heading",
    "ttulotdc": "heading",
    "contents heading": "heading",
    "html preformatted": "code",
    "htmlpreformatted": "code",
    "html con formato previo": "code",
    "preformatted text": "code",
    "source code": "code",
    "sourcecode": "code",
    "plain text code": "code",
    "quote": "quote",
    "intense quote": "quote",
    "cita": "quote",
    "cita destacada": "quote",
    "code": "code",
    "codigo": "code",
    "macro": "code",
}
_LISTED = re.compile(
    r"(?:list|lista)\s*(bullet|number|con vinetas|con numeros|convinetas|connumeros)\s*([2-5]?)"
)


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    """What a style says of letters; None where it says nothing."""

    hidden: bool | None = None
    bold: bool | None = None
    struck: bool | None = None
    raised: str | None = None  # superscript, subscript, baseline


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a style says of a paragraph. ``outline`` is from 0; 9 is body text."""

    letters: CharacterStyle = CharacterStyle()
    kind: str = ""  # title, heading, caption, toc, code
    outline: int | None = None
    num_id: str | None = None
    num_level: int | None = None
    list_level: int = 0  # of a style of lists, as its name tells, from 1
    bulleted: bool = False  # as its name tells
    language: str | None = None
    chain: tuple[str, ...] = ()


class Styles:
    """The styles of a file, looked up by their id."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[tuple[str, str], Element] = {}
        self._paragraphs: dict[str | None, ParagraphStyle] = {}
        self._characters: dict[str | None, CharacterStyle] = {}
        self._default: str | None = None
        self._defaults: Element | None = None
        if root is None:
            return
        for style in root.iterfind(f"{W}style"):
            kind, id = attribute(style, "type") or "paragraph", attribute(style, "styleId") or ""
            self._styles[kind, id] = style
            is_default = (attribute(style, "default") or "0") not in ("0", "false", "off")
            if kind == "paragraph" and is_default:
                self._default = id
        self._defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")

    @cached_property
    def hidden(self) -> bool:
        """Whether the defaults hide all text."""
        return bool(flag(self._defaults, "vanish"))

    @cached_property
    def language(self) -> str | None:
        """The language of the document."""
        return value(self._defaults, "lang")

    def paragraph(self, id: str | None) -> ParagraphStyle:
        """What the style says, with what it is based on; None is the default style."""
        found = self._paragraphs.get(id)
        if found is None:
            found = self._paragraphs[id] = self._paragraph(self._default if id is None else id)
        return found

    def character(self, id: str | None) -> CharacterStyle:
        """What a style of characters says, with what it is based on."""
        found = self._characters.get(id)
        if found is None:
            chain = self._chain("character", id)
            found = self._characters[id] = _letters([style for _, style in chain])
        return found

    def first_row_is_header(self, id: str | None) -> bool:
        """Whether a table's style formats the first row in a way of its own."""
        return any(
            attribute(part, "type") == "firstRow" and len(part)
            for _, style in self._chain("table", id)
            for part in style.iterfind(f"{W}tblStylePr")
        )

    def numbering_of(self, id: str | None) -> str | None:
        """The ``numId`` that a style of lists stands for."""
        for _, style in self._chain("numbering", id):
            return value(style.find(f"{W}pPr/{W}numPr"), "numId")
        return None

    def _chain(self, kind: str, id: str | None) -> list[tuple[str, Element]]:
        chain: list[tuple[str, Element]] = []
        while id is not None and len(chain) < _DEEPEST:
            style = self._styles.get((kind, id))
            if style is None:
                break
            chain.append((id, style))
            id = value(style, "basedOn")
        return chain

    def _paragraph(self, id: str | None) -> ParagraphStyle:
        chain = self._chain("paragraph", id)
        names = [_plain(value(style, "name") or "") for _, style in chain]
        # A file may name a style that it does not hold.
        names = names or [_plain(id or "")]
        if id is not None:
            names.append(_plain(id))
        properties = [style.find(f"{W}pPr") for _, style in chain]
        numbers = [found.find(f"{W}numPr") for found in properties if found is not None]
        outlines = [number(found, "outlineLvl") for found in properties]
        outline = next((level for level in outlines if level is not None), None)
        if outline is None:
            headings = [_HEADING.fullmatch(name) for name in names]
            outline = next((int(match[1]) - 1 for match in headings if match), None)
        kind = next((_KINDS[name] for name in names if name in _KINDS), "")
        if any(_TOC.fullmatch(name) for name in names):
            kind = "toc"
        lists = [match for match in map(_LISTED.fullmatch, names) if match]
        languages = [value(style.find(f"{W}rPr"), "lang") for _, style in chain]
        return ParagraphStyle(
            letters=_letters([style for _, style in chain]),
            kind=kind,
            outline=outline,
            num_id=next(filter(None, (value(found, "numId") for found in numbers)), None),
            num_level=next(
                (level for level in (number(found, "ilvl") for found in numbers) if level), None
            ),
            list_level=int(lists[0][2] or 1) if lists else 0,
            bulleted=bool(lists) and lists[0][1] in ("bullet", "con vinetas", "convinetas"),
            language=next(filter(None, languages), None),
            chain=tuple(id for id, _ in chain),
        )


def _letters(chain: list[Element]) -> CharacterStyle:
    properties = [style.find(f"{W}rPr") for style in chain]

    def first(name: str) -> bool | None:
        states = (flag(found, name) for found in properties)
        return next((state for state in states if state is not None), None)

    heights = (value(found, "vertAlign") for found in properties)
    return CharacterStyle(
        hidden=first("vanish"),
        bold=first("b"),
        struck=first("strike"),
        raised=next((height for height in heights if height is not None), None),
    )


def _plain(name: str) -> str:
    """Without accents and capitals: a program in Spanish writes "Título 1" or "Ttulo1"."""
    decomposed = unicodedata.normalize("NFD", name.strip().lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
