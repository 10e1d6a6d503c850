"""Office texts in Spanish, of our own wording, for the makers of files."""

from random import Random

from benchmarks.formats.truth import Content, Heading, Item, Paragraph, Piece, Table

__all__ = ["contents"]

STREETS = (
    *("Olmo", "Ceibo", "Laurel", "Fresno", "Jacaranda"),
    *("Encino", "Sauce", "Nogal", "Araucaria", "Tilo"),
)
GOODS = (
    ("Resma de papel", "paquete"),
    ("Cartucho de tinta", "pieza"),
    ("Silla giratoria", "pieza"),
    ("Cable de red", "m"),
    ("Pintura blanca", "l"),
    ("Arena de río", "m³"),
    ("Loseta cerámica", "m²"),
    ("Clavo de acero", "kg"),
    ("Lámpara de techo", "pieza"),
    ("Manguera reforzada", "m"),
)


def contents(seed: int = 16) -> list[Content]:
    """All documents; the same seed gives the same."""
    random = Random(seed)  # noqa: S311
    return [
        _regulation(),
        _minutes(),
        _prices(random),
        _budget(random),
        _report(random),
        _contract(),
        _circular(),
        _form(),
        _memoir(),
    ]


def euros(cents: int) -> str:
    """1.234,50 €"""
    whole = f"{cents // 100:,}".replace(",", ".")
    return f"{whole},{cents % 100:02d} €"


def _regulation() -> Content:
    pieces: tuple[Piece, ...] = (
        Heading("Reglamento de la biblioteca municipal", 1),
        Paragraph("El concejo aprobó este reglamento en 1994[^La sesión duró dos días.^]."),
        Heading("Del préstamo", 2),
        Paragraph("Toda persona empadronada puede llevar hasta cinco libros.", "Artículo 1."),
        Paragraph("El préstamo termina a los quince días, salvo:", "Artículo 2."),
        Item("los diccionarios, que no salen de la sala;", 1, "a)"),
        Item("las revistas del mes, que vuelven en tres días;", 1, "b)"),
        Item("los mapas, si lo permite la dirección:", 1, "c)"),
        Item("en tubo cerrado,", 2, "I."),
        Item("con fianza de 40 euros.", 2, "II."),
        Item("las obras en dos tomos, que se llevan juntas.", 1, "d)"),
        Paragraph("La multa es de 0,25 euros por día y libro.", "Artículo 3."),
        Heading("De las salas", 2),
        Paragraph(
            "La sala mayor tiene 85 asientos y mide 120 m² [*sin*] el vestíbulo.", "Artículo 4."
        ),
        Paragraph("En 2011[^Acuerdo 7 del 3 de mayo.^] se abrió la sala infantil.", "Artículo 5."),
        Paragraph("El silencio rige de 9:00 a 20:30 horas.", "Artículo 6."),
    )
    return Content(
        "reglamento", pieces, "Reglamento de la biblioteca municipal", "Elvira Montaño Quiroga"
    )


def _minutes() -> Content:
    votes = Table(
        (
            ("Punto", "A favor", "En contra", "Abstenciones"),
            ("Cuenta del año", "11", "2", "0"),
            ("Obra del mercado", "7", "5", "1"),
            ("Tarifa del agua", "6", "6", "1"),
        )
    )
    pieces: tuple[Piece, ...] = (
        Heading("Acta de la junta vecinal número 37", 1),
        Paragraph(
            "En la calle Ceibo, a las 18:15 horas del 4 de marzo de 2024, hubo trece vocales."
        ),
        Heading("Orden del día", 2),
        Item("Lectura del acta anterior.", 1, "1."),
        Item("Cuenta del año.", 1, "2."),
        Item("Obra del mercado.", 1, "3."),
        Item("Tarifa del agua.", 1, "4."),
        Heading("Votaciones", 2),
        Paragraph("Se votó a mano alzada, con este resultado:"),
        votes,
        Paragraph("El empate del último punto lo resolvió la presidenta, que votó en contra."),
        Heading("Acuerdos", 2),
        Item("Pagar al contador Rubén Salvatierra lo que se le debe.", 1),
        Item("Pedir tres presupuestos:", 1),
        Item("uno de la cooperativa;", 2),
        Item("dos de empresas de fuera.", 2),
        Item("Volver a reunirse el 8 de abril.", 1),
        Paragraph("La secretaria cerró el acta a las 20:40 horas."),
    )
    return Content("acta", pieces, "Acta de la junta vecinal número 37", "Nora Iturbe Saldaña")


def _prices(random: Random) -> Content:
    rows: list[tuple[str, ...]] = [
        ("Clave", "Artículo", "Unidad", "Precio", "Precio"),
        ("Clave", "Artículo", "Unidad", "sin IVA", "con IVA"),
    ]
    for number, (name, unit) in enumerate(GOODS, 1):
        cents = random.randrange(150, 250_000)
        rows.append((f"A-{number:03d}", name, unit, euros(cents), euros(round(cents * 1.21))))
    spans = ((0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 2, 1), (0, 3, 1, 2))
    pieces: tuple[Piece, ...] = (
        Heading("Lista de precios del almacén Jacaranda", 1),
        Paragraph("Los precios valen desde el 1 de febrero de 2025 y hasta nuevo aviso."),
        Table(tuple(rows), 2, spans),
        Paragraph("El envío cuesta 12,50 € dentro de la ciudad y 31,00 € fuera de ella."),
    )
    return Content("precios", pieces, "Lista de precios del almacén Jacaranda", "Almacén Jacaranda")


def _budget(random: Random) -> Content:
    names = ("Personal", "Alumbrado", "Limpieza", "Parques", "Archivo", "Fiestas", "Caminos")
    amounts = [random.randrange(1_000_000, 90_000_000) for _ in names]
    total = sum(amounts)
    rows: list[tuple[str, ...]] = [("Partida", "Importe", "Parte", "Frente al año anterior")]
    for name, amount in zip(names, amounts, strict=True):
        share = f"{100 * amount / total:.1f} %".replace(".", ",")
        change = f"{random.randrange(-150, 150) / 10:+.1f} %".replace(".", ",")
        rows.append((name, euros(amount), share, change.replace("-", "−")))
    rows.append(("Total", euros(total), "100,0 %", ""))
    zones = (
        ("Zona", "Calle", "Obra", "Costo"),
        ("Norte", "Olmo", "Banqueta", "$1,200.00"),
        ("Norte", "Laurel", "Drenaje", "$98,450.75"),
        ("Sur", "Tilo", "Banqueta", "$2,310.00"),
        ("Sur", "Encino", "Pozo", "$77,000.00"),
        ("Sur", "Sauce", "Pozo", "$81,005.20"),
    )
    pieces: tuple[Piece, ...] = (
        Heading("Presupuesto de 2026", 1),
        Paragraph(
            "El gasto sube un 3,4 % y no toca el fondo de reserva[^Que guarda 2.150.000 €.^]."
        ),
        Heading("Por partidas", 2),
        Table(tuple(rows)),
        Heading("Por zonas", 2),
        Paragraph("Cada zona tiene su propia cuenta."),
        Table(zones, 1, ((1, 0, 2, 1), (3, 0, 3, 1))),
        Paragraph("Lo que sobre pasa al año 2027."),
    )
    return Content("presupuesto", pieces, "Presupuesto de 2026", "Tomás Arriaga Beltrán")


def _report(random: Random) -> Content:
    rows: list[tuple[str, ...]] = [("Expediente", "Calle", "Entrada", "Medida", "Multa")]
    for number in range(70):
        day, month = random.randrange(1, 29), random.randrange(1, 13)
        size = f"{random.randrange(10, 990) / 10:.1f} m²".replace(".", ",")
        street = f"{random.choice(STREETS)} {random.randrange(1, 400)}"
        fine = euros(random.randrange(1_000, 400_000))
        rows.append((f"{number + 101}/2023", street, f"{day:02d}/{month:02d}/2023", size, fine))
    pieces: list[Piece] = [
        Heading("Informe anual de inspección", 1),
        Paragraph("Autor: Damián Oyarzún"),
    ]
    for part in ("Método", "Resultados", "Recomendaciones"):
        pieces.append(Heading(part, 2))
        for number in range(3):
            street, share = random.choice(STREETS), random.randrange(11, 97)
            pieces.append(
                Paragraph(
                    f"En la etapa {number + 1} de {part.lower()} se recorrió la calle {street} con "
                    f"dos cuadrillas, que midieron el {share} % de las fachadas y anotaron cada "
                    "grieta en un cuaderno común; lo que faltó se dejó para otro trimestre, porque "
                    "la lluvia impidió subir a los andamios y nadie quiso firmar una medida "
                    "a medias."
                )
            )
    pieces += [
        Heading("Expedientes", 2),
        Table(tuple(rows)),
        Paragraph("Los expedientes cerrados pasan al archivo en enero."),
    ]
    running = ("Informe anual de inspección", "Dirección de Obras")
    return Content(
        "informe", tuple(pieces), "Informe anual de inspección", "Damián Oyarzún", running
    )


def _contract() -> Content:
    pieces: tuple[Piece, ...] = (
        Heading("Contrato de alquiler del local 14", 1),
        Paragraph("La renta es de [-100-][+120+] euros al mes y se paga el día 5."),
        Paragraph(
            "El local se entrega pintado. [#La dueña aceptaría 90 euros si nadie más lo pide.#]"
        ),
        Item("La fianza equivale a dos meses.", 1, "1."),
        Item("El agua la paga quien alquila.[!Revisar con Ofelia.!]", 1, "2."),
        Item("El seguro lo paga la dueña.", 1, "3."),
        Paragraph("Las obras mayores [-se prohíben-][+piden permiso por escrito+] siempre."),
        Paragraph("Firmado por [*Hilda Ferreyra*] y [*Bruno Castañeda*]."),
    )
    return Content("contrato", pieces, "Contrato de alquiler del local 14", "Hilda Ferreyra")


def _circular() -> Content:
    pieces: tuple[Piece, ...] = (
        Heading("Circular sobre el horario de verano", 1),
        Paragraph("La oficina abre de 7:30 a 14:00 horas entre el 15 de junio y el 31 de agosto."),
        Heading("Turnos", 2, ""),
        Item("Archivo: lunes y jueves.", 1),
        Item("Caja: de lunes a viernes, con 2 personas.", 1),
        Item("Guardia: sábados alternos, desde el 22 de junio.", 1),
        Heading("Dudas", 2),
        Paragraph(
            "Quien tenga dudas escribe a Jimena Láinez[^Extensión 4417.^] antes del 10 de junio."
        ),
        Paragraph("La norma de 2019[^Circular 8/2019.^] queda sin efecto."),
    )
    return Content("circular", pieces, "Circular sobre el horario de verano", "Jimena Láinez")


def _form() -> Content:
    table = Table(
        (
            ("Dato", "Valor"),
            ("Solicitante", "Ramiro Etcheverry"),
            ("Folio", "00731"),
            ("Superficie", "64,5 m²"),
            ("Ingreso mensual", "1.845,00 €"),
            ("Fecha de nacimiento", "09/11/1978"),
        )
    )
    pieces: tuple[Piece, ...] = (
        Heading("Solicitud de licencia de obra menor", 1),
        Paragraph("Se presenta por duplicado en la ventanilla 3."),
        table,
        Paragraph("El plazo para responder es de 20 días hábiles."),
    )
    return Content("solicitud", pieces, "Solicitud de licencia de obra menor", "Ramiro Etcheverry")


def _memoir() -> Content:
    """Lists of three levels, notes of headings and items, cells without words."""
    table = Table(
        (
            ("Mes", "Socios", "Altas", "Bajas"),
            ("Enero", "1.204", "17", ""),
            ("Febrero", "1.198", "", "6"),
            ("Marzo", "1.231", "33", ""),
        )
    )
    pieces: tuple[Piece, ...] = (
        Heading("Memoria del club de remo"),
        Paragraph(
            "El club cumplió 61 años[^Se fundó el 2 de octubre de 1963.^] con el muelle nuevo."
        ),
        Heading("Temporada", 2),
        Heading("Regatas", 3),
        Item("Ocho con timonel:", 1, "1."),
        Item("juveniles, que ganaron en [*Tigre*];", 2, "a)"),
        Item("mayores:", 2, "b)"),
        Item("primera final, cuarto puesto;", 3, "I."),
        Item("segunda final, 5:58,2[^Récord del club.^].", 3, "II."),
        Item("Doble par: sin botes hasta julio.", 1, "2."),
        Heading("Socios", 3),
        Paragraph("Las cuotas suben a 32,00 € al mes; la de los menores sigue en 18,50 €."),
        table,
        Heading("Muelle[^Obra de 2022.^]", 2),
        Paragraph("Mide 48 m de largo y 6,5 m de ancho. Aguanta 2,5 t/m²."),
        Paragraph(
            "Está abierto de martes a domingo [#menos en invierno#] y el bar, todos los días."
        ),
    )
    return Content("memoria", pieces, "Memoria del club de remo", "Aurelio Santángelo")
