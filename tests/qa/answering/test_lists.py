"""Where the lists of a passage stand."""

from collections.abc import Sequence

import pytest

from index.chunking.passages import split
from index.types import Document
from qa.answering.lists import lists_of


def count(texts: Sequence[str]) -> list[int]:
    return [len(text) // 4 + 1 for text in texts]


def lists(text: str, language: str = "es") -> list[tuple[str, list[str]]]:
    """Of each list, the words that introduce it and those of its items."""
    return [
        (text[slice(*one.introduction)].strip() if one.introduction else "", items)
        for passage in split(Document("d", text, language=language), count, 380)
        for one in lists_of(passage)
        for items in [[text[start:end] for start, end in one.items]]
    ]


@pytest.mark.parametrize(
    ("text", "introduction", "items"),
    [
        (
            "Las personas deberán presentar:\na) acta;\nb) carta;\nc) video.",
            "Las personas deberán presentar:",
            ["a) acta;", "b) carta;", "c) video."],
        ),
        (
            "El comité tiene dos tareas: a) revisar cuentas; y b) convocar. Se reúne cada mes.",
            "El comité tiene dos tareas:",
            ["a) revisar cuentas", "b) convocar."],
        ),
        (
            "Para inscribirse se siguen estos pasos. Primero, llene la solicitud. Segundo, pague. "
            "Por último, firme. El trámite es gratuito.",
            "Para inscribirse se siguen estos pasos.",
            ["Primero, llene la solicitud.", "Segundo, pague.", "Por último, firme."],
        ),
        (
            "Material para la excursión:\nbotas de montaña\nagua, dos litros\n\nSalimos a las 7.",
            "Material para la excursión:",
            ["botas de montaña", "agua, dos litros"],
        ),
        (
            "The tenant must (i) pay on time, (ii) cut the grass, and (iii) lock up. He sings.",
            "The tenant must",
            ["(i) pay on time", "(ii) cut the grass", "(iii) lock up."],
        ),
        (
            "## Benefits\n\n- Health insurance\n- A laptop\n\nThe office is in Leeds.",
            "## Benefits",
            ["- Health insurance", "- A laptop"],
        ),
        (
            "Steps to follow:\n\n1. Open the valve.\n2. Lift the lid.\n3. Wait.",
            "Steps to follow:",
            ["1. Open the valve.", "2. Lift the lid.", "3. Wait."],
        ),
    ],
)
def test_a_list(text: str, introduction: str, items: list[str]) -> None:
    """Blocks, marks in a paragraph, ordinals, and short lines below a colon."""
    assert lists(text, "en" if "the" in text.lower() else "es") == [(introduction, items)]


def test_a_list_in_a_list() -> None:
    """An item holds the items below it, and introduces them."""
    text = (
        "Los locatarios están obligados a lo siguiente:\nI. Barrer el pasillo.\n"
        "II. Pagar la cuota, que cubre:\na) el agua;\nb) la basura.\nIII. Tener extintor."
    )
    inner = ["a) el agua;", "b) la basura."]
    second = "II. Pagar la cuota, que cubre:\na) el agua;\nb) la basura."
    outer = ["I. Barrer el pasillo.", second, "III. Tener extintor."]
    assert lists(text) == [
        ("Los locatarios están obligados a lo siguiente:", outer),
        ("II. Pagar la cuota, que cubre:", inner),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Asistieron Ana, Bruno y Celia. Faltó Darío.",
        "La sesión empezó a las nueve (véase el inciso a) del acta) y terminó a las diez.",
        "Primero habló Ana. Después habló Bruno.",
        "Dijo lo siguiente:\nNo vendré mañana.\nTampoco vendré el lunes.\nLo siento mucho.",
    ],
)
def test_no_list(text: str) -> None:
    """Commas, a single mark, and sentences below a colon make none."""
    assert lists(text) == []
