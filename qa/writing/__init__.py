"""A language model writes from the passages that were found, and what it writes is verified."""
