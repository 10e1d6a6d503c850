"""Files of any format become documents: one plain text with its pages, title and date.

Whatever knows a file format, a converter or what a document must be lives here. Nothing here knows
of passages, of an index or of a model.
"""
