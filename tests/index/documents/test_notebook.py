"""Jupyter notebooks: text, code and short outputs."""

import json
from typing import Any

import pytest

from index.documents.notebook import read_notebook
from index.documents.parts import ConversionError, Converted, ReadOptions, compose
from index.documents.plaintext.markdown import markdown_parts


def read(cells: list[Any], **more: Any) -> Converted:
    return read_notebook(json.dumps({"cells": cells, **more}).encode(), ReadOptions())


def code(*outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": ["f()\n", "g()"], "outputs": list(outputs)}


def lines(found: Converted) -> list[tuple[str, str]]:
    return [(str(part.role), part.text) for part in found.parts]


def test_cells() -> None:
    """Markdown without its signs, code, and the title of the first heading."""
    text = ["# Informe de *lluvia*\n", "\n", "Se usó **pandas**.\n", "\n", "![x](data:image/png)"]
    found = read([{"cell_type": "markdown", "source": text}, code()])
    assert found.title == "Informe de lluvia"
    assert lines(found) == [
        ("heading", "Informe de lluvia"),
        ("paragraph", "Se usó pandas."),
        ("code", "f()\ng()"),
    ]


def test_outputs() -> None:
    """Printed text without control characters, tables as tables, errors, no pictures."""
    html = "<style>x{}</style><table><thead><tr><th><th>mm</thead><tr><th>0<td>7</table>"
    found = read(
        [
            code(
                {"output_type": "stream", "text": ["10%\r100%\n", "\u001b[31mlisto\u001b[0m\n"]},
                {"output_type": "execute_result", "data": {"text/html": html, "text/plain": "x"}},
                {"output_type": "display_data", "data": {"text/plain": "<Figure size 6x4>"}},
                {"output_type": "error", "ename": "ValueError", "evalue": "mal"},
                {"output_type": "stream", "text": "línea\n" * 500},
            )
        ]
    )
    assert lines(found)[1:] == [
        ("code", "100%\nlisto"),
        ("table", "\tmm\n0\t7"),
        ("code", "ValueError: mal"),
    ]
    assert [notice.text for notice in found.notices] == ["1 long output is left out"]


def test_format_3() -> None:
    """Notebooks of the older format."""
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Dos"},
        {
            "cell_type": "code",
            "input": "1+1",
            "outputs": [{"output_type": "pyout", "text": ["2"]}],
        },
    ]
    data = json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}).encode()
    found = read_notebook(data, ReadOptions())
    assert lines(found) == [("heading", "Dos"), ("code", "1+1"), ("code", "2")]


@pytest.mark.parametrize("data", ["[]", "{}", "{", "[" * 100_000])
def test_damaged(data: str) -> None:
    """What is no notebook is refused in one sentence."""
    with pytest.raises(ConversionError, match="is damaged"):
        read_notebook(data.encode(), ReadOptions())


def test_strange_cells() -> None:
    """Values of kinds that no notebook has raise nothing."""
    assert not read([1, None, {"cell_type": "markdown", "source": 5}, {"outputs": 3}]).parts


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Título\n===\ntexto `a_b` y a_b_c", "Título\n\ntexto a_b y a_b_c"),
        ("- uno\n- dos\n    1. tres\n\n[ ] no", "• uno\n• dos\n  1. tres\n\n[ ] no"),
        ("|a|b|\n|---|:-:|\n|1|2 **x**|", "a\tb\n1\t2 x"),
        ("> cita\n> larga", "cita larga"),
        ("```py\nx = 1\n\ny\n```", "x = 1\n\ny"),
        ("[la web](http://x.org/a_(b)) ~~no~~ sí", "la web  sí"),
        ("<div>Un <b>div</b></div>\n\n2 < 3 & 4", "Un div\n\n2 < 3 & 4"),
        ("línea uno  \nlínea dos", "línea uno\nlínea dos"),
    ],
)
def test_markdown(markdown: str, text: str) -> None:
    """Each kind of block, without its signs."""
    assert compose(markdown_parts(markdown))[0] == text
