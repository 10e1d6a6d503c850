"""Each sentence that a language model wrote, compared with its passages before anyone sees it."""

from qa.writing.checking.checker import Checker
from qa.writing.checking.verdicts import Reason, Verdict

__all__ = ["Checker", "Reason", "Verdict"]
