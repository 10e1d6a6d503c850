"""Whether words can be an answer at all to who, when, how many, how much, where or why."""

import pytest

from qa.readers.answer_types import AnswerType, asked_type, fits


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("¿Quién firma el acta?", AnswerType.PERSON),
        ("quien firma el acta", AnswerType.PERSON),
        ("And who founded the museum?", AnswerType.PERSON),
        ("¿A quién se avisa?", AnswerType.PERSON),
        ("¿Desde cuándo dirige el taller?", AnswerType.TIME),
        ("¿Cada cuánto se limpia el filtro?", AnswerType.TIME),
        ("¿Qué día se reúnen?", AnswerType.TIME),
        ("How often is it cleaned?", AnswerType.TIME),
        ("¿A qué hora abre?", AnswerType.CLOCK),
        ("What time does it open?", AnswerType.CLOCK),
        ("¿Cuántas becas hay?", AnswerType.COUNT),
        ("Ayer Elena Ruiz, ¿a cuánta gente formó?", AnswerType.AMOUNT),
        ("¿Cuántos meses dura?", AnswerType.DURATION),
        ("How long does it last?", AnswerType.DURATION),
        ("aula matinal: ¿Cuánto cuesta?", AnswerType.AMOUNT),
        ("Section 18: how many votes?", AnswerType.COUNT),
        ("How deep is it?", AnswerType.AMOUNT),
        ("¿Dónde está?", AnswerType.PLACE),
        ("Why was it closed?", AnswerType.REASON),
        ("¿Cuándo y dónde nació?", None),
        ("Who and when?", None),
        ("¿Qué hay que hacer cuando vuelva el agua?", None),
        ("What happens when it rains?", None),
        ("Did Ames, who was mayor, resign?", None),
        ("¿Cuál es el precio?", None),
        ("How is it made?", None),
        ("", None),
    ],
)
def test_the_type_asked_for(question: str, asked: AnswerType | None) -> None:
    """By the word that asks, not by one that joins clauses; two questions have no one type."""
    assert asked_type(question) is asked


POSSIBLE = [
    ("¿Quién firma el acta?", "el secretario"),
    ("¿Quiénes votaron en contra?", "los vecinos"),
    ("¿Quiénes votaron en contra?", "dos concejales"),
    ("¿Quién lo prohíbe?", "la Ley 21"),
    ("¿Quién cobra más?", "1.260 euros"),
    ("Who pays for it?", "Brackwater Trust"),
    ("Who was it?", "a lorry driver and a firefighter"),
    ("¿Cuándo se fundó?", "tres días después"),
    ("¿Cuándo se reúnen?", "cada lunes"),
    ("¿Cuándo se trata?", "haya más de cinco moscas"),
    ("¿Cuándo se enciende la bomba?", "Si la temperatura baja de 5 grados"),
    ("¿Hasta cuándo se vendió?", "hasta fin de existencias"),
    ("When was it built?", "after the war"),
    ("When did it close?", "last winter"),
    ("When was it signed?", "2024-05-12"),
    ("¿A qué hora abre?", "05:00"),
    ("¿A qué hora abre?", "mediodía"),
    ("What time does it open?", "half past nine"),
    ("¿Cuánto cuesta?", "gratis"),
    ("¿Cuánto cuesta?", "no tiene coste"),
    ("¿Cuánto cuesta?", "treinta y dos euros"),
    ("¿Cuánto cuesta?", "19.00"),
    ("¿Cuánto cobró?", "la mitad"),
    ("How much is it?", "free"),
    ("How much is it?", "There is no charge"),
    ("¿Cuánto IVA lleva la compra?", "8%"),
    ("¿Cuántos hijos tuvo?", "ninguno"),
    ("¿Cuántos hijos tuvo?", "dos"),
    ("¿Cuántas becas hay?", "veintitrés"),
    ("¿Cuántas mujeres hay?", "el 40 %"),
    ("¿Cuántos socios hay?", "1950"),
    ("¿Cuántos votaron en 2023?", "2.310"),
    ("¿Cuántos euros pide?", "200 euros"),
    ("How many people came?", "hundreds"),
    ("How many days?", "thirty-one"),
    ("¿Cuánto dura?", "hasta el 3 de noviembre"),
    ("¿Cuánto dura?", "de 10:00 a 14:00"),
    ("¿Cuánto dura?", "todo el año"),
    ("How long is it?", "131 km"),
    ("¿Dónde está?", "a 3 km"),
    ("¿Dónde está?", "calle Mayor, 5"),
    ("¿Por qué?", "por enfermedad"),
    ("¿Cuándo y dónde nació?", "Torrelunga"),
    ("¿Cuál es el precio?", "05:00"),
    ("¿Quién firma?", ""),
]
IMPOSSIBLE = [
    ("¿Quién firma el acta?", "05:00"),
    ("¿Quién lo construyó?", "12 de mayo de 1931"),
    ("¿Quién paga?", "150 euros"),
    ("¿Quién paga?", "el 40 %"),
    ("Who pays for it?", "£200"),
    ("And who founded the museum?", "in March 1954"),
    ("¿Cuándo se fundó?", "Nicola Robledo"),
    ("¿Cuándo se reúnen?", "150 euros"),
    ("When was it built?", "Edwin Sallow"),
    ("¿A qué hora abre?", "7 euros"),
    ("¿Cuánto cuesta?", "05:00"),
    ("¿Y cuánto cuesta?", "27 de junio de 2023"),
    ("How much is it?", "09:30"),
    ("¿Cuántos hijos tuvo?", "Torrelunga"),
    ("¿Cuántos votaron?", "mayo"),
    ("¿Cuántas becas hay?", "2.000 euros"),
    ("¿Cuántos votaron en 2023?", "2023"),
    ("How many people came?", "27 June 2023"),
    ("¿Cuánto dura?", "45 euros"),
    ("¿Cuánto lleva abierta?", "45 euros"),
    ("¿Y cuánto dura la visita?", "9 grados todo el año"),
    ("How long does it last?", "Anna Bell"),
    ("¿Dónde está?", "05:00"),
    ("¿Por qué?", "12 de mayo"),
]


@pytest.mark.parametrize(("question", "words"), POSSIBLE)
def test_what_may_be_an_answer(question: str, words: str) -> None:
    """Also in words that are no figures, and with nothing around them."""
    assert fits(question, words, words)


@pytest.mark.parametrize(("question", "words"), IMPOSSIBLE)
def test_what_cannot_be_an_answer(question: str, words: str) -> None:
    """It is of another type, and the sentence holds nothing else."""
    assert not fits(question, words, words)


def test_what_is_asked_for_may_stand_beside_the_words() -> None:
    """The reader may have marked the noun, and the number stands before it; not far away."""
    near = "184 personas se presentaron."
    far = "Personas de la comarca vinieron con banderas y tambores, y hubo 184 sillas."
    assert fits("¿Cuánta gente se presentó?", "personas", near)
    assert not fits("¿Cuánta gente se presentó?", "Personas", far)
    assert fits("When was it founded?", "Edwin Sallow", "Edwin Sallow founded it in 1954.")
