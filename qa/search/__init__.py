"""A question becomes ranked passages with citations.

The retriever, the fusion of its two scores and the mending of typing errors live here. Nothing here
knows of conversations, answers or screens.
"""
