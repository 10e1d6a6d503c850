#!/usr/bin/env bash
# Found: Haystack's filters also compare dates that are not ISO 8601, and read them month first. The 3 of
# April, written 03/04/2025 as in Spain, Latin America or Britain, is before 15 March for a filter; the
# 13th, 13/04/2025, is after it, since there is no month 13. A number alone, as "12", is a day of the
# current month, and a year alone is today's day in it, so what a filter keeps changes from day to day.
# Its own error says that strings are only comparable if they are ISO dates: a date in words is refused,
# and so is a datetime.date of Python. Equality takes ISO alone.
# Why it matters: dates in metadata come from front matter, tables and file names, written as people
# write them there. "Since 15 March" then leaves out days of April that it should keep, and finds days of
# January under October; no error shows it, and tests with the 13th to the 31st pass.
# Seen with haystack-ai 3.4.1 and its own in-memory store.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HAYSTACK_TELEMETRY_ENABLED=False
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet haystack-ai==3.4.1
"$folder/venv/bin/python" - <<'PY'
from datetime import date
from importlib.metadata import version

from haystack import Document
from haystack.components.retrievers import InMemoryBM25Retriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.errors import FilterError

SINCE = {"field": "meta.date", "operator": ">=", "value": "2025-03-15"}


def kept(*dates, **changed):
    """Which of the documents with these dates a search with the filter finds."""
    store = InMemoryDocumentStore()
    store.write_documents([Document(content="minutes", meta={"date": each}) for each in dates])
    retriever = InMemoryBM25Retriever(document_store=store)
    found = retriever.run(query="minutes", filters={**SINCE, **changed}, top_k=99)["documents"]
    return sorted(document.meta["date"] for document in found)


print(f"haystack-ai {version('haystack-ai')}")
iso = kept("2025-04-03", "2025-04-13", "2025-02-13")
local = kept("03/04/2025", "13/04/2025", "13/02/2025")
print(f"since 15 March, ISO: {iso}; day first: {local}")
assert iso == ["2025-04-03", "2025-04-13"]
assert local == ["13/04/2025"], "3 April is read otherwise"
april = [f"{day:02}/04/2025" for day in range(1, 31)]
lost = len(april) - len(kept(*april))
print(f"of the 30 days of April, written day first, {lost} are lost")
assert lost == 3, "01/04, 02/04 and 03/04 are read otherwise"
same = kept("03/04/2025", operator="==", value="2025-04-03")
print(f"equal to 2025-04-03: {same}")
assert same == []
today = date.today()
alone = kept("12", value=f"{today:%Y-%m}-12"), kept("12", value=f"{today:%Y-%m}-13")
print(f'"12" since the 12th of this month: {alone[0]}, since the 13th: {alone[1]}')
assert alone == (["12"], [])
year = kept("2024", value=f"2024-{today:%m-%d}") if f"{today:%m-%d}" != "02-29" else ["2024"]
print(f'"2024" since this day of 2024: {year}')
assert year == ["2024"]
for other in ("3 de abril de 2025", date(2025, 4, 3)):
    try:
        print(other, kept(other))
    except FilterError as error:
        print(f"{other!r}: {error}")
    else:
        raise AssertionError(f"{other!r} is no longer refused")
PY
