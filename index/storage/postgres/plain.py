"""Values as PostgreSQL can hold them: its texts have no zero byte."""

from typing import Any

__all__ = ["plain"]


def plain(value: Any) -> Any:
    """The value with the sign for an unknown character in place of each zero byte of its texts."""
    match value:
        case str():
            return value.replace("\0", "\ufffd") if "\0" in value else value
        case list():
            return [plain(item) for item in value]
        case dict():
            return {plain(name): plain(item) for name, item in value.items()}
    return value
