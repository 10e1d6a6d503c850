"""The limit by date beside the question box: its two fields, and what is said of a wrong date."""

from typing import Any, Final

from index.errors import InputError
from qa.search.dates import dates_of

__all__ = ["date_fields", "wrong_dates"]

_WRONG: Final[dict[str, dict[str, str]]] = {
    "es": {
        "since": "«{}» no es una fecha: escribe en «Desde» un año, un mes o un día, como 2024, "
        "05/2024 o 31/05/2024, y vuelve a preguntar.",
        "until": "«{}» no es una fecha: escribe en «Hasta» un año, un mes o un día, como 2024, "
        "05/2024 o 31/05/2024, y vuelve a preguntar.",
        "order": "«Desde» es posterior a «Hasta»: cambia las fechas y vuelve a preguntar.",
    },
    "en": {
        "since": "“{}” is no date: write a year, month or day in “From”, as 2024, 2024-05 or "
        "2024-05-31 (or 31/05/2024), and ask again.",
        "until": "“{}” is no date: write a year, month or day in “Until”, as 2024, 2024-05 or "
        "2024-05-31 (or 31/05/2024), and ask again.",
        "order": "“From” is after “Until”: change the dates and ask again.",
    },
}
_SHOWN = 40  # characters of what is no date


def date_fields(say: Any) -> list[Any]:
    """The two fields, from and until, folded away."""
    import gradio as gr

    with gr.Accordion(say("dates"), open=False, elem_id="dates"), gr.Row():
        return [
            gr.Textbox(label=say(name), placeholder=say("date"), max_lines=1, max_length=_SHOWN)
            for name in ("since", "until")
        ]


def wrong_dates(since: str, until: str, language: str) -> str | None:
    """One sentence about a date that is none, or about two in the wrong order; else None."""
    words = _WRONG[language]
    for name, dates in (("since", (since, None)), ("until", (None, until))):
        try:
            dates_of(*dates)
        except InputError:
            given = since if name == "since" else until
            return words[name].format(" ".join(given.split())[:_SHOWN])
    try:
        dates_of(since, until)
    except InputError:
        return words["order"]
    return None
