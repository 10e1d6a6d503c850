"""The web chat and JSON over HTTP: the page, its words and messages, the servers and their guard.

What only a browser or another program on the network needs lives here, with the page's script and
style. Nothing here decides what is found or answered.
"""
