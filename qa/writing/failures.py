"""Why a language model's answer cannot be used."""

from enum import StrEnum

__all__ = ["Failure", "ModelFailedError"]


class Failure(StrEnum):
    """What went wrong between us and the server of a language model."""

    UNREACHABLE = "unreachable"  # no connection, or it was lost before the answer began
    SLOW = "slow"  # one of the time limits passed
    REFUSED = "refused"  # a status of 4xx, as for a wrong key or name; or the model's own filter
    FAILED = "failed"  # a status of 5xx, or an error told in the answer
    REDIRECTED = "redirected"  # it points elsewhere, which is never followed
    UNREADABLE = "unreadable"  # not what the protocol says, as a page of HTML
    CUT = "cut"  # the stream ends before the answer does
    ENDLESS = "endless"  # more than any answer can be


class ModelFailedError(Exception):
    """The language model gave no whole answer; the message holds nothing that the server said."""

    def __init__(self, failure: Failure, status: int | None = None) -> None:
        super().__init__(failure, status)
        self.failure = failure
        self.status = status

    def __str__(self) -> str:
        status = f" (HTTP {self.status})" if self.status else ""
        return f"The language model's answer is {self.failure}{status}."
