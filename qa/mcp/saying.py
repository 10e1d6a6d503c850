"""What the tools say in words, beside what they give as data."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from mcp_types import ContentBlock, ResourceLink, TextContent

from qa.answering.refusals import told
from qa.mcp.places import address_of, id_of
from qa.types import Citation
from qa.web.source import titled

if TYPE_CHECKING:
    from qa.evaluation.explain import Explanation

__all__ = ["answer", "explanation", "hits", "listing", "passage"]

_TRACES = 3  # expected passages whose stages are said


def _name(row: dict[str, Any]) -> str:
    return titled(row["title"], row["source"], row["document_id"])


def _place(row: dict[str, Any]) -> str:
    """``p. 3, ¶ 12``."""
    page = row["page_label"] or row["page"]
    return f"p. {page}, ¶ {row['paragraph']}" if page else f"¶ {row['paragraph']}"


def _source(row: dict[str, Any]) -> str:
    """``Acta de mayo (2024-05-02), p. 3, ¶ 12 | id: acta.pdf#184-541-365336ad``.

    After it comes the link, where that opens in a browser.
    """
    name = f"{_name(row)} ({row['date']})" if row["date"] else _name(row)
    parts = [f"{name}, {_place(row)}", f"id: {id_of(Citation.from_dict(row))}"]
    return " | ".join([*parts, row["link"]] if row["link"].startswith("http") else parts)


def _blocks(lines: Iterable[str], cited: Iterable[dict[str, Any]]) -> list[ContentBlock]:
    """The text, and after it a link for each place."""
    links = {}
    for row in cited:
        document, _, place = id_of(Citation.from_dict(row)).rpartition("#")
        address = address_of(document, place)
        links[address] = ResourceLink(
            name=document,
            title=_name(row),
            uri=address,
            description=_place(row),
            mime_type="text/plain",
        )
    return [TextContent(text="\n".join(lines).strip()), *links.values()]


def hits(found: Sequence[dict[str, Any]]) -> list[ContentBlock]:
    """Passages, each under the line that cites it."""
    if not found:
        return [TextContent(text="No passage was found.")]
    lines = []
    for hit in found:
        cited = hit["citation"]
        under = [part for part in (cited["context"], cited["header"]) if part]
        source = f"[{hit['rank']}] {_source(cited)} | relevance: {hit['relevance']:.2f}"
        lines += [source, *under, hit["text"], ""]
    return _blocks(lines, [hit["citation"] for hit in found])


def answer(found: dict[str, Any]) -> list[ContentBlock]:
    """The answer as it is shown to people, and where each of its quotes stands."""
    quotes = found["citations"]
    sources = [f"[{row['number']}] {_source(row)}" for row in quotes]
    return _blocks([found["answer"], "", *sources], quotes)


def passage(found: dict[str, Any]) -> list[ContentBlock]:
    """The words, apart from those around them."""
    before, after = found["before"], found["after"]
    lines = [_source(found["citation"])]
    lines += ["--- before", before, "--- the words"] if before or after else []
    lines += [found["text"]]
    lines += ["--- after", after] if before or after else []
    if found["next"] is not None:
        lines += ["", f"The document goes on at {found['next']} of {found['length']} characters."]
    return _blocks(lines, [found["citation"]])


def listing(found: dict[str, Any]) -> list[ContentBlock]:
    """A line for each document."""
    rows = found["documents"]
    lines = [f"{found['total']} documents, {len(rows)} of them here:"]
    for row in rows:
        known = (row["title"], row["date"], row["language"], f"{row['passages']} passages")
        values = [f"{name}={value}" for name, value in row["metadata"].items()]
        lines.append(" | ".join([row["id"], *filter(None, known), *values]))
    if found["next"] is not None:
        lines.append(f"More of them: offset={found['next']}.")
    return [TextContent(text="\n".join(lines))]


def explanation(found: "Explanation") -> list[ContentBlock]:
    """Where the expected passage was lost, and how it fared in each stage."""
    lines = [found.sentence, *(told(found.refusal, found.language) if found.refusal else ())]
    for trace in found.traces[:_TRACES]:
        lines.append(f"{trace.passage.document_id}, ¶ {trace.passage.paragraph}:")
        for stage in trace.stages:
            number = stage.rank if stage.rank else stage.score
            fared = "none" if number is None else f"{number:.3g}"
            passed = "passed" if stage.passed else "not passed"
            lines.append(f"- {stage.name}: {fared} (to pass: {stage.limit:g}), {passed}")
    return [TextContent(text="\n".join(lines))]
