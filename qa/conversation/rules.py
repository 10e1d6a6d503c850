"""The word lists and rules of `data/es.toml` and `data/en.toml`, read once, when first used."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["LANGUAGES", "Rule", "disabled", "expand", "is_enabled", "rules", "without", "word_list"]

LANGUAGES = ("es", "en")
_DATA = Path(__file__).parent / "data"
_disabled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of one language, with sentences to which it applies and to which it does not.

    ``kind`` is the table of the file that holds it: "intents" or "followups". ``values`` holds
    what else its row says.
    """

    kind: str
    name: str
    language: str
    does: str
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    values: Mapping[str, Any]


@cache
def _data(language: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def word_list(name: str, language: str | None = None) -> frozenset[str]:
    """A list of words, in lower case and without accents; of both languages where none is named.

    Raises KeyError where there is no such list.
    """
    if language is None:
        return frozenset().union(*(word_list(name, spoken) for spoken in LANGUAGES))
    return frozenset(_data(language)["words"][name].split())


def expand(form: str, language: str) -> str:
    """A regular expression with its ``{slots}`` put in, and theirs."""
    slots = _data(language)["slots"]

    def alternatives(slot: re.Match[str]) -> str:
        return expand(f"(?:{'|'.join(slots[slot[1]])})", language)

    return re.sub(r"\{([a-z_]+)\}", alternatives, form)


@cache
def rules(kind: str, language: str) -> tuple[Rule, ...]:
    """The rules of a kind, "intents" or "followups", in the order of the file."""
    shared = ("name", "does", "examples", "counter_examples")
    return tuple(
        Rule(
            kind,
            row["name"],
            language,
            row["does"],
            tuple(row["examples"]),
            tuple(row["counter_examples"]),
            {name: value for name, value in row.items() if name not in shared},
        )
        for row in _data(language)[kind]
    )


def disabled() -> frozenset[str]:
    """The names of the rules that are switched off; normally none."""
    return _disabled


def is_enabled(name: str) -> bool:
    """Whether a rule is in force."""
    return name not in _disabled


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Switch rules off, for the whole process, to see what they are worth.

    Raises KeyError for a name that no rule has.
    """
    global _disabled  # noqa: PLW0603  # a switch for benchmarks, not for users
    names_of_rules = {
        rule.name
        for kind in ("intents", "followups")
        for language in LANGUAGES
        for rule in rules(kind, language)
    }
    if unknown := set(names) - names_of_rules:
        raise KeyError(f"No rule is named {', '.join(sorted(unknown))}.")
    before, _disabled = _disabled, _disabled | set(names)
    try:
        yield
    finally:
        _disabled = before
