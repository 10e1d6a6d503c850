"""What is known of Spanish and English text: paragraphs, languages, words that say little.

Each fact stands here once, as a pure function or a constant. Nothing here knows of documents,
passages or files.
"""
