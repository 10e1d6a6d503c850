"""What the web chat shows of a citation besides its text: the page itself, and the file."""
