"""Numbers, letters and bullets that Word makes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.numerals import numeral
from tests.index.documents.word.making import blocks, level, numbering, p, read, style, text

ARTICLES = numbering(
    level(0, "decimal", "Artículo %1.")
    + level(1, "upperRoman", "%2.")
    + level(2, "lowerLetter", "%3)")
)


def lines(body: str, **parts: str) -> list[str]:
    return [line.strip() for line in text(body, **parts).split("\n") if line.strip()]


def test_an_article_is_a_paragraph_and_its_fractions_are_a_list() -> None:
    """Levels of a list count from the outermost list; an article's number is no list's."""
    body = (
        p("Uno.", num=1)
        + p("dos;", num=1, ilvl=1)
        + p("tres;", num=1, ilvl=2)
        + p("Cuatro.", num=1)
    )
    parts = read(body, numbering=ARTICLES).parts
    assert [(part.role.value, part.level, part.mark) for part in parts] == [
        ("paragraph", 0, "Artículo 1."),
        ("item", 1, "I."),
        ("item", 2, "a)"),
        ("paragraph", 0, "Artículo 2."),
    ]
    assert text(body, numbering=ARTICLES) == (
        "Artículo 1. Uno.\n\nI. dos;\n  a) tres;\n\nArtículo 2. Cuatro."
    )


def test_levels_of_a_number_and_legal_style() -> None:
    """A number may hold those above it; isLgl writes them all as decimal."""
    levels = (
        level(0, "upperRoman", "%1.")
        + level(1, "decimal", "%1.%2")
        + level(2, "decimal", "%1.%2.%3.", "<w:isLgl/>")
    )
    body = p("a", num=1) + p("b", num=1) + p("c", num=1, ilvl=1) + p("d", num=1, ilvl=2)
    assert lines(body, numbering=numbering(levels)) == ["I. a", "II. b", "II.1 c", "2.1.1. d"]


def test_a_list_starts_anew_where_its_number_says_so() -> None:
    """Two nums of one list count on, but for a startOverride, which counts once."""
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{}"/></w:lvlOverride>'
    made = numbering(
        level(0, "decimal", "%1."),
        nums=((1, 0, ""), (2, 0, ""), (3, 0, again.format(1)), (4, 0, again.format(27))),
    )
    body = "".join(p("x", num=num) for num in (1, 1, 2, 3, 3, 4, 4))
    marks = [part.mark for part in read(body, numbering=made).parts]
    assert marks == ["1.", "2.", "3.", "1.", "2.", "27.", "28."]


def test_an_override_may_replace_a_level() -> None:
    """A num may bring a level of its own."""
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "upperLetter", "%1)", start=3)}</w:lvlOverride>'
    made = numbering(level(0, "decimal", "%1."), nums=((1, 0, own),))
    assert lines(p("x", num=1) + p("y", num=1), numbering=made) == ["C) x", "D) y"]


def test_deeper_levels_restart_as_they_say() -> None:
    """By default after any higher level; lvlRestart 0 never; lvlRestart 1 only after the first."""
    never = level(0, "decimal", "%1.") + level(1, "decimal", "n%2", '<w:lvlRestart w:val="0"/>')
    body = "".join(p("x", num=1, ilvl=at) for at in (0, 1, 1, 0, 1))
    marks = [part.mark for part in read(body, numbering=numbering(never)).parts]
    assert marks == ["1.", "n1", "n2", "2.", "n3"]
    first = (
        level(0, "decimal", "%1.")
        + level(1, "decimal", "%1.%2")
        + level(2, "lowerLetter", "%3)", '<w:lvlRestart w:val="1"/>')
    )
    body = "".join(p("x", num=1, ilvl=at) for at in (0, 1, 2, 1, 2, 0, 1, 2))
    marks = [part.mark for part in read(body, numbering=numbering(first)).parts]
    assert marks == ["1.", "1.1", "a)", "1.2", "b)", "2.", "2.1", "a)"]


def test_a_level_that_is_left_out_counts() -> None:
    """1.1 before any 1: the next of the first level is 2."""
    made = numbering(level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2."))
    body = "".join(p("x", num=1, ilvl=at) for at in (1, 0, 1))
    assert [part.mark for part in read(body, numbering=made).parts] == ["1.1.", "2.", "2.1."]


def test_numbers_through_styles() -> None:
    """A style has the number, its level is the one that names it, and styles inherit it."""
    made = numbering(
        level(0, "decimal", "%1.", '<w:pStyle w:val="Ttulo1"/>')
        + level(1, "decimal", "%1.%2.", '<w:pStyle w:val="Ttulo2"/>')
    )
    number = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = (
        style("Ttulo1", number, name="heading 1")
        + style("Ttulo2", number, name="heading 2")
        + style("Mio", based="Ttulo1")
    )
    body = (
        p("Objeto", '<w:pStyle w:val="Ttulo1"/>')
        + p("Ámbito", '<w:pStyle w:val="Ttulo2"/>')
        + p("Fin", '<w:pStyle w:val="Mio"/>')
        + p("Nada", '<w:pStyle w:val="Mio"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    parts = read(body, numbering=made, styles=styles).parts
    assert [(part.role.value, part.level, part.mark) for part in parts] == [
        ("heading", 1, "1."),
        ("heading", 2, "1.1."),
        ("heading", 1, "2."),
        ("heading", 1, ""),
    ]


def test_a_list_style_stands_for_its_list() -> None:
    """numStyleLink leads by a style to the list that has the levels."""
    made = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="Lista"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1">{level(0, "lowerLetter", "%1.-")}</w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="6"><w:abstractNumId w:val="1"/></w:num>'
    )
    own = '<w:pPr><w:numPr><w:numId w:val="6"/></w:numPr></w:pPr>'
    styles = style("Lista", own, kind="numbering")
    assert lines(p("x", num=5), numbering=made, styles=styles) == ["a.- x"]


def test_bullets_have_no_mark() -> None:
    """A bullet is an item without a mark, at its level."""
    made = numbering(level(0, "bullet", "\uf0b7") + level(1, "bullet", "o"))
    body = p("uno", num=1) + p("dos", num=1, ilvl=1)
    assert text(body, numbering=made) == "• uno\n  • dos"


def test_no_number_is_shown() -> None:
    """Style none without words, and a hidden number, leave a plain paragraph; both count."""
    plain = numbering(level(0, "none", ""))
    assert blocks(p("uno", num=1), numbering=plain) == [("paragraph", "uno")]
    hidden = numbering(level(0, "decimal", "%1.", "<w:rPr><w:vanish/></w:rPr>"))
    assert blocks(p("uno", num=1), numbering=hidden) == [("paragraph", "uno")]
    assert blocks(p("uno", num=9), numbering=plain) == [("paragraph", "uno")]


def test_an_empty_numbered_paragraph_counts() -> None:
    """Word shows its number."""
    made = numbering(level(0, "decimal", "%1."))
    assert lines(p("a", num=1) + p(num=1) + p("b", num=1), numbering=made) == ["1. a", "3. b"]


def test_words_for_numbers_are_in_the_language_of_the_document() -> None:
    """Spanish where the defaults say so, English without."""
    made = numbering(level(0, "ordinalText", "CLÁUSULA %1.-"))
    spanish = (
        '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="es-MX"/></w:rPr>'
        "</w:rPrDefault></w:docDefaults>"
    )
    body = p("x", num=1) + p("y", num=1)
    assert lines(body, numbering=made, styles=spanish) == [
        "CLÁUSULA Primero.- x",
        "CLÁUSULA Segundo.- y",
    ]
    assert lines(body, numbering=made) == ["CLÁUSULA First.- x", "CLÁUSULA Second.- y"]


def test_a_custom_format_inside_a_choice() -> None:
    """001, 002: newer Word keeps it in a choice, with decimal for older programs."""
    fmt = (
        '<mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" '
        'w:format="001, 002, 003, ..."/>'
        '</mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
    )
    made = numbering(
        f'<w:lvl w:ilvl="0"><w:start w:val="9"/>{fmt}<w:lvlText w:val="Folio %1"/></w:lvl>'
    )
    assert lines(p("x", num=1) + p("y", num=1), numbering=made) == ["Folio 009 x", "Folio 010 y"]


def test_what_was_deleted_or_hidden_is_not_counted() -> None:
    """Numbers are those after all changes are accepted, without hidden paragraphs."""
    made = numbering(level(0, "decimal", "%1."))
    gone = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
    hidden = "<w:rPr><w:vanish/></w:rPr>"
    deleted = '<w:del w:id="2" w:author="a"><w:r><w:delText>fuera</w:delText></w:r></w:del>'
    body = (
        p("a", num=1)
        + p(deleted, gone, num=1)
        + p("<w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r>", hidden, num=1)
        + p("b", num=1)
    )
    assert lines(body, numbering=made) == ["1. a", "2. b"]


@pytest.mark.parametrize(
    ("count", "style_name", "language", "said"),
    [
        (4, "lowerRoman", "", "iv"),
        (28, "lowerLetter", "", "bb"),
        (7, "decimalZero", "", "07"),
        (3, "ordinal", "es", "3º"),
        (22, "ordinal", "en", "22nd"),
        (113, "ordinal", "en", "113th"),
        (21, "cardinalText", "es-ES", "Veintiuno"),
        (116, "cardinalText", "es", "Ciento dieciséis"),
        (31_001, "cardinalText", "es", "Treinta y un mil uno"),
        (42, "cardinalText", "en", "Forty-two"),
        (14, "ordinalText", "es", "Decimocuarto"),
        (32, "ordinalText", "es", "Trigésimo segundo"),
        (21, "ordinalText", "en", "Twenty-first"),
        (30, "ordinalText", "en", "Thirtieth"),
        (2, "chicago", "", "†"),
        (5, "numberInDash", "", "- 5 -"),
        (5, "chosung", "", "5"),
        (-1, "upperRoman", "", "-1"),
    ],
)
def test_numerals(count: int, style_name: str, language: str, said: str) -> None:
    """Each style as Word writes it; an unknown one as decimal."""
    assert numeral(count, style_name, language) == said


_VALUES = dict(zip("ivxlcdm", (1, 5, 10, 50, 100, 500, 1000), strict=True))


@given(st.integers(1, 3999))
def test_roman_numerals_are_worth_their_number(count: int) -> None:
    """A smaller letter before a larger one is taken off."""
    values = [_VALUES[letter] for letter in numeral(count, "lowerRoman")]
    signed = [
        -value if value < after else value
        for value, after in zip(values, [*values[1:], 0], strict=True)
    ]
    assert sum(signed) == count


@given(
    st.integers(-(10**9), 10**9),
    st.sampled_from(["ordinalText", "cardinalText", "lowerLetter", "chicago"]),
)
def test_any_number_can_be_written(count: int, name: str) -> None:
    """No number is without words, and none is long."""
    for language in ("es", "en"):
        assert 0 < len(numeral(count, name, language)) < 200
