"""Answers as chat messages: text stays text, citations are links that open their source."""

import re

from index.text.tables import cell_spans, cells, is_delimiter, stretches
from qa.answering.refusals import sentences
from qa.types import Answer, Citation, Refusal, Written
from qa.web.form import headline, place, related, shorten
from qa.web.source import link_to
from qa.web.strings import WORDS

__all__ = ["literal", "render", "shorten"]

_QUOTE = 800  # characters of a quote shown in the chat; its link shows all
_ROWS = 12  # rows of a table shown in the chat; its link shows all
_NUMBER = re.compile(r"\[(\d+)\]")
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
    if answer.found and answer.written and answer.written.shown:
        parts += _written(answer, answer.written, key, words)
    elif answer.found:
        parts += _quotes(answer, key, words)
    elif answer.refusal is None:
        parts += _closest(answer, key, words)
    else:
        parts += _refusal(answer, answer.refusal, key, words)
    if not answer.found:  # its notes are of files that were not read
        parts += [f"[{literal(note)}](#documents)" for note in answer.notes]
    return "\n\n".join(parts)


def _quotes(answer: Answer, key: bytes, words: dict[str, str]) -> list[str]:
    short = headline(answer)
    parts = [f"**{literal(short)}**"] if short else []
    folded = related(answer)
    quotes = [_quote(n, c, _QUOTE, key, words) for n, c in enumerate(answer.citations, start=1)]
    parts += [quote for n, quote in enumerate(quotes) if n not in folded]
    # A reply that quotes nothing is all text; beside quotes stand only notes.
    lines = answer.notes if answer.citations else answer.text.splitlines()
    if lines:
        parts.append("  \n".join(literal(line) for line in lines))
    if answer.written and not answer.written.fallback:
        parts.append(f"*{words['writing']}*")
    if folded:
        parts.append(_folded(words["related"], [quotes[n] for n in sorted(folded)]))
    return [*parts, f"[{words['copy']}](#copy)"] if answer.citations else parts


def _written(answer: Answer, written: Written, key: bytes, words: dict[str, str]) -> list[str]:
    """A language model's sentences, their numbers as links; what they cite is folded below."""
    links = [_link(number, c, key) for number, c in enumerate(answer.citations, start=1)]
    lines = answer.text.split("\n")
    said = lines[: len(lines) - len(answer.notes)]
    parts = ["  \n".join(_sentences(line, links) for line in said)]
    if answer.notes:
        parts.append("  \n".join(literal(note) for note in answer.notes))
    parts.append(f"*{words['written'].format(model=literal(written.model))}*")
    quotes = [_quote(n, c, _QUOTE, key, words) for n, c in enumerate(answer.citations, start=1)]
    parts.append(_folded(words["cited"], quotes))
    return [*parts, f"[{words['copy']}](#copy)"]


def _sentences(line: str, links: list[str]) -> str:
    """The words as they are, and each number of a citation as its link."""
    shown = []
    for at, part in enumerate(_NUMBER.split(line)):
        if at % 2 and 0 < int(part) <= len(links):
            shown.append(links[int(part) - 1])
        else:
            shown.append(_inline(f"[{part}]" if at % 2 else part))
    return "".join(shown).strip()


def _closest(answer: Answer, key: bytes, words: dict[str, str]) -> list[str]:
    parts = [literal(answer.text)]
    if answer.hits:
        parts.append(words["closest"])
    for number, hit in enumerate(answer.hits[:3], start=1):
        parts.append(_quote(number, hit.citation, _PREVIEW, key, words))
    return parts


def _refusal(answer: Answer, refusal: Refusal, key: bytes, words: dict[str, str]) -> list[str]:
    """The sentences with their quotes below them; the other passages that are close, folded."""
    said = literal(answer.text.split("\n", 1)[0])
    if refusal.limited and refusal.chosen:
        chosen = words["chosen_one" if refusal.chosen == 1 else "chosen"]
        said = f"{chosen} · [{words['everywhere']}](#everywhere)"
    parts = [said]
    number = 0
    plain = ""  # sentences without a quote, which share the paragraph of the next one
    for sentence in sentences(refusal, answer.language):
        if sentence.citation is None:
            plain += f"{sentence.text}. "
            continue
        number += 1
        parts.append(literal(f"{plain}{sentence.before_quote}:"))
        parts.append(_quote(number, sentence.citation, _PREVIEW, key, words))
        plain = ""
    if plain:
        parts.append(literal(plain))
    others = answer.hits[1:3]
    if others:
        quotes = [
            _quote(n, hit.citation, _PREVIEW, key, words)
            for n, hit in enumerate(others, number + 1)
        ]
        parts.append(_folded(words["others"], quotes))
    return parts


def _folded(summary: str, quotes: list[str]) -> str:
    inside = "\n\n".join(quotes)
    return f"<details><summary>{summary}</summary>\n\n{inside}\n\n</details>"


def _quote(number: int, citation: Citation, longest: int, key: bytes, words: dict[str, str]) -> str:
    link = _link(number, citation, key)
    where = f"*{' · '.join(map(literal, place(citation, words)))}*"
    shown = _quoted(citation, longest)
    if len(shown) == 1 and not shown[0].startswith("|"):
        return f"> {shown[0]} {link}\n>\n> {where}"
    lines = "\n>\n".join("\n".join(f"> {line}" for line in part.split("\n")) for part in shown)
    return f"{lines}\n>\n> {link}\n>\n> {where}"


def _link(number: int, citation: Citation, key: bytes) -> str:
    return f"[\\[{number}\\]]({link_to(citation, key)})"


def _quoted(citation: Citation, longest: int) -> list[str]:
    """The parts of a quote, cut to fit, the words that answer in a mark: texts and small tables."""
    quote = shorten(citation.quote, longest)
    first, last = citation.highlight or (0, 0)
    mark = first - citation.start, last - citation.start
    if mark[1] > len(quote):
        mark = (0, 0)
    header = [line for line in citation.header.split("\n") if line and not is_delimiter(line)]
    shown: list[str] = []
    for start, end, is_table in stretches(quote, is_of_table=bool(header)):
        if is_table:
            shown.append(_table([] if shown else header, quote, start, end, mark))
        else:
            shown.append(_text(quote, start, end, mark))
    return shown


def _table(header: list[str], quote: str, start: int, end: int, mark: tuple[int, int]) -> str:
    """The lines of a Markdown table: the header, and the rows between two offsets of a quote."""
    shown = [[literal(cell) for cell in cells(line)] for line in header]
    at = start
    for line in quote[start:end].split("\n"):
        if line.strip() and not is_delimiter(line) and len(shown) < _ROWS + len(header):
            spans = cell_spans(line)
            shown.append([_text(quote, at + a, at + b, mark) for a, b in spans])
        at += len(line) + 1
    if not shown:  # a line between header and body, alone
        return literal(quote[start:end])
    width = max(map(len, shown))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in shown]
    head = lines.pop(0) if header else "|" + "  |" * width
    return "\n".join([head, "|" + "---|" * width, *lines])


def _text(quote: str, start: int, end: int, mark: tuple[int, int]) -> str:
    """The words between two offsets of a quote, those that answer in a mark."""
    first, last = max(start, mark[0]), min(end, mark[1])
    if first >= last:
        return literal(quote[start:end])
    parts = (quote[start:first], quote[first:last], quote[last:end])
    before, answer, after = (_inline(part) for part in parts)
    return f"{before}<mark>{answer}</mark>{after}".strip()


def _inline(text: str) -> str:
    """The text as `literal` gives it, with a space where it began or ended with one."""
    first, last = (" " if edge.isspace() else "" for edge in (text[:1], text[-1:]))
    return f"{first}{literal(text)}{last}"
