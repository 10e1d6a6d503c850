"""What a language model writes to questions, kept on disk, so that checks are measured without it.

One JSON object a line. A run that was stopped goes on where it was.
"""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from qa import Assistant, Hit
from qa.settings import WritingSettings
from qa.writing.client import LanguageModel
from qa.writing.failures import ModelFailedError
from qa.writing.prompts import chosen, messages

__all__ = ["Generated", "generate", "read"]


@dataclass(frozen=True, slots=True)
class Generated:
    """What a model wrote to a question, and the passages it was given: document, start and end."""

    id: str
    question: str
    language: str
    passages: tuple[tuple[str, int, int], ...]
    raw: str
    seconds: float
    failure: str = ""


def read(path: Path) -> dict[str, Generated]:
    """What was generated so far, by the id of its question."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    found = (json.loads(line) for line in lines)
    return {
        row["id"]: Generated(**row | {"passages": tuple(map(tuple, row["passages"]))})
        for row in found
    }


def generate(
    assistant: Assistant,
    model: LanguageModel,
    questions: Iterable[tuple[str, str]],
    settings: WritingSettings,
    path: Path,
) -> Iterator[Generated]:
    """Ask for what is not there yet; ``questions`` have an id and a text each."""
    done = read(path)
    for id, text in questions:
        if id in done:
            yield done[id]
            continue
        answer = assistant.ask(text)
        if not answer.citations:
            made = Generated(id, text, answer.language, (), "", 0.0, "refused")
        else:
            made = _written(
                id, text, answer.language, chosen(answer.hits, settings), model, settings
            )
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")
        yield made


def _written(
    id: str,
    question: str,
    language: str,
    hits: Sequence[Hit],
    model: LanguageModel,
    settings: WritingSettings,
) -> Generated:
    started, raw, failure = time.monotonic(), "", ""
    try:
        for piece in model.write(messages(question, hits, language, settings)):
            raw += piece
    except ModelFailedError as error:
        failure = error.failure
    places = tuple((hit.document_id, hit.citation.start, hit.citation.end) for hit in hits)
    seconds = round(time.monotonic() - started, 2)
    return Generated(id, question, language, places, raw, seconds, failure)
