"""Looks into what was written for what is more than text."""

import re
from collections.abc import Iterable

from lxml import html
from markdown2 import Markdown
from markdown_it import MarkdownIt

from qa.reports.plain import keyed

__all__ = ["REORDERING", "elements_of", "holds", "rendered"]

# Marks of direction, signs that show nothing, controls.
REORDERING = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]"
)

# Both let HTML through: what is no markup with them is none with stricter ones.
_COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_EXTRAS = ["fenced-code-blocks", "footnotes", "strike", "tables", "task_list", "wiki-tables"]


def rendered(markdown: str) -> Iterable[html.HtmlElement]:
    """The Markdown as two programs show it: one that follows the standard, one that is older."""
    for page in (_COMMONMARK.render(markdown), Markdown(extras=_EXTRAS).convert(markdown)):
        yield html.fragment_fromstring(page, create_parent="main")


def elements_of(page: html.HtmlElement) -> set[str]:
    """Each kind of element with each of its attributes, as in ``a href``."""
    found = set()
    for element in page.iter():
        found |= {f"{element.tag} {name}" for name in element.attrib} or {str(element.tag)}
    return found


def holds(shown: str, text: str) -> bool:
    """Whether what is shown has the words of a text, whatever is invisible in either."""
    return keyed(text).key in keyed(shown).key
