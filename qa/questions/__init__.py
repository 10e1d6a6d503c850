"""What a question asks for, seen in its own words: its kind, and which of two opposites it means.

Nothing here reads a document: `qa.answering` makes use of it, and readers may.
"""
