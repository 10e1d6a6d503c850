"""What an index keeps on disk: the catalog, which is the truth, and the two stores made from it.

SQLite, tantivy and FAISS are called here and nowhere else, and their errors become ours here.
Nothing here reads a folder of documents or embeds a text.
"""
