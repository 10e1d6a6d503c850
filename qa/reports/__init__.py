"""Answers to take along: exported as Word, Markdown or HTML, and checked again months later.

`export` makes a file of answers. `check_report` reads one back, also after a person has edited it,
and says of each quote whether it still stands in an index.
"""
