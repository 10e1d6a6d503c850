"""Values and texts as a message or a screen can show them."""

__all__ = ["describe", "is_encodable", "printable"]

LONGEST_VALUE = 60  # characters of a value in a message


def is_encodable(text: str) -> bool:
    """Whether a text can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(text: str) -> str:
    """A text as it can be printed and kept; what is not encodable becomes a question mark."""
    return text.encode(errors="replace").decode()


def describe(value: object) -> str:
    """A value of a wrong type, for a message: its beginning and its type."""
    text = repr(value)
    text = text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
    return printable(f"{text} ({type(value).__name__})")
