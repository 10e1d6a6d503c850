"""OpenDocument texts (.odt, and .fodt, which is one XML file) to parts."""

from dataclasses import replace

from index.documents.converter import or_convert
from index.documents.opendocument.forms import Forms
from index.documents.opendocument.odf import Odf, get, name
from index.documents.opendocument.text import Reader
from index.documents.package import DAMAGED, elements
from index.documents.parts import ConversionError, Converted, Part, ReadOptions
from index.documents.raised import tied
from index.types import BlockRole

__all__ = ["read_odt"]

_ANCHOR = "text:anchor-type"


def read_odt(data: bytes, options: ReadOptions) -> Converted:
    """What a text shows its reader. Raises ConversionError."""
    return or_convert(lambda: _read(data), data, "file.odt", options)


def _read(data: bytes) -> Converted:
    with Odf(data) as odf:
        return _converted(odf)


def _converted(odf: Odf) -> Converted:
    body = odf.body("office:text")
    if body is None:
        raise ConversionError(DAMAGED)
    reader = Reader(odf, Forms(body))
    # What is anchored to a page stands before all paragraphs in the file, wherever its page is.
    for element in sorted(elements(body), key=lambda each: get(each, _ANCHOR) == "page"):
        if name(element.tag) == "text:tracked-changes":
            reader.counts["deleted"] += sum(
                1
                for change in element.iter()
                if isinstance(change.tag, str) and name(change.tag) == "text:deletion"
            )
        else:
            reader.block(element)
    parts = tied(_captions_first(_code_joined(reader.parts)))
    return Converted(
        parts,
        title=odf.metadata.title,
        author=odf.metadata.author,
        created=odf.metadata.created,
        notices=reader.notices(),
    )


def _code_joined(parts: list[Part]) -> list[Part]:
    """The lines of one listing are one part."""
    done: list[Part] = []
    for part in parts:
        if done and part.role is done[-1].role is BlockRole.CODE:
            done[-1] = replace(done[-1], text=f"{done[-1].text}\n{part.text}")
        else:
            done.append(part)
    return done


def _captions_first(parts: list[Part]) -> list[Part]:
    """A caption below its table stands before it, unless the next block is a table of its own."""
    done: list[Part] = []
    for at, part in enumerate(parts):
        place = len(done)
        while place and done[place - 1].role is BlockRole.NOTE:
            place -= 1
        below = part.role is BlockRole.CAPTION and place > 0
        follows = parts[at + 1].role if at + 1 < len(parts) else None
        if below and done[place - 1].role is BlockRole.TABLE and follows is not BlockRole.TABLE:
            captioned = place > 1 and done[place - 2].role is BlockRole.CAPTION
            done.insert(len(done) if captioned else place - 1, part)
        else:
            done.append(part)
    return done
