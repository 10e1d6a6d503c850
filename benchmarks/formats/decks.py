"""Presentations of our own wording, for the makers of files."""

from benchmarks.formats.truth import Table
from benchmarks.formats.write_slides import Deck, Slide

__all__ = ["decks"]

_WATER = Table(
    (
        ("Cuenca", "2023", "2024", "Cambio"),
        ("Alta", "38,2 hm³", "41,0 hm³", "+7,3 %"),
        ("Media", "22,5 hm³", "19,9 hm³", "−11,6 %"),
        ("Baja", "9,1 hm³", "9,1 hm³", "0,0 %"),
    )
)
_GROUPS = Table(
    (
        ("Grupo", "Asistentes", "Asistentes"),
        ("Grupo", "Mañana", "Tarde"),
        ("Primero", "18", "21"),
        ("Segundo", "16", "9"),
    ),
    2,
    ((0, 0, 2, 1), (0, 1, 1, 2)),
)
_DECKS = [
    Deck(
        "agua",
        "Reservas de agua",
        "Matilde Urrutia Paz",
        (
            Slide("Reservas de agua", (("Balance de la cuenca en 2024.", 1),)),
            Slide("Volumen embalsado", (), _WATER, "El dato de la cuenca media aún se revisa."),
            Slide("Borrador de multas", (("La multa sería de 66 000 euros.", 1),), hidden=True),
            Slide(
                "Medidas",
                (
                    ("Cerrar dos compuertas.", 1),
                    ("La del molino, en abril.", 2),
                    ("La del puente, en mayo.", 2),
                    ("Medir cada 15 días.", 1),
                ),
            ),
        ),
    ),
    Deck(
        "curso",
        "Curso de primeros auxilios",
        "Gonzalo Ibarra",
        (
            Slide("Curso de primeros auxilios", (("Del 3 al 7 de febrero.", 1),)),
            Slide("Grupos", (("Los dos grupos comparten aula.", 1),), _GROUPS),
            Slide("Material", (("Vendas: 40.", 1), ("Camillas: 2.", 1)), None, "Pedir 5 más."),
        ),
    ),
    Deck(
        "museo",
        "El museo en cifras",
        "Carla Bustos",
        (
            Slide("El museo en cifras", (("Visitas: 128.450 en 2025.", 1),)),
            Slide("Origen", (("Escuelas: 31 %.", 1), ("Turismo: 44 %.", 1), ("Barrio: 25 %.", 1))),
            Slide("Fin", (("Gracias a las 62 personas voluntarias.", 1),)),
        ),
    ),
]


def decks() -> list[Deck]:
    """A plan, a course and a report."""
    return list(_DECKS)
