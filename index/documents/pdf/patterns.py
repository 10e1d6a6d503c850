"""How items, articles and chapters begin, in Spanish and English."""

import re

__all__ = ["ARTICLE", "DIVISION", "ITEM_MARK", "NUMBERED_DIVISION", "SENTENCE_END"]

ITEM_MARK = re.compile(
    r"(?P<mark>[-–—•▪◦●○■□◆➢➤✓✔·*\uf0b7\uf0a7\uf0d8\uf076\uf0fc]"
    r"|\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Zñ]{1,2}|[ivxlcIVXLC]{1,8})"
    r"(?:[.)]\.?(?:\s?[-–—])?|\.-|\s?[-–—])(?:\s?(?:Bis|Ter|Quáter|Quater)\.?)?|\d{1,2}[ºª°]\.?|\.\d{1,2})"
    r"(?:\s+(?=\S)|(?<=[IVXLC][.)])(?=[A-ZÁÉÍÓÚ][a-záéíóúñ]))"
)
ARTICLE = re.compile(
    r"(?P<mark>(?:Art[íi]culo|ART[ÍI]CULO|Art\.|ART\.|Article|ARTICLE|Cl[áa]usula|CL[ÁA]USULA"
    r"|Base|BASE)\s+"
    r"(?:\d+(?:[.,]\d{3})*(?:\s?[ºª°]|\s?[oa]\b)?|[Úú]nico|ÚNICO|UNICO"
    r"|(?:[A-ZÁÉÍÓÚ][a-záéíóú]+|[A-ZÁÉÍÓÚ]{4,})"
    r"(?:\s(?:[A-ZÁÉÍÓÚ]?[a-záéíóú]+[oa]|[A-ZÁÉÍÓÚ]{5,}))?(?=\s?[.:-])"
    r"|[IVXLC]+\b)"
    r"(?:[\s-](?:Bis|bis|BIS|Ter|ter|TER|Qu[áa]ter|qu[áa]ter|Quinquies|Sexies|[A-Z]\b(?=[.\s-])"
    r"|\d{1,2}(?=[.-])))*"
    r"\s?(?:[.:](?:\s?[-–—]+)?|[-–—]+|[.]|(?=\s*$)|(?=\s+[A-ZÁÉÍÓÚ¿\"“«]))[.]?)"
)
DIVISION = re.compile(
    r"(?:LIBRO|T[ÍI]TULO|CAP[ÍI]TULO|SECCI[ÓO]N|PARTE|ANEXO|AP[ÉE]NDICE|TRANSITORIOS?|"
    r"DISPOSICIONES|PRE[ÁA]MBULO|CONSIDERANDOS?|BOOK|TITLE|CHAPTER|SECTION|PART|ANNEX|APPENDIX|"
    r"Libro|T[íi]tulo|Cap[íi]tulo|Secci[óo]n|Parte|Anexo|Ap[ée]ndice|Transitorios?|Chapter|Part|"
    r"Section|Annex|Appendix|Pre[áa]mbulo)\b"
)
NUMBERED_DIVISION = re.compile(
    DIVISION.pattern + r"\s+(?:[IVXLC]+|\d+|[A-ZÁÉÍÓÚ][a-zA-ZáéíóúÁÉÍÓÚ]+[oaOA]|[A-Z])\b"
)
SENTENCE_END = re.compile(r"[.!?…:;][\"'»”’)\]\ufdd0\ufdd1\d]*$")
