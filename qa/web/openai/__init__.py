"""The protocol of OpenAI's API over a collection, for chats and programs that speak it."""
