"""Questions that leave out what they are about: "how many types are there?", "¿cuánto costó?".

Told by what their words want beside them: a "role" is somebody's in something, "the band" is one
that was named, "the largest" is the largest of some. Rows with a pattern stand in
`qa.conversation.data`; the functions below are the rows without one.
"""

import re
from collections.abc import Sequence
from functools import cache

from qa.conversation.lexicon import Word, is_function_word
from qa.conversation.rules import Rule, disabled, expand, is_enabled, rules, word_list

__all__ = ["is_definition", "is_underspecified", "noun_complement"]


def is_underspecified(words: Sequence[Word], content: Sequence[Word], language: str) -> bool:
    """Whether what a question is about must be known from before.

    ``content`` holds those of its words that say what it is about.
    """
    asked = " ".join(word.plain for word in words)
    if not content:
        return is_enabled("no-content")
    if any(form.search(asked) for form in _forms(language, disabled(), named=True)):
        return True
    if any(word.is_name for word in content) or any(word.plain.isdigit() for word in words):
        return False
    if any(form.search(asked) for form in _forms(language, disabled(), named=False)):
        return True
    if len(content) == 1:
        return is_enabled("one-content-word") and _lacks_complement(words, content, language)
    return len(content) <= 3 and any(
        is_enabled(name) and applies(words, content, language)
        for name, applies in _VAGUE_NOUNS.items()
    )


@cache
def _forms(language: str, off: frozenset[str], *, named: bool) -> list[re.Pattern[str]]:
    """The patterns of the rows; some hold also where the question has a name."""

    def applies(rule: Rule) -> bool:
        return "pattern" in rule.values and rule.values.get("with_names", False) is named

    return [
        re.compile(expand(rule.values["pattern"], language))
        for rule in rules("followups", language)
        if applies(rule) and rule.name not in off
    ]


def _lacks_complement(words: Sequence[Word], content: Sequence[Word], language: str) -> bool:
    """Whether the one word that a question names does not say what it is about."""
    only, before = content[0], words[-2].plain if len(words) > 1 else ""
    # "Requisitos para una beca" names no grant that was spoken of; "de la beca" may.
    articles = word_list("articles", "es")
    new = language == "es" and noun_complement(words, content) and before not in articles
    return not (new or is_definition(words, only, language) or _is_subject(words, only))


def _asks_for_plural(words: Sequence[Word], content: Sequence[Word], language: str) -> bool:
    """Whether it asks for "the main layers" or "any layers" and names nothing that has them."""
    if len(content) != 2 or language != "en":
        return False
    if any(word.plain == "any" for word in words[2:3]):
        return True
    before = {word.plain for word in words if word.start < content[0].start}
    ends = content[-1] == words[-1] and content[-1].plain.endswith("s")
    return ends and bool(before & {"are", "were"}) and bool(before & {"the", "some", "any"})


def _ends_on_generic_noun(words: Sequence[Word], _: Sequence[Word], language: str) -> bool:
    """Whether it ends on "the company" or "la empresa", and no word says which."""
    article, noun = ([""] + [word.plain for word in words])[-2:]
    return article in word_list("articles", language) and noun in word_list(
        "generic_nouns", language
    )


_DEFINITION = re.compile(
    r"(what|who) (is|are|was|were)( an?)?$|(tell me|learn|know) (more )?about( an?)?$|"
    r"((?<!por )(que|quien|quienes) (es|son|era|eran|fue|fueron)|define|definicion de|hablame de|"
    r"que significa)( el| la| los| las| una?)?$|definition of$"
)


def is_definition(words: Sequence[Word], only: Word, language: str) -> bool:
    """Whether a question asks what its one word is: "what are sharks?", "¿qué es la luz?"."""
    before = " ".join(word.plain for word in words if word.start < only.start)
    if len(words) == 1:
        return True  # a keyword
    asks_what = language == "en" or not before.startswith("quien")
    return bool(_DEFINITION.search(before)) and asks_what


def _has_definite_noun(words: Sequence[Word], content: Sequence[Word], language: str) -> bool:
    """Whether an English question holds "the band" with nothing to say which band."""
    if language != "en":
        return False
    verbs = word_list("auxiliaries") | word_list("do_forms") | word_list("make_forms")
    skipped = word_list("unique_nouns", "en") | {"most"}
    for place, word in enumerate(words[:-1]):
        noun = words[place + 1]
        after = words[place + 2].plain if place + 2 < len(words) else ""
        if word.plain != "the" or noun.plain in skipped:
            continue
        before = words[place - 1].plain if place else ""
        near = noun in content or (len(content) < 3 and not is_function_word(noun, "en"))
        specified = after in word_list("noun_prepositions", "en")
        if near and not specified and not _is_compound(before, words[place + 1 :], content):
            return len(content) < 3 or before in verbs
    return False


def _is_compound(before: str, rest: Sequence[Word], content: Sequence[Word]) -> bool:
    """Whether what follows "the" is two words that name a thing: "the immune system".

    After "was the system" comes what was done to it, after "did the war" what it did.
    """
    nouns = content if len(content) > 2 else content[-1:]
    if len(rest) < 2 or rest[1] not in nouns:
        return False
    if rest[0].plain in word_list("generic_nouns", "en"):
        return False
    does = before in word_list("do_forms") and len(rest) == 2
    participle = rest[1].plain.endswith(("ed", "en", "wn", "lt", "ld", "de"))
    done = before in word_list("auxiliaries") and participle
    return not (does or done or before in word_list("make_forms"))


def noun_complement(words: Sequence[Word], content: Sequence[Word]) -> Word | None:
    """The one thing named, at the end, that all else is of or for: "the causes of the drought"."""
    before = " ".join(word.plain for word in words[:-1])
    of = re.search(
        r"\b(de|para|contra|of|for)( el| la| los| las| the)?( an?| una?)?$|\bdel$", before
    )
    return content[0] if of and len(content) == 1 and content[0] == words[-1] else None


def _is_subject(words: Sequence[Word], only: Word) -> bool:
    """Whether the one word stands where a question names its topic: "how is cassoulet made?"."""
    place = words.index(only)
    before = words[place - 1].plain if 0 < place <= 2 else ""
    which = words[0].plain in {"which", "who"}
    done = only.plain.endswith(("ed", "ing"))
    return before in word_list("auxiliaries") | {"do", "does"} and not which and not done


_VAGUE_NOUNS = {
    "generic-noun": _ends_on_generic_noun,
    "definite-noun": _has_definite_noun,
    "plural-of-something": _asks_for_plural,
}
