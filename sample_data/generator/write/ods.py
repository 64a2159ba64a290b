"""ods files as LibreOffice writes them."""

from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from ..grid import Book, Cell, Sheet, Style
from .package import pack

_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.2"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST = (
    f'{_HEAD}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{_MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_PAGE = (
    f"{_HEAD}<office:document-styles {_NAMES}><office:automatic-styles>"
    '<style:page-layout style:name="page"><style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" '
    'style:print-orientation="landscape" style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="Default" style:page-layout-name="page"/></office:master-styles>'
    "</office:document-styles>"
)


def write(book: Book) -> bytes:
    """The bytes of the file."""
    styles: dict[Style, str] = {}
    widths: dict[float, str] = {}
    heights: dict[float, str] = {}
    tables = "".join(_table(sheet, styles, widths, heights) for sheet in book.sheets)
    content = (
        f"{_HEAD}<office:document-content {_NAMES}><office:automatic-styles>"
        + "".join(_column_style(name, width) for width, name in widths.items())
        + "".join(_row_style(name, height) for height, name in heights.items())
        + '<style:style style:name="ta1" style:family="table" style:master-page-name="Default"/>'
        + "".join(_cell_style(name, style) for style, name in styles.items())
        + f"</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    parts = [("mimetype", _MIME), ("content.xml", content), ("styles.xml", _PAGE), ("META-INF/manifest.xml", _MANIFEST)]
    return pack([(name, text.encode()) for name, text in parts], frozenset({"mimetype"}))


def _table(sheet: Sheet, styles: dict[Style, str], widths: dict[float, str], heights: dict[float, str]) -> str:
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in sheet.merges}
    covered = {(r, c) for t, le, b, ri in sheet.merges for r in range(t, b + 1) for c in range(le, ri + 1)} - spans.keys()
    text = [f'<table:table table:name={quoteattr(sheet.name)} table:style-name="ta1">']
    for column in range(1, sheet.last_column + 1):
        name = widths.setdefault(sheet.widths.get(column, 9.0), f"co{len(widths) + 1}")
        text.append(f'<table:table-column table:style-name="{name}"/>')
    for row in range(1, sheet.last_row + 1):
        name = heights.setdefault(sheet.heights.get(row, 15.0), f"ro{len(heights) + 1}")
        text.append(f'<table:table-row table:style-name="{name}">')
        for column in range(1, sheet.last_column + 1):
            cell = sheet.cells.get((row, column))
            if (row, column) in covered:
                text.append("<table:covered-table-cell/>")
            elif cell is None:
                text.append("<table:table-cell/>")
            else:
                style = styles.setdefault(cell.style, f"ce{len(styles) + 1}")
                text.append(_cell(cell, style, spans.get((row, column))))
        text.append("</table:table-row>")
    text.append("</table:table>")
    return "".join(text)


def _cell(cell: Cell, style: str, span: tuple[int, int] | None) -> str:
    attributes = f' table:style-name="{style}"'
    if span:
        attributes += f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
    if cell.formula:
        attributes += f" table:formula={quoteattr(_formula(cell.formula))}"
    value = cell.value
    if value is None:
        return f"<table:table-cell{attributes}/>"
    if isinstance(value, str):
        kind, shown = ' office:value-type="string"', value
    elif isinstance(value, date):
        kind, shown = f' office:value-type="date" office:date-value="{value.isoformat()}"', value.isoformat()
    else:
        shown = format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
        kind = f' office:value-type="float" office:value="{shown}"'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown.split("\n"))
    return f"<table:table-cell{attributes}{kind}>{lines}</table:table-cell>"


def _formula(formula: str) -> str:
    """`=SUM(F5:F30)` → `of:=SUM([.F5:.F30])`: the only formulas that are needed here."""
    inner = formula.removeprefix("=SUM(").removesuffix(")")
    return "of:=SUM([" + ":".join(f".{corner}" for corner in inner.split(":")) + "])"


def _column_style(name: str, width: float) -> str:
    return f'<style:style style:name="{name}" style:family="table-column"><style:table-column-properties style:column-width="{_cm(width * 20)}"/></style:style>'


def _row_style(name: str, height: float) -> str:
    return (
        f'<style:style style:name="{name}" style:family="table-row">'
        f'<style:table-row-properties style:row-height="{_cm(height * 10 * 127 // 360)}" style:use-optimal-row-height="false"/></style:style>'
    )


def _cm(hundredths: float) -> str:
    """Hundredths of a centimetre as an ODF length."""
    return f"{int(hundredths) // 100}.{int(hundredths) % 100:02d}cm"


def _cell_style(name: str, style: Style) -> str:
    align = {"left": "start", "center": "center", "right": "end"}[style.align]
    border = ' fo:border="0.74pt solid #000000"' if style.border else ""
    fill = f' fo:background-color="#{style.fill}"' if style.fill else ""
    wrap = ' fo:wrap-option="wrap"' if style.wrap else ""
    bold = ' fo:font-weight="bold" style:font-weight-asian="bold"' if style.bold else ""
    font = f' style:font-name="{style.font}" style:font-name-asian="{style.font}" fo:font-family="{style.font}" style:font-family-asian="{style.font}"'
    return (
        f'<style:style style:name="{name}" style:family="table-cell">'
        f'<style:table-cell-properties style:vertical-align="middle"{border}{fill}{wrap}/>'
        f'<style:paragraph-properties fo:text-align="{align}"/>'
        f'<style:text-properties{font} fo:font-size="{style.size}pt" style:font-size-asian="{style.size}pt"{bold}/></style:style>'
    )
