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
    r"\bgpt\b|\bllms?\b|language model|\bai\b|assistant|copilot|gemini|claude)"
)
_RULES: Final = (
    r"(?:instruc\w+|reglas?|ordenes|indicaciones|directrices|restricciones|prompts?|"
    r"instructions?|rules?|orders|guidelines|directives|restrictions|guardrails)"
)
_BEFORE: Final = (
    r"(?:anterior\w*|previ[ao]s?|de arriba|hasta (?:aqui|ahora)|del sistema|recibid[ao]s|lo demas|"
    r"(?:los|las) (?:otros|otras|demas) pasajes|previous\w*|prior|above|earlier|preceding|so far|"
    r"you were given|system|everything else|(?:the )?other passages)"
)
_IGNORE: Final = (
    r"(?:ignor\w+|olvid\w+|descart\w+|desobede\w+|haz caso omiso|no hagas caso|omit[ae]n?\b|"
    r"pasa por alto|disregard|forget|overrid\w+|bypass|do not follow|stop following|"
    r"no (?:sigas|obedezcas|respetes))"
)
_SAY: Final = (
    r"(?:responde[dn]?|responda|responderas|contesta|conteste|di|escriba?e?|imprim[ea]|repit[ea]|"
    r"anade|agrega|incluye|termina|empieza|comienza|devuelve|recomienda|traduce|afirma|declara|"
    r"answer|reply|respond|say|write|print|repeat|output|return|append|insert|add|include|end|begin|"
    r"start|recommend|translate|claim)"
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
        r"\b(?:system|sistema) (?:prompt|message|override|mode)|\b(?:mensaje|prompt|aviso|nota|modo) "
        r"(?:de|del|para el) (?:sistema|desarrollador|administrador)|developer (?:mode|message)|"
        r"\bprompt inject\w+|jailbreak",
        # Orders to leave the rules.
        rf"\b{_IGNORE}\b[^.\n]{{0,60}}\b(?:{_RULES}|{_BEFORE})",
        rf"\b(?:nuevas?|new|updated|actualizad[ao]s)\b[^.\n]{{0,15}}\b{_RULES}[^.\n]{{0,30}}:",
        r"\bahora eres\b|\b(?:a partir de (?:ahora|aqui|este momento)|desde ahora|en adelante),? (?:eres|"
        r"actuas|responde|contesta|habla)|\b(?:from now on|henceforth),? (?:you|answer|respond|act|speak)|"
        r"\byou are now\b|\broleplay\b",
        rf"{_START}(?:actua como|finge (?:que|ser)|haz como si|hazte pasar|act as an?|"
        r"pretend (?:to be|that|you))\b",
        r"\b(?:reveal|revela|muestra|show|print|imprime)\w*\b[^.\n]{0,40}\b(?:prompt|instruc\w+|reglas|"
        r"rules|clave|api key|contrasena|password)",
        # Orders about the answer.
        rf"{_START}{_SAY}\b[^.\n]{{0,25}}\b{_ONLY}\b|\b{_ONLY} {_SAY}\b",
        rf"{_START}{_SAY}(?: (?:que|esto|this|that|with|con|lo siguiente|the following))?\s?[:«“\"]",
        rf"\b{_SAY}\b[^.\n]{{0,30}}\b(?:la|the|esta|this) (?:exact )?(?:palabra|frase|word|phrase|sentence)\b",
        rf"\b{_READERS}[^.\n]{{0,60}}\b{_SAY}\b|{_START}{_SAY}\b[^.\n]{{0,40}}\b{_READERS}",
        r"\b(?:en|in|de|of|a|to) (?:tu|your) (?:\w+ )?(?:respuesta|contestacion|answer|reply|response|"
        r"output)\b",
        r"\b(?:si|if|cuando|when|whenever)\b[^.\n]{0,30}\b(?:te|you are|you're|usuario|user)\b"
        r"[^.\n]{0,25}\b(?:pregunt\w+|ask\w*)",
        r"\b(?:la|the|tu|your) (?:unica |only )?(?:respuesta|answer) (?:correcta |right |only )?"
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
    return any(
        pattern.search(line) for line in plain.lower().split("\n") for pattern in _PATTERNS
    )
