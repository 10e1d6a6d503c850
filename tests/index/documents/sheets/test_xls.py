"""Old Excel workbooks, and other files that are called .xls."""

import base64
import zlib
from pathlib import Path

import pytest

from index.errors import DocumentError
from tests.index.documents.sheets.books import read, sheet_of

# Written by LibreOffice 24: a sheet "Tarifas" with formats, a comment and a hidden row, and a
# hidden sheet.
WORKBOOK = """
eNrtWFtslEUUPvPvpf/2+rfQAgXqCgKFXlhAoUawhQJCAikRRGIwsmy3pdB263ZJRCMsINEYSTA86AMJgVQg8QYhwUQlbeFB
HzQSDRqNJoUnDTystyCJdP3O+We3S9k13WJMlJ7NNzP/mfu5zcxe+qJ44NiZ8is0jB4hBw3GPeRO4SkgN/FhERmaNxiPxxPs
+Bj9p+iWzlmHTujPBbDOcwAT8Gj95ul8jP5f9DiF8IuQl1ZQJ/Iw7aJsqAwWkzreSPoMjrDdSGls/tHPz/Gb47gDyOT/HPPZ
//OBAqAQKLKPACoGSoBxwHigVGyCaAIwEZgElAOTgSnAVKACuA/wAvcD04DpwAPADGAmMAuoBGYDc4AqoBqo0eufq3PGfJQX
AA9q3kLki8bi1YjIY0KLbhd9VPAZq1x0fwUWcdrZL3ZxFdhMXWwbjf72gPffomWyBr/iNfTBSJcoJ2zVoCNAIb0v/I8lXSL2
B2ogb5226U1Gg6z+oKTTJC1EqugD6fOdcObBEr8XOz8kbqAoRzWSn9qpjbYiErahRTl9yh62R1qwf6ilUsOt7qa2wplPPexl
jwU7g2F/e4Uzl95i7/MxVTg9dIJl7qv1zahwTqWTcD41HR4wHT8f1QI+7MtL73inYawiOsVe2tw8t6Nj7i7QgDhjD/0e96Y4
fp+X+bwa4f82Mr6RJZ/uOX4PZJdOzlV2+9hw/uwM/OoM/DkZ+J60fIIhyXqcw/knMvBPZuCfuoN/2MBHlOKcW1GH5MVRt+Ql
Uafk46I5ko+PuuJbxN0O4Lh4lk8WGPwGf7itxd99AAZ9xsO+6qSmSNj/GrF/K+pXJkC04aCia/BCnDOxp2Ryd0xEbNpnlYOG
3h9GSnkB5cU4HvSioUl7FaYw+1QD0gaq+NmyTzATJ5mJE8q8gUPsTwQOt458QOOvzW2tIXRbHuwO7Ax2RkJYeOPOUMSPfGUw
sM2PRuv8rf7mELy3OxgIByOhOLzPpEKXfUYGzFJgyBxKdW7wQWoHXOu2gJuP5TdjqxygimUrFoaraZxy7erC8vpnhB+loRFn
sBaoWu1FTb9zjvSoknSftE0cxPuF95KkM5P9f6yflVKuTJZj9bNTyscQXjxYFYlaDMxWrSbmu/f3bxmoT+SKnkCNSS/Ktkm9
ahbpnRZKZhsOK940LF2utoOhKhKeSsMz0vAcKTwveLf0Q9Sez/5S+FLJL0Pkmfhy4MuR/HLii9e2GxpRIquwD22wat5rWcLa
68/jaOG9T6Brr+TgOlP2iYFR3CgpGUNJ78RlyqCp6jyOFENGnNlrYKT1chXarvgytC/Z29C96fbedB51DuntlmvUC9K7TGqV
4UadAy3c0ir9/NfJgnSMmKXEhmJmwjWcLCtH7A+RmTNWKfLyxKw010ODcqUfi8il2/chP55v83ksFuN6lRfbTRwOSHyc53lZ
VmQ73ybZYFTSvSoev0L7FV/+epWFtfUJn11d0QXFN9JLillfSvqVpF9L+o3EkLiayHLnItUbLIlehyHatMThueKGgy+bBs13
uOSiWiyR8WlcDEuhyUla4kNUANmeqtnoLTSaPjy07d2TR5YcXTtUe128oUDGOKdKEtcMmcuW22LWVmdoMVkpVTZNkQWQdh9E
0UeNEjrntu8p3LNZKqdqu9TRi6kVkanVTFWHSlzs77X4oZJpIn6olLgwFANcoq11LIHYKnlY2Jav9IHBlu/LxvJN2/JFZ3T3
OvsbUnilOHLtN5xl2tbTZ1et5DfT2rZAONQdaol4VzwXCLZ7H15Us8G/NdjeHhTNL2traam7m7ejGjLZUdFgnES9acalgQNH
f7nZtM16+3WTqmad/ZZVcFq/K7l+lfaXdfqo2KLfmxEttqh+d76m355v6vdnj+730y37Lcl+ICd0t/3NfZZ2+r1rLp7tCj5v
87i9TysyQXeUOy9eOL7nB5VaHu3+5U5y+fPLR2onW4ffwP6rb763nA+xYbzN+p2sNKyUva3R9xzSb2Wur9P1DSl3H9lvV9fG
YLi7LdR5u2xYrgtq52Vc/z/5/4+sf5gNp+sje7I9nJ7E7GHagZser2NH1vZXgt0aep/xLP5XCeYl7LQR83bghduENWwf1fyO
lP9gRtKnFlid9JMmvAaDo/a/XMyf7f8/Pv1fjX0hW087sf8OvEpZ96thBS2iE+ZE8FoNgZOZKvX8rizkz9Y4kJx/OWYIyBqC
YoHZraduFPt/SJ42Y///Mf0Fw9BQzQ==
"""
SHOWN = (
    "Tarifas\n\nCódigo\tDescuento\tCuota\tFecha\tPagado\n"
    "03100\t12.5%\t1,234.50 €\t05/08/2024\tVERDADERO\n"
    "45001\t20.0%\t90.00 €\t01/09/2024\tFALSO"
)
XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
<DocumentProperties xmlns="urn:schemas-microsoft-com:office:office"><Author>Ana López</Author>
</DocumentProperties><Styles>
<Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style>
<Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style></Styles>
<Worksheet ss:Name="Tarifas"><Table><Column ss:Index="4" ss:Hidden="1"/>
<Row><Cell><Data ss:Type="String">Código</Data></Cell>
<Cell><Data ss:Type="String">Tasa</Data></Cell>
<Cell><Data ss:Type="String">Fecha</Data></Cell><Cell><Data ss:Type="String">no</Data></Cell></Row>
<Row><Cell ss:MergeDown="1"><Data ss:Type="String">León</Data></Cell>
<Cell ss:StyleID="p"><Data ss:Type="Number">0.125</Data></Cell>
<Cell ss:StyleID="d"><Data ss:Type="DateTime">2024-08-05T00:00:00.000</Data></Cell></Row>
<Row ss:Index="3"><Cell ss:Index="2" ss:StyleID="p"><Data ss:Type="Number">1</Data></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="Otra"><Table>
<Row><Cell><Data ss:Type="String">secreto</Data></Cell></Row></Table>
<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"""


def workbook() -> bytes:
    """The bytes of the workbook."""
    return zlib.decompress(base64.b64decode(WORKBOOK))


def test_binary_workbook(tmp_path: Path) -> None:
    """Formats are shown, what is hidden is out, the properties are read."""
    document = read(tmp_path, workbook(), "a.xls")
    assert document.text == SHOWN
    assert (document.title, document.metadata["author"]) == ("Cuotas", "Ana López")
    assert document.blocks[1].header_rows == 1
    assert [notice.text for notice in document.notices] == [
        "1 hidden sheet and 1 hidden row are left out",
        "1 comment is left out",
    ]


def test_xml_of_2003(tmp_path: Path) -> None:
    """The older XML: formats by name, places that are skipped, merged cells, a hidden sheet."""
    document = read(tmp_path, XML.encode(), "a.xls")
    assert document.text == (
        "Tarifas\n\nCódigo\tTasa\tFecha\nLeón\t12.50%\t05/08/2024\nLeón\t100.00%"
    )
    assert document.metadata["author"] == "Ana López"
    assert document.notices[0].text == "1 hidden sheet and 1 hidden column are left out"


@pytest.mark.parametrize(
    "data",
    [
        b"Tienda\tVentas\nLugo\t5\n",
        b"Tienda;Ventas\nLugo;5\n",
        sheet_of(("Tienda", "Ventas"), ("Lugo", 5)),
    ],
)
def test_other_files_of_that_name(tmp_path: Path, data: bytes) -> None:
    """Texts between tabs and newer workbooks are read as what they are."""
    assert read(tmp_path, data, "a.xls").text == "Tienda\tVentas\nLugo\t5"


def test_web_page(tmp_path: Path) -> None:
    """So are web pages."""
    page = "<html><body><table><tr><td>Lugo</td><td>5</td></tr></table></body></html>"
    assert "Lugo" in read(tmp_path, page.encode(), "a.xls").text


@pytest.mark.parametrize("cut", [600, 3000, 5000])
def test_cut_workbook(tmp_path: Path, cut: int) -> None:
    """What is cut off is one sentence, or what can still be read."""
    try:
        assert read(tmp_path, workbook()[:cut], "a.xls").text
    except DocumentError as error:
        assert "damaged" in str(error) or "no text" in str(error)
