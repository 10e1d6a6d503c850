"""An index in PostgreSQL: its catalog in the tables of a schema, and what is searched beside it.

pg8000 is called here and nowhere else, and its errors become ours here.
"""
