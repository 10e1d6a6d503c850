"""The sentence that a question and its answer make, by rules, for Spanish and English."""

import re
from collections.abc import Callable

__all__ = ["answered"]

_LONGEST = 100  # characters of an answer
Match = re.Match[str]
Rule = tuple[re.Pattern[str], Callable[[Match, str], str | None]]


def answered(question: str, answer: str, language: str) -> str | None:
    """The sentence; None for a long answer, and where no rule applies."""
    words = " ".join(question.split()).strip(" ¿?!.")
    told = " ".join(answer.split()).rstrip(" .,;")
    if not 1 <= len(told) <= _LONGEST or "\n" in answer.strip() or re.search("[?¿]", words):
        return None
    words = words[:1].lower() + words[1:]
    for form, make in _SPANISH if language == "es" else _ENGLISH:
        if match := form.fullmatch(words):
            made = make(match, told)
            return f"{made[0].upper()}{made[1:]}." if made else None
    return None


def _rule(form: str, make: Callable[[Match, str], str | None]) -> Rule:
    return re.compile(form), make


def _first(match: Match, told: str) -> str | None:
    """The answer in front of the rest; None where English would ask with "did"."""
    inverted = re.search(r"\b(?:did|does|do)\b", match["rest"])
    return None if inverted else f"{told} {match['rest']}"


def _is(match: Match, told: str) -> str:
    return f"{match['what']} {match['is']} {told}"


def _counted(match: Match, told: str) -> str | None:
    """What is counted is not said twice: "cinco años", "how many years"."""
    rest: str = match["rest"]
    if re.search(rf"\b(?:did|does|do)\b|\b(?:{_AUX}) (?:there|the)\b", rest):
        return None
    noun, _, others = rest.partition(" ")
    return f"{told} {others if noun.lower()[:4] in told.lower() else rest}"


def _with_preposition(match: Match, told: str) -> str:
    own = re.match(rf"{match['prep']}\b", told.lower())
    year = "el año " if match["noun"] == "año" and told.isdigit() else ""
    return f"{'' if own else match['prep'] + ' '}{year}{told} {match['rest']}"


def _spanish_place(match: Match, told: str) -> str:
    own = r"(?:en|el|la|los|desde|hasta|durante|a|al|tras|después|antes|por|cerca)\b"
    return f"{'' if re.match(own, told.lower()) else 'en '}{told} {match['rest']}"


def _english_place(match: Match, told: str) -> str | None:
    own = r"(?:in|on|at|the|by|after|before|during|from|since|near|within)\b"
    is_day = match["asks"] == "when" and re.search(r"\d{1,2},? \d{4}", told)
    placed = told if re.match(own, told.lower()) else f"{'on' if is_day else 'in'} {told}"
    if did := re.fullmatch(r"(?:did|does|do) (?P<what>.*)", match["rest"]):
        return f"{did['what']} {placed}"
    was = re.fullmatch(rf"(?P<is>{_AUX}) (?P<what>.*)", match["rest"])
    verb = was and _PARTICIPLE.search(was["what"])
    if not was or not verb:
        return None
    at = verb.start()
    return f"{was['what'][:at]}{was['is']} {was['what'][at:]} {placed}"


_AUX = "was|were|is|are|has|have|had|can|could|will|would"
_PARTICIPLE = re.compile(
    r"(?<=\s)(?:\w+ed|born|made|held|built|known|given|taken|found|written|sold|won|led|seen|set|"
    r"put|sent|begun|become|been|able)\b"
)
_SPANISH: tuple[Rule, ...] = (
    _rule(
        r"qu[eé] (?P<noun>\w+) (?P<rest>(?:se |le |les |lo |la |no )*(?:es|son|fue|fueron|tiene|"
        r"tienen|\w+[óe]|\w+an?|\w+ron)\b.*)",
        _first,
    ),
    _rule(r"(?:qui[eé]n|qui[eé]nes|qu[eé]) (?P<rest>\w+.*)", _first),
    _rule(r"cu[aá]nt[oa]s (?P<rest>.*)", _counted),
    _rule(r"cu[aá]l(?:es)? (?P<is>es|son|fue|fueron|era|eran) (?P<what>.*)", _is),
    _rule(
        r"(?P<prep>en|de|a|con|para|por|desde|hasta) (?:qu[eé] (?P<noun>\w+)|cu[aá]l\w*|"
        r"qui[eé]n\w*) (?P<rest>.*)",
        _with_preposition,
    ),
    _rule(r"(?:cu[aá]ndo|d[oó]nde) (?P<rest>.*)", _spanish_place),
)
_ENGLISH: tuple[Rule, ...] = (
    _rule(
        r"(?:what|who) (?P<is>is|was|are|were) (?P<what>(?:the|a|an|one|his|her|its|their)\s.*)",
        _is,
    ),
    _rule(rf"what (?P<noun>\w+) (?P<rest>(?:{_AUX}|\w+ed|\w+s)\b.*)", _first),
    _rule(rf"(?:who|what) (?P<rest>(?!did|does|do|{_AUX}).*)", _first),
    _rule(rf"who (?P<rest>(?:{_AUX}) .*)", _first),
    _rule(
        rf"(?:which|what) (?P<noun>[\w ]{{2,30}}?) (?P<rest>(?:{_AUX}|\w+ed|won|led|made)\b.*)",
        _first,
    ),
    _rule(r"how many (?P<rest>.*)", _counted),
    _rule(r"(?P<asks>when|where|in what year|in which \w+) (?P<rest>.*)", _english_place),
)
