"""EPUB to parts: the chapters in reading order, with the reader of HTML."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from lxml import etree

from index.documents.decoding import decode, one_line
from index.documents.html.marks import NOTE_MARK
from index.documents.html.meta import Head
from index.documents.html.notes import Item, find_notes, placed
from index.documents.html.read import charset_of, notices_of, walked
from index.documents.html.tree import Styles, kinds, xhtml_tree
from index.documents.html.walk import Page
from index.documents.package import Package, parse_xml
from index.documents.parts import ConversionError, Converted, Part, ReadOptions
from index.types import BlockRole, Notice, NoticeKind

__all__ = ["read_epub"]

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
# Fonts are scrambled by these; that hides no text.
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_LOCKED = "is protected against copying (DRM); use a copy without that protection"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document")
_MAX_CHAPTERS = 5000
_LABEL_CHARS = 200


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: str
    properties: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Chapter:
    name: str
    root: etree._Element


def read_epub(data: bytes, options: ReadOptions) -> Converted:
    """The chapters of a book with its title, authors and date. Raises ConversionError."""
    with Package(data) as package:
        name = _package_name(package)
        book = _tree(package, name) if name else None
        if book is None:
            from index.documents.converter import convert

            return convert(data, "book.epub", options)
        manifest = _manifest(book, name)
        order = _order(book, manifest)
        locked = _locked(package)
        if any(entry.name in locked for entry in order):
            raise ConversionError(_LOCKED)
        chapters, missing = _chapters(package, order)
        labels, pages = _navigation(package, manifest)
        _mark_pages(chapters, pages)
        page = Page(Styles(etree.Element("html")), furniture=False)
        page.notes = find_notes({chapter.name: chapter.root for chapter in chapters})
        items = []
        sheets = _Sheets(package)
        for chapter in chapters:
            page.styles = sheets.of(chapter)
            found = walked(chapter.root, page)
            if not _is_contents(found):
                items += _headed(found, labels.get(chapter.name, ""))
    parts, page_labels = placed(items, page.references)
    said = _metadata(book)
    return Converted(
        parts,
        pages=len(page_labels),
        page_labels=page_labels,
        notices=(*notices_of(page), *missing),
        title=said.title,
        author=said.author,
        date=said.date,
    )


def _package_name(package: Package) -> str:
    """The name of the member that lists the others."""
    root = _tree(package, _CONTAINER)
    names = [] if root is None else [e.get("full-path") for e in root.iter("rootfile")]
    found = [unquote(name) for name in names if name and unquote(name) in package]
    found += [name for name in package.names() if name.lower().endswith(".opf")]
    return found[0] if found else ""


def _tree(package: Package, name: str) -> etree._Element | None:
    """The root of a member with plain names; None where there is none or it is damaged."""
    if name not in package:
        return None
    try:
        root = parse_xml(package.read(name).lstrip())
    except ConversionError:
        return None
    for element in root.iter(etree.Element):
        element.tag = element.tag.rpartition("}")[2]
    return root


def _manifest(book: etree._Element, name: str) -> dict[str, _Entry]:
    folder = posixpath.dirname(name)
    entries = {}
    for item in book.iterfind("manifest/item"):
        path = posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
        properties = frozenset((item.get("properties") or "").split())
        entries[item.get("id") or ""] = _Entry(path, item.get("media-type") or "", properties)
    return entries


def _order(book: etree._Element, manifest: Mapping[str, _Entry]) -> list[_Entry]:
    """The pages in reading order; what stands outside of it comes last, contents not at all."""
    first: list[_Entry] = []
    last: list[_Entry] = []
    for reference in book.iterfind("spine/itemref"):
        entry = manifest.get(reference.get("idref") or "")
        if entry is None or "nav" in entry.properties or entry.kind not in _PAGES:
            continue
        places = last if reference.get("linear") == "no" else first
        if entry not in first and entry not in last:
            places.append(entry)
    return [*first, *last][:_MAX_CHAPTERS]


def _locked(package: Package) -> set[str]:
    root = _tree(package, _ENCRYPTION)
    names = set()
    for part in root.iter("EncryptedData") if root is not None else ():
        method = part.find("EncryptionMethod")
        reference = next(part.iter("CipherReference"), None)
        if method is not None and method.get("Algorithm") in _FONTS:
            continue
        if reference is not None:
            names.add(unquote(reference.get("URI") or "").lstrip("/"))
    return names


def _chapters(package: Package, order: list[_Entry]) -> tuple[list[_Chapter], tuple[Notice, ...]]:
    chapters, lost = [], 0
    for entry in order:
        try:
            data = package.read(entry.name)
            root, _ = xhtml_tree(decode(data, charset_of(data)))
        except (KeyError, ValueError):
            root = None
        if root is None:
            lost += 1
        else:
            chapters.append(_Chapter(entry.name, root))
    if not lost:
        return chapters, ()
    said = "1 chapter" if lost == 1 else f"{lost} chapters"
    return chapters, (Notice(NoticeKind.LOST, f"{said} could not be read"),)


class _Sheets:
    """The style sheets of a book; each is read once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._texts: dict[str, str] = {}
        self._styles: dict[tuple[str, ...], Styles] = {}

    def of(self, chapter: _Chapter) -> Styles:
        """The rules of the style sheets that a page names and holds."""
        links = [link for link in chapter.root.iter("link") if "stylesheet" in _rel(link)]
        names = [_target(chapter.name, link.get("href") or "")[0] for link in links]
        own = ["".join(style.itertext()) for style in chapter.root.iter("style")]
        key = (*names, "", *own)
        if key not in self._styles:
            styles = Styles(chapter.root)
            for name in names:
                styles.add(self._text(name))
            self._styles[key] = styles
        return self._styles[key]

    def _text(self, name: str) -> str:
        if name not in self._texts:
            found = self._package.read(name) if name in self._package else b""
            self._texts[name] = found.decode("utf-8", "replace")
        return self._texts[name]


def _rel(link: etree._Element) -> str:
    return (link.get("rel") or "").lower()


def _target(page: str, href: str) -> tuple[str, str]:
    path, _, fragment = href.partition("#")
    folder = posixpath.dirname(page)
    return posixpath.normpath(posixpath.join(folder, unquote(path))) if path else page, fragment


def _navigation(
    package: Package, manifest: Mapping[str, _Entry]
) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """What the contents call each file, and the printed pages by the places where they begin."""
    labels: dict[str, str] = {}
    pages: dict[tuple[str, str], str] = {}
    for entry in manifest.values():
        is_nav = "nav" in entry.properties
        if not is_nav and entry.kind != "application/x-dtbncx+xml":
            continue
        root = _tree(package, entry.name)
        if root is None:
            continue
        for name, label, is_page in _links(root):
            place = _target(entry.name, name)
            words = one_line(label)
            if is_page:
                pages.setdefault(place, words)
            elif 0 < len(words) < _LABEL_CHARS:
                labels.setdefault(place[0], words)
    return labels, pages


def _links(root: etree._Element) -> list[tuple[str, str, bool]]:
    """Address, words, and whether it is a page, of the links of either kind of contents."""
    found = []
    for nav in root.iter("nav"):
        said = kinds(nav)
        if said & {"toc", "page-list"}:
            for link in nav.iter("a"):
                text = "".join(link.itertext())
                found.append((link.get("href") or "", text, "page-list" in said))
    for point in root.iter("navPoint", "pageTarget"):
        text, content = point.find("navLabel/text"), point.find("content")
        if text is not None and content is not None:
            found.append((content.get("src") or "", text.text or "", point.tag == "pageTarget"))
    return found


def _mark_pages(chapters: list[_Chapter], pages: Mapping[tuple[str, str], str]) -> None:
    """Say in the pages themselves where those of the printed edition begin."""
    for chapter in chapters if pages else ():
        for element in list(chapter.root.iter(etree.Element)):
            label = pages.get((chapter.name, element.get("id") or ""))
            if label is None or "pagebreak" in kinds(element):
                continue
            mark = etree.Element("span", {"role": "doc-pagebreak", "title": label})
            mark.tail, element.text = element.text, None
            element.insert(0, mark)


def _is_contents(items: list[Item]) -> bool:
    """Whether a page is a list of links to the chapters."""
    texts = [item for item in items if item.part.role is not BlockRole.HEADING]
    return len(texts) > 2 and all(item.linked for item in texts)


def _headed(items: list[Item], label: str) -> list[Item]:
    """The items of a chapter under its heading, which the contents know where the page does not."""
    headings = [item for item in items[:5] if item.part.role is BlockRole.HEADING]
    if not items or not label or headings:
        return items
    for item in items[:3]:
        if item.part.text.casefold() == label.casefold():
            item.part = replace(item.part, role=BlockRole.HEADING, level=1)
            return items
    # A printed page that begins with the chapter begins with its heading.
    first = items[0]
    page = NOTE_MARK.match(first.part.text)
    sign = page[0] if page else ""
    first.part = replace(first.part, text=first.part.text.removeprefix(sign))
    return [Item(Part(BlockRole.HEADING, f"{sign}{label}", level=1)), *items]


def _metadata(book: etree._Element) -> Head:
    said = book.find("metadata")
    if said is None:
        return Head()
    refined: dict[tuple[str, str], str] = {}
    for meta in said.iter("meta"):
        about = (meta.get("refines") or "").lstrip("#")
        if about and meta.get("property"):
            refined[about, meta.get("property") or ""] = (meta.text or "").strip()
    titles = [e for e in said.iter("title") if _text(e)]
    main = [e for e in titles if refined.get((e.get("id") or "", "title-type")) == "main"]
    title = next(iter([*main, *titles]), None)
    return Head(
        title=None if title is None else _text(title),
        author=", ".join(_creators(said, refined)) or None,
        date=_date(said),
    )


def _text(element: etree._Element) -> str:
    return one_line("".join(element.itertext()))


def _creators(said: etree._Element, refined: Mapping[tuple[str, str], str]) -> list[str]:
    named = []
    for element in said.iter("creator"):
        role = (
            refined.get((element.get("id") or "", "role")) or _attribute(element, "role") or "aut"
        )
        if _text(element) and _text(element).lower() not in ("unknown", "desconocido"):
            named.append((role == "aut", _text(element)))
    authors = [name for is_author, name in named if is_author]
    return list(dict.fromkeys(authors or [name for _, name in named]))


def _attribute(element: etree._Element, name: str) -> str:
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def _date(said: etree._Element) -> str | None:
    """When the book was published; a date of another kind only where there is none of that."""
    dates = [(_attribute(e, "event"), _text(e)) for e in said.iter("date") if _text(e)]
    order = ("publication", "", "original-publication", "creation")
    return next((date for kind in order for event, date in dates if event == kind), None)
