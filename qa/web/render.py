"""Answers as chat messages: text stays text, citations are links that open their source."""

import re

from index.text.months import written_date
from index.text.tables import cell_spans, cells, is_delimiter, rows_of
from qa.types import Answer, Citation
from qa.web.source import link_to
from qa.web.strings import WORDS

__all__ = ["literal", "render", "shorten"]

_QUOTE = 800  # characters of a quote shown in the chat; its link shows all
_TITLE = 90  # characters of a document's title under a quote
_ROWS = 12  # rows of a table shown in the chat; its link shows all
_PREVIEW = 220  # characters of a closest passage shown in the chat


def literal(text: str) -> str:
    """The text as Markdown that shows exactly these words, whatever they hold.

    Every ASCII character that is no letter, digit or space becomes a numeric character reference,
    so nothing is left that Markdown, HTML or a link recogniser could read as their own. Runs of
    white space become one space: indentation would make code.
    """
    words = " ".join(text.split())
    return re.sub(r"[!-/:-@\[-`{-~]", lambda match: f"&#{ord(match[0])};", words)


def render(answer: Answer, key: bytes) -> str:
    """An answer, complete or still growing, as the Markdown of one message.

    ``key`` stamps the links of its citations: `qa.web.source.key_of`.
    """
    words = WORDS.get(answer.language, WORDS["es"])
    parts = []
    if answer.searched_for.strip() != answer.question.strip():
        parts.append(f"*{words['searched_for']}: {literal(answer.searched_for)}*")
    if answer.found:
        parts += _quotes(answer, key, words)
    else:
        parts += _closest(answer, key, words)
    return "\n\n".join(parts)


def _quotes(answer: Answer, key: bytes, words: dict[str, str]) -> list[str]:
    parts = [f"**{literal(answer.short)}**"] if answer.short else []
    for number, citation in enumerate(answer.citations, start=1):
        parts.append(_quote(number, citation, _QUOTE, key, words))
    # A reply that quotes nothing is all text; beside quotes stand only notes.
    lines = answer.notes if answer.citations else answer.text.splitlines()
    if lines:
        parts.append("  \n".join(literal(line) for line in lines))
    return [*parts, f"[{words['copy']}](#copy)"] if answer.citations else parts


def _closest(answer: Answer, key: bytes, words: dict[str, str]) -> list[str]:
    parts = [literal(answer.text)]
    if answer.hits:
        parts.append(words["closest"])
    for number, hit in enumerate(answer.hits[:3], start=1):
        parts.append(_quote(number, hit.citation, _PREVIEW, key, words))
    return parts


def _quote(number: int, citation: Citation, longest: int, key: bytes, words: dict[str, str]) -> str:
    link = f"[\\[{number}\\]]({link_to(citation, key)})"
    place = f"> *{_place(citation, words)}*"
    if table := _table(citation):
        return "\n".join([*(f"> {line}" for line in table), ">", f"> {link}", ">", place])
    return f"> {_quoted(citation, longest)} {link}\n>\n{place}"


def _table(citation: Citation) -> list[str]:
    """The lines of a small Markdown table: the header and the quoted rows; none for other text."""
    quote = citation.quote
    rows = rows_of(quote)
    if rows is None:
        return []
    header = [line for line in citation.header.split("\n") if line and not is_delimiter(line)]
    start, end = citation.highlight or (-1, -1)
    mark = start - citation.start, end - citation.start
    shown = [[literal(cell) for cell in cells(line)] for line in header]
    shown += [
        [_cell(quote, a + start, a + end, mark) for start, end in cell_spans(quote[a:b])]
        for a, b in rows[:_ROWS]
    ]
    width = max(map(len, shown))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in shown]
    head = lines[:1] if header else ["|" + "  |" * width]
    return [*head, "|" + "---|" * width, *lines[len(head) if header else 0 :]]


def _cell(quote: str, start: int, end: int, mark: tuple[int, int]) -> str:
    """A cell's words, those that answer in a mark."""
    first, last = max(start, mark[0]), min(end, mark[1])
    if first >= last:
        return literal(quote[start:end])
    parts = (quote[start:first], quote[first:last], quote[last:end])
    before, answer, after = (_inline(part) if part else "" for part in parts)
    return f"{before}<mark>{answer}</mark>{after}"


def _quoted(citation: Citation, longest: int) -> str:
    """The quote, cut to fit, with the words that answer in a mark."""
    quote = shorten(citation.quote, longest)
    if citation.highlight is None or citation.highlight[1] > citation.start + len(quote):
        return literal(quote)
    start, end = (place - citation.start for place in citation.highlight)
    parts = (quote[:start], quote[start:end], quote[end:])
    before, answer, after = (_inline(part) for part in parts)
    return f"{before}<mark>{answer}</mark>{after}".strip()


def _inline(text: str) -> str:
    """The text as `literal` gives it, with a space where it began or ended with one."""
    first, last = (" " if edge.isspace() else "" for edge in (text[:1], text[-1:]))
    return f"{first}{literal(text)}{last}"


def shorten(text: str, longest: int) -> str:
    """The text in at most so many characters, cut between words if there is room for one."""
    if len(text) <= longest:
        return text
    return (text[:longest].rpartition(" ")[0] or text[:longest]) + "…"


def _place(citation: Citation, words: dict[str, str]) -> str:
    title = citation.title or citation.source or citation.document_id
    places = [literal(shorten(title, _TITLE))]
    if citation.date is not None:
        places.append(written_date(citation.date, words["language"]))
    if citation.page is not None:
        places.append(f"{words['page']} {citation.page}")
    places.append(f"{words['paragraph']} {citation.paragraph}")
    return " · ".join(places)
