"""OpenDocument texts and presentations (.odt, .odp) become parts."""
