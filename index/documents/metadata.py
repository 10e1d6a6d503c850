"""What programs and libraries write into the metadata of every file that they make."""

from index.documents.decoding import clean

__all__ = ["created", "named"]

# The file from which libraries and programs make new presentations.
_TEMPLATE_TIMES = ("2013-01-27T09:14:16", "2013-12-23T23:15")
_TEMPLATE_AUTHORS = ("Steve Canny", "python-docx")
_PLACEHOLDERS = frozenset(
    (
        "",
        "(anonymous)",
        "(unspecified)",
        "anonymous",
        "untitled",
        "unknown",
        "unnamed",
        "powerpoint presentation",
        "presentación de powerpoint",
        "sin título",
        "slide 1",
        "diapositiva 1",
    )
)


def created(time: str | None, author: str | None) -> tuple[str | None, str | None]:
    """When a file was made and by whom, unless they are those of the template that it is from."""
    if time and time.startswith(_TEMPLATE_TIMES):
        return None, None if author in _TEMPLATE_AUTHORS else author
    return time or None, author


def named(value: str | None) -> str | None:
    """A title or author as written; None for the words that programs put where there is none."""
    value = " ".join(clean(value or "").split())
    return None if value.lower() in _PLACEHOLDERS else value
