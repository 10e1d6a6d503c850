"""Title, author, language and date that an office file says of itself."""

from dataclasses import dataclass

from index.documents.package import Package, elements
from index.documents.parts import ConversionError
from index.documents.sheets.grid import cleaned

__all__ = ["Metadata", "author_or_none", "office_metadata"]

# Names of programs and accounts that nobody chose.
_NOBODY = frozenset(
    (
        "openpyxl",
        "xlsxwriter",
        "xlwt",
        "apache poi",
        "libreoffice",
        "phpspreadsheet",
        "phpexcel",
        "epplus",
        "sheetjs",
        "microsoft office user",
        "microsoft office",
        "microsoft excel",
        "usuario de microsoft office",
        "usuario de windows",
        "windows user",
        "user",
        "usuario",
        "admin",
        "administrator",
        "administrador",
        "unknown",
        "unknown creator",
        "anonymous",
        "author",
        "autor",
    )
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file says; None where it says nothing, or only what its program put in."""

    title: str | None = None
    author: str | None = None
    created: str | None = None
    language: str = ""


def author_or_none(name: str) -> str | None:
    """An author's name as the metadata has it; None for programs and nameless accounts."""
    name = cleaned(name)
    return None if not name or name.lower() in _NOBODY else name


def office_metadata(package: Package) -> Metadata:
    """The core properties of an Office file; what is damaged of them is left out."""
    names = (name for kind, name in package.relations("").values() if kind == "core-properties")
    try:
        root = package.xml(next(names, "docProps/core.xml"))
    except ConversionError:
        root = None
    if root is None:
        return Metadata()
    said = {child.tag.rpartition("}")[2]: child.text or "" for child in elements(root)}
    return Metadata(
        title=cleaned(said.get("title", "")) or None,
        author=author_or_none(said.get("creator", "")),
        created=cleaned(said.get("created", "")) or None,
        language=said.get("language", ""),
    )
