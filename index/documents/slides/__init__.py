"""Presentations (.pptx, .ppt) become parts."""
