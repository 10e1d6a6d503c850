"""The form of an answer in the chat: what is its headline, what is folded, what it stands under."""

import re
from typing import Final

from index.text.folding import fold
from index.text.months import written_date
from index.text.stopwords import STOPWORDS
from qa.reports.plain import on_one_line
from qa.types import Answer, Citation
from qa.web.source import titled

__all__ = ["headline", "names", "place", "related", "shorten", "shorten_middle"]

_TITLE = 64  # characters of a document's title under a quote
_FILE = 36  # and of its file's name
_HEADLINE = 12  # words of a headline: more is a sentence, which the quote says as well
_REPEATS = 0.6  # share of the quote from which on a headline would only repeat it
_SHOWN = 2  # quotes that are shown where no words in them are marked
_NEAR = 600  # characters between two items of one list

_FRAGMENT = re.compile(
    r"(?:que|y|e|o|u|ni|es|son|era|eran|fue|fueron|ha|han|había|está|están|se|and|or|nor|that|which|"
    r"who|is|are|was|were|has|have|had|to)\b"
)
_PAIRS: Final = ("()", "[]", "«»", "“”")
_STOP: Final = frozenset(word for words in STOPWORDS.values() for word in words)
_ITEM = re.compile(r"\s*(?:[-•*–]|\(?(?:\d{1,3}|[ivxlc]{1,5}|[a-z])[.)]) ", re.IGNORECASE)


def headline(answer: Answer) -> str | None:
    """The few words that answer, where they say it alone; None where the quotes say it better.

    That is where they are a fragment, or most of their quote, or one of several answers.
    """
    short = answer.short
    if not short or not answer.citations or answer.disagree or "\n" in short.strip():
        return None
    words = short.split()
    if len(words) > _HEADLINE or _FRAGMENT.match(short) or fold(words[-1]) in _STOP:
        return None
    if short[-1] in ",:;" or any(short.count(a) != short.count(b) for a, b in _PAIRS):
        return None
    if len(short) > _REPEATS * len(answer.citations[0].quote):
        return None
    if any(_of_one_list(answer, n) for n in range(1, len(answer.citations))):
        return None
    return short.removesuffix(".") if "." not in words[-1][:-1] else short  # not that of "S.A."


def related(answer: Answer) -> set[int]:
    """Which citations, from 0, are folded: those that add to the answer, and are no part of it."""
    if answer.disagree:
        return set()
    shown = 1 if any(citation.highlight for citation in answer.citations) else _SHOWN
    return {
        n
        for n, citation in enumerate(answer.citations)
        if n >= shown and citation.highlight is None and not _of_one_list(answer, n)
    }


def _of_one_list(answer: Answer, n: int) -> bool:
    """Whether a further citation is an item of the list that the first one is of."""
    first, other = answer.citations[0], answer.citations[n]
    near = first.document_id == other.document_id and abs(first.start - other.start) <= _NEAR
    return near and bool(_ITEM.match(first.quote) and _ITEM.match(other.quote))


def place(citation: Citation, words: dict[str, str]) -> list[str]:
    """Where a quote stands: title, file, date, page and paragraph, as far as known."""
    places = names(citation.title, citation.source, citation.document_id)
    if citation.date is not None:
        places.append(written_date(citation.date, words["language"]))
    paragraph = f"{words['paragraph']} {citation.paragraph}"
    if citation.page is not None:
        paragraph = f"{words['page']} {_page(citation, words)}, {paragraph}"
    places.append(paragraph)
    if citation.ocr is not None:
        places.append(words["ocr"])
    return places


def names(title: str | None, source: str | None, document_id: str) -> list[str]:
    """The title and the name of the file, or that alone which says both; long ones are cut."""
    file = titled(None, source, "")
    name = titled(title, source, document_id)
    if not file or _plain(name) == _plain(file):
        return [shorten_middle(name, _TITLE)]
    if _plain(name) == _plain(file.rpartition(".")[0]):
        return [shorten_middle(file, _TITLE)]
    return [shorten_middle(name, _TITLE), shorten_middle(file, _FILE)]


def _plain(name: str) -> str:
    return " ".join(re.split(r"[\W_]+", fold(name))).strip()


def _page(citation: Citation, words: dict[str, str]) -> str:
    """The page as printed on it, with the sheet's number where that is another one."""
    if citation.page_label in {None, str(citation.page)}:
        return str(citation.page)
    return f"{on_one_line(citation.page_label or '')} ({words['sheet']} {citation.page})"


def shorten(text: str, longest: int) -> str:
    """The text in at most so many characters, cut between words if there is room for one."""
    if len(text) <= longest:
        return text
    return (text[:longest].rpartition(" ")[0] or text[:longest]) + "…"


def shorten_middle(text: str, longest: int) -> str:
    """The text in at most so many characters and an ellipsis, its beginning and its end kept."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    end = longest * 2 // 5
    first, last = text[: longest - end], text[-end:]
    # Between words, where there is a gap near by.
    whole = first.rpartition(" ")[0]
    first = whole if len(whole) > len(first) * 2 // 3 else first
    rest = last.partition(" ")[2]
    last = rest if len(rest) > len(last) // 2 else last
    return f"{first.rstrip()}…{last}"
