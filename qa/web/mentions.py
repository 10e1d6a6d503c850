"""Every mention of a phrase as one message of the chat."""

from collections.abc import Iterator
from typing import Final

from index.text.months import written_date
from qa.answering.mentions import answer_of, around, counted, left_out, more, rest
from qa.types import Answer, Citation, MentionedIn, Mentions
from qa.web.render import literal, render, shorten
from qa.web.source import link_to

__all__ = ["message", "spoken"]

_SIDE = 140  # characters shown before and after a mention
_OPEN = 3  # mentions of a document that are seen at once, where several documents have some
_OPEN_ALONE = 12
_TITLE = 90  # characters of a document's title
_WORDS: Final[dict[str, dict[str, str]]] = {
    "es": {
        "page": "página",
        "paragraph": "párrafo",
        "mentions": "1 mención|{} menciones",
        "folded": "1 mención más|{} menciones más",
        "choose": "Para verlas todas, elige un solo documento en «Buscar en».",
        "longer": "Se muestran las primeras {}: con una frase más larga serán menos.",
        "copy": "Copiar respuesta",
    },
    "en": {
        "page": "page",
        "paragraph": "paragraph",
        "mentions": "1 mention|{} mentions",
        "folded": "1 more mention|{} more mentions",
        "choose": "To see them all, choose one document in “Search in”.",
        "longer": "The first {} are shown: with a longer phrase there will be fewer.",
        "copy": "Copy answer",
    },
}


def spoken(answer: Answer, language: str) -> Answer:
    """The answer; that to a phrase, which may be of any language, in the language of the page."""
    found = answer.mentions
    return answer_of(found, answer.question, language) if found else answer


def message(answer: Answer, key: bytes) -> str:
    """An answer as the Markdown of one message; ``key`` stamps the links of its citations."""
    found = answer.mentions
    if found is None or not found.total:
        return render(answer, key)
    language = answer.language if answer.language in _WORDS else "es"
    return "\n\n".join(_parts(found, key, language))


def _parts(found: Mentions, key: bytes, language: str) -> Iterator[str]:
    words = _WORDS[language]
    yield f"**{literal(counted(found, language))}**"
    alone = len(found.documents) == 1
    number = 1
    for document in found.documents:
        cited = [c for c in found.citations if c.document_id == document.document_id]
        if cited:
            yield from _of_document(document, cited, number, key, language, alone=alone)
            number += len(cited)
    for line in (rest(found, language), left_out(found, language)):
        if line:
            yield literal(line)
    if found.beyond:
        yield literal(words["longer" if alone else "choose"].format(len(found.citations)))
    yield f"[{words['copy']}](#copy)"


def _of_document(
    document: MentionedIn,
    cited: list[Citation],
    number: int,
    key: bytes,
    language: str,
    *,
    alone: bool,
) -> Iterator[str]:
    """The document's name and its mentions, after the first ones folded."""
    words = _WORDS[language]
    title = document.title or document.source or document.document_id
    told = [] if document.date is None else [written_date(document.date, language)]
    told.append(_number(document.count, words["mentions"]))
    yield f"**{literal(shorten(title, _TITLE))}** *· {' · '.join(told)}*"
    items = [_item(n, citation, key, words) for n, citation in enumerate(cited, number)]
    most = _OPEN_ALONE if alone else _OPEN
    yield _list(items[:most])
    if folded := items[most:]:
        summary = _number(len(folded), words["folded"])
        yield f"<details><summary>{summary}</summary>\n\n{_list(folded)}\n\n</details>"
    if left := document.count - len(cited):
        yield f"*{literal(more(left, language))}*"


def _number(count: int, forms: str) -> str:
    one, many = forms.split("|")
    return one if count == 1 else many.format(f"{count:,}")


def _list(items: list[str]) -> str:
    # With an empty line between them each is a paragraph, as copying takes them.
    return "\n>\n".join(f"> - {item}" for item in items)


def _item(number: int, citation: Citation, key: bytes, words: dict[str, str]) -> str:
    before, mention, after = around(citation, _SIDE)
    shown = "".join(
        (_inline(before), f"<mark>{literal(mention)}</mark>", _inline(after).rstrip(), " ")
    ).lstrip()
    page = citation.page_label or citation.page
    places = [f"{words['page']} {literal(str(page))}"] if page else []
    places.append(f"{words['paragraph']} {citation.paragraph}")
    return f"{shown}[\\[{number}\\]]({link_to(citation, key)}) *{', '.join(places)}*"


def _inline(text: str) -> str:
    """The text as `literal` gives it, with a space where it begins or ends with one."""
    return f"{' ' * text[:1].isspace()}{literal(text)}{' ' * text[-1:].isspace()}"
