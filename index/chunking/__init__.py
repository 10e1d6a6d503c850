"""Documents become passages: what is embedded, found and cited.

The rules on headings, bylines, lists and speakers that decide where a passage ends live here. All
of it is pure: no file, no database and no model is opened.
"""
