"""The front matter of a Markdown file: the simple YAML or TOML of site builders and notebooks.

Pure. No tag is resolved and no anchor expanded: what is not a simple value is left out.
"""

import re
from collections.abc import Mapping

from index.text.regions import front_matter, front_matter_end

__all__ = [
    "AUTHOR_KEYS",
    "DATE_KEYS",
    "TITLE_KEYS",
    "body",
    "fields",
    "named",
    "title_block",
    "unnamed",
]

TITLE_KEYS = ("title", "título", "titulo", "name", "nombre")
AUTHOR_KEYS = ("author", "authors", "autor", "autora", "autores", "autoras", "by", "creator", "por")
DATE_KEYS = ("date", "fecha", "published", "publishdate", "pubdate", "publish_date", "publicado")
_NAME_KEYS = ("name", "nombre", "given", "full_name", "fullname", "display_name")

_PAIR = re.compile(
    r"(?P<indent> *)(?P<dash>- +)?(?P<key>[\w.-]+|\"[^\"]+\")[ \t]*:(?:[ \t]+(?P<value>.*))?$"
)
_ITEM = re.compile(r"(?P<indent> *)-(?:[ \t]+(?P<value>.*))?$")
_TOML = re.compile(r"(?P<key>[\w.-]+)[ \t]*=[ \t]*(?P<value>.+)$")
_TABLE = re.compile(r"\[+[ \t]*(?P<name>[\w.-]+)[ \t]*\]+[ \t]*(?:#.*)?$")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_QUOTED = re.compile(r"""(?P<quote>")(?P<words>(?:\\.|[^"\\])*)"|'(?P<single>(?:''|[^'])*)'""")
_NAME_IN = re.compile(
    rf"[{{,]\s*(?:{'|'.join(_NAME_KEYS)})\s*:\s*(?P<name>\"[^\"]*\"|'[^']*'|[^,}}]+)"
)
_PERCENT = re.compile(
    r"(?:%[ \t]+(?P<title>.+)\n)(?:%[ \t]*(?P<authors>.*)\n)?(?:%[ \t]*(?P<date>.*)\n)?"
)
_NOTHING = frozenset(("", "~", "null", "none", "{}", "[]", "|", ">", "|-", ">-", "|+", ">+"))
# What programs read in it, and people do not.
_TECHNICAL = re.compile(
    r"(?:layout|permalink|slug|draft|weight|toc|url|alias(?:es)?|type|image|cover|thumbnail|banner|icon|"
    r"lang|language|locale|u?u?id|comments|template|sidebar.*|nav.*|output|bibliography|csl|nocite|"
    r"header-includes|geometry|fontsize|documentclass|classoption|.*color|.*font|css.*|publish|jupyt.*|"
    r"kernelspec|menu|redirect.*|math|mermaid|pagination.*|tags?|categor.*|keywords|series|format|editor|"
    r"updated|modified|lastmod|etiquetas|params|hide.*|search|robots|.*_gen_.*|version)(?:\..*)?",
    re.IGNORECASE,
)
_ESCAPES = re.compile(r"\\(.)")


def body(text: str) -> str:
    """The text after the front matter."""
    end = front_matter_end(text)
    return text[end:].lstrip("\n") if end else text


def fields(text: str) -> Mapping[str, tuple[str, ...]]:
    """The values of each field, by its key in small letters; those of an inner map as ``a.b``."""
    found = front_matter(text)
    if found is None:
        return {}
    kind, lines = found
    values: dict[str, list[str]] = {}
    pairs = _toml(lines) if kind == "toml" else _yaml(lines)
    for key, value in pairs:
        values.setdefault(key.lower(), []).extend(_values(value))
    return {key: tuple(of_key) for key, of_key in values.items() if of_key}


def title_block(text: str) -> tuple[dict[str, tuple[str, ...]], str] | None:
    """The fields of a text's first lines that begin with ``%``, as Pandoc has them, and the rest.

    They are the title, the authors between semicolons, and the date.
    """
    match = _PERCENT.match(text)
    if match is None:
        return None
    authors = [author.strip() for author in (match["authors"] or "").split(";")]
    found = {
        "title": (match["title"].strip(),),
        "author": tuple(author for author in authors if author),
        "date": tuple(date for date in [(match["date"] or "").strip()] if date),
    }
    return {key: value for key, value in found.items() if value}, text[match.end() :].lstrip("\n")


def named(values: Mapping[str, tuple[str, ...]], keys: tuple[str, ...]) -> tuple[str, ...]:
    """The values of the first of the keys that has any; of the map of a person, the name."""
    for key in keys:
        own = values.get(key, ())
        inner = next((values[n] for p in _NAME_KEYS if (n := f"{key}.{p}") in values), ())
        if own or inner:
            return (*inner, *own)
    return ()


def unnamed(values: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The keys of what people may look for and no field of a document holds."""
    known = {*TITLE_KEYS, *AUTHOR_KEYS, *DATE_KEYS}
    keys = dict.fromkeys(key.split(".", 1)[0] for key in values)
    return [key for key in keys if key not in known and not _TECHNICAL.fullmatch(key)]


def _yaml(lines: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    path: list[tuple[int, str]] = []  # the keys above, with their indents
    block: int | None = None  # the indent of the key whose words go on below it
    for line in lines.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if not line.strip() or (block is None and line.lstrip().startswith("#")):
            continue
        if block is not None and indent > block:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line.strip()}".strip())
            continue
        block = None
        pair, item = _PAIR.match(line), _ITEM.match(line)
        if pair:
            inside = indent + len(pair["dash"] or "")
            least = indent if not pair["dash"] else inside
            path = [(at, key) for at, key in path if at < least and at < inside]
            path.append((inside, pair["key"].strip('"')))
            value = (pair["value"] or "").strip()
            name = ".".join(key for _, key in path)
            block = indent if value[:1] in ("|", ">") and value in _NOTHING else None
            pairs.append((name, "" if block is not None else value))
        elif item and path:
            path = [(at, key) for at, key in path if at <= indent]
            pairs.append((".".join(key for _, key in path), (item["value"] or "").strip()))
        elif pairs and indent:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line.strip()}")
    return pairs


def _toml(lines: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    table = ""
    is_open = False
    for line in lines.split("\n"):
        if is_open:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line.strip()}")
            is_open = "]" not in line
            continue
        heading = _TABLE.fullmatch(line.strip())
        if heading:
            table = f"{heading['name']}."
            continue
        pair = _TOML.match(line.strip())
        if pair:
            pairs.append((f"{table}{pair['key']}", pair["value"]))
            is_open = pair["value"].startswith("[") and "]" not in pair["value"]
    return pairs


def _values(value: str) -> list[str]:
    """The words of a value, of each item where it is a list."""
    value = value.strip()
    if value.startswith("["):
        inside = value[1 : value.rfind("]")] if "]" in value else value[1:]
        return [word for piece in _pieces(inside) for word in _values(piece)]
    person = _NAME_IN.match(value)
    if person:
        return _values(person["name"].strip())
    quoted = _QUOTED.match(value)
    if quoted:
        doubled = quoted["quote"] is not None
        words = quoted["words"] if doubled else quoted["single"].replace("''", "'")
        words = _ESCAPES.sub(r"\1", words) if doubled else words
    else:
        words = _COMMENT.sub("", value)
    words = " ".join(words.split())
    plain = words.lower() not in _NOTHING and words[:1] not in ("{", "&", "*", "!")
    return [words] if words and plain else []


def _pieces(inside: str) -> list[str]:
    """The items of a list on one line; a comma in quotation marks parts none."""
    return re.findall(r"""\s*((?:"(?:\\.|[^"])*"|'[^']*'|[^,"'])+)""", inside)
