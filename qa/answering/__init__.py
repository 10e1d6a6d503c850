"""The assistant: a question in, a quoted answer or an honest refusal out.

It puts search, conversation and reader together; replies that need no search, contradictions and
suggested questions live here too. Nothing here prints or draws.
"""
