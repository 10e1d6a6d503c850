"""What chats ask a model besides questions: a title, tags. No document is searched for that."""

import json
import re
from collections.abc import Sequence
from typing import Final

__all__ = ["job_done"]

_TASK = re.compile(r"\s*### Task:\s")  # how Open WebUI begins each of them
_WANTED = re.compile(r'"(title|tags|follow_ups|queries|text)"\s*:')
_ASKED = re.compile(r"^(?:USER|user|User):\s*(.+)$", re.MULTILINE)
_WORDS: Final = 8  # of a title


def job_done(question: str, before: Sequence[dict[str, str]]) -> str | None:
    """The answer to such a job, None for a question.

    A title is the beginning of what was asked first; of all else there is nothing.
    """
    if not _TASK.match(question):
        return None
    wanted = _WANTED.search(question)
    if wanted is None:
        return "{}"
    if wanted[1] == "title":
        asked = _ASKED.search(question)
        first = asked[1] if asked else next((one["content"] for one in before), "qa")
        return json.dumps({"title": " ".join(first.split()[:_WORDS])}, ensure_ascii=False)
    return json.dumps({wanted[1]: "" if wanted[1] == "text" else []})
