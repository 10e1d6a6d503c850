"""A folder of documents and the index brought in step: plan, read, write, watch, verify.

What compares files with the catalog, and what writes passages, lives here. Nothing here answers a
question.
"""
