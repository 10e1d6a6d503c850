"""Running headers, footers and page numbers: what stands at a page's edge, apart from its text.

Furniture is found by its place: outside of the block of the body's lines, at the same height on
several pages, with words that come again there. What stands at the body's line distance is body.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.documents.pdf.model import Line, Page

__all__ = ["number_of", "without_furniture"]

_BAND = 0.2  # of the page's height, at either end
_OUTERMOST = 0.25  # of the page's height, for its first and last row
_MOST_ROWS = 6  # of a header or footer
_APART = 1.75  # of the body's line distance
_SAME_HEIGHT = 3.0  # points
_MARGIN = 0.055  # of the page's height
_LEAST_CHARS = 3  # of a header that comes again
_ROMAN = r"[ivxlcdm]{1,7}|[IVXLCDM]{1,7}"
_NUMBER = rf"(?:\d{{1,4}}|{_ROMAN})"
_WORD = r"(?:p[áa]g(?:ina|s?\.)?|p\.|page|hoja|folio|n[úu]m\.|n\.º)"
_OF = r"(?:de|of|/|\|)"
_PAGE_NUMBER = re.compile(
    rf"[-–—•|\[(\s.]*{_WORD}?\s*(?P<number>{_NUMBER})(?:\s*{_OF}\s*\d{{1,4}})?[-–—•|\])\s.]*"
    rf"|(?P<two>{_NUMBER})\s+(?P<other>{_NUMBER})",
    re.IGNORECASE,
)
_SAYS_PAGE = re.compile(rf"\b{_WORD}\s*{_NUMBER}(?:\s*{_OF}\s*\d{{1,4}})?", re.IGNORECASE)
_PAGE_AT_END = re.compile(
    rf"(?:^|[\t|•·–—-]\s*){_SAYS_PAGE.pattern}|{_SAYS_PAGE.pattern}(?=\s*(?:$|[\t|•·–—-]))",
    re.IGNORECASE,
)
_END_NUMBER = re.compile(
    rf"^{_NUMBER}\s*[-–—•|·]+\s*|\s*[-–—•|·]+\s*{_NUMBER}$|^\d{{1,4}}\t|\t\d{{1,4}}$"
)
_LAST_NUMBER = re.compile(rf"[\s|•·–—-]+(?P<number>{_NUMBER})(?:\s*{_OF}\s*(?P<all>\d{{1,4}}))?$")
_FIRST_NUMBER = re.compile(rf"(?P<number>{_NUMBER})[\s|•·–—-]+")
_CHANGED = re.compile(r"[úu]ltimas?\s+reformas?\b|last amended", re.IGNORECASE)
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


@dataclass(slots=True)
class _Row:
    """The lines of one baseline near a page's edge."""

    page: int  # its place among the pages
    at_top: bool
    height: float  # of the baseline, from the edge that is near
    lines: list[Line]
    text: str
    key: str
    size: float
    apart: bool = False  # whether a gap divides it from the body
    step: int = 0  # how many rows stand nearer to the edge


def without_furniture(pages: Sequence[Page]) -> list[str]:
    """Take running headers, footers and page numbers out of the pages' lines.

    Gives the texts of the headers that many pages have, the most frequent first: one may be the
    document's title.
    """
    rows = [row for place, page in enumerate(pages) for row in _edge_rows(page, place)]
    sizes = Counter(round(line.size, 1) for page in pages for line in page.lines)
    body = max(sizes, key=lambda size: sizes[size], default=10.0)
    _strip_numbers(rows, body, len(pages))
    found = _page_numbers(rows, pages) + _recurring(rows, len(pages))
    found += _on_every_page(rows, len(pages), body) + _in_margins(rows, pages, body)
    drop = _not_all(_from_the_edge(rows, {id(row) for row in found}), pages)
    drop = _without_dates(drop, pages)
    gone: dict[int, set[int]] = defaultdict(set)
    for row in drop:
        gone[row.page].update(id(line) for line in row.lines)
    _note_numbers(drop, pages)
    for place, lines in gone.items():
        pages[place].lines = [line for line in pages[place].lines if id(line) not in lines]
    _turned(pages)
    headers = Counter(
        row.key for row in drop if row.at_top and len(row.key) > 8 and "#" not in row.key
    )
    return [key for key, count in headers.most_common(5) if 2.5 * count >= len(pages) > 1]


def _from_the_edge(rows: Sequence[_Row], found: set[int]) -> list[_Row]:
    """The rows found between which and the edge of the page nothing of the body stands."""
    places: dict[tuple[bool, str], set[int]] = defaultdict(set)
    for row in rows:
        places[row.at_top, re.sub(r"\d+", "#", row.text)].add(row.page)
    kept = []
    blocked: set[tuple[int, bool]] = set()
    for row in sorted(rows, key=lambda row: row.step):
        side = row.page, row.at_top
        if id(row) in found and (side not in blocked or _numbers(row.text)):
            kept.append(row)
        elif id(row) not in found and not _lets_pass(row, places):
            blocked.add(side)
    return kept


def _lets_pass(row: _Row, places: dict[tuple[bool, str], set[int]]) -> bool:
    """Whether furniture may stand behind a row: "Folio 12" on three pages, and no sentence."""
    several = len(places[row.at_top, re.sub(r"\d+", "#", row.text)]) >= 3
    return several and not (row.text.endswith((".", ",", ";")) and row.text.count(" ") >= 2)


def _not_all(drop: Sequence[_Row], pages: Sequence[Page]) -> list[_Row]:
    """The rows without those that are all that their pages have, if that is so on many pages."""
    gone: Counter[int] = Counter()
    for row in drop:
        gone[row.page] += len(row.lines)
    emptied = {place for place, count in gone.items() if count >= len(pages[place].lines)}
    if 3 * len(emptied) < len(pages):
        return list(drop)
    keys = {(row.at_top, row.key) for row in drop if row.page in emptied}
    keys = {(at_top, key) for at_top, key in keys if key.count(" ") >= 2}
    return [row for row in drop if (row.at_top, row.key) not in keys or _numbers(row.text)]


def _turned(pages: Sequence[Page]) -> None:
    """Stamps across the pages and along their edges, where several pages have them."""
    texts = Counter(text for page in pages for text in {_joined(lines) for lines in page.turned})
    for page in pages:
        page.turned = [
            lines
            for lines in page.turned
            if texts[_joined(lines)] < min(3, len(pages)) or len(pages) == 1
        ]


def _joined(lines: Sequence[Line]) -> str:
    return re.sub(r"\d+", "#", " ".join(line.text for line in lines))


def _edge_rows(page: Page, place: int) -> list[_Row]:
    """The rows near the upper and lower edge, from the edge inwards."""
    by_row: dict[int, list[Line]] = defaultdict(list)
    for line in page.lines:
        by_row[line.row].append(line)
    rows = sorted(by_row.values(), key=lambda lines: lines[0].base)
    if not rows:
        return []
    gaps = [after[0].base - after[0].height - before[0].base for before, after in pairwise(rows)]
    found = []
    for at_top in (True, False):
        order = list(range(len(rows))) if at_top else list(reversed(range(len(rows))))
        inwards = gaps if at_top else gaps[::-1]
        ends = _ends_of_blocks(rows, order, inwards)
        for step, number in enumerate(order[:_MOST_ROWS]):
            lines = rows[number]
            height = lines[0].base if at_top else page.height - lines[0].base
            if height > (_BAND if step else _OUTERMOST) * page.height:
                break
            row = _row(place, at_top, height, lines)
            row.step = step
            needed = 2 if _is_sentence(row, rows) else 1
            row.apart = any(end >= step and wide >= needed for end, wide in ends)
            found.append(row)
    return found


def _is_sentence(row: _Row, rows: Sequence[list[Line]]) -> bool:
    usual = median(lines[0].size for lines in rows)
    return row.text.endswith(".") and row.text.count(" ") >= 2 and row.size > 0.97 * usual


def _ends_of_blocks(
    rows: Sequence[list[Line]], order: Sequence[int], gaps: Sequence[float]
) -> list[tuple[int, int]]:
    """Steps inwards after which a gap comes that is wider than those of the body; 2: far wider."""
    if len(rows) == 1:
        number = _PAGE_NUMBER.fullmatch(rows[0][0].text.strip())
        return [(0, 1)] if number else []
    usual = _line_distance(rows, gaps)
    between = _paragraph_gaps(rows, order, gaps, usual)
    ends = []
    for step, gap in enumerate(gaps[:_MOST_ROWS]):
        others = [other for place, other in between if place != step]
        paragraph = median(others) if len(others) > 2 else min(others, default=0.0)
        inner = rows[order[step + 1]][0]
        if gap > max(_APART * usual, _APART * 1.05 * inner.size, 1.15 * paragraph):
            ends.append((step, 2 if gap > max(3.5 * usual, 1.8 * paragraph) else 1))
    return ends


def _paragraph_gaps(
    rows: Sequence[list[Line]], order: Sequence[int], gaps: Sequence[float], usual: float
) -> list[tuple[int, float]]:
    """The gaps between paragraphs of the body's type on a page, with their steps from the edge."""
    size = median(lines[0].size for lines in rows)
    is_body = [
        abs(lines[0].size - size) < 0.06 * size
        and not _PAGE_NUMBER.fullmatch(lines[0].text.strip())
        for lines in rows
    ]
    return [
        (step, gap)
        for step, gap in enumerate(gaps)
        if 1.3 * usual < gap < 6 * usual and is_body[order[step]] and is_body[order[step + 1]]
    ]


def _line_distance(rows: Sequence[list[Line]], gaps: Sequence[float]) -> float:
    sizes = [lines[0].size for lines in rows]
    usual = median(sizes)
    close = [gap for gap in gaps if 0.7 * usual < gap < 2.2 * usual]
    return min(median(close), 1.6 * usual) if close else 1.2 * usual


def _row(place: int, at_top: bool, height: float, lines: list[Line]) -> _Row:
    ordered = sorted(lines, key=lambda line: line.x0)
    text = "\t".join(" ".join(line.text.split()) for line in ordered)
    key = _END_NUMBER.sub("", _PAGE_AT_END.sub("#", text)).strip()
    return _Row(place, at_top, height, lines, text, key, ordered[0].size)


def _page_numbers(rows: Sequence[_Row], pages: Sequence[Page]) -> list[_Row]:
    """Rows that are a page's number: one that counts with the pages, or stands for itself."""
    numbered = [(row, _numbers(row.text)) for row in rows if row.apart or row.step < 3]
    heights: dict[tuple[bool, int], list[float]] = defaultdict(list)
    for row, values in numbered:
        for value in values:
            heights[row.at_top, value - row.page].append(row.height)
    drop = []
    for row, values in numbered:
        if not values:
            continue
        alike = max((heights[row.at_top, value - row.page] for value in values), key=len)
        spelt = _SAYS_PAGE.search(row.text) or re.match(r"\s*[-–—]", row.text)
        alone = len(pages) <= 2 and _stands_alone(row, pages[row.page])
        if row.apart:
            found = len(alike) >= 2 or spelt or alone or _lone_roman(row.text)
        else:
            many = len(alike) >= max(3, len(pages) // 3)
            found = many and abs(row.height - median(alike)) < _SAME_HEIGHT
        if found:
            drop.append(row)
    return drop


def _note_numbers(drop: Sequence[_Row], pages: Sequence[Page]) -> None:
    """Keep the numbers that the pages show, as they are written."""
    for row in drop:
        text = row.text.replace("\t", " ").strip()
        alone = _PAGE_NUMBER.fullmatch(text)
        match = alone or _LAST_NUMBER.search(text) or _FIRST_NUMBER.match(text)
        said = match.groupdict().get("number") if match else None
        if said and (alone or not pages[row.page].printed):
            pages[row.page].printed = said


def _without_dates(drop: list[_Row], pages: Sequence[Page]) -> list[_Row]:
    """The rows without those of the first page that alone say when a law was last changed."""
    dropped = {id(line) for row in drop for line in row.lines}
    first = pages[0].lines if pages else []
    if any(_CHANGED.search(line.text) for line in first if id(line) not in dropped):
        return drop
    rows = [row for row in drop if row.page == 0]
    kept: set[int] = set()
    for row in sorted(rows, key=lambda row: row.lines[0].base):
        if _CHANGED.search(row.text):
            kept.add(id(row))
            if row.text.endswith(":"):
                below = [other for other in rows if other.lines[0].base > row.lines[0].base]
                kept |= {id(min(below, key=lambda other: other.lines[0].base))} if below else set()
    return [row for row in drop if id(row) not in kept]


def _stands_alone(row: _Row, page: Page) -> bool:
    """Whether a number stands in the middle of the page's foot or head, or in its corner."""
    line = row.lines[0]
    middle = abs((line.x0 + line.x1) / 2 - page.width / 2) < 20
    return len(row.lines) == 1 and (middle or line.x0 > 0.8 * page.width)


def _lone_roman(text: str) -> bool:
    return bool(re.fullmatch(r"[ivxl]{1,7}", text.strip()))


def _numbers(text: str) -> list[int]:
    match = _PAGE_NUMBER.fullmatch(text.replace("\t", " ").strip())
    if not match:
        return []
    values = (number_of(match[name]) for name in ("number", "two", "other") if match[name])
    return [value for value in values if value is not None]


def number_of(number: str) -> int | None:
    """The value of a page's number, also in Roman letters."""
    if number.isdigit():
        return int(number)
    digits = [_VALUES[letter] for letter in number.lower()]
    return sum(
        -digit if digit < max(digits[place + 1 :], default=0) else digit
        for place, digit in enumerate(digits)
    )


def _strip_numbers(rows: Sequence[_Row], body: float, pages: int) -> None:
    """Take the page's number out of the keys of headers that end or begin with it."""
    found: dict[tuple[bool, str], list[tuple[_Row, int]]] = defaultdict(list)
    for row in rows:
        match = _LAST_NUMBER.search(row.text) or _FIRST_NUMBER.match(row.text)
        bold = all(line.bold > 0.9 for line in row.lines)
        if match is None:
            continue
        of = match.groupdict().get("all")
        if of and not pages <= int(of) <= 1.5 * pages + 20:
            continue  # "Oficio 114/2023"
        aside = re.search(r"[\t|•·–—-]", match[0])
        if row.at_top and not aside and not of and (bold or row.size > 0.98 * body):
            continue  # "Expediente 3" is a heading
        value = number_of(match["number"])
        rest = (row.text[: match.start()] + row.text[match.end() :]).strip()
        if value is not None and rest:
            found[row.at_top, rest].append((row, value - row.page))
    for (_, rest), members in found.items():
        offsets = Counter(offset for _, offset in members)
        for row, offset in members:
            if offsets[offset] >= 2:
                row.key = rest


def _recurring(rows: Sequence[_Row], pages: int) -> list[_Row]:
    """Rows apart from the body whose words come again at their height on other pages."""
    slots: dict[bool, list[tuple[float, list[_Row]]]] = {True: [], False: []}
    for row in sorted(rows, key=lambda row: row.height):
        known = slots[row.at_top]
        if known and row.height - known[-1][0] <= _SAME_HEIGHT:
            known[-1][1].append(row)
        else:
            known.append((row.height, [row]))
    drop: list[_Row] = []
    for at_top in (True, False):
        for _, members in slots[at_top]:
            drop += _of_slot(members, pages)
    return drop


def _of_slot(members: Sequence[_Row], pages: int) -> list[_Row]:
    seen: dict[str, set[int]] = defaultdict(set)
    apart: Counter[str] = Counter()
    for row in members:
        seen[row.key].add(row.page)
        apart[row.key] += row.apart
    members = [row for row in members if 2 * apart[row.key] >= len(seen[row.key])]
    wanted = 2 if pages < 6 else 3
    running = {key for key, places in seen.items() if _runs(places)}
    often = {key for key in running if len(seen[key]) >= wanted}
    again = [row for row in members if row.key in running]
    if len(again) >= 0.6 * len(members) and len({row.page for row in again}) >= wanted:
        # The others of the slot are headers of chapters of one page, if they look alike.
        sizes = {round(row.size, 1) for row in again}
        lone = [row for row in members if row.key not in running and _like_header(row, sizes)]
        return again + lone
    return [row for row in members if row.key in often and pages >= 3] or (
        again if pages == 2 and len(again) == len(members) else []
    )


def _on_every_page(rows: Sequence[_Row], pages: int, body: float) -> list[_Row]:
    """The outermost rows of all of some pages, alike at one height, though no gap is below them.

    Where the next row is alike as well, the pages are copies of one form. A title is in larger or
    bold type.
    """
    found: list[_Row] = []
    for at_top in (True, False):
        outer = [row for row in rows if row.at_top is at_top and row.step == 0]
        inner = Counter(row.text for row in rows if row.at_top is at_top and row.step == 1)
        heights = [row.height for row in outer]
        if pages < 2 or len(outer) < pages or max(heights) - min(heights) > _SAME_HEIGHT:
            continue
        alike = len({row.key for row in outer}) == 1 and len(outer[0].key) > _LEAST_CHARS
        copies = max(inner.values(), default=0) == pages
        text = all(_is_plain(row, body) for row in outer)
        found += outer if alike and text and not copies else []
    return found


def _is_plain(row: _Row, body: float) -> bool:
    """Whether a row is neither a title, a sentence, nor a table."""
    title = row.size > 1.05 * body or all(line.bold > 0.9 for line in row.lines)
    table = any(line.table is not None for line in row.lines)
    return not (title or table or row.text.endswith((".", ":", ";", ","))) and len(row.text) < 120


def _in_margins(rows: Sequence[_Row], pages: Sequence[Page], body: float) -> list[_Row]:
    """Small type in the upper margin, at one height of two pages or more: headers that change."""
    found = [
        row
        for row in rows
        if row.at_top and row.step == 0 and row.apart and row.size < 0.92 * body
        if row.height < _MARGIN * pages[row.page].height and _is_plain(row, body)
    ]
    near = [
        row
        for row in found
        if any(o.page != row.page and abs(o.height - row.height) < 1 for o in found)
    ]
    filled = len({row.page for row in rows})
    return near if len(near) >= max(2, filled - 1) else []


def _runs(places: set[int]) -> bool:
    """Whether most of some pages follow one another, or every second: no chance repeats."""
    if len(places) < 2:
        return False
    near = [place for place in places if places & {place - 2, place - 1, place + 1, place + 2}]
    return len(near) >= 0.6 * len(places)


def _like_header(row: _Row, sizes: set[float]) -> bool:
    return round(row.size, 1) in sizes and len(row.text) < 120 and not row.text.endswith(".")
