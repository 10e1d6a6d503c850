"""How often somebody may do something: questions a minute, and guesses of a password."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from threading import Lock
from typing import TYPE_CHECKING

from qa.web.refused import Reason, RefusedError

if TYPE_CHECKING:
    from starlette.types import Scope

__all__ = ["Guesses", "Questions", "address_of", "person_of"]

_MINUTE = 60.0
_REMEMBERED = 10_000  # persons, addresses or names
_FREE = 5  # wrong passwords before anybody has to wait
_LONGEST = {"address": 300.0, "name": 30.0}  # seconds; a name's own user must not wait for long
_FORGOTTEN = 900.0  # seconds after the last wrong password


def address_of(scope: "Scope") -> str:
    """Where a request comes from; of an IPv6 address its network, which is one customer's."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ip_address(host)
    except ValueError:
        return str(host)
    return str(ip_network(f"{host}/64", strict=False)) if address.version == 6 else host


def person_of(scope: "Scope") -> str:
    """Who asks: the name of who has logged in, else the address."""
    user = scope.get("qa", {}).get("user")
    return f"user {user}" if user else f"address {address_of(scope)}"


class Questions:
    """At most so many questions in any minute, by person. Safe for threads."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """``per_minute`` of 0 is any number."""
        self._most = per_minute
        self._clock = clock
        self._lock = Lock()
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, person: str) -> None:
        """Count one question; raises RefusedError, which is not counted, where it is too many."""
        if not self._most:
            return
        now = self._clock()
        with self._lock:
            asked = self._asked.setdefault(person, deque())
            self._asked.move_to_end(person)
            while asked and asked[0] <= now - _MINUTE:
                asked.popleft()
            if len(asked) >= self._most:
                raise RefusedError(Reason.TOO_MANY, math.ceil(asked[0] + _MINUTE - now))
            asked.append(now)
            while len(self._asked) > _REMEMBERED:
                self._asked.popitem(last=False)


class Guesses:
    """Slows down who tries passwords: each wrong one after the fifth doubles the wait.

    By address and by name, so that neither one machine nor many guess fast. Safe for threads.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._wrong: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def begin(self, address: str, name: str) -> int:
        """Seconds to wait before the next try; 0 counts this one as wrong until `right` is told."""
        now = self._clock()
        keys = [("address", address), *([("name", name)] if name else [])]
        with self._lock:
            until = max(self._until(key, now) for key in keys)
            if until > now:
                return math.ceil(until - now)
            for key in keys:
                count, last = self._wrong.get(key, (0, now))
                count = 0 if last <= now - _FORGOTTEN else count
                self._wrong[key] = count + 1, now
                self._wrong.move_to_end(key)
            while len(self._wrong) > _REMEMBERED:
                self._wrong.popitem(last=False)
        return 0

    def right(self, address: str, name: str) -> None:
        """The password was right: what went before is forgotten."""
        with self._lock:
            self._wrong.pop(("address", address), None)
            self._wrong.pop(("name", name), None)

    def _until(self, key: tuple[str, str], now: float) -> float:
        count, last = self._wrong.get(key, (0, now))
        if count < _FREE or last <= now - _FORGOTTEN:
            return now
        return last + min(2.0 ** (count - _FREE), _LONGEST[key[0]])
