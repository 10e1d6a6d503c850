"""Subtitles: what is said, once, in paragraphs, with the times as pages."""

import pytest

from index.documents.parts import ConversionError, Converted, ReadOptions, compose
from index.documents.plaintext.subtitles import read_subtitles


def read(text: str) -> Converted:
    return read_subtitles(text.encode(), ReadOptions())


def paragraphs(text: str) -> list[str]:
    return [part.text for part in read(text).parts]


def srt(*cues: tuple[int, int, str]) -> str:
    def time(seconds: int) -> str:
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},000"

    return "\n\n".join(f"{n}\n{time(a)} --> {time(b)}\n{t}" for n, (a, b, t) in enumerate(cues, 1))


def test_cues_are_joined_into_sentences() -> None:
    text = srt(
        (1, 3, "<i>El consejo</i> acordó"),
        (3, 5, "{\\an8}pagar la cuota.\nSerá en"),
        (5, 7, "enero."),
    )
    assert paragraphs(text) == ["El consejo acordó pagar la cuota. Será en enero."]


def test_a_pause_after_a_sentence_ends_the_paragraph() -> None:
    assert paragraphs(srt((1, 3, "Uno."), (6, 8, "Dos"), (8, 9, "y tres."))) == [
        "Uno.",
        "Dos y tres.",
    ]


def test_a_page_is_a_minute_and_has_its_time() -> None:
    made = read(
        srt((5, 8, "Empieza"), (30, 33, "y sigue"), (65, 68, "hasta aquí."), (3700, 3702, "Fin."))
    )
    text, starts, _ = compose(made.parts, made.pages)
    assert made.page_labels == ("00:00:05", "00:01:05", "01:01:40")
    assert [text[start : start + 5] for start in starts] == ["Empie", "hasta", "Fin."]


def test_a_page_may_begin_inside_of_a_paragraph() -> None:
    cues = [(n * 3, n * 3 + 3, f"palabra {n}") for n in range(25)]
    made = read(srt(*cues))
    text, starts, _ = compose(made.parts, made.pages)
    assert len(made.parts) == 1
    assert text[starts[1] :].startswith("palabra 20")


def test_the_voices_of_webvtt() -> None:
    text = (
        "WEBVTT - Entrevista del faro\nKind: captions\n\nNOTE\nuna nota\n\n"
        "STYLE\n::cue { color: red }\n\n"
        "uno\n00:01.000 --> 00:03.000 align:start\n<v Ana>¿Qué dice <c.rojo>la ley</c>?\n\n"
        "00:03.000 --> 00:05.000\n<v.fuerte Luis>Dice que s&iacute; &amp; no.</v>\n<v Ana>Bien.\n"
    )
    made = read(text)
    assert [p.text for p in made.parts] == [
        "Ana: ¿Qué dice la ley?",
        "Luis: Dice que sí & no.",
        "Ana: Bien.",
    ]
    assert made.title == "Entrevista del faro"
    assert made.page_labels == ("00:00:01",)


def test_captions_that_roll_are_said_once() -> None:
    text = (
        "WEBVTT\n\n00:00.000 --> 00:02.000\nhola a todos\n\n"
        "00:02.000 --> 00:02.010\nhola a todos\n\n"
        "00:02.010 --> 00:04.000\nhola a todos\nhoy<00:00:02.500><c> hablamos</c>\n\n"
        "00:04.000 --> 00:06.000\nhoy hablamos\nde la ley\n"
    )
    assert paragraphs(text) == ["hola a todos hoy hablamos de la ley"]


def test_what_is_said_twice_stays() -> None:
    assert paragraphs(srt((1, 2, "No."), (3, 4, "No."), (4, 5, "Claro."))) == ["No. No. Claro."]


def test_dashes_and_labels_begin_a_paragraph() -> None:
    text = srt((1, 3, "- ¿Vienes?\n- No."), (3, 5, "ANA: Sí que viene."))
    assert paragraphs(text) == ["- ¿Vienes?", "- No.", "ANA: Sí que viene."]


def test_cues_without_a_blank_line_between() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nUno\n2\n00:00:02,000 --> 00:00:03,000\ndos."
    assert paragraphs(text) == ["Uno dos."]


@pytest.mark.parametrize("text", ["WEBVTT\n", "solo texto", "1\n00:00:01,000 --> 00:00:02,000\n\n"])
def test_a_file_without_words_is_an_error(text: str) -> None:
    with pytest.raises(ConversionError, match="has no subtitles"):
        read(text)
