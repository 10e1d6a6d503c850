"""Answers about documents that a question names: of them alone, or that there are none."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from index.text.folding import fold
from qa.answering.trace import Snapshots, Trace
from qa.asked.documents import Named, Names
from qa.conversation.followup import follow_up_kind
from qa.types import Answer, Turn

__all__ = ["asked_before", "asks_for_beginning", "named_in", "of_named", "spoken_of"]
__all__ += ["without_document"]

# What is left of a question that asks for nothing but its document.
_WHOLE = re.compile(
    r"\W*(?:(?:por favor |please )?(?:(?:de|sobre|acerca de) que (?:trata|habla|va|es)|"
    r"que (?:dice|contiene|cuenta|es|hay|pone|explica|informacion (?:hay|tiene|contiene))|"
    r"what (?:is|does)(?: it)?(?: about| say| contain| said| cover| talk about)?|what's about|"
    r"(?:dime|cuentame|hablame|explicame|muestrame|ensename)(?: (?:que dice|de que trata|algo))?|"
    r"(?:tell me(?: more)?(?: about)?|describe|explain|show me)|"
    r"(?:(?:haz(?:me)?|dame|give me|make|write|quiero|puedes (?:hacer|darme)) )?"
    r"(?:un |una |a |the )?(?:breve |short |brief )?(?:resumen|sintesis|summary|overview)|"
    r"(?:puedes |can you |could you )?(?:resume(?:me)?|resumir|sintetiza|summari[sz]e|sum up))"
    r"(?: de| sobre| about| of)?)\W*"
)
SUMMARY = "resumen"  # what is asked for after a summary
# The same is asked of another document.
_AND_THERE = re.compile(r"\W*(?:(?:y|pero|and|but|or)\b)?\W*(?:what|how|que (?:hay|pasa))?\W*")
_NOT_THERE = {
    ("es", False): "No hay ningún documento «{}».",
    ("en", False): "There is no document “{}”.",
    ("es", True): "Entre los documentos elegidos no está «{}».",
    ("en", True): "“{}” is not among the chosen documents.",
}
_ALIKE = {"es": "Sí está «{}».", "en": "There is “{}”."}
_SILENT = {"es": "«{}» no lo dice.", "en": "“{}” does not say."}


def named_in(
    names: Names, question: str, history: Sequence[Turn], documents: Collection[str] | None
) -> Named | None:
    """The documents that alone are asked, with the question about them; None where all are.

    A follow-up is about those of the question that it goes on from; one that names nothing but
    another document ("¿y en contrato.txt?") asks the same of it.
    """
    named = names.named(question, documents)
    if named and named.only and history and _AND_THERE.fullmatch(fold(named.question)):
        return replace(named, question=asked_before(history[-1]))
    if named:
        return named if named.only else None
    if not history:
        return None
    asked = question
    for turn in reversed(history):
        if follow_up_kind(asked, turn.answer.language) is None:
            return None
        asked = turn.question
        earlier = names.named(asked, documents)
        if earlier:
            carried = earlier.only and earlier.documents
            return replace(earlier, question=question) if carried else None
    return None


def asked_before(turn: Turn) -> str:
    """What a turn asked in full; a summary, after that of a document."""
    answer = turn.answer
    if answer.topic and answer.searched_for.endswith(f": {answer.topic}"):  # how it begins
        return SUMMARY
    return answer.searched_for or turn.question


def asks_for_beginning(question: str) -> bool:
    """Whether a question about a document asks for nothing but what the document is about."""
    return bool(_WHOLE.fullmatch(fold(question)))


def spoken_of(named: Named, answer: Answer) -> bool:
    """Whether an answer's quotes speak of a file of that name, which is no document here."""
    return any(fold(named.name) in fold(citation.quote) for citation in answer.citations)


def without_document(named: Named, answer: Answer, *, limited: bool) -> Answer:
    """A refusal that says that there is no such document; ``limited``: among those chosen."""
    language = answer.language if answer.language in _ALIKE else "es"
    said = [_NOT_THERE[language, limited].format(named.name)]
    if named.alike and not limited:
        said.append(_ALIKE[language].format(", ".join(named.alike[:3])))
    return replace(
        answer,
        found=False,
        text=" ".join(said),
        short=None,
        citations=(),
        notes=(),
        disagree=False,
        confidence=0.0,
    )


def of_named(
    snapshots: Snapshots, question: str, named: Named, nothing: Collection[str]
) -> Snapshots:
    """An answer to the question as it was asked; a refusal says whose silence it is.

    ``nothing`` are the sentences that say that no document says it.
    """

    def told(answer: Answer) -> Answer:
        text = answer.text
        if not answer.found:
            silent = _SILENT.get(answer.language, _SILENT["es"]).format(named.name)
            said = next((sentence for sentence in nothing if text.startswith(sentence)), None)
            text = silent + text.removeprefix(said) if said else text
        return replace(answer, question=question, text=text)

    while True:
        try:
            answer = next(snapshots)
        except StopIteration as end:
            trace: Trace = end.value
            return replace(trace, answer=told(trace.answer))
        yield told(answer)
