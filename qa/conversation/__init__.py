"""What a message of a conversation asks for, and what its question is in full.

Follow-ups, intents and the words that they are recognised by live here. Nothing here searches or
reads a passage.
"""
