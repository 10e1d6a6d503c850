"""The tree of a page, and what its own styles hide or strike out. HTML and XHTML give one kind."""

import html
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from lxml import etree

from index.documents.package import parse_xml
from index.documents.parts import ConversionError

__all__ = ["Styles", "classes", "html_tree", "is_unseen_class", "kinds", "style_of", "xhtml_tree"]

_DEEP = "Excessive depth"
# What nests without end in pages of old programs; the words stay when the tags go.
_NESTING = re.compile(
    r"</?(div|blockquote|ul|dir|center|span|font|b|i|u|em|strong|big|small|tt)\b[^<>]*>",
    re.IGNORECASE,
)
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")

_SIMPLE = re.compile(r"(?P<tag>[a-z][a-z0-9]*)?(?P<names>(?:[.#][\w-]+)*)", re.IGNORECASE)
_ZERO = r"0(?:\.0+)?(?:px|em|rem|pt|%)?\s*(?:!important\s*)?(?:;|$)"
_HIDES = re.compile(
    r"(?:^|[;\s{])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    rf"|opacity\s*:\s*{_ZERO}|font-size\s*:\s*{_ZERO}|max-height\s*:\s*{_ZERO}"
    r"|content-visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|(?:left|top|text-indent)\s*:\s*-\d{4,}|clip\s*:\s*rect\(\s*[01])",
    re.IGNORECASE,
)
_FLAT = re.compile(rf"(?:^|[;\s])height\s*:\s*{_ZERO}", re.IGNORECASE)
_SHOWS = re.compile(r"(?:^|[;\s])(?:display\s*:\s*(?!none)\w|visibility\s*:\s*visible)", re.I)
_STRIKES = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_RAISES = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_LIST_TYPE = re.compile(
    r"list-style(?:-type)?\s*:[^;]*?(?<![\w-])(none|disc|circle|square|decimal(?:-leading-zero)?"
    r"|(?:lower|upper)-(?:alpha|latin|roman|greek))(?![\w-])",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"(?:^|[;\s])display\s*:\s*(block|list-item|table|inline)\s*(?:;|$)", re.I)
_UNSEEN_NAMES = """
    sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only sr-text
    screenreader-only a11y-hidden element-invisible assistive-text u-visually-hidden is-sr-only
    show-for-sr
"""
_UNSEEN = frozenset(_UNSEEN_NAMES.split())
_Compound = tuple[str, frozenset[str]]  # a tag, or "", with classes and an id
_MAX_COMPOUNDS = 4
_MAX_ANCESTORS = 100
_MAX_CHECKS = 2_000_000  # of ancestors, for the rules of one page
_MAX_RULES = 200  # of one class or id
MAX_STYLES = 1 << 20  # characters of style sheets that are looked at


def html_tree(text: str) -> tuple[etree._Element | None, bool]:
    """The root of a page, None where there is none; and whether its depth had to be cut."""
    root, cut = _parsed(text)
    if cut:
        root, cut = _parsed(_NESTING.sub(lambda match: _flat(match[1]), text))
    return root, cut


def _flat(tag: str) -> str:
    return "<hr>" if tag.lower() in ("div", "blockquote", "ul", "dir", "center") else ""


def _parsed(text: str) -> tuple[etree._Element | None, bool]:
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    data = _DECLARED.sub("", text).encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, False
    return root, any(_DEEP in str(error.message) for error in parser.error_log)


def xhtml_tree(text: str) -> tuple[etree._Element | None, bool]:
    """As `html_tree`, for text that claims to be XML; read as HTML where it is not well-formed."""
    named = _NAMED.sub(_character, _DECLARED.sub("", text))
    try:
        root = parse_xml(named.encode("utf-8", "replace"))
    except ConversionError:
        return html_tree(text)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction, etree.Entity)
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.startswith("{"):
            element.tag = element.tag.rpartition("}")[2]
    if root.tag.lower() != "html" and root.find(".//body") is None:
        return html_tree(text)
    return root, False


def _character(match: re.Match[str]) -> str:
    if match[1] in _XML_NAMES:
        return match[0]
    found = html.unescape(match[0])
    return match[0] if found in ("<", ">", "&") else found


@lru_cache(maxsize=1024)
def _tokens(value: str) -> frozenset[str]:
    return frozenset(value.lower().replace("doc-", "").split())


def kinds(element: etree._Element) -> frozenset[str]:
    """What ``epub:type`` and ``role`` say that the element is, without ``doc-``."""
    typed = element.get(_EPUB_TYPE) or element.get("epub:type") or ""
    role = element.get("role") or ""
    return _tokens(f"{typed} {role}") if typed or role else frozenset()


def classes(element: etree._Element) -> list[str]:
    """The class names, as written."""
    value: str = element.get("class") or ""
    return value.split()


def is_unseen_class(names: Iterable[str]) -> bool:
    """Whether a class says that only screen readers get the text."""
    return any(name.lower() in _UNSEEN for name in names)


@lru_cache(maxsize=4096)
def style_of(style: str) -> dict[str, str]:
    """What declarations say that matters here: hidden, shown, struck, raised, list, display."""
    said = {}
    if _HIDES.search(style) or (_FLAT.search(style) and "overflow" in style):
        said["hidden"] = "yes"
    elif _SHOWS.search(style):
        said["shown"] = "yes"
    if _STRIKES.search(style):
        said["struck"] = "yes"
    for name, pattern in (("raised", _RAISES), ("list", _LIST_TYPE), ("display", _BLOCK)):
        found = pattern.search(style)
        if found:
            said[name] = found[1].lower()
    return said


class Styles:
    """The simple rules of a page's own sheets: of a tag, classes or an id, also inside others."""

    def __init__(self, root: etree._Element) -> None:
        self._by_key: dict[str, list[tuple[_Compound, dict[str, str], tuple[_Compound, ...]]]] = {}
        self._last: tuple[etree._Element | None, list[_Compound]] | None = None
        self._checks = 0
        left = MAX_STYLES
        for sheet in root.iter("style"):
            media = (sheet.get("media") or "all").lower()
            text = "".join(sheet.itertext())[:left]
            left -= len(text)
            if "all" in media or "screen" in media:
                self.add(text)

    def add(self, sheet: str) -> None:
        """The rules of one more style sheet."""
        for rule in _plain_rules(_without_comments(sheet[:MAX_STYLES])).split("}"):
            selectors, _, body = rule.partition("{")
            said = style_of(body) if body else {}
            for selector in selectors.rpartition(";")[2].split(",") if said else ():
                found = [_SIMPLE.fullmatch(one) for one in selector.replace(">", " ").split()]
                compounds = tuple(_compound(match) for match in found if match)
                if compounds and len(compounds) == len(found) <= _MAX_COMPOUNDS:
                    self._add_rule(compounds[-1], said, compounds[:-1])

    def _add_rule(
        self, compound: _Compound, said: dict[str, str], above: tuple[_Compound, ...]
    ) -> None:
        tag, names = compound
        if (
            not above
            and not names
            and said.keys() & {"hidden", "shown"}
            and tag in ("", "html", "body")
        ):
            return
        key = min(names) if names else tag
        rules = self._by_key.setdefault(key, [])
        if len(rules) < _MAX_RULES:
            rules.append((compound, said, above))

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def of(self, element: etree._Element) -> dict[str, str]:
        """What the rules say of an element, later rules over earlier ones, its own over all."""
        said: dict[str, str] = {}
        if self._by_key:
            names = [f".{name}" for name in classes(element)]
            if element.get("id"):
                names.append(f"#{element.get('id')}")
            own = set(names)
            for key in (element.tag, *names):
                for (tag, wanted), rule, above in self._by_key.get(key, ()):
                    fits = wanted <= own and tag in ("", element.tag)
                    if fits and (not above or self._stands_in(element, above)):
                        _override(said, rule)
        style = element.get("style")
        if style:
            _override(said, style_of(style))
        return said

    def _stands_in(self, element: etree._Element, above: tuple[_Compound, ...]) -> bool:
        """Whether an element's ancestors are those that a selector names before it."""
        if self._checks > _MAX_CHECKS:
            return False
        parent = element.getparent()
        if self._last is None or self._last[0] is not parent:
            self._last = (parent, _names_above(element))
        left = len(above)
        for tag, names in self._last[1]:
            self._checks += 1
            wanted_tag, wanted = above[left - 1]
            if wanted <= names and wanted_tag in ("", tag):
                left -= 1
                if not left:
                    return True
        return False


def _compound(match: re.Match[str]) -> _Compound:
    names = frozenset(re.findall(r"[.#][\w-]+", match["names"] or ""))
    return (match["tag"] or "").lower(), names


def _names_above(element: etree._Element) -> list[_Compound]:
    """The tag and names of each ancestor, the nearest first."""
    return [
        (
            str(ancestor.tag),
            frozenset([*(f".{name}" for name in classes(ancestor)), f"#{ancestor.get('id')}"]),
        )
        for ancestor in islice(element.iterancestors(), _MAX_ANCESTORS)
    ]


def _override(said: dict[str, str], rule: dict[str, str]) -> None:
    if "shown" in rule:
        said.pop("hidden", None)
    said.update(rule)


def _without_comments(sheet: str) -> str:
    kept, at = [], 0
    while (start := sheet.find("/*", at)) >= 0:
        kept.append(sheet[at:start])
        end = sheet.find("*/", start + 2)
        at = len(sheet) if end < 0 else end + 2
    return "".join([*kept, sheet[at:]])


def _plain_rules(sheet: str) -> str:
    """The sheet without the blocks of at-rules, but for those for screens."""
    kept, at = [], 0
    for match in re.finditer(r"@([\w-]+)([^{};]*)([{;])", sheet):
        if match.start() < at:
            continue
        kept.append(sheet[at : match.start()])
        if match[3] == ";":
            at = match.end()
            continue
        depth, end = 1, match.end()
        while depth and end < len(sheet):
            depth += {"{": 1, "}": -1}.get(sheet[end], 0)
            end += 1
        if match[1].lower() == "media" and match[2].strip().lower() in ("screen", "all"):
            kept.append(sheet[match.end() : end - 1])
        at = end
    return "".join([*kept, sheet[at:]])
