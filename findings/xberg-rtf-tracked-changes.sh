#!/usr/bin/env bash
# Found: xberg reads one tracked change in two ways. In a Word file what was deleted is left out and
# what was inserted is in; of the same sentence in RTF both come out, glued together and without a
# warning: "thirtyforty days". (\deleted marks the words in RTF as w:del does in a Word file.)
# Why it matters: contracts in negotiation go round with their changes tracked. A term, a price or a
# party then appears with its old value as if it were valid, or as a word that stands in no document
# and no question can match, and the quotation is wrong at the very words that were fought over.
# Seen with xberg 1.3.9; the Word file is made with python-docx 1.2.0, the RTF is written out below.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet xberg==1.3.9 python-docx==1.2.0
"$folder/venv/bin/python" - <<'PY'
import asyncio
import io
import time
from importlib.metadata import version

import docx
import xberg
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

RTF = rb"""{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}{\*\revtbl{Unknown;}{Ana;}}
\pard The tenant gives notice of {\deleted\revauthdel1\revdttmdel669192832 thirty}%
{\revised\revauth1\revdttm669192832 forty} days.\par}""".replace(b"%\n", b"")
BY = 'w:author="Ana" w:date="2026-03-02T10:00:00Z"'
CHANGE = f"""<w:p {nsdecls("w")}>
<w:r><w:t xml:space="preserve">The tenant gives notice of </w:t></w:r>
<w:del w:id="1" {BY}><w:r><w:delText>thirty</w:delText></w:r></w:del>
<w:ins w:id="2" {BY}><w:r><w:t>forty</w:t></w:r></w:ins>
<w:r><w:t xml:space="preserve"> days.</w:t></w:r></w:p>"""


def word():
    document = docx.Document()
    document.element.body.insert(0, parse_xml(CHANGE))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


async def read(data, name):
    source = xberg.ExtractInput(kind="bytes", bytes=data, filename=name)
    return (await xberg.extract(source, xberg.ExtractionConfig(use_cache=False))).results[0]


print(f"xberg {version('xberg')}")
for name, data, wanted in (
    ("lease.docx", word(), "The tenant gives notice of forty days."),
    ("lease.rtf", RTF, "The tenant gives notice of thirtyforty days."),
):
    result = asyncio.run(read(data, name))
    warnings = [warning.message for warning in result.processing_warnings or ()]
    print(f"{name}: {result.content.strip()!r}, warnings: {warnings}")
    assert result.content.strip() == wanted, f"{name} is read otherwise"
    assert not warnings, f"{name} now has a warning"
time.sleep(0.2)  # xberg's own threads end a moment after the result
PY
