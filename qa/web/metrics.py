"""What a server counts, in Prometheus' text format.

https://prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import accumulate
from threading import Lock
from typing import Final

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})

Line = tuple[str, Mapping[str, str], float]


class Metrics:
    """Counts of requests, answers and refusals since the server began. Safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Counter[tuple[str, str, str]] = Counter()  # method, route, status
        self._places: dict[str, list[int]] = {}  # by route: how many took at most so long
        self._seconds: Counter[str] = Counter()
        self._answers: Counter[bool] = Counter({True: 0, False: 0})
        self._refused: Counter[str] = Counter()

    def request(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """A request has been answered; ``route`` is None where there is nothing."""
        route = route or "none"
        with self._lock:
            self._requests[method if method in _METHODS else "other", route, str(status)] += 1
            places = self._places.setdefault(route, [0] * (len(_SECONDS) + 1))
            places[bisect_left(_SECONDS, seconds)] += 1
            self._seconds[route] += seconds  # type: ignore[assignment]

    def answer(self, *, found: bool) -> None:
        """A question was answered, or the documents do not say."""
        with self._lock:
            self._answers[found] += 1

    def refuse(self, reason: str) -> None:
        """A question was not taken, or given up by the server."""
        with self._lock:
            self._refused[reason] += 1

    def text(self, gauges: Mapping[str, tuple[str, float]]) -> str:
        """All of it, and these figures of now: by name what they are, and the value."""
        with self._lock:
            parts = [
                _family("qa_requests_total", "counter", "Requests.", self._request_lines()),
                _family(
                    "qa_request_duration_seconds",
                    "histogram",
                    "Seconds from a request to the end of its answer.",
                    self._histogram(),
                ),
                _family(
                    "qa_answers_total",
                    "counter",
                    "Answers; found is false where the documents do not say.",
                    [
                        ("", {"found": str(found).lower()}, count)
                        for found, count in self._answers.items()
                    ],
                ),
                _family(
                    "qa_refused_total",
                    "counter",
                    "Questions that were not answered, by reason.",
                    [("", {"reason": reason}, n) for reason, n in self._refused.items()],
                ),
            ]
        parts += [_family(name, "gauge", told, [("", {}, n)]) for name, (told, n) in gauges.items()]
        return "".join(parts)

    def _request_lines(self) -> list[Line]:
        return [
            ("", {"method": method, "route": route, "status": status}, count)
            for (method, route, status), count in self._requests.items()
        ]

    def _histogram(self) -> list[Line]:
        lines: list[Line] = []
        for route, places in self._places.items():
            bounds = [*map(str, _SECONDS), "+Inf"]
            for bound, count in zip(bounds, accumulate(places), strict=True):
                lines.append(("_bucket", {"route": route, "le": bound}, count))
            lines.append(("_sum", {"route": route}, self._seconds[route]))
            lines.append(("_count", {"route": route}, sum(places)))
        return lines


def _family(name: str, kind: str, told: str, lines: Iterable[Line]) -> str:
    head = f"# HELP {name} {told}\n# TYPE {name} {kind}\n"
    return head + "".join(f"{name}{end}{_labels(of)} {value}\n" for end, of, value in lines)


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
