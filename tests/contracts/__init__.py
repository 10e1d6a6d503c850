"""The same tests over every backend."""
