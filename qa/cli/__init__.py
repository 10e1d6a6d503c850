"""The command line: parse, call the library, print.

Each command's arguments and what it prints live here. Nothing here decides what is found or
answered.
"""
