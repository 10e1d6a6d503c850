"""Word files, .docx and .doc: what they show their readers."""

from index.documents.word.reader import read_doc, read_docx

__all__ = ["read_doc", "read_docx"]
