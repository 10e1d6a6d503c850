"""Pages and e-books (.html, .epub) become parts."""
