"""Documents to passages: what is embedded, found and cited. Pure.

A paragraph is a passage, with these exceptions:

* A heading joins what it heads, and a note what it belongs to.
* A byline stands alone, with a context that says what it is.
* Short paragraphs, items of a list and rows of a table join each other up to ``_GROUP_TOKENS``. A
  table, a list with its introduction and an article stay whole up to ``_TURN_TOKENS``.
* A paragraph too long for the model is cut at sentence ends.
* What is said in a dialogue is joined up to ``_TURN_TOKENS``, answers with their questions. A
  passage that begins in the middle of a turn has the speaker as its context.
* Any other passage has as its context what it stands under: headings, the article, what introduces
  the list, the title and header of the table.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.chunking.roles import Paragraph, ParagraphRole, label
from index.chunking.scopes import Scope, context_of, runs, scopes
from index.chunking.speakers import asks, spoken_name
from index.chunking.structure import with_blocks
from index.settings import SETTINGS
from index.text.sentences import sentence_spans
from index.types import Block, BlockRole, Document, Passage, Role

__all__ = ["split"]

CountTokens = Callable[[Sequence[str]], list[int]]
Span = tuple[int, int]

_GROUP_TOKENS = SETTINGS.passages.group_tokens
_TURN_TOKENS = SETTINGS.passages.turn_tokens
# The context of a byline: words that someone may use to ask for it.
_BYLINE_CONTEXTS = {
    "es": "Autor, quien escribió el artículo",
    "en": "Author, who wrote the article",
}


@dataclass(frozen=True, slots=True)
class _Group:
    """Paragraphs ``first`` to ``last``, which make one passage if they fit.

    The text after the headings begins with the paragraph ``body``.
    """

    first: int
    last: int
    body: int
    byline: bool = False


def split(document: Document, count_tokens: CountTokens, max_tokens: int) -> list[Passage]:
    """The passages of a document in order, none over ``max_tokens`` by ``count_tokens``.

    They do not overlap and hold all of the text of its blocks but white space and separator lines
    (which stand only inside of a passage that joins turns of a dialogue). ``count_tokens`` counts
    many texts in one call. A single character that counts more than ``max_tokens`` stays whole.
    """
    document = with_blocks(document)
    paragraphs = label(document)
    layout = _Layout(document, paragraphs, scopes(document, paragraphs))
    counts = count_tokens([document.text[p.start : p.end] for p in paragraphs])
    groups = _groups(document, paragraphs, counts, max_tokens)
    spans = [
        (span, group.byline)
        for group, of_group in zip(
            groups, _spans(layout, groups, counts, count_tokens, max_tokens), strict=True
        )
        for span in of_group
    ]
    spans = _without_wordless(document.text, spans, count_tokens, max_tokens)
    return [layout.passage(span, byline=byline) for span, byline in spans]


def _without_wordless(
    text: str, spans: list[tuple[Span, bool]], count_tokens: CountTokens, max_tokens: int
) -> list[tuple[Span, bool]]:
    """The spans, with those that have no letter and no digit joined to one beside them.

    One stays where it fits to neither. The flags say what is a byline, to which nothing is joined.
    """
    kept: list[tuple[Span, bool]] = []
    for (start, end), byline in spans:
        before = kept[-1] if kept else None
        bare = before and not any(map(str.isalnum, text[slice(*before[0])]))
        bare = bare or not any(map(str.isalnum, text[start:end]))
        if before and bare and not (before[1] or byline):
            whole = before[0][0], end
            if count_tokens([text[slice(*whole)]])[0] <= max_tokens:
                kept[-1] = whole, False
                continue
        kept.append(((start, end), byline))
    return kept


class _Layout:
    """A document's paragraphs with what they stand under."""

    def __init__(
        self, document: Document, paragraphs: list[Paragraph], scopes: list[Scope]
    ) -> None:
        self.document = document
        self.paragraphs = paragraphs
        self._scopes = scopes
        self._starts = [p.start for p in paragraphs]
        self._blocks = [b for b in document.blocks if b.role is not BlockRole.PARAGRAPH]
        self._block_ends = [block.end for block in self._blocks]
        self._byline = _BYLINE_CONTEXTS.get(document.language or "es", _BYLINE_CONTEXTS["es"])

    def context(self, start: int) -> str:
        """What a passage that begins at ``start`` stands under: its speaker, or its scope."""
        place = bisect_right(self._starts, start) - 1
        first = self.paragraphs[place]
        if first.speaker:
            # None where it begins with the speaker's label.
            return "" if first.turn and first.start == start else spoken_name(first.speaker)
        return context_of(self.document, self._scopes[place], start, first)

    def passage(self, span: Span, *, byline: bool) -> Passage:
        """The passage of a span."""
        (start, end), starts, pages = span, self._starts, self.document.page_starts
        header = self._scopes[bisect_right(starts, start) - 1].header
        above = header is not None and header[1] <= start
        return Passage(
            document_id=self.document.id,
            start=start,
            end=end,
            text=self.document.text[start:end],
            paragraph=bisect_right(starts, start),
            page=max(1, bisect_right(pages, start)) if pages else None,
            paragraph_breaks=tuple(starts[bisect_right(starts, start) : bisect_left(starts, end)]),
            page_breaks=tuple(pages[bisect_right(pages, start) : bisect_left(pages, end)]),
            language=self.document.language,
            context=self._byline if byline else self.context(start),
            role=Role.BYLINE if byline else Role.BODY,
            blocks=self._blocks_in(start, end),
            header=self.document.text[slice(*header)] if header and above else "",
        )

    def _blocks_in(self, start: int, end: int) -> tuple[Block, ...]:
        """The blocks that a span holds or is a part of, without the spans of their cells."""
        found = []
        for block in self._blocks[bisect_right(self._block_ends, start) :]:
            if block.start >= end:
                break
            found.append(replace(block, spans=()) if block.spans else block)
        return tuple(found)


def _groups(
    document: Document, paragraphs: list[Paragraph], counts: list[int], max_tokens: int
) -> list[_Group]:
    """Headings with what they head, then what belongs together, or short neighbours."""
    text = document.text
    whole = _whole_runs(runs(document, paragraphs), counts)
    groups: list[_Group] = []
    tokens = 0
    for unit in _units(paragraphs):
        unit_tokens = sum(counts[unit.first : unit.last + 1])
        before = groups[-1] if groups else None
        if before and tokens + unit_tokens <= max_tokens and not (before.byline or unit.byline):
            talk = paragraphs[before.last].speaker and paragraphs[unit.first].speaker
            run, run_before = whole[unit.last], whole[before.last]
            if talk:
                counted = (tokens, unit_tokens)
                joins = _joins_dialogue(text, paragraphs, before, unit, counted)
            elif run >= 0 or run_before >= 0:
                joins = run == run_before or _says_nothing_alone(paragraphs, unit)
            else:
                joins = _joins_neighbour(paragraphs, before, unit, tokens + unit_tokens)
        else:
            joins = False
        if before and joins:
            groups[-1] = _Group(before.first, unit.last, before.body)
            tokens += unit_tokens
        else:
            groups.append(unit)
            tokens = unit_tokens
    return groups


def _whole_runs(runs: list[int], counts: list[int]) -> list[int]:
    """The runs that are short enough to stay whole; -1 for what is in none."""
    tokens: dict[int, int] = {}
    for run, count in zip(runs, counts, strict=True):
        tokens[run] = tokens.get(run, 0) + count
    return [run if tokens[run] <= _TURN_TOKENS else -1 for run in runs]


def _units(paragraphs: list[Paragraph]) -> list[_Group]:
    """Each paragraph that is no heading, with the headings right before it."""
    units: list[_Group] = []
    first = 0
    for i, paragraph in enumerate(paragraphs):
        after = paragraphs[i + 1] if i + 1 < len(paragraphs) else None
        heads = paragraph.role in (ParagraphRole.HEADING, ParagraphRole.SPEAKER)
        if heads and after and after.role is not ParagraphRole.BYLINE and not after.barrier:
            continue
        units.append(_Group(first, i, i, paragraph.role is ParagraphRole.BYLINE))
        first = i + 1
    return units


def _says_nothing_alone(paragraphs: list[Paragraph], unit: _Group) -> bool:
    """Whether a unit is only a heading with nothing after it, or has no letter and no digit."""
    head = paragraphs[unit.first]
    alone = unit.first == unit.last and not head.barrier
    return alone and (head.wordless or head.role in (ParagraphRole.HEADING, ParagraphRole.SPEAKER))


def _joins_neighbour(paragraphs: list[Paragraph], group: _Group, unit: _Group, tokens: int) -> bool:
    """Whether short neighbours make one passage, of ``tokens`` in all."""
    if _says_nothing_alone(paragraphs, unit):
        return True
    head, body, before = paragraphs[unit.first], paragraphs[unit.last], paragraphs[group.last]
    kinds = (before.block.role, body.block.role)
    if BlockRole.NOTE in kinds[1:] and unit.first == unit.last:
        return tokens <= _TURN_TOKENS
    if BlockRole.TABLE in kinds:
        return before.block is body.block and tokens <= _GROUP_TOKENS
    alike = kinds[0] is kinds[1] and kinds[0] in (BlockRole.ITEM, BlockRole.FIELD)
    short = (alike or (before.short and body.short)) and tokens <= _GROUP_TOKENS
    if head.role is ParagraphRole.SPEAKER:
        return short and paragraphs[group.first].role is ParagraphRole.SPEAKER
    return short and head.role is ParagraphRole.BODY and not head.barrier


def _joins_dialogue(
    text: str,
    paragraphs: list[Paragraph],
    group: _Group,
    unit: _Group,
    counts: tuple[int, int],
) -> bool:
    """Whether the next words of a dialogue join those before; ``counts``: the tokens of both.

    A turn after an answer begins a passage, unless little was said before; the answer stays with a
    short question, however long its first paragraph is.
    """
    tokens, unit_tokens = counts
    head, last = paragraphs[unit.first], paragraphs[group.last]
    little = 2 * tokens <= _TURN_TOKENS
    if head.turn and asks(last.speaker, text[last.start : last.end]):
        return little or tokens + unit_tokens <= _TURN_TOKENS
    return tokens + unit_tokens <= _TURN_TOKENS and (little or not head.turn)


def _spans(
    layout: _Layout,
    groups: list[_Group],
    counts: list[int],
    count_tokens: CountTokens,
    max_tokens: int,
) -> list[list[Span]]:
    """The spans of each group: one, or those of its fragments if it is too long."""
    text, paragraphs = layout.document.text, layout.paragraphs
    spans: list[list[Span]] = []
    for group in groups:
        span = paragraphs[group.first].start, paragraphs[group.last].end
        # What joins two texts adds no more tokens than there are joints, as a rule.
        least = sum(counts[group.first : group.last + 1])
        if 2 * least <= max_tokens:
            spans.append([span])
            continue
        above = layout.context(span[0])
        # What is cut off from its beginning has its own number in its context, too.
        contexts = [f"{w}: " for w in (above, layout.context(span[1] - 1))] if above else [""]
        count, *extra = count_tokens([text[slice(*span)], *contexts])
        room = max_tokens - min(max(extra), max_tokens // 4)
        if count <= room:
            spans.append([span])
        else:
            body = paragraphs[group.body].start
            spans.append(_fragments(layout.document, span, body, count_tokens, room))
    return spans


def _fragments(
    document: Document, span: Span, body: int, count_tokens: CountTokens, max_tokens: int
) -> list[Span]:
    """A span cut at sentence ends into fragments of up to ``max_tokens``.

    Its heading stays with the first sentence. A sentence that is too long is cut at spaces, a word
    that is too long at characters.
    """
    text = document.text
    start, end = span
    sentences = [
        (start + a, start + b) for a, b in sentence_spans(text[start:end], document.language)
    ]
    headings = sum(a < body for a, _ in sentences)
    if headings and headings < len(sentences):
        sentences = [(start, sentences[headings][1]), *sentences[headings + 1 :]]
    atoms = _halved(text, sentences, count_tokens, max_tokens)
    fragments: list[Span] = []
    while atoms:
        first = atoms[0][0]
        count = _fitting(text, [b for _, b in atoms], first, count_tokens, max_tokens)
        fragments.append((first, atoms[count - 1][1]))
        atoms = atoms[count:]
    return fragments


def _fitting(
    text: str, ends: list[int], start: int, count_tokens: CountTokens, max_tokens: int
) -> int:
    """How many spans, from ``start`` to one of ``ends``, fit together; one at least."""
    # A token has about four characters. Twice as many as can fit are tried at once.
    window = max(1, bisect_right(ends, start + 8 * max_tokens))
    counts = count_tokens([text[start:end] for end in ends[:window]])
    fitting = [n for n, count in enumerate(counts, 1) if count <= max_tokens]
    return max(fitting, default=1)


def _halved(text: str, spans: list[Span], count_tokens: CountTokens, max_tokens: int) -> list[Span]:
    """The spans, in order, each cut in halves until it fits."""
    todo, done = list(spans), []
    while todo:
        counts = count_tokens([text[a:b] for a, b in todo])
        too_long = []
        for span, count in zip(todo, counts, strict=True):
            if count <= max_tokens or span[1] - span[0] < 2:
                done.append(span)
            else:
                too_long += _halves(text, span)
        todo = too_long
    return sorted(done)


def _halves(text: str, span: Span) -> list[Span]:
    """A span cut at the space nearest to its middle, or in its middle if none is inside."""
    start, end = span
    middle = (start + end) // 2
    before, after = middle, middle
    while before > start and not text[before].isspace():
        before -= 1
    while after < end and not text[after].isspace():
        after += 1
    if before == start and after == end:
        return [(start, middle), (middle, end)]
    cut = (
        before if after == end or (before > start and middle - before <= after - middle) else after
    )
    left, right = cut, cut
    while text[left - 1].isspace():
        left -= 1
    while text[right].isspace():
        right += 1
    return [(start, left), (right, end)]
