"""Why a file is no document, or not all of it, in the language of the page."""

import re
from typing import Final

__all__ = ["reason_in"]

# The reasons that a newsroom meets, as `index.documents` and `index.sync` write them: a pattern,
# and below it what is said.
_TABLE: Final = r"""
is encrypted; give its password.*
    Está cifrado: hace falta su contraseña (qa index --password).
is encrypted; remove its password.*
    Está cifrado: quítale antes la contraseña.
is encrypted, and none of.*
    Está cifrado y ninguna de las contraseñas dadas lo abre: da otra.
is encrypted or in an old format.*
    Está cifrado o en un formato antiguo: guárdalo de nuevo sin contraseña.
has no text(; it may be a scan.*|: it may be a scan.*)
    No tiene texto: puede ser un escaneo, que se lee con qa index --ocr.
has no text( to index|; check the file)
    No tiene texto: revisa el archivo.
is empty; add text or leave it out
    Está vacío.
is a picture; if it is one of text.*
    Es una imagen: si es de un texto, se lee con qa index --ocr.
is a picture without text
    Es una imagen sin texto.
needs OCR, which is not installed.*
    Necesita OCR, que no está instalado.
is damaged or of an old kind, which needs xberg.*
    Está dañado o es de un tipo antiguo: guárdalo de nuevo en su programa, o instala qa[damaged].
is damaged or not what its name says.*
    Está dañado o no es lo que su nombre dice: ábrelo en su programa y guárdalo de nuevo.
stops its converter: .*
    Está dañado o necesita demasiada memoria: guárdalo de nuevo o pártelo.
(takes longer than|has a page on which OCR takes longer than) .*
    Tarda demasiado en leerse: pártelo en archivos más pequeños.
is larger (than|inside than) .*
    Es demasiado grande: pártelo en archivos más pequeños.
(holds|has) more (cells|columns|slides) than .*
    Es demasiado grande por dentro: pártelo en archivos más pequeños.
needs more memory than .*
    Necesita demasiada memoria: pártelo en archivos más pequeños.
is nested deeper than .*
    Está anidado con demasiada profundidad: guárdalo de nuevo en su programa.
has an unknown format.*
    Es de un formato que no se conoce: conviértelo a PDF, DOCX o texto.
is not a document of a known format
    No es un documento de un formato conocido.
is not text but binary data.*
    No es texto, sino datos binarios: revisa el archivo.
holds data and no document.*
    Contiene datos y no un documento: expórtalo antes como tabla (CSV) o texto.
is no table of delimited values.*
    No es una tabla de valores separados: revisa el archivo.
holds no files; check the archive
    No contiene archivos: revisa el ZIP.
holds no mails.*
    No contiene correos: revisa que sea un buzón.
is protected against copying.*
    Está protegido contra copia (DRM): usa una copia sin esa protección.
cannot be converted.*
    No se puede convertir: guárdalo de nuevo.
(may not be read|cannot be looked into).*
    No se puede leer: revisa sus permisos.
cannot be read.*
    No se puede leer: revisa el disco.
changes while it is read.*
    Cambia mientras se lee: vuelve a indexarlo cuando esté en reposo.
is a link, which is not followed.*
    Es un enlace, y no se sigue: da el archivo mismo.
is a device or a pipe.*
    Es un dispositivo, no un archivo.
has a name that is not UTF-8.*
    Su nombre no es UTF-8: cámbialo.
the file ends too early.*
    El archivo está cortado: consíguelo de nuevo.
(\d[\d,]*) pictures? may hold text that is not read
    Imágenes que pueden tener texto que no se lee: \1.
(\d[\d,]*) pictures? (?:is|are) without text
    Imágenes sin texto: \1.
pages? (.+?) (?:has|have) no text: .*
    Sin texto, quizá escaneadas (qa index --ocr): páginas \1.
the text of pages? (.+?) has no readable letters; .*
    Con letras ilegibles (qa index --ocr): páginas \1.
pages? (.+?) could not be read whole
    No se leyeron enteras: páginas \1.
"""
_LINES: Final = _TABLE.strip().splitlines()
_SPANISH: Final = tuple(
    (re.compile(pattern), said.strip())
    for pattern, said in zip(_LINES[::2], _LINES[1::2], strict=True)
)
_WITHOUT_SUBJECT = re.compile(r"(is|has|holds|needs|takes|stops|may|cannot|changes)\b")


def reason_in(language: str, reason: str) -> str:
    """One sentence; a reason that has no translation stays in English."""
    if language == "es":
        for pattern, said in _SPANISH:
            if match := pattern.fullmatch(reason):
                return match.expand(said).replace(" and ", " y ")
    sentence = f"It {reason}" if _WITHOUT_SUBJECT.match(reason) else reason
    return f"{sentence[:1].upper()}{sentence[1:].rstrip('.')}."
