"""PDF files: characters with their places become lines, paragraphs, tables and notes."""

from index.documents.pdf.reader import read_pdf

__all__ = ["read_pdf"]
