"""Word files: .docx from their XML, .doc by way of the converter."""

from index.documents.word.reader import read_docx

__all__ = ["read_docx"]
