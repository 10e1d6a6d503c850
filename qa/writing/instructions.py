# ruff: noqa: E501  # rows of words
"""Passages that speak to a language model, as injected orders do. Pure.

No list of such words is complete. It need not be: a passage that it finds is not given to the
model, and what it misses still meets the check of every sentence.
"""

import re
import unicodedata
from typing import Final

from index.text.folding import fold

__all__ = ["speaks_to_a_model"]

_READERS: Final = (
    r"(?:asistente|modelo de lenguaje|inteligencia artificial|\bia\b|chat ?bots?|\bbot\b|chatgpt|"
    r"\bgpt\b|\bllms?\b|language model|\bai\b|assistant\b(?! (?:manager|director|professor|secretary|coach|editor|to))|copilot|gemini|claude|"
    r"(?:lector|reader)\w*[^.\n]{0,20}\b(?:maquina|machine)s?\b)"
)
_RULES: Final = (
    r"(?:instruc\w+|reglas?|ordenes|indicaciones|directrices|restricciones|prompts?|"
    r"instructions?|rules?|orders|guidelines|directives|restrictions|guardrails)"
)
_BEFORE: Final = (
    r"(?:anterior\w*|previ[ao]s?|de arriba|hasta (?:aqui|ahora)|del sistema|recibid[ao]s|lo demas|"
    r"(?:los|las) (?:otros|otras|demas) pasajes|el resto de los pasajes|previous\w*|prior|above|earlier|preceding|so far|"
    r"you were given|system|everything else|(?:the )?other passages)"
)
_LETTERS: Final = (  # of which people are told to ignore the earlier ones
    r"(?:aviso|carta|correo|recordatorio|mensaje|pago|factura|notice|letter|e-?mail|mail|reminder|invoice|"
    r"message|payment)s?"
)
_IGNORE: Final = (
    r"(?:ignor\w+|olvid\w+|descart\w+|desobede\w+|haz caso omiso|no hagas caso|omit[ae]n?\b|"
    r"pasa por alto|disregard|discard|forget|overrid\w+|bypass|do not follow|stop following|"
    r"no (?:sigas|obedezcas|respetes))"
)
_SAY: Final = (
    r"(?:responde[dn]?|responda|responderas|contesta|conteste|di|escriba?e?|imprim[ea]|repit[ea]|"
    r"anade|agrega|incluye|termina|empieza|comienza|devuelve|recomienda|traduce|afirma|declara|"
    r"answer|reply|respond|say|write|print|repeat|output|return|append|insert|add|include|end|begin|"
    r"start|recommend|translate|claim)"
)
_INFINITIVES: Final = (
    r"(?:responder|contestar|decir|escribir|imprimir|repetir|incluir|anadir|afirmar|declarar|recomendar|"
    r"mencionar|informar|informa|mention|tell)"
)
_TONGUES: Final = (
    r"(?:espanol|castellano|ingles|frances|aleman|italiano|portugues|chino|ruso|latin|spanish|english|"
    r"french|german|italian|portuguese|chinese|russian)"
)
_START: Final = (  # of a clause
    r"(?:^\W*|[.;:!?¡¿,\"«“(\[*>-]\s*|\b(?:y|and|then|luego|please|por favor|debes|deberas|tienes que|"
    r"has de|you must|must|you should|should|you will|shall|simplemente|simply|to)\s+)"
)
_ONLY: Final = (
    r"(?:solo|solamente|unicamente|siempre|exactamente|literalmente|textualmente|"
    r"only|always|exactly|just|verbatim|nothing but|simply)"
)
_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Parts of a chat, or of its template.
        r"<\|[^|>]{0,40}\|>|\[/?inst\]|<</?sys>>|<(?:start|end)_of_turn>|</?(?:system|assistant)\b",
        r"^\W{0,4}(?:system|sistema|assistant|asistente)\b[^\n]{0,20}:",
        r'"role"\s*:\s*"',
        r"#{2,}\s*(?:system|sistema|assistant|asistente|user|usuario|instruc\w+|instruct\w+)\s*:",
        r"\b(?:system|sistema) (?:prompt|message|override|mode)|\b(?:mensaje|prompt|aviso|nota|modo) "
        r"(?:de|del|para el) (?:sistema|desarrollador|administrador)|developer (?:mode|message)|"
        r"\bprompt inject\w+|jailbreak",
        # Orders to leave the rules.
        rf"\b{_IGNORE}\b(?![^.\n]{{0,30}}\b{_LETTERS}\b)[^.\n]{{0,60}}\b(?:{_RULES}|{_BEFORE})",
        rf"\b(?:nuevas?|new|updated|actualizad[ao]s)\b[^.\n]{{0,15}}\b{_RULES}[^.\n]{{0,30}}:",
        r"\bahora eres\b|\b(?:a partir de (?:ahora|aqui|este momento)|desde ahora|en adelante),? (?:eres|"
        r"actuas|responde|contesta|habla)|\b(?:from now on|henceforth),? (?:you|answer|respond|act|speak)|"
        r"\byou are now\b|\broleplay\b",
        rf"{_START}(?:actua como|finge (?:que|ser)|haz como si|hazte pasar|act as an?|"
        r"pretend (?:to be|that|you))\b",
        r"\b(?:reveal|revela|muestra|show|print|imprime)\w*\b[^.\n]{0,40}\b(?:prompt|instruc\w+|reglas|"
        r"rules|clave|api key|contrasena|password)",
        r"\b(?:instruc\w+|orden|regla|instruction|order|rule)\b[^.\n]{0,20}\b(?:prioridad|prevalece\w*|"
        r"priority|precedence|overrides?)\b",
        r"\b(?:tu|your) (?:\w+ )?(?:mision|objetivo|tarea|mission|goal|task)\b[^.\n]{0,20}\b(?:es|is|sera|"
        r"will|cambia|changes|ahora|now|consiste)\b",
        r"^\W*(?:estimad[oa] |querid[oa] |dear )?(?:modelo|sistema de ia|model|ai system)\s*[,:]",
        r"\b(?:sistema|agente|herramienta|system|agent|tool)s? (?:de )?(?:ia|ai|inteligencia artificial)\b",
        r"\bno (?:contestes|respondas|menciones|reveles|cites|digas)\b|\b(?:do not|don't|never) (?:answer|"
        r"mention|reveal|cite|reply)\b",
        r"\b(?:antes de|before) (?:contestar|responder|answering|responding|replying)\b|"
        r"\b(?:en lugar de|instead of) (?:contestar|responder|answering|responding|replying)\b",
        r"\b(?:fin|final|end) (?:de los|del|of the|of) (?:pasajes?|contexto|passages?|context)\b",
        r"\b(?:pregunta|question):[^\n]{0,120}\b(?:respuesta|answer):",
        r"\b(?:procese|procesen|processes|process|resuma|resuman|summari[sz]es?)\b[^.\n]{0,40}\b(?:automatic"
        r"\w+|documento|document|texto|text)\b[^.\n]{0,40}\b(?:debe\w*|tiene que|must|shall|has to|should)\b",
        # Orders about the answer.
        rf"{_START}{_SAY}\b[^.\n]{{0,25}}\b{_ONLY}\b|\b{_ONLY} {_SAY}\b",
        rf"{_START}(?:di|contesta|responde|escribe|say|reply|answer|respond) (?:que|that)\b",
        rf"{_START}{_SAY}\b[^.\n]{{0,20}}\b(?:en|al|in|into|to) {_TONGUES}\b",
        rf"{_START}{_SAY}\b[^.\n]{{0,15}}\b(?:tu|your) (?:respuesta|contestacion|answer|reply|response)",
        r"\b(?:cita|cite)\b[^.\n]{0,20}\b(?:pasaje|passage)s?\b",
        rf"{_START}(?:atribuye|attribute)\b",
        rf"{_START}{_SAY}(?: (?:que|esto|this|that|with|con|lo siguiente|the following))?\s?[:«“\"]",
        rf"\b{_SAY}\b[^.\n]{{0,30}}\b(?:la|the|esta|this) (?:exact )?(?:palabra|frase|word|phrase|sentence)\b",
        rf"\b{_READERS}[^.\n]{{0,60}}\b(?:{_SAY}|{_INFINITIVES})\b|{_START}{_SAY}\b[^.\n]{{0,40}}\b{_READERS}",
        r"\b(?:en|in|de|of|a|to) (?:tu|your) (?:\w+ )?(?:respuesta|contestacion|answer|reply|response|"
        r"output)\b",
        r"\b(?:si|if|cuando|when|whenever)\b[^.\n]{0,30}\b(?:te|you are|you're|usuario|user)\b"
        r"[^.\n]{0,25}\b(?:pregunt\w+|ask\w*)",
        r"\b(?:la|the|tu|your) (?:unica |only |correct |right )*(?:respuesta|answer) (?:correcta |right |only )?"
        r"(?:a (?:esta|toda|cualquier) pregunta|to (?:this|every|any) question|(?:debe|tiene que|must|has "
        r"to|should|shall) (?:ser|be|empezar|start|begin|incluir|include|contener|contain)\b)",
        r"\b(?:dile|diles|informa|avisa|pide|recomienda|tell|inform|advise|ask)\b[^.\n]{0,10}"
        r"\b(?:al|a los|del|the) (?:usuari\w+|users?|lector\w*|readers?)\b",
    )
)


def speaks_to_a_model(text: str) -> bool:
    """Whether a text holds what looks like an order to a language model, Spanish or English."""
    plain = unicodedata.normalize("NFKC", text)
    plain = fold("".join(sign for sign in plain if unicodedata.category(sign) != "Cf"))
    return any(pattern.search(line) for line in plain.lower().split("\n") for pattern in _PATTERNS)
