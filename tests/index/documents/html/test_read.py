"""HTML: what a page shows its reader, as structure."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.html.read import parts_of_html, read_html, text_of_html
from index.documents.parts import Part, ReadOptions, compose
from index.types import BlockRole, NoticeKind


def text_of(html: str) -> str:
    return compose(parts_of_html(html))[0]


def roles_of(html: str) -> list[tuple[str, str]]:
    return [(str(part.role), part.text) for part in parts_of_html(html)]


def read(html: str) -> tuple[str, str | None, str | None, str | None]:
    found = read_html(html.encode(), ReadOptions())
    return compose(found.parts)[0], found.title, found.author, found.date


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("cuota de <del>100</del><ins>120</ins> euros", "cuota de 120 euros"),
        ("de 100<del>euros</del><ins>120</ins> pesos", "de 100 120 pesos"),
        ("<s>La multa es de cien.</s> La multa es de mil.", "La multa es de mil."),
        ("<strike>doce</strike> <ins>quince</ins> fresnos", "quince fresnos"),
        ('a <span style="text-decoration: line-through">100</span> 90', "a 90"),
        ("regla<del>mento</del>s", "reglas"),
    ],
)
def test_struck_text(html: str, text: str) -> None:
    """What is struck out is left out and said; numbers around it stay apart."""
    found = text_of_html(f"<p>{html}</p>")
    assert [part.text for part in found.parts] == [text]
    assert [notice.kind for notice in found.notices] == [NoticeKind.DELETED]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("En 1994<sup>3</sup> se firmó", "En 1994 se firmó"),
        ("costó 12<sup>4</sup> millones", "costó 12 millones"),
        ("Población 1.234<sup>[5]</sup>.", "Población 1.234."),
        ("la ley<sup>*</sup> dice", "la ley dice"),
        ("(véase 2019)<sup>3</sup>, fin", "(véase 2019), fin"),
        ("dijo <sup>1</sup>.", "dijo."),
        ("400 m<sup>2</sup> de pasto", "400 m² de pasto"),
        ("30 m<sup>3</sup>/s", "30 m³/s"),
        ("10<sup>3</sup> y 10<sup>-6</sup>", "10³ y 10⁻⁶"),
        ("E=mc<sup>2</sup>, x<sup>2</sup>", "E=mc², x²"),
        ("H<sub>2</sub>O y CO<sub>2</sub>", "H₂O y CO₂"),
        ("1<sup>a</sup> clase, 1.<sup>o</sup>, N<sup>o</sup> 4", "1ª clase, 1.º, Nº 4"),
        ("2<sup>nd</sup>, 3<sup>er</sup> lugar", "2nd, 3er lugar"),
        ("Sr<sup>a</sup> López", "Srª López"),
        ("<sup>14</sup>C y Ca<sup>2+</sup>", "¹⁴C y Ca²⁺"),
        ("el Anexo B<sup>2</sup> y<sup>3</sup> otros", "el Anexo B y otros"),
        ('en 1990<span style="vertical-align:super">4</span> fue', "en 1990 fue"),
        ("Marca<sup>TM</sup>", "Marca™"),
        ("m² y cm³", "m² y cm³"),
        ("a<sup>2</sup> + b<sup>2</sup> = 5×10<sup>24</sup>", "a² + b² = 5×10²⁴"),
        ("$1,500<sup>00</sup> a 10<sup>o</sup>C", "$1,500.00 a 10°C"),
        ("artículo 3<sup>bis</sup>", "artículo 3bis"),
    ],
)
def test_raised_characters(html: str, text: str) -> None:
    """The mark of a note goes; exponents, ordinals and formulas are written as they are read."""
    assert text_of(f"<p>{html}</p>") == text


def test_linked_notes() -> None:
    """A note stands after the block that refers to it, without the link back."""
    html = """<p>En 1994<sup><a href="#fn1" id="r1">1</a></sup> hubo dos<a href="#fn2">[2]</a>,
    véase la nota <a href="#fn2">2</a>.</p><p>Fin.</p>
    <section class="footnotes"><h2>Notas</h2><ol><li id="fn1">Una. <a href="#r1">↩</a></li>
    <li id="fn2"><p>Dos.<a href="#r2" role="doc-backlink">volver</a></p></li></ol></section>"""
    first, one, two, last = parts_of_html(html)
    assert first.text == "En 1994 hubo dos, véase la nota 2."
    assert one == Part(BlockRole.NOTE, "Una.", mark="1", anchor=7)
    assert two == Part(BlockRole.NOTE, "Dos.", mark="2", anchor=16)
    assert last.text == "Fin."


def test_notes_of_old_pages() -> None:
    """Also where the note is a paragraph with a link back, or has no link at all."""
    html = """<p>Uno<a href="#_ftn1" name="_ftnref1">[1]</a> y dos<sup>2</sup>.</p>
    <p><a href="#_ftnref1" name="_ftn1">[1]</a> Primera.</p><p><sup>2</sup> Segunda.</p>"""
    assert [(p.role, p.text, p.mark) for p in parts_of_html(html)] == [
        (BlockRole.PARAGRAPH, "Uno y dos.", ""),
        (BlockRole.NOTE, "Primera.", "1"),
        (BlockRole.NOTE, "Segunda.", "2"),
    ]


def test_links_that_are_no_notes() -> None:
    """A link to a section or an article keeps its words."""
    html = 'Véase el <a href="#art3">3</a> y el capítulo <a href="#nota2">2</a>.'
    assert text_of(html) == "Véase el 3 y el capítulo 2."
    assert text_of('Queda <a href="#fn9">9</a> sin nota.') == "Queda 9 sin nota."


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ol start=4><li>Riego<li>Poda</ol>", "4. Riego\n5. Poda"),
        ("<ol reversed><li>b<li>a</ol>", "2. b\n1. a"),
        ('<ol type=I><li>a<li value=4>b<li type="a">c</ol>', "I. a\nIV. b\ne. c"),
        ('<ol style="list-style-type:lower-alpha"><li>a<li>b</ol>', "a. a\nb. b"),
        ("<ol><li>1. doble<li>2. doble</ol>", "1. doble\n2. doble"),
        ("<p>Hay:</p><ul><li>a<ol><li>b<li>c</ol><li>d</ul>", "Hay:\n\n• a\n  1. b\n  2. c\n• d"),
        ('<ul style="list-style: disc outside"><li>a</ul>', "• a"),
        ("<ol><li><p>a</p><p>b</p><li>c</ol>", "1. a\n\nb\n\n2. c"),
        ("<dl><dt>Plazo<dd>10 días<dt>¿Y?<dd>No.</dl>", "Plazo: 10 días\n¿Y? No."),
    ],
)
def test_lists(html: str, text: str) -> None:
    """Items have the numbers that a browser shows, inner lists an indent."""
    assert text_of(html) == text


def test_table_with_spans_and_head() -> None:
    """Header rows, cells that span others, the foot last, and the caption before the table."""
    html = """<table><caption>Árboles</caption><thead><tr><th rowspan=2>Zona<th colspan=2>Tipo
    <tr><th>Fresno<th>Encino</thead><tfoot><tr><td>Total<td>22<td>12</tfoot>
    <tbody><tr><td rowspan=2>Norte<td>15<td>3<tr><td>7<td>9<tr><td colspan=3>Sur</tbody></table>"""
    caption, part = parts_of_html(html)
    assert (caption.role, caption.text) == (BlockRole.CAPTION, "Árboles")
    assert part.text == (
        "Zona\tTipo\tTipo\nZona\tFresno\tEncino\nNorte\t15\t3\nNorte\t7\t9\nSur\nTotal\t22\t12"
    )
    assert part.header_rows == 2
    assert part.spans == ((0, 0, 2, 1), (0, 1, 1, 2), (2, 0, 2, 1))


def test_evident_header_and_title_row() -> None:
    """A first row across the table is its title; words above figures are its header."""
    html = """<table><tr><td colspan=2>Gasto<tr><td>Año<td>Monto<tr><td>2019<td>1,234.50
    <tr><td>2020<td>7</table>"""
    caption, part = parts_of_html(html)
    assert caption.text == "Gasto"
    assert (part.text, part.header_rows) == ("Año\tMonto\n2019\t1,234.50\n2020\t7", 1)


def _table(*rows: tuple[str, ...]) -> list[Part]:
    cells = ("".join(f"<td><p>{cell}</p></td>" for cell in row) for row in rows)
    lines = "".join(f"<tr>{line}</tr>" for line in cells)
    return list(parts_of_html(f"<p>Uno.</p><table><tbody>{lines}</tbody></table>"))[1:]


def test_labels_and_values_have_no_header() -> None:
    """The first row of a form without names of columns is a label with its value."""
    rows = (("Solicitante", "Ana Ruiz"), ("Folio", "00731"), ("Domicilio", "Calle Sauce 4"))
    assert [part.header_rows for part in _table(*rows)] == [0]
    assert [part.header_rows for part in _table(("Dato", "Valor"), *rows)] == [1]


def test_labels_with_colons_are_fields() -> None:
    """A table of labels that end with a colon is a form."""
    parts = _table(("Folio:", "00731"), ("Nombre:", "Ana Ruiz"), ("Edad:", "31"))
    assert [(part.role, part.text) for part in parts] == [
        (BlockRole.FIELD, "Folio: 00731"),
        (BlockRole.FIELD, "Nombre: Ana Ruiz"),
        (BlockRole.FIELD, "Edad: 31"),
    ]


def test_layout_tables() -> None:
    """A table that only arranges is read cell by cell, and its inner table keeps its rows."""
    html = """<table><tr><td><table><tr><td>Zona<td>Alta<tr><td>Norte<td>12</table>
    <td>Nota lateral</table><table role=presentation><tr><td>Uno<td>Dos</table>"""
    assert roles_of(html) == [
        ("table", "Zona\tAlta\nNorte\t12"),
        ("paragraph", "Nota lateral"),
        ("paragraph", "Uno"),
        ("paragraph", "Dos"),
    ]


def test_numbered_rows() -> None:
    """A number beside its text, as official gazettes write articles, is one paragraph."""
    html = """<table><tr><td>Artículo 1.<td>El monto será de quinientos pesos.</table>
    <table><tr><td>a)<td>Presentar la solicitud.<tr><td>b)<td>Pagar la cuota.</table>"""
    article, *items = parts_of_html(html)
    assert (article.role, article.mark) == (BlockRole.PARAGRAPH, "Artículo 1.")
    assert [(i.role, i.mark, i.text) for i in items] == [
        (BlockRole.ITEM, "a)", "Presentar la solicitud."),
        (BlockRole.ITEM, "b)", "Pagar la cuota."),
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>X</p>",
        '<p aria-hidden="true">X</p>',
        '<p style="display: none">X</p>',
        '<p style="opacity:0">X</p>',
        '<p style="font-size:0px">X</p>',
        "<style>.no, p.y{display:none}</style><p class='a no'>X</p>",
        "<style>#z{visibility:hidden}</style><div id=z>X</div>",
        "<template>X</template><noscript>X</noscript><input type=hidden value=X>",
        '<span class="sr-only">X</span>',
        "<ruby>a<rp>(</rp><rt>X</rt></ruby>",
        '<img alt="X">',
    ],
)
def test_hidden_text(hidden: str) -> None:
    """What a page hides is left out, by attributes, by style, by its own style sheets."""
    assert "X" not in text_of(f"{hidden}<p>Un texto.</p>")


def test_styles_that_hide_nothing() -> None:
    """Rules for print or narrow windows, later rules that show, and half-opaque text."""
    html = """<style>@media print{.a{display:none}} .b{display:none} .b{display:block}</style>
    <p class=a>Uno</p><p class=b>Dos</p><p style="opacity:0.5">Tres</p>"""
    assert text_of(html) == "Uno\n\nDos\n\nTres"


def test_page_that_its_sheet_hides() -> None:
    """Where a sheet hides most of the page until a script runs, the page is read."""
    html = f"<style>.all{{display:none}}</style><div class=all>{'Un texto. ' * 30}</div><p>Pie</p>"
    assert read(html)[0].startswith("Un texto.")


def test_notice_counts_hidden() -> None:
    """One notice says how many passages are hidden; hidden menus count, screen readers' do not."""
    found = text_of_html("<p hidden>a</p><p hidden>b</p><i class=sr-only>c</i><p>d")
    assert [notice.text for notice in found.notices] == ["2 hidden passages are left out"]


def test_form_values() -> None:
    """Filled-in fields stand with their labels; empty ones, searches and logins do not."""
    html = """<form><label for=n>Nombre</label> <input id=n value="Ana"> <label>Ciudad:
    <select><option>Lima<option selected>Quito</select></label> <label>Edad</label><input>
    <input name=search value=buscar><label><input type=checkbox checked> Socio</label>
    <table><tr><td>Peso</td><td><input value=44></td></tr></table></form>
    <form><label>Usuario <input value=yo></label><input type=password></form>"""
    assert roles_of(html) == [
        ("field", "Nombre: Ana"),
        ("field", "Ciudad: Quito"),
        ("field", "Socio: ☒"),
        ("table", "Peso\t44"),
    ]


def test_roles() -> None:
    """Headings with levels, code, captions, quotations and details."""
    html = """<h2>Dos</h2><div role=heading aria-level=4>Cuatro</div><pre><code>x = 1
  y</code></pre><figure><img alt=no><figcaption>Figura 1</figcaption></figure>
    <blockquote>Cita <q>a</q></blockquote><details><summary>Más</summary>Texto</details>
    <h3><button>¿Pregunta?</button></h3><blockquote type=cite>viejo</blockquote>"""
    assert [(str(p.role), p.text, p.level) for p in parts_of_html(html)] == [
        ("heading", "Dos", 2),
        ("heading", "Cuatro", 4),
        ("code", "x = 1\n  y", 0),
        ("caption", "Figura 1", 0),
        ("paragraph", "Cita “a”", 0),
        ("paragraph", "Más", 0),
        ("paragraph", "Texto", 0),
        ("heading", "¿Pregunta?", 3),
        ("quoted", "viejo", 0),
    ]


def test_characters() -> None:
    """Soft hyphens, line breaks inside words, line breaks and formulas."""
    html = """<p>El co&shy;rre&shy;dor mide 3<wbr>000 m,<br>línea dos<br><br>otro
    <math><mfrac><mi>a</mi><mn>2</mn></mfrac><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup></math>"""
    assert text_of(html) == "El corredor mide 3000 m,\nlínea dos\n\notro a/2 = x²"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Obras | Ayuntamiento</title><h1>Obras</h1>", "Obras"),
        ("<title>Ayuntamiento - Obras</title><h1>Obras</h1>", "Obras"),
        ("<title>Diario: Las obras</title><h1>Diario</h1>", "Diario: Las obras"),
        ("<title>Obras | Sitio</title><h1><a href='/'>Sitio</a></h1>", "Obras | Sitio"),
        ("<title>Otra cosa</title><h1>Obras</h1>", "Otra cosa"),
        ('<meta property="og:title" content="Obras"><title>Obras – S</title>', "Obras"),
        ("<h1>Sola</h1>", "Sola"),
    ],
)
def test_title(head: str, title: str) -> None:
    """The title without the site's name, where the page says which part it is."""
    assert read(f"{head}<p>Texto.</p>")[1] == title


def test_author_and_date() -> None:
    """From the data for search engines, or from the byline; published before modified."""
    data = (
        '{"@graph":[{"@type":"NewsArticle","datePublished":"2025-09-03","author":{"name":"Ana"}}]}'
    )
    page = f'<script type="application/ld+json">{data}</script><p>Texto.</p>'
    assert read(page)[2:] == ("Ana", "2025-09-03")
    time = '<time itemprop=dateModified datetime="2025-01-02">hoy</time>'
    page = f"<p class=byline>Por Luis Paz</p>{time}"
    assert read(page)[2:] == ("Luis Paz", "2025-01-02")
    assert read(f'{page}<time datetime="2025-01-01">x</time>')[3] == "2025-01-01"


def test_furniture_is_for_pages_only() -> None:
    """A page's menus and footers go; of a piece of HTML all that it shows stays."""
    html = "<nav><a href=a>Menú</a></nav><p>Texto.</p><footer>Pie</footer>"
    assert read(html)[0] == "Texto."
    assert text_of(html) == "Menú\n\nTexto.\n\nPie"


def test_xhtml() -> None:
    """XHTML is read as XML, its named characters known; as HTML where it is broken."""
    head = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>'
    assert text_of(f"{head}<p>Año&nbsp;<a id='x'/>1</p></body></html>") == "Año 1"
    assert text_of(f"{head}<p>uno<p>dos</body></html>") == "uno\n\ndos"


def test_deep_pages() -> None:
    """Tags nested without end lose no words."""
    assert text_of("<div>" * 5000 + "hola" + "</div>" * 5000 + "<p>fin") == "hola\n\nfin"


def test_signs_of_ours_in_a_page() -> None:
    """Characters that the reader uses itself mean nothing in a page."""
    assert text_of("<p>a\ufdd00\ufdd1 b&#xfdd0;9&#xfdd1;") == "a0 b9"


_NAMES = """p div ul ol li table tr td th sup sub del a b h2 dl dt dd pre br span aside form input
label select option caption figure math q"""
_TAGS = _NAMES.split()
_PIECES = st.lists(
    st.one_of(
        st.sampled_from([f"<{tag}>" for tag in _TAGS] + [f"</{tag}>" for tag in _TAGS]),
        st.sampled_from(
            ["uno ", "1", " ", "<a href=#n>1</a>", "<p id=n>", "<td rowspan=3 colspan=2>"]
        ),
        st.text("ab1.² \ufdd0\ufdd1", max_size=5),
    ),
    max_size=60,
)


@given(_PIECES)
def test_any_tags(pieces: list[str]) -> None:
    """Whatever stands in a page, it is read, no sign of ours stays, and anchors are in the text."""
    parts = parts_of_html("".join(pieces))
    text, _, blocks = compose(parts)
    assert not re.search("[\ufdd0-\ufdef]", text)
    assert all(block.anchor is None or block.anchor <= block.start for block in blocks)


def test_columns_in_which_no_cell_begins_are_none() -> None:
    """A cell may span more columns than there are."""
    html = "<table><tr><th>a<th colspan=1000>b</tr><tr><td>1<td>2</tr></table>"
    (part,) = parts_of_html(html)
    assert (part.text, part.spans) == ("a\tb\n1\t2", ())


def test_a_dialog_that_is_not_open_is_hidden() -> None:
    found = text_of_html("<p>a</p><dialog>b</dialog><dialog open><p>c</p></dialog>")
    assert "b" not in compose(found.parts)[0]
    assert [notice.kind for notice in found.notices] == [NoticeKind.HIDDEN]


def test_a_row_of_units_belongs_to_the_header() -> None:
    html = (
        "<table><tr><td>Río<td>Largo</tr><tr><td><td>km</tr><tr><td>Lerma<td>708</tr>"
        "<tr><td>Balsas<td>771</tr></table>"
    )
    assert parts_of_html(html)[0].header_rows == 2


def test_selectors_inside_of_others_hide() -> None:
    """A rule for a class inside of another; on a small page, too, what it hides is hidden."""
    html = """<style>.menu .sub{visibility:hidden} .aside > p{display:none}</style>
    <div class=menu><p class=sub>Oculto, y más largo que lo demás.</p></div><p class=sub>Visto.</p>
    <div class=aside><p>Oculto.</p></div>"""
    assert text_of(html) == "Visto."


def test_numbers_of_printed_pages_stand_in_no_sentence() -> None:
    """A page's number in a span of its own, as books of public libraries have it."""
    assert text_of("<p>El río <span class=pagenum>[Pg 13]</span>sigue.</p>") == "El río sigue."


def test_fractions_of_raised_and_lowered_digits() -> None:
    """They are no notes and no exponents."""
    html = "<p><sup>3</sup>&frasl;<sub>4</sub> de litro y 5<sup>1</sup>/<sub>2</sub> tazas.</p>"
    assert text_of(html) == "3⁄4 de litro y 5 1/2 tazas."


def test_a_row_of_cells_with_paragraphs_is_no_table() -> None:
    """It arranges the page: a menu beside a text."""
    html = "<table><tr><td>Menú</td><td><p>Uno.</p><p>Dos.</p></td></tr></table>"
    assert text_of(html) == "Menú\n\nUno.\n\nDos."


def test_links_to_edit_a_section_are_no_heading() -> None:
    """Encyclopedias and manuals put them behind each heading of a page."""
    page = """<h2>Historia<span class="mw-editsection">[<a href=e>editar</a>]</span></h2>
    <h2>Uso<a class=headerlink href=#uso>¶</a></h2><p>Texto.</p>"""
    parts = text_of_html(page, is_page=True).parts
    assert [part.text for part in parts] == ["Historia", "Uso", "Texto."]


def test_utf8_that_calls_itself_latin1() -> None:
    """No text in Latin-1 is UTF-8 by chance."""
    page = '<meta charset="iso-8859-1"><p>El niño pagó la fianza.</p>'
    assert [p.text for p in read_html(page.encode(), ReadOptions()).parts] == [
        "El niño pagó la fianza."
    ]


def test_long_tables_take_their_time_once() -> None:
    """A row's span is looked up, not counted anew for each cell."""
    rows = "<tr><td>1<td>2<td>3</tr>" * 8000
    assert (
        read_html(f"<table>{rows}</table>".encode(), ReadOptions()).parts[0].text.count("\n")
        == 7999
    )
