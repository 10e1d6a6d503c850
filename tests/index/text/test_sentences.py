"""Where sentences end, and where they go on after a stop."""

import pytest

from index.text.sentences import sentence_spans


def sentences(text: str, language: str | None = "es") -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Conforme al art. 7, fracc. II, de la Ley núm. 45, en el D.O.F. del 3 de sept. de 1996.",
        "Conforme al ART. 7, FRACC. II, DE LA LEY NÚM. 45, Y A LA N.O.M. APLICABLE.",
        "Los Decretos Nros. 1387 y 25, y la Ley Nro. 20, B.O. 16/6/2021, rigen.",
        "Según los arts. 3 y 4, inc. a), e incs. 1 y 2 del pto. 4 del dec. 22.617/56, procede.",
        "Véase el **Art. 7° —** de la Ley, párr. 2, ap. 3, exp. 331/2022, fol. 12.",
        "El Lic. Pérez, la Mtra. Ana, el Mtro. Luis, el Ing. Paz y el Cdor. Ruiz firmaron.",
        "El señor J. R. Ramírez y el H. Congreso, con Roque B. Fernández, acordaron.",
        "Vive en Bs. As., Col. Roma, Av. Juárez, C.P. 06000, en EE. UU. y en EE.UU. o allá.",
        "Cuesta $12.50 (doce pesos 50/100 M.N.) por hoja, y La Sal, S.A. de C.V. la vende.",
        "Abre a las 9 a. m. y cierra a las 5 p. m. de lunes a viernes.",
        "El Expte. Nº 5 del Dpto. Capital es del 3 de dic. 2024.",
        "DIECISIETE (17) Artículos y UN (1) Adjunto, cuya copia autenticada forma parte.",
        "##### ARTÍCULO 13. - Sustitúyese el artículo.",
        "“ARTÍCULO 6º. - El Consejo Técnico estará.",
        "1.2. Los locales sanitarios serán amplios.",
        "¿Qué? dijo, y luego... se fue.",
    ],
)
def test_a_short_form_does_not_end_a_sentence(sentence: str) -> None:
    text = f"{sentence} Otra cosa pasó ayer."
    assert sentences(text) == [sentence, "Otra cosa pasó ayer."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Under Sec. 5, Art. 3 and No. 7 of the U.S. Code, Smith v. Jones holds.",
        "Apple Inc. said so at 5 p.m. yesterday to Dr. Smith and J. R. Ewing.",
    ],
)
def test_english_short_forms(sentence: str) -> None:
    assert sentences(f"{sentence} It ended.", "en") == [sentence, "It ended."]


@pytest.mark.parametrize(
    "expected",
    [
        ["Lo publicó el D.O.F.", "El decreto rige."],
        ["Vive en Bs. As.", "Desde 1990 paga."],
        ["Abre a las 5 p. m.", "El tren salió."],
        ["Es el párr. 2o.", "Luego vino."],
        ["Es el plan B.", "La dosis bastó."],
        ["La vendió La Sal, S.A.", "Los demás callaron."],
        ["Lo dijo.", "¿Cómo?", "¡Así!", "Bien."],
        ["Terminó en 2025.", "3 personas se fueron."],
    ],
)
def test_a_short_form_may_end_a_sentence(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "row",
    ["| Especie | 2023 (t). Otra | 2024 (t) |", "Pan.\tSe vende. Hoy\t3 (t). Y", "Dr.\tNo. Sí."],
)
def test_a_row_of_a_table_is_one_sentence(row: str) -> None:
    text = f"Antes hubo algo.\n{row}\n{row}\nDespués hubo más."
    assert sentences(text) == ["Antes hubo algo.", row, row, "Después hubo más."]


def test_a_tab_after_a_mark_makes_no_row() -> None:
    assert sentences("1.\tEl pan. La sal.") == ["1.\tEl pan.", "La sal."]


@pytest.mark.parametrize(
    "mark", ["4.", "a)", "XII.-", "3°.", "Art. 10.", "PRIMERO.-", "Cláusula 2.1."]
)
def test_a_number_is_no_sentence_of_its_own(mark: str) -> None:
    assert sentences(f"{mark} El juez decide. Nadie más.") == [
        f"{mark} El juez decide.",
        "Nadie más.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Conforme a la Const. Pol. de los Estados Unidos Mexicanos, procede.|El plazo corre.",
        "El Dto. Nac. 1023/01 y la Res. Gral. 4.310 rigen.|La Disp. N° 12/2020 no.",
        "La Cra. 7 No. 12-34, Of. 501, Bogotá.|El Cdte. Gómez vive allí.",
        "Trajo pan, leche, etc.|Luego se fue.",
        "Pesa 3 kg.|La caja mide 20 cm. de ancho.",
        "Llegó a las 10 a.m.|Salió a las 5 p. m. del lunes.",
        "La temperatura fue de 30 °C.|Llovió.",
        "Este decreto se publica sin el Anexo I.|La documentación puede consultarse.",
        "Pol. Ind. San Blas, nave 3.|El Juez de Dto. negó la orden.",
    ],
)
def test_short_forms_of_four_countries(text: str) -> None:
    """Laws, addresses, ranks and measures of Mexico, Argentina, Colombia and Spain."""
    whole = text.replace("|", " ")
    assert [whole[a:b] for a, b in sentence_spans(whole, "es")] == text.split("|")
