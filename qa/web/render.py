"""Answers as chat messages: text stays text, citations are links that open their source."""

import re

from qa.types import Answer, Citation
from qa.web.source import link_to
from qa.web.words import WORDS

__all__ = ["literal", "render"]

_PREVIEW = 220  # characters of a closest passage shown in the chat


def literal(text: str) -> str:
    """The text as Markdown that shows exactly these words, whatever they hold.

    Every ASCII character that is no letter, digit or space becomes a numeric character reference,
    so nothing is left that Markdown, HTML or a link recogniser could read as their own. Runs of
    white space become one space: indentation would make code.
    """
    words = " ".join(text.split())
    return re.sub(r"[!-/:-@\[-`{-~]", lambda match: f"&#{ord(match[0])};", words)


def render(answer: Answer) -> str:
    """An answer, complete or still growing, as the Markdown of one message."""
    words = WORDS.get(answer.language, WORDS["es"])
    parts = []
    if answer.searched_for.strip() != answer.question.strip():
        parts.append(f"*{words['searched_for']}: {literal(answer.searched_for)}*")
    if answer.found:
        parts += _quotes(answer, words)
    else:
        parts += _closest(answer, words)
    return "\n\n".join(parts)


def _quotes(answer: Answer, words: dict[str, str]) -> list[str]:
    parts = [f"**{literal(answer.short)}**"] if answer.short else []
    for number, citation in enumerate(answer.citations, start=1):
        link = f"[\\[{number}\\]]({link_to(citation)})"
        parts.append(f"> {literal(citation.quote)} {link}\n>\n> *{_place(citation, words)}*")
    return [*parts, f"[{words['copy']}](#copy)"]


def _closest(answer: Answer, words: dict[str, str]) -> list[str]:
    parts = [literal(answer.text)]
    if answer.hits:
        parts.append(words["closest"])
    for number, hit in enumerate(answer.hits[:3], start=1):
        quote = hit.citation.quote
        preview = quote if len(quote) <= _PREVIEW else quote[:_PREVIEW].rstrip() + "…"
        link = f"[\\[{number}\\]]({link_to(hit.citation)})"
        place = _place(hit.citation, words)
        parts.append(f"> {literal(preview)} {link}\n>\n> *{place}*")
    return parts


def _place(citation: Citation, words: dict[str, str]) -> str:
    places = [literal(citation.title or citation.source or citation.document_id)]
    if citation.page is not None:
        places.append(f"{words['page']} {citation.page}")
    places.append(f"{words['paragraph']} {citation.paragraph}")
    return " · ".join(places)
