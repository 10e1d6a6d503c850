"""Mails, plain texts of any encoding, and subtitles, written by hand."""

from email.message import EmailMessage
from html import escape
from pathlib import Path

from benchmarks.formats.truth import Paragraph, Piece, Truth

__all__ = ["mails", "texts"]

_SAID = (
    "Confirmo la visita del jueves 12 a las 10:15 en la calle Fresno 208.",
    "Llevaré las 3 llaves y el plano de 1:50 que pidió Ofelia.",
    "Si llueve la dejamos para el lunes 16, a la misma hora.",
)
_WROTE = "El 8 de junio de 2025, Nora Iturbe escribió:"
_QUOTED = "¿Podría venir alguien el jueves? El portón sigue sin cerrar desde el 28 de mayo."


def mails(folder: Path) -> list[Truth]:
    """Plain, in two versions, with a layout table, and in eight bits without a charset."""
    return [_plain(folder), _both(folder), _letter(folder), _eight_bits(folder)]


def _head(title: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Lisandro Quiroz <lisandro@example.org>"
    message["To"] = "Obras <obras@example.org>"
    message["Subject"] = title
    message["Date"] = "Mon, 09 Jun 2025 09:31:00 +0200"
    message["Message-ID"] = "<1@example.org>"
    return message


def _truth(name: str, title: str, pieces: tuple[Piece, ...], hidden: tuple[str, ...] = ()) -> Truth:
    head = (
        "De: Lisandro Quiroz <lisandro@example.org>",
        "Para: obras@example.org" if name == "ocho-bits.eml" else "Para: Obras <obras@example.org>",
        "Fecha: 9 de junio de 2025, 09:31",
        f"Asunto: {title}",
    )
    pieces = (*map(Paragraph, head), *pieces)
    author, day = "Lisandro Quiroz", "2025-06-09"
    return Truth(name, "email", pieces, hidden, title=title, author=author, date=day)


def _plain(folder: Path) -> Truth:
    title = "Visita a la calle Fresno"
    message = _head(title)
    body = "\n\n".join(_SAID) + f"\n\n{_WROTE}\n\n> {_QUOTED}\n"
    message.set_content(body, cte="quoted-printable")
    (folder / "respuesta.eml").write_bytes(message.as_bytes())
    pieces = tuple(map(Paragraph, (*_SAID, _WROTE, _QUOTED)))
    return _truth("respuesta.eml", title, pieces)


def _both(folder: Path) -> Truth:
    title = "Presupuesto del portón"
    message = _head(title)
    message.set_content("\n\n".join(_SAID))
    page = "".join(f"<p>{escape(text)}</p>" for text in _SAID)
    message.add_alternative(
        f"<html><head><style>p{{width:731px}}</style></head><body>{page}"
        '<div style="display:none">Vista previa 55123</div></body></html>',
        subtype="html",
    )
    (folder / "dos-versiones.eml").write_bytes(message.as_bytes())
    return _truth("dos-versiones.eml", title, tuple(map(Paragraph, _SAID)), ("Vista previa 55123",))


def _letter(folder: Path) -> Truth:
    title = "Boletín de junio"
    message = _head(title)
    rows = "".join(f"<tr><td><p>{escape(text)}</p></td></tr>" for text in _SAID)
    message.set_content(
        "<html><body><table role='presentation' width='600'><tr><td><table>"
        f"{rows}</table></td></tr></table></body></html>",
        subtype="html",
    )
    (folder / "boletin.eml").write_bytes(message.as_bytes())
    return _truth("boletin.eml", title, tuple(map(Paragraph, _SAID)))


def _eight_bits(folder: Path) -> Truth:
    head = (
        "From: Lisandro Quiroz <lisandro@example.org>\r\nTo: obras@example.org\r\n"
        "Subject: Aviso de corte\r\nDate: Mon, 09 Jun 2025 09:31:00 +0200\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    body = "\r\n\r\n".join(_SAID)
    (folder / "ocho-bits.eml").write_bytes(head.encode() + body.encode("cp1252"))
    return _truth("ocho-bits.eml", "Aviso de corte", tuple(map(Paragraph, _SAID)))


_PROSE = (
    "El señor Ibáñez pidió en 1931 que se abriera el camino del Ñandú, y nadie le contestó.",
    "Doce años después, la cuñada de Ibáñez volvió a pedirlo: «¿Quién pagará las 40 carretas?»",
    "Se abrió por fin en otoño, con 7 puentes de madera y un pontón en el río Carcarañá.",
)


def texts(folder: Path) -> list[Truth]:
    """The same prose in the encodings that people have, with broken lines, and as subtitles."""
    made = []
    body = "\n\n".join(_PROSE) + "\n"
    ways = (
        ("utf8.txt", body.encode()),
        ("utf8-firma.txt", body.encode("utf-8-sig")),
        ("utf16-sin-marca.txt", body.encode("utf-16-le")),
        ("utf16.txt", body.encode("utf-16")),
        ("windows.txt", body.replace("\n", "\r\n").encode("cp1252")),
        ("dos.txt", body.replace("«", '"').replace("»", '"').encode("cp850")),
        ("mac.txt", body.encode("mac-roman")),
        ("un-byte-malo.txt", body.encode()[:-1] + b"\xff\n"),
    )
    for name, data in ways:
        (folder / name).write_bytes(data)
        quotes = ('"', '"') if name == "dos.txt" else ("«", "»")
        shown = (t.replace("«", quotes[0]).replace("»", quotes[1]) for t in _PROSE)
        made.append(_told(name, tuple(map(Paragraph, shown))))
    lines = (
        "El señor Ibáñez pidió en 1931 que se abrie-\n"
        "ra el camino del Ñandú, y nadie le contestó.\n\n"
        "Se abrió por fin en otoño, con 7 puentes de ma-\ndera y un pontón en el río Carcarañá.\n"
    )
    (folder / "guiones.txt").write_text(lines, encoding="utf-8")
    made.append(_told("guiones.txt", (Paragraph(_PROSE[0]), Paragraph(_PROSE[2]))))
    return [*made, *_subtitles(folder)]


def _subtitles(folder: Path) -> list[Truth]:
    said = (
        "Abrimos la sesión con 9 presentes.",
        "El puente se cierra el martes.",
        "¿Hay preguntas?",
    )
    srt = "".join(
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n:02d},900\n<i>{text}</i>\n\n"
        for n, text in enumerate(said, 1)
    )
    vtt = "WEBVTT\n\n" + "".join(
        f"00:{n:02d}.000 --> 00:{n:02d}.900\n{text}\n\n" for n, text in enumerate(said, 1)
    )
    (folder / "sesion.srt").write_text(srt, encoding="utf-8")
    (folder / "sesion.vtt").write_text(vtt, encoding="utf-8")
    pieces = (Paragraph(" ".join(said)),)
    return [_told("sesion.srt", pieces), _told("sesion.vtt", pieces)]


def _told(name: str, pieces: tuple[Piece, ...]) -> Truth:
    return Truth(name, "by hand", pieces)
