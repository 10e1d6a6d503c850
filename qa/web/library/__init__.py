"""The page of documents: what a collection holds, adding to it, and taking out of it."""

__all__ = ["ROUTES"]

ROUTES = (
    r"GET /documents(/(list|text|collections))?|POST /documents/(check|progress|cancel|remove)"
    r"|PUT /documents/file"
)
"""What the page asks for, as `qa.web.guard.Guard` takes it."""
