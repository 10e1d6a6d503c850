"""Mails: one body, the head as fields, quoted replies, and the files that came with them."""

import io
import re
import struct
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.contents import read_documents
from index.documents.mail.read import read_mail
from index.documents.mail.text import plain_parts
from index.documents.parts import ReadOptions
from index.documents.read import read_bytes
from index.errors import DocumentError
from index.types import BlockRole, Document
from tests.files import ole

HEAD = (
    "From: Ana López <ana@e.org>\nTo: b@e.org\nSubject: Plan\n"
    "Date: Mon, 3 Mar 2025 23:30:00 -0600\n"
)
FIELDS = (
    "De: Ana López <ana@e.org>\nPara: b@e.org\nFecha: 3 de marzo de 2025, 23:30\nAsunto: Plan\n\n"
)


def read(data: bytes | str, name: str = "a.eml") -> Document:
    data = data.encode() if isinstance(data, str) else data
    return read_bytes(data, Path(name), name, ReadOptions())[0]


def body(text: str, kind: str = "text/plain; charset=utf-8") -> Document:
    """A mail of one part; the text is what comes after its head."""
    document = read(f"{HEAD}Content-Type: {kind}\n\n{text}")
    assert document.text.startswith(FIELDS.rstrip())
    return document


def text_of(text: str, kind: str = "text/plain; charset=utf-8") -> str:
    return body(text, kind).text.removeprefix(FIELDS.rstrip()).strip()


def quoted(document: Document) -> list[str]:
    blocks = document.blocks
    return [document.text[b.start : b.end] for b in blocks if b.role is BlockRole.QUOTED]


def message(plain: str = "", html: str = "") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Ana <ana@e.org>", "Plan"
    if plain:
        mail.set_content(plain)
    if html:
        (mail.add_alternative if plain else mail.set_content)(html, subtype="html")
    return mail


def all_of(tmp_path: Path, data: bytes, name: str = "a.eml") -> dict[str, Document]:
    path = tmp_path / name
    path.write_bytes(data)
    return {document.id: document for document in read_documents(path, name)}


# The head


def test_the_head_is_fields_in_the_language_of_the_mail() -> None:
    """Decoded, the date in the zone of the sender; title, author and date are taken from it."""
    document = read(f"{HEAD}\nLa reunión es el martes en la sala.\n")
    assert document.text == f"{FIELDS}La reunión es el martes en la sala."
    assert document.title == "Plan"
    assert document.metadata["author"] == "Ana López"
    assert document.metadata["date"] == "2025-03-03"
    assert [block.role for block in document.blocks[:4]] == [BlockRole.FIELD] * 4
    english = read("From: Ann <a@e.org>\nSubject: Plan\n\nThe meeting is on Tuesday in the hall.\n")
    assert english.text.startswith("From: Ann <a@e.org>\nSubject: Plan\n\nThe meeting")


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("=?utf-8?Q?Reuni=C3?= =?utf-8?Q?=B3n?=", "Reunión"),
        ("=?iso-8859-1?B?UmV1bmnzbg==?= de hoy", "Reunión de hoy"),
        ("=?x-unknown?Q?Reuni=F3n?=", "Reunión"),
        ("Reunión", "Reunión"),
        ("=?utf-8?B?broken", "=?utf-8?B?broken"),
        ("uno\n dos", "uno dos"),
    ],
)
def test_subjects(subject: str, title: str) -> None:
    """Encoded words, also cut amid a letter or in an unknown charset, folded lines, bare UTF-8."""
    document = read(f"From: a@e.org\nSubject: {subject}\n\nHola.\n")
    assert document.text == f"De: a@e.org\nAsunto: {title}\n\nHola."


def test_addresses_that_are_none() -> None:
    """A broken list is shown as it stands; names may hold commas."""
    head = (
        'From: "Pérez, Juan" <j@e.org>\nTo: Ana, la jefa <<x\nCc: "Luna, Eva" <e@e.org>, b@e.org\n'
    )
    document = read(f"{head}Subject: s\n\nHola.\n")
    assert document.text.startswith("De: Pérez, Juan <j@e.org>\nPara: Ana")
    assert "\nCC: Luna, Eva <e@e.org>; b@e.org\n" in document.text
    assert document.metadata["author"] == "Pérez, Juan"


def test_what_stands_before_the_head() -> None:
    """A byte-order mark, empty lines, the line of a mailbox; UTF-16 as a whole."""
    mail = f"{HEAD}\nHola.\n"
    for data in (f"\ufeff{mail}", f"\n\n{mail}", f"From a@e.org Mon Mar 3 2025\n{mail}"):
        assert read(data).title == "Plan"
    assert read(mail.encode("utf-16")).title == "Plan"


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
@pytest.mark.parametrize("charset", ["", "; charset=us-ascii", "; charset=iso-8859-1"])
def test_bytes_without_a_right_charset(encoding: str, charset: str) -> None:
    """They are UTF-8, or else Windows-1252, in the head as in the body."""
    mail = f"From: a@e.org\nSubject: Mañana\nContent-Type: text/plain{charset}\n\nSerá así: 5 €.\n"
    document = read(mail.encode(encoding))
    assert document.title == "Mañana"
    assert document.text.endswith("\n\nSerá así: 5 €.")


def test_base64_that_is_broken() -> None:
    """Every piece that can be read is."""
    data = "SG9sYSwgcXXDqSB0YWw/IA==*!!\nU2UgYWNhYsOz\nZ"
    kind = "text/plain; charset=utf-8\nContent-Transfer-Encoding: base64"
    assert text_of(data, kind) == "Hola, qué tal? Se acabó"


def test_parts_that_are_missing() -> None:
    """A multipart without parts is its text; one that breaks off is read as far as it goes."""
    assert text_of("Hola.", "multipart/mixed; boundary=x") == "Hola."
    assert text_of("--x\n\nHola.\n--x\n", "multipart/mixed; boundary=x") == "Hola."


def test_a_body_that_is_no_text() -> None:
    """It is left out and said."""
    document = read(f"{HEAD}Content-Type: text/plain\n\n".encode() + bytes(range(32)) * 9)
    assert [notice.kind.value for notice in document.notices] == ["lost"]


# The plain body


def test_flowed_text() -> None:
    """Lines that end in a space go on; quote depths stay apart; DelSp takes the space away."""
    text = "Esta línea \nsigue.\nFija.\n\n> Lo citado \n> sigue.\n>> Hondo.\n\n-- \nAna\n"
    document = body(text, "text/plain; charset=utf-8; format=flowed")
    assert document.text.endswith("Esta línea sigue.\nFija.\n\nLo citado sigue.\n\nHondo.\n\nAna")
    assert quoted(document) == ["Lo citado sigue.", "Hondo."]
    assert [block.level for block in document.blocks if block.role is BlockRole.QUOTED] == [1, 2]
    assert text_of("me \nsa\n", "text/plain; format=flowed; delsp=yes") == "mesa"
    flowed = "text/plain; charset=utf-8; format=flowed"
    assert text_of(" From aquí a la casa\n", flowed) == "From aquí a la casa"


def test_hard_wrapped_text() -> None:
    """Lines that were wrapped are whole again; short lines and lists stay as they are."""
    text = """La asamblea ordinaria de la comunidad se celebrará el próximo martes 11 de
marzo a las siete de la tarde en el salón de actos del edificio principal,
con este orden:

1. Lectura y aprobación del acta anterior, que se envió a todos los vecinos
   la semana pasada.
2. Ruegos.

Teléfono: 600 111 222
Dirección: Mayor, 3
"""
    document = body(text)
    assert document.text.removeprefix(FIELDS) == (
        "La asamblea ordinaria de la comunidad se celebrará el próximo martes 11 de marzo a las "
        "siete de la tarde en el salón de actos del edificio principal, con este orden:\n\n"
        "1. Lectura y aprobación del acta anterior, que se envió a todos los vecinos la semana "
        "pasada.\n2. Ruegos.\n\nTeléfono: 600 111 222\nDirección: Mayor, 3"
    )
    assert [block.mark for block in document.blocks if block.role is BlockRole.ITEM] == ["1.", "2."]


def test_columns_of_plain_text_are_not_joined() -> None:
    """A table drawn with spaces keeps its lines."""
    text = "Concepto del presupuesto de este año          Importe en euros\n" * 2
    assert text_of(text).count("\n") == 1


def test_a_line_that_begins_with_from() -> None:
    """What a mailbox wrote before it is taken away, and is no quote."""
    assert text_of("Hola.\n\n>From la casa.\n") == "Hola.\n\nFrom la casa."


@given(st.lists(st.sampled_from(["uno", "dos ", "> tres", ">> ", "- x", "", "De: a", "a" * 75])))
def test_no_word_of_a_plain_body_is_lost(lines: list[str]) -> None:
    """Whatever the lines are, every word comes once and in order."""
    text = "\n".join(lines)
    for flowed in (False, True):
        parts = plain_parts(text, flowed=flowed)
        read_letters = re.sub(r"[^\w:]", "", "".join(part.text for part in parts))
        assert read_letters == re.sub(r"[^\w:]", "", text)


# Quoted replies


@pytest.mark.parametrize(
    "announced",
    [
        "El lun, 3 mar 2025 a las 9:12, Juan Pérez (<j@e.org>) escribió:",
        "El lun, 3 mar 2025 a las 9:12, Juan Pérez de la Administración (<juan@e.org>)\nescribió:",
        "On Mon, Mar 3, 2025 at 9:12 AM Juan <j@e.org> wrote:",
        "Juan Pérez <j@e.org> escribió:",
    ],
)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_what_a_reply_quotes(announced: str, mark: str) -> None:
    """The line that announces it too; with and without marks."""
    document = body(f"El jueves.\n\n{announced}\n\n{mark}¿Cuándo es?\n")
    assert quoted(document) == [" ".join(announced.split()), "¿Cuándo es?"]
    assert "\n\nEl jueves.\n\n" in document.text


def test_an_answer_below_its_quote() -> None:
    """It is not quoted."""
    document = body("El 3 mar 2025, Juan <j@e.org> escribió:\n> ¿Cuándo?\n\nEl jueves.\n")
    assert quoted(document)[1:] == ["¿Cuándo?"]
    assert document.text.endswith("\n\nEl jueves.")


@pytest.mark.parametrize(
    "head",
    [
        "-----Mensaje original-----\nDe: Juan\nEnviado: lunes\nPara: Ana\nAsunto: Plan",
        "________________________________\nDe: Juan <j@e.org>\nEnviado el: lunes\nPara: Ana\n"
        "Asunto: Plan",
        "---------- Forwarded message ---------\nFrom: Juan\nDate: lunes\nSubject: Plan\nTo: Ana",
        "*From:* Juan\n*Sent:* Monday\n*To:* Ana\n*Subject:* Plan",
    ],
)
def test_the_head_of_an_earlier_mail(head: str) -> None:
    """All after it is quoted."""
    document = body(f"De acuerdo.\n\n{head}\n\n¿Vale?\n\nJuan\n")
    assert quoted(document)[-2:] == ["¿Vale?", "Juan"]
    assert "De acuerdo." not in "".join(quoted(document))


def test_words_that_only_look_like_an_announcement() -> None:
    """Without a day or an address nothing is announced."""
    assert quoted(body("El autor escribió:\n\nNada más.\n")) == []
    assert quoted(body("De: la sala a la calle.\n\nNada.\n")) == []


# HTML, and which body


def test_html_body() -> None:
    """Styles and scripts are out, tables by row, what is cited is quoted."""
    html = (
        "<html><head><style>p{color:red}</style><script>x()</script></head><body><p>Hola.</p>"
        "<table><tr><th>Concepto</th><th>Precio</th></tr><tr><td>Libro</td><td>12</td></tr></table>"
        "<p>El 3 mar 2025, Juan &lt;j@e.org&gt; escribió:</p>"
        '<blockquote type="cite"><p>¿Cuánto?</p></blockquote></body></html>'
    )
    document = body(html, "text/html; charset=utf-8")
    assert document.text.removeprefix(FIELDS) == (
        "Hola.\n\nConcepto\tPrecio\nLibro\t12\n\n"
        "El 3 mar 2025, Juan <j@e.org> escribió:\n\n¿Cuánto?"
    )
    assert quoted(document) == ["El 3 mar 2025, Juan <j@e.org> escribió:", "¿Cuánto?"]


def test_outlooks_head_in_html() -> None:
    """The lines that Outlook puts above what it repeats."""
    html = (
        "<p>De acuerdo.</p><div><p><b>De:</b> Juan<br><b>Enviado el:</b> lunes<br><b>Para:</b> Ana"
        "<br><b>Asunto:</b> Plan</p></div><p>¿Vale?</p>"
    )
    assert quoted(body(html, "text/html"))[-1] == "¿Vale?"


@pytest.mark.parametrize(
    ("plain", "html", "shown"),
    [
        ("Hola a todos.", "<p>Hola a <b>todos</b>.</p>", "Hola a todos."),
        ("Uno\nDos", "<ul><li>Uno<li>Dos</ul>", "• Uno\n• Dos"),
        ("A B\n1 2", "<table><tr><th>A<th>B<tr><td>1<td>2</table>", "A\tB\n1\t2"),
        (
            "Su programa no muestra HTML.",
            "<p>La cita es a las cinco.</p>",
            "La cita es a las cinco.",
        ),
        ("Hola a todos.", "<img src=x>", "Hola a todos."),
    ],
)
def test_one_of_two_bodies(plain: str, html: str, shown: str) -> None:
    """The HTML where it has a structure, or the plain one says less; never both."""
    document = read(message(plain, html).as_bytes())
    assert document.text == f"De: Ana <ana@e.org>\nAsunto: Plan\n\n{shown}"


def test_a_body_that_is_told_twice() -> None:
    """Two bodies of the same words one after the other are one; of other words they are two."""
    twice = (
        f"{HEAD}Content-Type: multipart/mixed; boundary=x\n\n--x\n\nHola a todos.\n--x\n"
        "Content-Type: text/html\n\n<p>Hola a <b>todos</b>.</p>\n--x--\n"
    )
    assert read(twice).text == f"{FIELDS}Hola a todos."
    other = twice.replace("<p>Hola a <b>todos</b>.", "<p>Saludos.")
    assert read(other).text == f"{FIELDS}Hola a todos.\n\nSaludos."


def test_related_parts_and_pictures() -> None:
    """The page of a multipart/related is the body; its pictures are no attachments."""
    mail = message(html="<p>Hola <img src='cid:1'></p>")
    mail.add_related(b"\x89PNG", "image", "png", cid="<1>", filename="logo.png")
    assert read(mail.as_bytes()).text == "De: Ana <ana@e.org>\nAsunto: Plan\n\nHola"


def test_an_invitation() -> None:
    """What, when and where, once; alarms are no part of it."""
    calendar = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=X:20250311T190000\nDTEND;TZID=X:20250311T2030"
        '00\nSUMMARY:Asamblea de los vecinos\nLOCATION:Salón\\, planta\n  2\nORGANIZER;CN="Ana":mai'
        "lto:a@e.org\nBEGIN:VALARM\nDESCRIPTION:Reminder\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    mail = message("Invitación a la asamblea de los vecinos")
    mail.add_alternative(calendar, subtype="calendar")
    mail.add_attachment(calendar.encode(), "text", "calendar", filename="invite.ics")
    assert read(mail.as_bytes()).text.endswith(
        "vecinos\n\nEvento: Asamblea de los vecinos\nCuándo: 11 de marzo de 2025, 19:00–20:30\n"
        "Lugar: Salón, planta 2\nOrganiza: Ana <a@e.org>"
    )


@pytest.mark.parametrize(
    "content",
    [
        "Content-Type: multipart/encrypted; boundary=x\n\n--x\nContent-Type: a/b\n\nx\n--x--\n",
        "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIIB\n",
        "Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\nabc\n-----END PGP MESSAGE-----\n",
    ],
)
def test_an_encrypted_body(content: str) -> None:
    """The head is read, and the rest is said to be encrypted."""
    document = read(HEAD + content)
    assert document.text == FIELDS.strip()
    assert [notice.text for notice in document.notices] == [
        "The body is encrypted; decrypt it in the mail program and save it anew"
    ]


def test_a_signed_mail() -> None:
    """The signature is no attachment."""
    mail = (
        f"{HEAD}Content-Type: multipart/signed; boundary=x\n\n--x\nContent-Type: text/plain\n\n"
        "Hola.\n--x\nContent-Type: application/pgp-signature; name=s.asc\n\nabc\n--x--\n"
    )
    assert read(mail).text == f"{FIELDS}Hola."


@given(st.binary(max_size=300))
def test_any_bytes_are_a_mail(data: bytes) -> None:
    """Nothing that a mail may hold raises anything but our errors."""
    head = b"From: x\nSubject: y\nContent-Type: multipart/mixed; boundary=a\n\n--a\n"
    for given_bytes in (data, head + data):
        read_mail(given_bytes, ReadOptions())


# Files in mails


def test_attachments(tmp_path: Path) -> None:
    """Named in the mail, and documents of their own; also a mail in the mail, and what is in it."""
    inner = EmailMessage()
    inner["Subject"] = "Dentro: x/y"
    inner.set_content("Texto de dentro.")
    inner.add_attachment(b"Hondo.", "text", "plain", filename="hondo.txt")
    mail = message("Le envío el contrato.")
    mail.add_attachment("Tres años.".encode(), "text", "plain", filename="contrato ñ.txt")
    mail.add_attachment(b"Otro.", "text", "plain", filename="../contrato ñ.txt")
    mail.add_attachment(b"\x00", "application", "x-y", filename="foto.xyz")
    mail.add_attachment(inner)
    found = all_of(tmp_path, mail.as_bytes())
    names = "contrato ñ.txt, contrato ñ.txt, foto.xyz, Dentro x y.eml"
    assert found["a.eml"].text.startswith(f"De: Ana <ana@e.org>\nAsunto: Plan\nAdjuntos: {names}\n")
    assert {id: document.text for id, document in found.items() if id.endswith(".txt")} == {
        "a.eml/contrato ñ.txt": "Tres años.",
        "a.eml/contrato ñ (2).txt": "Otro.",
        "a.eml/Dentro x y.eml/hondo.txt": "Hondo.",
    }
    assert found["a.eml/Dentro x y.eml"].title == "Dentro: x/y"
    assert found["a.eml/contrato ñ.txt"].source == str(tmp_path / "a.eml/contrato ñ.txt")
    assert [n.text for n in found["a.eml"].notices] == [
        "1 file in it (foto.xyz) is of no known format"
    ]


def test_mailbox(tmp_path: Path) -> None:
    """A list of its mails, each a document; a line of a body that begins with From is none."""
    mails = (
        f"From ana@e.org Mon Mar  3 10:00:00 2025\n{HEAD}\nUno.\n>From aquí.\n\n"
        "From b@e.org Tue Mar  4 10:00:00 2025\nFrom: b@e.org\nSubject: Plan\nDate: 4 Mar 2025 "
        "10:00:00 +0000\n\nDos.\n\nFrom here 2025 we go on.\n\n"
        f"From ana@e.org Mon Mar  3 10:00:00 2025\n{HEAD}\nTres.\n"
    )
    found = all_of(tmp_path, mails.encode(), "correo.mbox")
    own = found["correo.mbox"]
    assert own.title == "correo"
    assert own.text == (
        "Fecha\tDe\tAsunto\n2025-03-03\tAna López <ana@e.org>\tPlan\n2025-03-04\tb@e.org\tPlan\n"
        "2025-03-03\tAna López <ana@e.org>\tPlan"
    )
    assert own.blocks[0].header_rows == 1
    assert [*found][1:] == [
        "correo.mbox/2025-03-03 Plan.eml",
        "correo.mbox/2025-03-04 Plan.eml",
        "correo.mbox/2025-03-03 Plan (2).eml",
    ]
    assert found["correo.mbox/2025-03-03 Plan.eml"].text.endswith("Uno.\nFrom aquí.")
    with pytest.raises(DocumentError, match="holds no mails"):
        read(b"Nada.", "b.mbox")


def test_mail_of_apple() -> None:
    """The bytes of the mail, without what the program keeps after it."""
    mail = f"{HEAD}\nHola.\n".encode()
    assert read(b"%d   \n%b<plist>x</plist>" % (len(mail), mail), "1.emlx").text.endswith("Hola.")


# Outlook


def _outlook(prefix: str = "", **texts: str) -> dict[str, bytes]:
    names = {"subject": 0x37, "sender": 0xC1A, "address": 0x5D01, "to": 0xE04, "body": 0x1000}
    found = {
        f"{prefix}__substg1.0_{names[name]:04X}001F": text.encode("utf-16-le")
        for name, text in texts.items()
    }
    since = datetime(2025, 3, 4, 10, tzinfo=UTC) - datetime(1601, 1, 1, tzinfo=UTC)
    sent = (since // timedelta(microseconds=1) * 10).to_bytes(8, "little")
    row = struct.pack("<HHI8s", 0x40, 0x39, 0, sent)
    return {**found, f"{prefix}__properties_version1.0": bytes(24 if prefix else 32) + row}


def test_outlook_mail(tmp_path: Path) -> None:
    """As any other mail, with the files and mails attached to it."""
    file, mail = "__attach_version1.0_#00000000/", "__attach_version1.0_#00000001/"
    texts = {"body": "Le envío\r\nel contrato a usted.", "to": "Juan; Luis"}
    streams = {
        **_outlook(subject="Contrato", sender="Ana López", address="ana@e.org", **texts),
        f"{file}__properties_version1.0": bytes(8),
        f"{file}__substg1.0_3707001F": "contrato ñ.txt".encode("utf-16-le"),
        f"{file}__substg1.0_37010102": b"Tres meses. " * 900,
        f"{mail}__properties_version1.0": bytes(8),
        **_outlook(f"{mail}__substg1.0_3701000D/", subject="Dentro", body="Texto de dentro."),
    }
    found = all_of(tmp_path, ole(streams), "a.msg")
    assert found["a.msg"].text == (
        "De: Ana López <ana@e.org>\nPara: Juan, Luis\nFecha: 4 de marzo de 2025, 10:00\n"
        "Asunto: Contrato\nAdjuntos: contrato ñ.txt, Dentro.eml\n\nLe envío\nel contrato a usted."
    )
    assert found["a.msg"].metadata["author"] == "Ana López"
    assert found["a.msg"].metadata["date"] == "2025-03-04"
    assert found["a.msg/contrato ñ.txt"].text.count("Tres meses.") == 900
    assert found["a.msg/Dentro.eml"].text.endswith("Texto de dentro.")


def test_outlooks_html_in_rtf() -> None:
    """It is unpacked, and the RTF's own words are left out."""
    rtf = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {"
        rb"\htmlrtf0 Ma\'f1ana, \u8364?5{\*\htmltag84 <b>}\htmlrtf\b\htmlrtf0  ya"
        rb"{\*\htmltag72 </p>}"
        rb"{\*\htmltag64 <ul><li>}uno{\*\htmltag64 </li></ul>}}"
    )
    packed = struct.pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf
    streams = _outlook(subject="s") | {"__substg1.0_10090102": packed}
    assert read(ole(streams), "a.msg").text.endswith("Mañana, €5 ya\n\n• uno")


def test_packed_rtf() -> None:
    """The example of the format's description, and data that break off."""
    from index.documents.mail.outlook_rtf import unpacked_rtf

    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542332062f4a0a06f0e004f0c8067b4"
    )
    unpacked_rtf(packed)
    example = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232"
        "0af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpacked_rtf(example) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    for end in range(len(example)):
        unpacked_rtf(example[:end])


def test_no_outlook_mail() -> None:
    """Other files of the same container, and damaged ones, are refused in a sentence."""
    whole = ole(_outlook(subject="s", body="b"))
    for data in (ole({"WordDocument": b"x"}), whole[:600], b"x" * 700):
        with pytest.raises(DocumentError, match="is damaged"):
            read(data, "a.msg")


# Archives


def _zipped(*files: tuple[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archive(tmp_path: Path) -> None:
    """A list of its files; each is a document, under a path that stays inside."""
    data = _zipped(
        ("carpeta/acta.txt", "El acta."),
        ("carpeta/acta.txt", "Otra acta."),
        ("__MACOSX/carpeta/._acta.txt", "x"),
        (".oculto.txt", "x"),
        ("../../mal.txt", "Fuera."),
        ("C:\\dir\\win.txt", "De Windows."),
        ("roto.pdf", "%PDF"),
    )
    found = all_of(tmp_path, data, "a.zip")
    assert {id: document.text for id, document in found.items()} == {
        "a.zip": "• carpeta/acta.txt\n• carpeta/acta.txt\n• mal.txt\n• dir/win.txt\n• roto.pdf",
        "a.zip/carpeta/acta.txt": "El acta.",
        "a.zip/carpeta/acta (2).txt": "Otra acta.",
        "a.zip/mal.txt": "Fuera.",
        "a.zip/dir/win.txt": "De Windows.",
    }
    assert all_of(tmp_path, data, "archivo.zip")["archivo.zip"].title == "archivo"
    (notice,) = found["a.zip"].notices
    assert notice.text.startswith("roto.pdf is damaged")


def test_archive_in_archive(tmp_path: Path) -> None:
    """Two levels are read; what lies deeper is named."""
    deepest = _zipped(("d.txt", "Hondo."))
    inner = _zipped(("c.txt", "Dentro."), ("e.zip", deepest))
    found = all_of(tmp_path, _zipped(("b.zip", inner)), "a.zip")
    assert [*found] == ["a.zip", "a.zip/b.zip", "a.zip/b.zip/c.txt", "a.zip/b.zip/e.zip"]
    (notice,) = found["a.zip"].notices
    assert (
        notice.text == "1 file in it (b.zip/e.zip/d.txt) is too deep inside; unpack what holds them"
    )


def test_names_of_an_archive_made_on_windows(tmp_path: Path) -> None:
    """Without the mark of UTF-8 they are of the code page of Western Europe."""
    data = _zipped(("A", "x"), ("Bxxxxx", "El acta."))
    data = data.replace(b"Bxxxxx", "Óñ.txt".encode("cp850"))
    assert "a.zip/Óñ.txt" in all_of(tmp_path, data, "a.zip")


def test_a_bomb(tmp_path: Path) -> None:
    """What swells beyond all measure is not unpacked, and said."""
    found = all_of(tmp_path, _zipped(("a.txt", bytes(20 << 20)), ("b.txt", "Bien.")), "a.zip")
    assert [*found] == ["a.zip", "a.zip/b.txt"]
    assert found["a.zip"].notices[0].text.startswith("a.txt is larger inside")


def locked(name: str, content: bytes, password: bytes) -> bytes:
    """A ZIP with one file, locked in the way of the old format (PKWARE's)."""

    def crc(value: int, byte: int) -> int:
        return zlib.crc32(bytes([byte]), value ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc(keys[2], keys[1] >> 24)

    for byte in password:
        update(byte)
    locked = bytearray()
    check = zlib.crc32(content) >> 24
    for byte in (*bytes(11), check, *content):
        key = keys[2] | 2
        locked.append(byte ^ (key * (key ^ 1) >> 8) & 0xFF)
        update(byte)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, bytes(locked))
    data = bytearray(buffer.getvalue())
    plain, central = zlib.crc32(locked), data.index(b"PK\x01\x02")
    for flags, sums in ((6, 14), (central + 8, central + 16)):
        data[flags] |= 1
        assert struct.unpack_from("<I", data, sums)[0] == plain
        struct.pack_into("<I", data, sums, zlib.crc32(content))
        struct.pack_into("<I", data, sums + 8, len(content))
    return bytes(data)


def test_a_locked_archive(tmp_path: Path) -> None:
    """Its files are named; the password that fits opens them."""
    data = locked("acta.txt", b"El acta de la junta.", b"clave")
    (own,) = all_of(tmp_path, data, "a.zip").values()
    assert own.text == "• acta.txt"
    assert own.notices[0].text == "acta.txt is encrypted; give its password with --password"
    opened = read_documents(tmp_path / "a.zip", "a.zip", ReadOptions(passwords=("mala", "clave")))
    assert [document.text for document in opened] == ["• acta.txt", "El acta de la junta."]
