"""The title of a document: short, whole, and of its own words. Pure."""

import re
from collections.abc import Sequence

from index.text.months import MONTH_NUMBERS
from index.text.outline import outline
from index.text.paragraphs import paragraph_spans
from index.text.regions import front_matter_end
from index.text.sentences import sentence_spans
from index.types import Block, BlockRole

__all__ = ["file_title", "shortened", "title_in", "trusted_title"]

MAX_CHARS = 120
_HEAD = 1500  # characters of a text in which its title may stand
_BLOCKS = 6  # among which it is
_SAYS_MUCH = 200  # characters of a block after which there is no title

_PROGRAM = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel)\s*[-–:]\s*", re.IGNORECASE)
_ENDING = re.compile(
    r"\.(?:docx?|dotx?|pdf|odt|ods|odp|rtf|pptx?|potx|xlsx?|xlsm|txt|md|html?|indd|qxd|tex|pages|fm)$",
    re.IGNORECASE,
)
_UNNAMED = re.compile(
    r"(?:(?:new |nuev[oa] )?(?:microsoft )?(?:word |excel |powerpoint )?"
    r"(?:document[oe]?|libro|book|workbook|presentaci[óo]n|presentation|hoja|sheet|plantilla|template|"
    r"diapositiva|slide|untitled|sin t[íi]tulo|no title|title|t[íi]tulo|sin nombre|unnamed|unknown|"
    r"portada|cover|page|p[áa]gina|scan|escaneo|image|imagen|draft|borrador|normal|none|null)"
    r"(?: de (?:microsoft )?(?:word|excel|powerpoint|texto))?(?: document[o]?| presentation)?)"
    r"[\s_-]*\(?\d*\)?",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"\S*[_\d]\S*|[\w.-]+\.\w{2,4}|(?:[a-z]:\\|/)\S.*", re.IGNORECASE)
_MARKS = re.compile(
    r"^[#>\s]*|\[\^[^\]\s]+\]|(?<=[^\W\d_])\[\d{1,3}\]|[ \t]*#+$|\s*\*+$"
    # Not the exponent of a unit.
    r"|(?<=[^\W\d_])(?<![\s\d/(]m)(?<![kcdhm]m)(?<!CO)[¹²³⁰⁴-⁹]+"
)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_SHORT_MONTHS = "|".join(sorted({month[:3] for month in MONTH_NUMBERS}))
_MONTH = rf"(?:{'|'.join(MONTH_NUMBERS)}|setiembre|(?:{_SHORT_MONTHS})t?)"
_SEASON = r"(?:primavera|verano|otoño|invierno|spring|summer|autumn|fall|winter)"
_DATE = re.compile(
    r"[\d\s/.,-]+|(?:[^\W\d_]+,?\s)?\d{0,2}(?:\s?de)?\s?"
    rf"(?:{_MONTH}|{_SEASON})\.?\s(?:\d{{1,2}},\s|del?\s)?\d{{4}}",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:[\dIVX.]+\s)?(?:contents?|table of contents|[íi]ndice|contenidos?|sumario|abstract|"
    r"resumen|introducci[óo]n|introduction|presentaci[óo]n|antecedentes)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!…:;,][\"'»”’)\]*_]*$")
_JOINS = re.compile(
    r"(?:del?|para|y|e|o|en|al?|sobre|que|con|por|sin|of|for|and|the|to|in|on)\b", re.I
)
_OPEN_END = re.compile(
    r"(?:^|\s)(?:del?|la|las|los|el|y|e|o|en|a|al|para|por|sobre|con|of|for|and|the)$", re.I
)
# A first line that begins with a word, or with Markdown's sign of a title.
_FIRST_LINE = re.compile(
    r"\s*(?<![^\n])(?P<sign># +)?(?P<words>[¿¡«“\"(]?[^\W\d_]{3}[^\n]{0,200})(?=\n|$)"
)
# What may be an item, a field, a row, code or a reference.
_NO_TITLE = re.compile(r"[:|\t*_`\[\]<>#]|^[^\W\d_]{1,6}[.)]|[¹²³⁰⁴-⁹]")


def trusted_title(title: str | None) -> str | None:
    """A title that metadata gives; None for programs', templates' and files' names."""
    words = _ENDING.sub("", _PROGRAM.sub("", " ".join((title or "").split()))).strip()
    had_ending = bool(_ENDING.search(title or "")) or bool(_PROGRAM.match(title or ""))
    words = _plain(words)
    if not any(map(str.isalnum, words)) or _UNNAMED.fullmatch(words):
        return None
    if _FILE_NAME.fullmatch(words) or (had_ending and " " not in words):
        return None
    return shortened(words)


def title_in(text: str, blocks: Sequence[Block], *, markdown: bool = False) -> str | None:
    """The title that stands in the text: its first heading, else a first line that is no prose.

    A heading over two lines is joined. Without blocks they are seen in the text.
    """
    start = front_matter_end(text) if markdown else 0
    if not blocks:
        plain = _first_line(text[start : start + _HEAD], markdown=markdown)
        if plain:
            return plain
    found = tuple(blocks[:_BLOCKS]) if blocks else outline(text[start : start + _HEAD])
    offset = 0 if blocks else start
    texts = [(block, text[block.start + offset : block.end + offset]) for block in found]
    limit = len(texts) if markdown else _BLOCKS
    line = _line(*texts[0]) if texts else None
    if line and not blocks and not markdown and found[0].role is not BlockRole.HEADING:
        return line
    for i, (block, words) in enumerate(texts[:limit]):
        if block.role is BlockRole.HEADING:
            following = texts[i + 1] if i + 1 < len(texts) else None
            title = _plain(_joined(words, block, following))
            if not _DATE.fullmatch(title) and not (_SECTION.fullmatch(title) and line):
                return shortened(title) or line
        elif len(words) > _SAYS_MUCH and not markdown:
            break
    return line


def _first_line(head: str, *, markdown: bool) -> str | None:
    """The first line, where it is evidently a title: no outline is needed to tell."""
    match = _FIRST_LINE.match(head)
    if match is None or markdown != bool(match["sign"]):
        return None
    # The lines up to the first blank one: they may be one paragraph.
    above = match.end() if markdown else head.find("\n\n", match.start("words"))
    spans = paragraph_spans(head[match.start("words") : above if above >= 0 else len(head)])
    words = head[match.start("words") :][: spans[0][1]]
    more = head[match.start("words") + len(words) :].lstrip()
    line = _line(Block(BlockRole.HEADING, 0, 0), words)
    if line is None or _NO_TITLE.search(words) or _SECTION.fullmatch(line):
        return None
    goes_on = more[:1].islower() or _JOINS.match(more) or _OPEN_END.search(words)
    return None if goes_on or more.startswith("#") else line


def _line(block: Block, words: str) -> str | None:
    """A first line that is no prose: short, alone, and without a mark at its end."""
    if block.role not in (BlockRole.PARAGRAPH, BlockRole.CAPTION, BlockRole.HEADING):
        return None
    line = _plain(words)
    if "\n" in words or "\t" in words or not any(map(str.isalnum, line)) or len(line) > _SAYS_MUCH:
        return None
    return None if _SENTENCE_END.search(line) or _DATE.fullmatch(line) else shortened(line)


def file_title(stem: str, text: str, language: str | None = None) -> str:
    """The file's name in words; where it says nothing, the beginning of the first sentence."""
    name = re.sub(r"[_\-\s]+", " ", stem).strip()
    says = any(len(word) > 2 for word in re.findall(r"[^\W\d_]+", name))
    if (says and not _UNNAMED.fullmatch(name)) or not text.strip():
        return shortened(name) or stem
    head = text.strip()[:1000]
    spans = sentence_spans(head, language)
    words = _plain(head[slice(*spans[0])]) if spans else ""
    return shortened(words) or name or stem


def shortened(words: str) -> str:
    """The words on one line; what is too long ends after a word, with an ellipsis."""
    words = " ".join(words.split())
    if len(words) <= MAX_CHARS:
        return words
    cut = words.rfind(" ", 0, MAX_CHARS)
    return words[: cut if cut > 0 else MAX_CHARS - 1].rstrip(" ,;:.-–—(") + "…"


def _plain(words: str) -> str:
    """The words without Markdown's signs and the marks of notes."""
    words = _LINK.sub(r"\1", " ".join(words.split()))
    for _ in range(2):
        words = _MARKS.sub("", _EMPHASIS.sub(r"\2", words))
    return words.strip().strip("*").strip()


def _joined(words: str, block: Block, following: tuple[Block, str] | None) -> str:
    """A heading with its next line, where its words go on there."""
    if following is None or following[0].role is not BlockRole.HEADING:
        return words
    more = following[1]
    same = words.isupper() == more.isupper() and following[0].level >= block.level
    goes_on = _OPEN_END.search(words) or more[:1].islower() or _JOINS.match(more)
    fits = len(words) + len(more) < MAX_CHARS and not more.lstrip().startswith("#")
    return f"{words} {more}" if same and goes_on and fits else words
