#!/usr/bin/env bash
# Found: xberg refuses a harmless Word file as a "potential ZIP bomb" when its text part is 1 MiB or
# more and packs better than 100 to 1. A long form with blank rows does: 3,000 rows of six empty cells
# under a heading make a file of 45 KB, of which 1.3 MB are markup, and nothing of it is read. The
# markup of Word's tables is long and always the same, so the emptier a table, the better it packs.
# Why it matters: visitors' books, attendance lists and inventories are such tables, and the rules of
# use that stand above them are what people ask about. A folder's reader has to tell its user that the
# file was refused, and why; it is neither damaged nor large.
# Seen with xberg 1.3.9 with its own default limits, on a file made with python-docx 1.2.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet xberg==1.3.9 python-docx==1.2.0
"$folder/venv/bin/python" - <<'PY'
import asyncio
import copy
import io
import time
import zipfile
from importlib.metadata import version

import docx
import xberg

LABELS = ("Date", "Time", "Name", "Company", "Host", "Signature")


def form(rows):
    document = docx.Document()
    document.add_paragraph("Visitors sign in before they enter and leave by the same door.")
    table = document.add_table(rows=2, cols=6)
    for cell, label in zip(table.rows[0].cells, LABELS, strict=True):
        cell.text = label
    blank = table.rows[1]._tr
    for _ in range(rows - 1):
        blank.addnext(copy.deepcopy(blank))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


async def read(data):
    source = xberg.ExtractInput(kind="bytes", bytes=data, filename="visitors.docx")
    return await xberg.extract(source, xberg.ExtractionConfig(use_cache=False))


print(f"xberg {version('xberg')}")
for rows, wanted in ((1500, "read"), (3000, "refused")):
    data = form(rows)
    assert len(docx.Document(io.BytesIO(data)).tables[0].rows) == rows + 1
    part = zipfile.ZipFile(io.BytesIO(data)).getinfo("word/document.xml")
    try:
        text = asyncio.run(read(data)).results[0].content
        outcome, said = "read", f"{len(text):,} characters"
        assert "Visitors sign in before they enter" in text
    except Exception as error:
        outcome, said = "refused", str(error)
    print(f"{rows:,} blank rows, {len(data):,} bytes, {part.file_size:,} of text part: {said}")
    assert outcome == wanted, f"the form of {rows} rows is no longer {wanted}"
    assert outcome == "read" or "ZIP bomb" in said, "it is refused for another reason"
time.sleep(0.2)  # xberg's own threads end a moment after the result
PY
