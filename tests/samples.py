"""A small file of every accepted ending, each with one sentence to find."""

import io
import json
import zipfile

from pptx import Presentation

from tests import files
from tests.index.documents.html.test_epub import epub
from tests.index.documents.opendocument.test_odt import ROOT, flat
from tests.index.documents.sheets.books import sheet_of
from tests.index.documents.sheets.test_ods import ods, row, table
from tests.index.documents.sheets.test_xls import workbook
from tests.index.documents.slides.test_ppt import TITLE, deck, shape, slide, words
from tests.index.documents.word.old import OLD

__all__ = ["SENTENCE", "STORED", "samples"]

SENTENCE = "El plazo de inscripción vence el 3 de mayo de 2024."
# Old binary files, which only their own programs write: what stands in them.
STORED = {".doc": "Cuesta 120 pesos por m²", ".xls": "1,234.50 €"}

_SLIDES = (
    ' xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)
_FRAME = (
    '<draw:page><draw:frame svg:x="1cm" svg:y="1cm" svg:width="9cm" svg:height="1cm">'
    f"<draw:text-box><text:p>{SENTENCE}</text:p></draw:text-box></draw:frame></draw:page>"
)
_ACT = (
    '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act><body><article>'
    f"<num>1</num><content><p>{SENTENCE}</p></content></article></body></act></akomaNtoso>"
)
_ARTICLE = (
    "<article><front><article-meta><title-group><article-title>Plazos</article-title></title-group>"
    f"</article-meta></front><body><p>{SENTENCE}</p></body></article>"
)


def samples() -> dict[str, bytes]:
    """The bytes of each file, by its ending."""
    page = f"<!DOCTYPE html><html><body><p>{SENTENCE}</p></body></html>".encode()
    mail = files.eml("Plazo", "ana@example.org", SENTENCE)
    cue = f"00:00:01.000 --> 00:00:09.000\n{SENTENCE}\n"
    drawn = ROOT.replace("<office:document", f"<office:document{_SLIDES}", 1)
    fodp = f"{drawn}<office:body><office:presentation>{_FRAME}</office:presentation></office:body>"
    book = sheet_of(("Trámite", "Plazo"), ("Inscripción", SENTENCE))
    return {
        **dict.fromkeys((".txt", ".text", ".rst", ".md", ".markdown"), f"{SENTENCE}\n".encode()),
        **dict.fromkeys((".html", ".htm", ".xhtml"), page),
        **dict.fromkeys((".xlsx", ".xlsm"), book),
        **dict.fromkeys((".xml", ".nxml"), _ARTICLE.encode()),
        ".akn": _ACT.encode(),
        ".srt": f"1\n{cue.replace('.000', ',000')}".encode(),
        ".vtt": f"WEBVTT\n\n{cue}".encode(),
        ".pdf": files.pdf([[SENTENCE]]),
        ".docx": files.docx([("", SENTENCE)]),
        ".doc": OLD,
        ".rtf": rb"{\rtf1\ansi\ansicpg1252 " + SENTENCE.encode("cp1252") + rb"\par}",
        ".odt": files.odt([SENTENCE]),
        ".fodt": flat(f"<text:p>{SENTENCE}</text:p>"),
        ".pptx": _pptx(),
        ".ppt": deck(slide(shape(words(TITLE, SENTENCE)))),
        ".odp": _zipped(("content.xml", f"{fodp}</office:document>".encode())),
        ".fodp": f"{fodp}</office:document>".encode(),
        ".xls": workbook(),
        ".ods": ods(table(row("Trámite", "Plazo"), row("Inscripción", SENTENCE))),
        ".csv": f"Trámite,Plazo\nInscripción,{SENTENCE}\n".encode(),
        ".tsv": f"Trámite\tPlazo\nInscripción\t{SENTENCE}\n".encode(),
        ".epub": epub({"a": f"<body><p>{SENTENCE}</p></body>"}),
        ".eml": mail,
        ".emlx": f"{len(mail)}\n".encode() + mail,
        ".mbox": b"From ana@example.org Mon Mar  3 10:00:00 2025\n" + mail,
        ".msg": files.ole(_outlook()),
        ".zip": _zipped(("plazo.txt", SENTENCE.encode())),
        ".ipynb": _notebook(),
    }


def _pptx() -> bytes:
    made = Presentation()
    made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = SENTENCE
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _zipped(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def _outlook() -> dict[str, bytes]:
    texts = {"0037": "Plazo", "1000": SENTENCE}
    streams = {f"__substg1.0_{tag}001F": text.encode("utf-16-le") for tag, text in texts.items()}
    return {"__properties_version1.0": bytes(32), **streams}


def _notebook() -> bytes:
    cell = {"cell_type": "markdown", "metadata": {}, "source": [SENTENCE]}
    return json.dumps(
        {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    ).encode()
