#!/usr/bin/env bash
# Found: odfpy's extractText gives a paragraph of an OpenDocument text together with all that hangs on
# it: a footnote's mark and its words come in the middle of the sentence without a space, so that
# "500 euros" with note 1 reads "5001Without heating. euros", and a comment comes with its author, its
# time and its words. The usual way to all paragraphs, getElementsByType(P), gives the words of the
# note and of the comment once more as paragraphs, and before the first one those that a tracked change
# deleted, for OpenDocument keeps these at the head of the text; nothing tells them from the rest.
# Why it matters: an answer with the figure 5001 is in no document, and the deleted clause is quoted as
# the file's first sentence. Both look like ordinary text, and no error or warning speaks of them.
# Seen with odfpy 1.4.1, on a file made with it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet odfpy==1.4.1
"$folder/venv/bin/python" - <<'PY'
import io
from importlib.metadata import version

from odf import dc, office, teletype, text
from odf.namespaces import TEXTNS
from odf.opendocument import OpenDocumentText, load


def within(parent, *children):
    for child in children:
        parent.addElement(child)
    return parent


def signed(element):
    return within(element, dc.Creator(text="Ana"), dc.Date(text="2026-05-04T10:00:00"))


document = OpenDocumentText()
region = text.ChangedRegion(check_grammar=False)
region.setAttrNS(TEXTNS, "id", "c1")
deleted = text.P(text=" The deposit is 900 euros.")
within(region, within(text.Deletion(), signed(office.ChangeInfo()), deleted))
rent = text.P(text="The rent is 500")
body = within(text.NoteBody(), text.P(text="Without heating."))
within(rent, within(text.Note(noteclass="footnote"), text.NoteCitation(text="1"), body))
rent.addText(" euros a month.")
due = text.P(text="It is due on the first day")
within(due, within(signed(office.Annotation()), text.P(text="Or the fifth?")))
due.addText(".")
within(due, text.Change(changeid="c1"))
within(document.text, within(text.TrackedChanges(), region), rent, due)
file = io.BytesIO()
document.write(file)

paragraphs = load(io.BytesIO(file.getvalue())).getElementsByType(text.P)
found = [teletype.extractText(paragraph) for paragraph in paragraphs]
print(f"odfpy {version('odfpy')}", *found, sep="\n")
assert found == [
    " The deposit is 900 euros.",
    "The rent is 5001Without heating. euros a month.",
    "Without heating.",
    "It is due on the first dayAna2026-05-04T10:00:00Or the fifth?.",
    "Or the fifth?",
], "the text is read otherwise"
PY
