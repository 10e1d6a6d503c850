#!/usr/bin/env bash
# Found: of an OpenDocument presentation xberg gives, besides the slides' text, what stands on its
# master page only as a prompt for the author ("Click to edit Master title style"), which no slide and
# no printout shows, as a paragraph of its own after the last slide, and the inner names of the slides
# ("page1") before each. A slide's number is in no element; of the same slides in PowerPoint's format
# it gives the numbers, and no prompt.
# Why it matters: whatever is in the text can be quoted as an answer, and a presentation's prompts are
# sentences in the language of the program, the same ones in every file of a folder. Without the
# numbers the answer can cite the file only.
# Seen with xberg 1.3.9; the files are made with odfpy 1.4.1 and python-pptx 1.0.2. LibreOffice shows
# the slides' two lines and nothing else.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet xberg==1.3.9 odfpy==1.4.1 python-pptx==1.0.2
"$folder/venv/bin/python" - <<'PY'
import asyncio
import io
import time
from importlib.metadata import version

import pptx
import xberg
from odf import draw, style, text
from odf.namespaces import PRESENTATIONNS
from odf.opendocument import OpenDocumentPresentation

PROMPT = "Click to edit Master title style"
SLIDES = ("Rent: 500 euros", "Deposit: 900 euros")


def titled(page, words, layer):
    frame = draw.Frame(width="20cm", height="3cm", x="2cm", y="2cm", layer=layer)
    frame.setAttrNS(PRESENTATIONNS, "class", "title")
    frame.setAttrNS(PRESENTATIONNS, "style-name", "M-title")
    box = draw.TextBox()
    box.addElement(text.P(text=words))
    frame.addElement(box)
    page.addElement(frame)


def odp():
    document = OpenDocumentPresentation()
    layout = style.PageLayout(name="L")
    layout.addElement(style.PageLayoutProperties(pagewidth="28cm", pageheight="21cm"))
    document.automaticstyles.addElement(layout)
    document.styles.addElement(style.Style(name="M-title", family="presentation"))
    master = style.MasterPage(name="M", pagelayoutname=layout)
    document.masterstyles.addElement(master)
    titled(master, PROMPT, "backgroundobjects")
    for number, words in enumerate(SLIDES, 1):
        page = draw.Page(name=f"page{number}", masterpagename=master)
        titled(page, words, "layout")
        document.presentation.addElement(page)
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


def powerpoint():
    document = pptx.Presentation()
    prompts = [shape.text_frame.text for shape in document.slide_master.placeholders]
    assert PROMPT in prompts, "the other file has no such prompt"
    for words in SLIDES:
        document.slides.add_slide(document.slide_layouts[5]).shapes.title.text = words
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


async def read(data, name):
    config = xberg.ExtractionConfig(
        use_cache=False, result_format="element_based", pages=xberg.PageConfig()
    )
    source = xberg.ExtractInput(kind="bytes", bytes=data, filename=name)
    result = (await xberg.extract(source, config)).results[0]
    return [(element.text.strip(), element.metadata.page_number) for element in result.elements]


print(f"xberg {version('xberg')}")
first, second = SLIDES
for name, data, wanted in (
    ("costs.pptx", powerpoint(), [(first, 1), (second, 2)]),
    (
        "costs.odp",
        odp(),
        [("page1", None), (first, None), ("page2", None), (second, None), (PROMPT, None)],
    ),
):
    found = asyncio.run(read(data, name))
    print(f"{name}: {found}")
    assert found == wanted, f"{name} is read otherwise"
time.sleep(0.2)  # xberg's own threads end a moment after the result
PY
