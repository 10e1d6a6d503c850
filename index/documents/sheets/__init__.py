"""Spreadsheets and delimited files, read as a person sees them."""
