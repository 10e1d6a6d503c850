"""Each rule of `qa/conversation/data`, by its examples and counter-examples."""

from typing import Any

import pytest

from index.query import Query
from qa.conversation.followup import FollowUpKind, follow_up_kind
from qa.conversation.intents import Intent, recognise
from qa.conversation.rewrite import resolve
from qa.conversation.rules import LANGUAGES, Rule, rules, without
from qa.types import Answer, Turn

WITHOUT_ACCENTS = str.maketrans("áéíóúÁÉÍÓÚ", "aeiouAEIOU", "¿?¡!,;")


def _rules(kind: str) -> list[Rule]:
    return [rule for language in LANGUAGES for rule in rules(kind, language)]


def _examples(kind: str, *, counter: bool = False) -> list[Any]:
    return [
        pytest.param(rule, sentence, id=f"{rule.language}-{rule.name}: {sentence}")
        for rule in _rules(kind)
        for sentence in (rule.counter_examples if counter else rule.examples)
    ]


@pytest.mark.parametrize(("rule", "message"), [*_examples("intents")])
def test_a_message_of_an_intent(rule: Rule, message: str) -> None:
    """It is recognised, and so without accents and marks and in capitals."""
    intent = Intent(rule.values["intent"])
    for typed in (message, message.translate(WITHOUT_ACCENTS), message.upper()):
        recognised = recognise(typed)
        assert recognised is not None
        assert recognised[0] is intent


@pytest.mark.parametrize(("rule", "message"), [*_examples("intents", counter=True)])
def test_a_question_that_looks_like_an_intent(rule: Rule, message: str) -> None:
    """It is a question to the documents, whatever the rule."""
    assert rule.does
    assert recognise(message) is None


@pytest.mark.parametrize(("rule", "question"), [*_examples("followups")])
def test_a_follow_up_of_a_kind(rule: Rule, question: str) -> None:
    """It is recognised."""
    kind = FollowUpKind(rule.values["kind"]) if rule.values["kind"] else None
    assert follow_up_kind(question, rule.language) is kind


@pytest.mark.parametrize(("rule", "question"), [*_examples("followups", counter=True)])
def test_a_question_that_looks_like_a_follow_up(rule: Rule, question: str) -> None:
    """It stands alone; or, where the rule is for what stands alone, it does not."""
    stands_alone = follow_up_kind(question, rule.language) is None
    assert stands_alone is bool(rule.values["kind"])


REWRITES = [
    pytest.param(rule, *row, id=f"{rule.language}-{rule.name}: {row[1]}")
    for rule in _rules("followups")
    for row in rule.values.get("rewrites", ())
]


@pytest.mark.parametrize(("rule", "before", "question", "full"), REWRITES)
def test_a_follow_up_in_full(rule: Rule, before: str, question: str, full: str) -> None:
    """What is searched for after an earlier question; without the rule it would be otherwise."""
    answer = Answer(before, before, False, "", 0.0, language=rule.language)
    history = [Turn(before, answer)]
    assert resolve(Query(question), history).text == full
    if full != question:
        with without(rule.name):
            assert resolve(Query(question), history).text != full


def test_without_a_rule_that_there_is_not() -> None:
    """A name that no rule has is an error."""
    with pytest.raises(KeyError, match="no-such-rule"), without("no-such-rule"):
        pass


def test_a_rule_is_worth_what_goes_wrong_without_it() -> None:
    """ "Hola" is searched for without the rules for greetings, and only within the block."""
    with without("greeting"):
        assert recognise("hola") is None
    assert recognise("hola") == (Intent.GREETING, "es")
