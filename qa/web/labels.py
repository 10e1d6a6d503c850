"""What a document is called where one is chosen: its title, and the name of its file."""

import re

from index.text.folding import fold

__all__ = ["choice", "middle"]

_TITLE = 64  # characters of a title
_FILE = 40  # and of a file's name


def choice(title: str | None, source: str | None, document_id: str) -> str:
    """The title and the file's name, or one of them where it says both; long ones are cut."""
    file = (source or "").replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = title or file or document_id
    if not file or _words(name) in (_words(file), _words(file.rpartition(".")[0])):
        return middle(file or name, _TITLE)
    return f"{middle(name, _TITLE)} · {middle(file, _FILE)}"


def middle(text: str, longest: int) -> str:
    """The text in at most so many characters: its beginning and its end, where it is longer."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    end = longest * 2 // 5
    return f"{text[: longest - end - 1].rstrip()}…{text[-end:].lstrip()}"


def _words(name: str) -> list[str]:
    return [part for part in re.split(r"[\W_]+", fold(name)) if part]
