"""What a question names: documents, numbers, dates, articles.

Nothing here searches; it looks at the words of a question, of passages, and of documents' names.
"""
