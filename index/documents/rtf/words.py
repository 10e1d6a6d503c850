"""RTF's control words by what they do, and the state that they change."""

import re
from dataclasses import dataclass, field

from index.documents.parts import Part

__all__ = [
    "HEADING_STYLE",
    "INFO",
    "SHOWN",
    "SIGNS",
    "SKIPPED",
    "SYMBOLS",
    "TITLE_STYLE",
    "WORDS",
    "Paragraph",
    "State",
]

_SKIPPED = """
    colortbl filetbl listtable listoverridetable revtbl rsidtbl pict nonshppict objdata fldinst
    header headerl headerr headerf headerfl headerfr footer footerl footerr footerf footerfl
    footerfr ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn xe tc txe rxe sp shprslt nonesttables
    formfield datafield template nextfile private1 bkmkstart bkmkend mmathPr xmlnstbl themedata
"""
SKIPPED = frozenset(_SKIPPED.split())
# Of the groups that a reader may pass over, those that hold what is shown.
SHOWN = frozenset(
    ("shpinst", "shptxt", "do", "dptxbxtext", "ud", "moMath", "mmath", "annotation", "footnote")
)
INFO = frozenset(("title", "author", "creatim"))
SIGNS = {
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "softline": "\n",
    "nestcell": "  ",
    "nestrow": "  ",
}
SYMBOLS = {"~": " ", "_": "-", "-": "", "\\": "\\", "{": "{", "}": "}"}
_OTHERS = """
    fonttbl stylesheet info listtext pntext upr footnote ansi mac pc pca ansicpg cpg f fcharset deff
    uc u bin v deleted mvf strike striked super sub nosupersub up dn plain b par sect cell row trowd
    clmgf clmrg clvmgf clvmrg cellx trhdr pard s outlinelevel ilvl pnlvl li intbl yr mo dy
    chftn ftnalt
"""
WORDS = SKIPPED | SHOWN | INFO | frozenset(SIGNS) | frozenset(_OTHERS.split())
"""All control words that mean something to the reader."""
HEADING_STYLE = re.compile(
    r"(?:heading|t[íi]tulo|titre|überschrift|titolo|encabezado)\s?(?P<level>[1-9])\b", re.IGNORECASE
)
TITLE_STYLE = re.compile(r"(?:title|t[íi]tulo|puesto|titre|titel)", re.IGNORECASE)


@dataclass(slots=True)
class State:
    """What a group inherits and its end restores."""

    target: str = "body"  # body, note, mark, fonts, styles, title, author, creatim
    codec: str = "cp1252"
    font: str = ""  # that shows signs in place of letters, in small letters
    after: int = 1  # characters after \\u that stand for it
    hidden: bool = False
    deleted: bool = False
    struck: bool = False
    script: int = 0  # 1 raised, -1 lowered
    bold: bool = False
    box: bool = False  # inside of a text box

    def copy(self) -> "State":
        """Another with the same values."""
        return State(
            self.target,
            self.codec,
            self.font,
            self.after,
            self.hidden,
            self.deleted,
            self.struck,
            self.script,
            self.bold,
            self.box,
        )


@dataclass(slots=True)
class Paragraph:
    """The paragraph that is being read, and what its properties say."""

    pieces: list[str] = field(default_factory=list)
    notes: list[Part] = field(default_factory=list)
    style: int | None = None
    outline: int | None = None
    level: int = 0
    mark: str = ""
    in_table: bool = False
    indent: int = 0
    bold: bool = True  # all of its text is

    def add(self, text: str) -> None:
        """Append to its text."""
        self.pieces.append(text)

    @property
    def text(self) -> str:
        """What was read of it so far."""
        return "".join(self.pieces)
