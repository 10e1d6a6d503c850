"""The web chat's parts: its words, its messages, its server, and the page's script and style."""
