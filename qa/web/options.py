"""The settings of both servers: each is a flag, a variable of the environment, or both."""

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

from index.errors import InputError
from qa.writing.client import LanguageModel, language_model

__all__ = ["FLAGS", "Flag", "Options", "processors", "read"]

_LOCAL_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
_PER_MINUTE = 30  # nobody reads answers faster; a program that does asks qa serve
_LONGEST_NAME = 60  # characters of a collection's name
_PATH = re.compile(r"(/[\w.~-]+)+")


@dataclass(frozen=True, slots=True)
class Options:
    """How a server serves.

    ``root_path`` begins with a slash and ends without one; "" is none. ``proxies`` are addresses
    and networks. ``per_minute`` and ``waiting`` count questions; ``answers`` are computed at once;
    ``timeout`` and ``grace`` are seconds. ``users`` is a file of names and hashed passwords.
    ``allow_upload``: documents may be added and removed. ``collections``: names and
    index folders.
    ``feedback`` is the file of ratings, ``off`` for none, "" for that beside the index. ``llm`` and
    ``llm_model`` are the address and the name of a language model, "" for none; ``llm_timeout``
    are the seconds that it may take for an answer.
    ``web_url``: the address of a chat over the same index, to which links lead, without a slash.
    """

    root_path: str = ""
    proxies: tuple[str, ...] = ()
    users: Path | None = None
    password: str | None = None
    token: str | None = None
    per_minute: int = 0
    answers: int = 2
    waiting: int = 100
    timeout: int = 120
    grace: int = 10
    log: bool = False
    log_questions: bool = False
    allow_upload: bool = False
    collections: tuple[tuple[str, Path], ...] = ()
    feedback: str = ""
    web_url: str = ""
    llm: str = ""
    llm_model: str = ""
    llm_timeout: int = 90
    llm_key: str = field(default="", repr=False)

    @property
    def language_model(self) -> LanguageModel | None:
        """What writes the answers, if anything does; raises InputError where it cannot be used."""
        return language_model(self.llm, self.llm_model, self.llm_timeout, key=self.llm_key)


@dataclass(frozen=True, slots=True)
class Flag:
    """A setting: its name in `Options`, its flag, its variable, what it means, how it is read.

    A secret has no flag: others on the machine see the command line.
    """

    name: str
    variable: str
    help: str
    parse: Callable[[str], Any]
    flag: str | None = None
    shown: str = ""  # the default, in words
    of: tuple[str, ...] = ("web", "serve", "mcp")  # the commands

    @property
    def is_switch(self) -> bool:
        """Whether it is on or off."""
        return self.parse is _switch


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read(given: Mapping[str, str | None], host: str, *, page: bool = True) -> Options:
    """The options that are given as flags, else those of the environment, else the defaults.

    ``host`` is the address to listen on. Without a ``page``, of a person at this machine, documents
    are changed only where that is said. Raises InputError for a value that cannot be used.
    """
    found: dict[str, Any] = {
        "answers": processors(),
        "per_minute": 0 if host in _LOCAL_HOSTS or "SPACE_ID" in os.environ else _PER_MINUTE,
        "log": not sys.stderr.isatty(),
    }
    for flag in FLAGS:
        text = given.get(flag.name) or os.environ.get(flag.variable, "")
        if not text:
            continue
        try:
            found[flag.name] = flag.parse(text)
        except ValueError as exc:
            named = f"{flag.flag} ({flag.variable})" if flag.flag else flag.variable
            raise InputError(f"{named} is {text!r}: set it to {exc}.") from exc
    beyond = (found.get("proxies"), found.get("root_path"), os.environ.get("QA_ALLOWED_HOSTS"))
    alone = host in _LOCAL_HOSTS and "SPACE_ID" not in os.environ and not any(beyond)
    found.setdefault("allow_upload", page and alone)
    # The quotes are to be shown while there is time.
    found.setdefault("llm_timeout", min(90, found.get("timeout", 120) * 3 // 4 or 1))
    options = Options(**found)
    if options.llm and options.llm_timeout > options.timeout:
        raise InputError("QA_LLM_TIMEOUT is longer than QA_TIMEOUT: set it to less.")
    if options.users and options.password:
        raise InputError("QA_PASSWORD and QA_AUTH are both set: keep one of them.")
    return options


def _whole(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if text.isascii() and text.isdigit() and least <= int(text[:9]) <= most:
            return int(text)
        raise ValueError(f"a number from {least:,} to {most:,}")

    return parse


def _switch(text: str) -> bool:
    if text.lower() in {"1", "on", "true", "yes", "0", "off", "false", "no"}:
        return text.lower() in {"1", "on", "true", "yes"}
    raise ValueError("on or off")


def _collections(text: str) -> tuple[tuple[str, Path], ...]:
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    found = {name.strip(): Path(folder.strip()) for name, _, folder in pairs}
    named = all(0 < len(name) <= _LONGEST_NAME and name.isprintable() for name in found)
    if not named or len(found) < len(pairs) or not all(folder.strip() for *_, folder in pairs):
        raise ValueError("names and index folders, as in laws=/srv/laws,minutes=/srv/minutes")
    return tuple(found.items())


def _root_path(text: str) -> str:
    path = "/" + text.strip("/")
    if path == "/" or _PATH.fullmatch(path):
        return path.rstrip("/")
    raise ValueError("a path, as in /docs")


def _address_of_chat(text: str) -> str:
    if re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", text):
        return text.rstrip("/")
    raise ValueError("an address, as in https://docs.example.org")


def _proxies(text: str) -> tuple[str, ...]:
    found = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return tuple(str(ip_network(part)) if "/" in part else _address(part) for part in found)
    except ValueError:
        raise ValueError("addresses or networks, as in 10.1.2.3,172.16.0.0/12") from None


def _address(text: str) -> str:
    return str(ip_network(text).network_address)


FLAGS: Final = (
    Flag("root_path", "QA_ROOT_PATH", "The path before a proxy, as in /docs.", _root_path,
         "--root-path", "none"),
    Flag("proxies", "QA_PROXY", "The proxy whose X-Forwarded-* are believed: addresses, networks.",
         _proxies, "--proxy", "none"),
    Flag("users", "QA_AUTH", "Who may come in: a file of qa password's lines.", Path,
         "--auth", "everybody"),
    Flag("per_minute", "QA_PER_MINUTE", "Questions a minute by person or address; 0 is any number.",
         _whole(0, 100_000), "--per-minute", "30; any number on 127.0.0.1"),
    Flag("answers", "QA_ANSWERS", "Answers that are computed at once.", _whole(1, 256),
         "--answers", "the number of processors"),
    Flag("waiting", "QA_WAITING", "Questions that may wait in line.", _whole(0, 100_000),
         "--waiting", "100"),
    Flag("timeout", "QA_TIMEOUT", "Seconds that an answer may take.", _whole(1, 3600),
         "--timeout", "120"),
    Flag("grace", "QA_GRACE", "Seconds for running answers when it is stopped.", _whole(0, 600),
         "--grace", "10"),
    Flag("log", "QA_LOG", "Log each request as a line of JSON, on standard error.",
         _switch, "--log", "off on a terminal"),
    Flag("log_questions", "QA_LOG_QUESTIONS", "Log the questions as well.",
         _switch, "--log-questions", "off"),
    Flag("allow_upload", "QA_ALLOW_UPLOAD", "Let documents be added and removed.",
         _switch, "--allow-upload", "off; of the page on where only this machine reaches it",
         ("web", "serve")),
    Flag("collections", "QA_COLLECTIONS", "Index folders to choose from: NAME=FOLDER,NAME=FOLDER.",
         _collections, "--collections", "that of --index", ("web", "serve")),
    Flag("feedback", "QA_FEEDBACK", "The file for what people think of answers, or off.", str,
         "--feedback", "feedback.jsonl beside the index", ("web",)),
    Flag("llm", "QA_LLM", "A language model's server, whose sentences are checked: its address.",
         str, "--llm", "none"),
    Flag("llm_model", "QA_LLM_MODEL", "The language model's name there.", str,
         "--llm-model", "none"),
    Flag("llm_timeout", "QA_LLM_TIMEOUT", "Seconds that it may take; then quotes are shown.",
         _whole(1, 3600), "--llm-timeout", "90"),
    Flag("llm_key", "QA_LLM_KEY", "The language model's key.", str),
    Flag("web_url", "QA_WEB_URL", "The address of qa web over the same index, for links.",
         _address_of_chat, "--web-url", "none", ("serve", "mcp")),
    Flag("password", "QA_PASSWORD", "One password for everybody.", str),
    Flag("token", "QA_TOKEN", "What programs send to qa serve as a bearer token.", str),
)  # fmt: skip
