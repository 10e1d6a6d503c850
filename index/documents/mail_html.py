"""The HTML body of a mail as parts, with what it quotes of other mails marked."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.documents.mail_text import marked_quotes
from index.documents.parts import Part
from index.types import BlockRole

__all__ = ["html_parts"]

_MAY_QUOTE = re.compile(
    r"""type=["']?cite|gmail_quote|gmail_attr|moz-cite|protonmail_quote|yahoo_quoted""", re.IGNORECASE
)
# What mail programs put around what they quote; the divs of Gmail and Yahoo also hold new words.
_QUOTES = (
    "//blockquote[@type='cite' or @type='CITE' or contains(@class,'gmail_quote')"
    " or contains(@class,'protonmail_quote')]"
    " | //div[contains(@class,'gmail_attr') or contains(@class,'moz-cite-prefix')"
    " or contains(@class,'yahoo_quoted')]"
)
_BEGIN, _END = "\ue0f0quote\ue0f1", "\ue0f0end\ue0f1"  # private characters: no mail has them


def html_parts(html: str) -> list[Part]:
    """The parts of a body; what is quoted of other mails is marked so."""
    if not _MAY_QUOTE.search(html):
        return marked_quotes(_parts(html))
    return marked_quotes(_between_marks(_parts(_with_marks(html))))


def _parts(html: str) -> list[Part]:
    from index.documents import html as reader

    if hasattr(reader, "parts_of_html"):
        return list(reader.parts_of_html(html))
    return list(reader.read_html(("\ufeff" + html).encode("utf-8", "replace"), reader.ReadOptions()).parts)


def _with_marks(html: str) -> str:
    """The HTML, with a paragraph before and after each outermost quote that says so."""
    from lxml import etree
    from lxml import html as lxml_html

    try:
        root = lxml_html.document_fromstring(
            html.encode("utf-8", "replace"),
            parser=lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True),
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return html
    for node in root.xpath(_QUOTES):
        if any(True for above in node.iterancestors() if above.get("data-quoted")):
            continue
        node.set("data-quoted", "1")
        begin, end = etree.Element("p"), etree.Element("p")
        begin.text, end.text = _BEGIN, _END
        end.tail, node.tail = node.tail, None
        node.addprevious(begin)
        node.addnext(end)
    return str(lxml_html.tostring(root, encoding="unicode"))


def _between_marks(parts: Sequence[Part]) -> list[Part]:
    marked: list[Part] = []
    inside = False
    for part in parts:
        if _BEGIN in part.text or _END in part.text:
            inside = _BEGIN in part.text
            continue
        quoted = inside and part.role not in (BlockRole.TABLE, BlockRole.NOTE, BlockRole.CODE)
        marked.append(replace(part, role=BlockRole.QUOTED, level=1) if quoted else part)
    return marked
