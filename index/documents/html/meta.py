"""What a page's head says of it: title, author, day of publication."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lxml import etree

from index.documents.decoding import one_line
from index.documents.html.tree import classes

__all__ = ["Head", "head_of"]

_DATES_NAMES = """
    article:published_time datepublished og:article:published_time og:published_time
    citation_publication_date citation_online_date date dc.date dc.date.issued dcterms.issued
    dcterms.date dc.date.created dcterms.created pubdate publish-date publishdate publish_date
    parsely-pub-date sailthru.date article.published citation_date
"""
_DATES = tuple(_DATES_NAMES.split())
_AUTHORS_NAMES = """
    author dc.creator dcterms.creator dc.contributor citation_author article:author
    parsely-author sailthru.author byl
"""
_AUTHORS = tuple(_AUTHORS_NAMES.split())
_MODIFIED = ("datemodified", "updated", "modified")
_SEPARATORS = re.compile(r"\s+[|\-–—·•:»«/]{1,2}\s+|\s*\|\s*|:\s+|\s*[»«]\s*")
_HOME = re.compile(r"(?:https?://[^/]+)?/?(?:\./|index\.\w+|#)?", re.IGNORECASE)
_ARTICLES = re.compile(
    r"(?:\w*article|\w*posting|\w*page|report|legislation|book|chapter|review|\w*document|recipe)",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:por|by|autor(?:a|es|as)?|escrito por|written by)\s*:?\s+", re.IGNORECASE)
_NAME_CHARS = 120
_LD_CHARS = 1 << 20
_NESTED = 6


@dataclass(frozen=True, slots=True)
class Head:
    """Title, author and date of publication, as written; None where the page does not say."""

    title: str | None = None
    author: str | None = None
    date: str | None = None


def head_of(root: etree._Element) -> Head:
    """What the head, the data for search engines and the marked words of the body say."""
    meta = _meta(root)
    # An encyclopedia's data say when an entry was begun and name nobody.
    is_wiki = any("mediawiki" in said.lower() for said in meta.get("generator", []))
    linked = {} if is_wiki else next(_articles(root), {})
    date = next((meta[name][0] for name in _DATES if name in meta), None)
    date = date or _string(linked.get("datePublished")) or _time(root)
    return Head(
        _title(root, meta, linked),
        _author(root, meta, linked),
        date or _string(linked.get("dateCreated")) or _time(root, modified=True),
    )


def _meta(root: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop") or ""
        content = _line(element.get("content") or "")
        if name and content:
            found.setdefault(name.lower(), []).append(content)
    return found


def _line(text: str) -> str:
    return one_line(text)


def _string(value: Any) -> str | None:
    return _line(value) or None if isinstance(value, str) else None


def _words(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return _line(" ".join(element.itertext()) if len(element) else element.text or "")


def _title(root: etree._Element, meta: dict[str, list[str]], linked: dict[str, Any]) -> str | None:
    """The title without the site's name, where a heading or the data show which part it is."""
    element = next((t for t in root.iter("title") if not _in_drawing(t)), None)
    title = _words(element)
    stated = [*meta.get("citation_title", []), *meta.get("og:title", [])]
    stated += filter(None, [_string(linked.get("headline"))])
    site = {name.casefold() for name in meta.get("og:site_name", [])}
    headings = [_line("".join(h.itertext())) for h in root.iter("h1") if not _leads_home(h)]
    headings = [heading for heading in headings if heading and heading.casefold() not in site]
    if not title:
        return next(iter((*stated, *headings[:1])), None)
    parts = {part.casefold() for part in _ends(title)}
    # Before a colon stands the name of a site as often as the subject of a page.
    named = title.partition(":")[0].casefold()
    for said in (*stated, *(heading for heading in headings if heading.casefold() != named)):
        if said.casefold() in parts:
            return said
    return title


def _leads_home(heading: etree._Element) -> bool:
    """Whether a heading is a link to the front page: the name of the site."""
    around = (*heading.iter("a"), *islice(heading.iterancestors("a"), 1))
    return any(_HOME.fullmatch(link.get("href") or "") for link in around)


def _ends(title: str) -> Iterator[str]:
    """The title from its start to each separator, and from each to its end."""
    for match in _SEPARATORS.finditer(title):
        yield title[: match.start()].strip()
        yield title[match.end() :].strip()


def _in_drawing(element: etree._Element) -> bool:
    return any(above.tag in ("svg", "symbol") for above in element.iterancestors())


def _articles(root: etree._Element) -> Iterator[dict[str, Any]]:
    """The page's own entries of its JSON-LD."""
    for script in root.iter("script"):
        if (script.get("type") or "").lower().strip() != "application/ld+json":
            continue
        text = "".join(script.itertext())
        if len(text) > _LD_CHARS:
            continue
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        entries = list(_entries(data, 0))
        dated = [entry for entry in entries if entry.get("datePublished")]
        yield from dated or entries


def _entries(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _NESTED:
        return
    if isinstance(data, list):
        for each in data:
            yield from _entries(each, depth + 1)
    elif isinstance(data, dict):
        kind = data.get("@type")
        names = kind if isinstance(kind, list) else [kind]
        if any(isinstance(name, str) and _ARTICLES.fullmatch(name) for name in names):
            yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _entries(data.get(key), depth + 1)


def _author(root: etree._Element, meta: dict[str, list[str]], linked: dict[str, Any]) -> str | None:
    for name in _AUTHORS:
        said = [value for value in meta.get(name, []) if not re.match(r"https?:|@", value)]
        if said:
            return ", ".join(dict.fromkeys(_without_by(value) for value in said))
    named = _names(linked.get("author"))
    if named:
        return ", ".join(dict.fromkeys(named))
    for element in root.iter("a", "span", "p", "div", "address", "strong"):
        names = {name.lower() for name in classes(element)}
        marked = (
            "author" in (element.get("rel") or "").split() or element.get("itemprop") == "author"
        )
        if not marked and not names & {"byline", "author", "autor", "author-name", "p-author"}:
            continue
        inner = next((e for e in element.iter() if e.get("itemprop") == "name"), element)
        text = _line(" ".join(inner.itertext()))
        name = _without_by(text)
        if 1 < len(name) < 60 and not re.search(r"\d", name) and (marked or name != text):
            return name
    return None


def _without_by(text: str) -> str:
    return _BYLINE.sub("", text, count=1) if _BYLINE.match(text) else text


def _names(author: Any) -> list[str]:
    if isinstance(author, list):
        return [name for each in author[:20] for name in _names(each) if not isinstance(each, list)]
    value = author.get("name") if isinstance(author, dict) else author
    name = _string(value)
    return [name] if name and len(name) < _NAME_CHARS and not name.startswith("http") else []


def _time(root: etree._Element, *, modified: bool = False) -> str | None:
    """The time of publication, if one says so, else the first outside of the page's frame."""
    first = None
    for element in root.iter("time"):
        stated = element.get("datetime")
        if not stated:
            continue
        if (
            element.get("itemprop") or ""
        ).lower() == "datepublished" or "pubdate" in element.attrib:
            return str(stated)
        about = " ".join((*classes(element), element.get("itemprop") or "")).lower()
        is_later = not modified and any(word in about for word in _MODIFIED)
        if first is None and not is_later and not _framed(element):
            first = stated
    return first


def _framed(element: etree._Element) -> bool:
    return any(
        above.tag in ("nav", "aside", "footer") or "hidden" in above.attrib
        for above in element.iterancestors()
    )
