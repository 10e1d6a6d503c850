"""Who wrote a document, from its metadata and its own words. Pure."""

import re

__all__ = ["author_in", "trusted_author"]

# Programs, their templates' authors, and accounts that nobody named.
_NOBODY = """
    user|usuario|usuaria|admin|administrator|administrador|administradora|root|guest|invitado|owner
    |propietario|default|author|autor|autora|creator|unknown|unknown creator|desconocido|anonymous
    |(anonymous)|(unspecified)|anónimo|un-named|unnamed|sin nombre|none|null|n/a|pc|office|microsoft
    |microsoft office|microsoft office user|microsoft word|microsoft excel|microsoft powerpoint
    |usuario de microsoft office|usuario de windows|windows user|microsoft account|cuenta microsoft
    |python-docx|python-pptx|steve canny|openpyxl|xlsxwriter|xlwt|odfpy|odfdo|reportlab|fpdf|tcpdf
    |wkhtmltopdf|pandoc|docx4j|docx|apache poi|phpword|phpspreadsheet|phpexcel|phppresentation
    |epplus|sheetjs|aspose|libreoffice|openoffice|openoffice.org|calibre|adobe acrobat
    |crystal reports|jasperreports|hp|hp inc.|dell|lenovo|acer|asus|toshiba|samsung|sony|scanner
    |xerox|canon|epson|ricoh|kyocera|konica minolta|compaq|hpcompaq|lead|equipo|微软用户
"""
_ACCOUNTS = frozenset(" ".join(_NOBODY.split()).replace(" |", "|").split("|"))
_MACHINE = re.compile(
    r"(?:user|usuario|pc|admin|equipo|desktop|laptop|win\d*)[-_ ]?[\w-]*\d+", re.I
)

_HEAD, _TAIL = 1000, 800  # characters of a text in which it names its author
_LABELLED = re.compile(
    r"^[#>*_ \t•-]*(?:autor(?:es|as?|[ií]a)?(?:\(es\)|\(a\)|/a)?|authors?|escrito por|escribe|"
    r"written by|elabor[óo](?: por)?|elaborad[oa] por|redact[óo](?: por)?|redactad[oa] por|"
    r"prepared by|preparad[oa] por|texto(?: de| por)?|ponente|compilad[oa] por)\b[*_]*"
    r"(?:[ \t]*[:：][*_]*[ \t]*|(?<=por)[ \t]+|(?<=by)[ \t]+)(?P<name>[^\n]{2,120})$",
    re.IGNORECASE | re.MULTILINE,
)
_BY = re.compile(r"^[*_ \t]*(?:por|by)[ \t]+(?P<name>[^\n:]{4,90})$", re.IGNORECASE | re.MULTILINE)
_AFTER = re.compile(
    r"\s*(?:[|·•;/(]|\s[-–—]\s|,\s*(?=\d)|,\s*(?:lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|"
    r"domingo|[a-záéíóúñ]))",
)
_NAME = re.compile(r"(?:[^\W\d_](?:['’.-]?[^\W\d_])*\.?)")
_SMALL_WORDS = "de del la las los y e da das do dos di van von der den le al el bin and ma"
_SMALL = frozenset(_SMALL_WORDS.split())


def trusted_author(name: str | None) -> str | None:
    """A name that metadata gives; None for programs, accounts and addresses."""
    words = " ".join((name or "").split()).strip("\"'*_ ")
    if not any(map(str.isalpha, words)) or words.casefold() in _ACCOUNTS:
        return None
    return (
        None if _MACHINE.fullmatch(words) or re.match(r"https?://|[a-z]:\\", words, re.I) else words
    )


def author_in(text: str) -> str | None:
    """The author whom the text names: after a label (``Autora:``), or after ``Por`` on its line."""
    for part in (text[:_HEAD], text[max(_HEAD, len(text) - _TAIL) :]):
        for match in _LABELLED.finditer(part):
            name = _shortened(match["name"])
            if name and name[0].isupper():
                return trusted_author(name)
    for match in _BY.finditer(text[:_HEAD]):
        name = _shortened(match["name"])
        if _is_name(name):
            return name
    return None


def _shortened(words: str) -> str:
    """A name without what stands after it on its line: a place, a date, a mark."""
    cut = _AFTER.search(words)
    return (words[: cut.start()] if cut else words).strip().rstrip(".,;").strip("*_ ")


def _is_name(words: str) -> bool:
    """Whether words are names of people: two to five of each, with capitals."""
    people = re.split(r",\s+|\s+(?:y|e|and|&)\s+", words)
    return bool(people) and all(_is_person(person) for person in people)


def _is_person(words: str) -> bool:
    parts = words.split()
    if not parts or not all(_NAME.fullmatch(part) for part in parts) or words.isupper():
        return False
    names = [part for part in parts if part.lower() not in _SMALL]
    return 2 <= len(names) <= 5 and all(name[0].isupper() for name in names)
