"""What the web chat shows: its words, how answers become messages, and the page's script and style."""
