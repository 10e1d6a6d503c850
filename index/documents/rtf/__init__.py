"""Rich text (.rtf) becomes parts."""
