"""An answer as the Markdown of a message: the words of documents stay words."""

from dataclasses import dataclass

from qa.reports.markdown import literal
from qa.reports.parts import place_of
from qa.types import Answer, Citation
from qa.web.source import permalink

__all__ = ["Links", "body", "sources"]

_SOURCES = {"es": "Fuentes", "en": "Sources"}


@dataclass(frozen=True, slots=True)
class Links:
    """Where citations open: the address of a chat over the same index, "" where there is none.

    ``key`` stamps them (`qa.web.source.key_of`).
    """

    chat: str
    key: bytes

    def to(self, citation: Citation) -> str | None:
        """The address that opens a citation at its words."""
        return permalink(citation, self.key, self.chat) if self.chat else None


def body(answer: Answer) -> str:
    """The text of an answer, maybe of one that still grows, each line a paragraph."""
    return "\n\n".join(literal(line) for line in answer.text.split("\n") if line.strip())


def sources(answer: Answer, links: Links) -> str:
    """Below the text: where each citation stands, with its link; empty without citations."""
    if not answer.citations:
        return ""
    places = [literal(place_of(citation, answer.language)) for citation in answer.citations]
    linked = [
        _linked(place, links.to(to)) for place, to in zip(places, answer.citations, strict=True)
    ]
    lines = [f"- \\[{number}\\] {place}" for number, place in enumerate(linked, 1)]
    title = _SOURCES["es" if answer.language == "es" else "en"]
    return "\n".join([f"\n\n**{title}**\n", *lines])


def _linked(text: str, address: str | None) -> str:
    return f"[{text}](<{address}>)" if address else text
