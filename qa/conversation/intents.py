"""What people write besides questions to the documents, recognised without a language model.

Greetings and thanks, what this can do, which documents there are, what a document is about, and two
questions in one. A message is taken for one of these only when all of its words belong to it:
anything more, as in "hola, ¿cuándo vino?", is a question to the documents.
"""

import re
import unicodedata
from enum import StrEnum
from functools import cache

from index.text.analysis import analyse
from index.text.folding import without_accents
from index.text.language import detect

__all__ = ["Intent", "halves", "recognise"]


class Intent(StrEnum):
    """What a message wants that is no question to the documents."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    HELP = "help"
    COLLECTION = "collection"
    SUMMARY = "summary"
    # A summary that points at what was said last, if anything was: "¿de qué trata?"
    SUMMARY_OF_THIS = "summary of this"


# In the patterns, words are lower case, without accents, and one space apart; no marks are left.

_PLEASE = {
    "es": r"(?:por favor|porfa|porfavor)",
    "en": r"please",
}
_HELLO = {
    "es": r"(?:hola|holi|buenas(?: tardes| noches)?|buenos dias|buen dia|(?:un )?saludos?|que tal|"
    r"que onda|como (?:estas|esta usted|te va|va todo|andas)|mucho gusto|encantad[oa])",
    "en": r"(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|greetings|"
    r"how are you(?: doing)?|how is it going|what is up|nice to meet you)",
}
_TO_WHOM = {
    "es": r"(?:a tod[oa]s|amig[oa]|asistente|de nuevo|otra vez|ahi|hoy)",
    "en": r"(?:there|everyone|all|again|assistant|friend|today)",
}
_OK = {
    "es": r"(?:ok|okay|okey|vale|bien|muy bien|perfecto|genial|excelente|estupendo|entendido|"
    r"de acuerdo|listo)",
    "en": r"(?:ok|okay|great|perfect|fine|good|very good|got it|excellent|awesome|cool|nice|"
    r"understood|wonderful)",
}
_OK_ALONE = {
    "es": r"(?:ok|okay|okey|muy bien|entendido|de acuerdo)",
    "en": r"(?:ok|okay|very good|got it|understood)",
}
_THANKS = {
    "es": r"(?:(?:(?:muchas|muchisimas|mil) )?gracias|(?:te|se|os) lo agradezco(?: mucho)?|"
    r"muy amable)(?: por (?:todo|ayudarme|responder|(?:toda )?(?:tu|su|la) "
    r"(?:ayuda|respuesta|informacion))| de antemano| a ti| igualmente)?",
    "en": r"(?:(?:many )?thanks|thank (?:you|u)|thx|i appreciate it|much appreciated)"
    r"(?: a lot| so much| very much| a million)?(?: for (?:everything|helping(?: me)?|answering|"
    r"(?:all )?(?:your|the) (?:help|answer|information))| in advance)?",
}
_BYE = {
    "es": r"(?:adios|hasta (?:luego|pronto|manana|la vista)|chao|chau|nos vemos|"
    r"que tengas? (?:un )?buen dia)",
    "en": r"(?:(?:good ?)?bye(?: bye)?|see you(?: later| soon)?|have a (?:nice|good) day|"
    r"good night|take care)",
}
_HELP = {
    "es": r"(?:ayuda|ayudame|necesito ayuda|que haces|quien eres(?: tu)?|que eres(?: tu)?|"
    r"que (?:puedes|sabes|eres capaz de) hacer(?: por mi)?|"
    r"(?:(?:en|con) que )?(?:me )?(?:puedes|podrias) ayudar(?:me)?|"
    r"como (?:funcionas?|funciona esto|te uso|se usa esto|puedo usarte|te llamas)|"
    r"para que (?:sirves|sirve esto)|(?:sobre )?que (?:te )?puedo preguntar(?:te)?|"
    r"que (?:tipo de )?(?:preguntas|cosas) (?:te )?puedo (?:hacer|preguntar)(?:te)?)",
    "en": r"(?:help(?: me)?|i need help|can you help me|who are you|what are you(?: able to do)?|"
    r"what (?:can|do) you do(?: for me)?|how can you help(?: me)?|how does this work|"
    r"how (?:do|can) (?:you|i) (?:work|use (?:you|this))|what is this for|"
    r"what (?:questions )?can i ask(?: you)?|what is your name)",
}
_DOCUMENTS = {
    "es": r"(?:documentos|archivos|ficheros|textos|fuentes)",
    "en": r"(?:documents|files|texts|sources)",
}
_HERE = {
    "es": r"(?: (?:aqui|disponibles|cargados|indexados|en total|ahora|hoy|tienes?|hay|"
    r"en (?:el indice|(?:la |tu )?(?:coleccion|base(?: de datos)?|biblioteca))))*",
    "en": r"(?: (?:here|available|loaded|indexed|in total|now|there|do you have|are there|you have|"
    r"in (?:the|this|your) (?:collection|index|database|library)))*",
}
_SHOW = {
    "es": r"(?:(?:me )?(?:puedes |podrias |quiero )?(?:lista|listame|listar|muestra|muestrame|"
    r"mostrar|mostrarme|ensename|dime|dame|enumera|ver))",
    "en": r"(?:(?:can you |could you |please )?(?:list|show|show me|tell me|give me))",
}
# D stands for documents, H for where they are, S for showing.
_COLLECTION = {
    "es": r"(?:(?:que|cuales|cuantos|cuantas) D (?:tienes?|hay|conoces|manejas|contienes|"
    r"has leido|estan|existen|son|puedo consultar|puedes consultar|tengo)H|"
    r"(?:cuales|cuantos) son (?:tus|los|mis) D(?: que)?H|de (?:que|cuantos) D dispones|"
    r"que (?:hay|tienes) en (?:el indice|(?:la|tu) (?:coleccion|base de datos|biblioteca))|"
    r"(?:cual es el |dime el )?numero (?:total )?de D(?: que)?H|"
    r"(?:S )?(?:la |una )?lista de (?:todos )?(?:los |tus |mis )?D(?: que)?H|"
    r"S (?:que |todos )?(?:los |tus |mis )?D(?: que)?H)",
    "en": r"(?:(?:what|which|how many) D (?:do you (?:have|know|hold)|are there|are|"
    r"have you (?:read|got)|can (?:i|you) (?:search|read|see))H|"
    r"what are (?:the|your|my) DH|(?:what is )?(?:the )?(?:total )?number of DH|"
    r"what is in (?:the|this|your) (?:collection|index|database|library)|"
    r"(?:S )?(?:a |the )?list of (?:all )?(?:the |your )?DH|"
    r"S (?:which |what )?(?:all )?(?:of )?(?:the |your |my )?DH)",
}
_THING = {
    "es": r"(?:documentos?|textos?|archivos?|ficheros?|pdf|articulos?|coleccion)",
    "en": r"(?:documents?|texts?|files?|pdf|articles?|collection)",
}
_ONE = {
    "es": r"(?:(?:todos? )?(?:el|este|ese|tu|mi|los|estos|esos|tus|mis|la|esta|un) )",
    "en": r"(?:(?:all )?(?:the|this|that|your|my|these|those|a)(?: whole)? )",
}
_SUM_UP = {
    "es": r"(?:(?:me )?(?:puedes |podrias |quiero )?(?:resume|resumeme|resumir|resumirme))",
    "en": r"(?:(?:can you |could you )?(?:summari[sz]e|sum up))",
}
_A_SUMMARY = {
    "es": r"(?:(?:me )?(?:(?:puedes |podrias )?(?:haz|hazme|haces|hacer|hacerme|da|dame|das|dar|"
    r"darme|quiero|necesito) )?(?:un |el )?(?:breve )?resumen)",
    "en": r"(?:(?:can you |could you )?(?:(?:i want|i need|give me|make|write) )?(?:a |the )?"
    r"(?:short |brief )?summary)",
}
# O T stands for one of the documents, U for summing up, N for a summary.
_SUMMARY = {
    "es": r"(?:U (?:O)?T|N (?:del |de |de O)T|de que (?:va|van|se tratan?|tratan?|hablan?) OT|"
    r"que (?:dicen?|cuentan?|contienen?) OT|que hay en OT|"
    r"(?:cual es )?(?:el tema|la idea|el asunto|el contenido)(?: principal| central)? "
    r"(?:del |de O)T)",
    "en": r"(?:U (?:O)?T|N of (?:O)?T|what (?:is|are) OT about|"
    r"what do(?:es)? OT (?:say|contain|talk about)|"
    r"what is (?:the )?(?:main )?(?:topic|subject|idea|point) of OT)",
}
_SUMMARY_OF_THIS = {
    "es": r"(?:de que (?:va|van|se tratan?|tratan?|hablan?)(?: (?:esto|eso|todo(?: esto)?))?|"
    r"(?:U|resumelo|resumirlo|resumemelo|puedes resumirlo)(?: (?:esto|eso|todo(?: esto)?))?|"
    r"N(?: de (?:esto|todo(?: esto)?))?)",
    "en": r"(?:what is (?:it|this|that|all this|it all|this all) about|what are they about|"
    r"U(?: (?:it|this|that|all|everything|them))?|(?:can you )?sum it up|"
    r"N(?: of (?:it|this|that|everything))?|tl ?dr)",
}
_ENGLISH_CONTRACTIONS = re.compile(r"\b(what|how)'?s\b")


def recognise(message: str) -> tuple[Intent, str] | None:
    """What a message wants and its language, ``"es"`` or ``"en"``; None for a real question."""
    words = _words(message)
    for language in ("es", "en"):
        before, patterns = _patterns(language)
        # "hola, ¿de qué trata?" is no greeting.
        rest = before.sub("", words)
        for intent, pattern in patterns:
            if pattern.fullmatch(words) or pattern.fullmatch(rest):
                return intent, language
    return None


def _words(message: str) -> str:
    """Lower case, no accents, and only words, one space apart."""
    letters = unicodedata.normalize("NFKD", message.casefold()).replace("’", "'")
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", _ENGLISH_CONTRACTIONS.sub(r"\1 is", plain)))


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], list[tuple[Intent, re.Pattern[str]]]]:
    """What may stand before anything else, and the messages in that language."""
    hello, ok, please = _HELLO[language], _OK[language], _PLEASE[language]
    thanks, to_whom = _THANKS[language], _TO_WHOM[language]
    forms = {
        Intent.GREETING: rf"{hello}(?: {hello}| {to_whom})*",
        Intent.THANKS: rf"{_OK_ALONE[language]}|(?:{ok} )*{thanks}(?: {ok}| {thanks}| {to_whom})*",
        Intent.GOODBYE: rf"(?:(?:{ok}|{thanks}) )*{_BYE[language]}(?: {to_whom}| {thanks})*",
        Intent.HELP: _HELP[language],
        Intent.COLLECTION: _COLLECTION[language],
        Intent.SUMMARY: _SUMMARY[language],
        Intent.SUMMARY_OF_THIS: _SUMMARY_OF_THIS[language],
    }
    parts = {"D": _DOCUMENTS, "H": _HERE, "S": _SHOW, "O": _ONE, "T": _THING}
    parts |= {"U": _SUM_UP, "N": _A_SUMMARY}
    before = re.compile(rf"^(?:(?:{hello}(?: {to_whom})?|{please}) )+(?=\w)")
    after = rf"(?: (?:{please}|{thanks}))*"
    found = []
    for intent, form in forms.items():
        whole = re.sub("[A-Z]", lambda letter: parts[letter[0]][language], form)
        found.append((intent, re.compile(f"(?:{whole}){after}")))
    return before, found


# Two questions in one

_ASKING = {
    "es": r"(?:qué|quién(?:es)?|cuándo|cuánt[oa]s?|cuál(?:es)?|dónde|cómo|por qué)",
    "en": r"(?:what|who|whom|whose|when|where|why|which|how)",
}
# Typed without accents; "que" and "como" are left out, for they mostly join clauses.
_BARE = r"(?:quien(?:es)?|cuando|cuant[oa]s?|cual(?:es)?|donde)"
_LEADING = r"(?:a|con|de|desde|en|hasta|para|por|sobre|in|on|at|from|to|with|by|for)"
_FULL_STOP = re.compile(r"(?<=\?)\s*(?:(?:y|e|and)\s+)?(?=\S)", re.IGNORECASE)


def halves(question: str) -> tuple[str, str] | None:
    """The two questions that one message asks, or None where it may as well be one.

    Both must begin by asking, each with words of its own, and the first must be whole: "¿cuándo y
    dónde nació?" is one question.
    """
    cuts = _FULL_STOP.split(question.strip())
    if len(cuts) == 2 and all(_asks(part) and _content(part) for part in cuts):
        return cuts[0], cuts[1]
    if len(cuts) != 1:
        return None
    accented = question != without_accents(question)
    for asking in [*_ASKING.values(), *([] if accented else [_BARE])]:
        lead = rf"[¿¡\s]*(?:{_LEADING} )?"
        form = rf"({lead}{asking}\b.+?),? (?:y|e|and) ((?:{_LEADING} )?{asking}\b.+)"
        match = re.fullmatch(form, question, re.IGNORECASE)
        if not match or len(re.findall(rf"\b{asking}\b", question, re.IGNORECASE)) != 2:
            continue
        first, second = match.groups()
        if _content(first) >= 2 and _content(second) >= 1:
            return (f"{first}?" if "?" in second else first), _opened(second, question)
    return None


def _asks(part: str) -> bool:
    asking = rf"[¿¡\s]*(?:{_LEADING} )?(?:{_ASKING['es']}|{_ASKING['en']}|{_BARE}|que|como)\b"
    said = re.match(asking, part, re.IGNORECASE) and part.rstrip().endswith("?")
    return bool(said) and recognise(part) is None


def _content(part: str) -> int:
    """How many words of a question say what it is about."""
    bare = re.sub(rf"\b(?:{_ASKING['es']}|{_ASKING['en']}|{_BARE})\b", " ", part, flags=re.I)
    return len(set(analyse(bare, detect(part))))


def _opened(part: str, question: str) -> str:
    """The second half as a question of its own, with the mark that the first began with."""
    return f"¿{part[:1].upper()}{part[1:]}" if question.lstrip().startswith("¿") else part
