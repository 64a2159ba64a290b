"""xlsx files as Excel, WPS and web systems write them."""

import io
import re
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ..grid import Book, Cell, Sheet, Style
from .package import pack, unpack

_CREATED = datetime(2021, 9, 24, 9, 30)


def write(book: Book) -> bytes:
    """The bytes of the file."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "constant_memory": book.maker == "export"}
    workbook = xlsxwriter.Workbook(buffer, options)
    workbook.set_properties({"created": _CREATED, "author": "", "company": ""})
    if book.maker == "wps":
        workbook.set_custom_property("KSOProductBuildVer", "2052-11.1.0.10938")
        workbook.set_custom_property("ICV", "6B1F0A3C5D2E4F7B8A9C0D1E2F3A4B5C")
    formats: dict[Style, Format] = {}
    for sheet in book.sheets:
        worksheet = workbook.add_worksheet(sheet.name)
        _layout(worksheet, sheet)
        for row, cells in sheet.rows():
            for column, cell in cells:
                if cell.style not in formats:
                    formats[cell.style] = workbook.add_format(_format(cell.style))
                _put(worksheet, row - 1, column - 1, cell, formats[cell.style])
        for top, left, bottom, right in sheet.merges:
            # `merge_range` would write the cells again.
            worksheet.merge.append([top - 1, left - 1, bottom - 1, right - 1])
    workbook.close()
    return pack([(name, _as_made_by(book.maker, name, data)) for name, data in unpack(buffer.getvalue())])


def _put(worksheet: Worksheet, row: int, column: int, cell: Cell, form: Format) -> None:
    value = cell.value
    if cell.formula:
        assert not isinstance(value, date)
        worksheet.write_formula(row, column, cell.formula, form, "" if value is None else value)
    elif value is None:
        worksheet.write_blank(row, column, None, form)
    elif isinstance(value, date):
        worksheet.write_datetime(row, column, datetime(value.year, value.month, value.day), form)
    elif isinstance(value, str):
        worksheet.write_string(row, column, value, form)
    else:
        worksheet.write_number(row, column, value, form)


def _layout(worksheet: Worksheet, sheet: Sheet) -> None:
    if sheet.hidden:
        worksheet.hide()
    for column, width in sheet.widths.items():
        worksheet.set_column(column - 1, column - 1, width)
    for row in sorted(sheet.heights.keys() | sheet.hidden_rows):
        worksheet.set_row(row - 1, sheet.heights.get(row), None, {"hidden": row in sheet.hidden_rows})
    if sheet.freeze:
        worksheet.freeze_panes(sheet.freeze[0] - 1, sheet.freeze[1] - 1)
    if sheet.repeat:
        worksheet.repeat_rows(sheet.repeat[0] - 1, sheet.repeat[1] - 1)
        worksheet.set_footer("&C第 &P 页，共 &N 页")
    worksheet.set_paper(sheet.paper)
    if sheet.landscape:
        worksheet.set_landscape()
    worksheet.fit_to_pages(1, 0)
    for column, first, last, source in sheet.choices:
        worksheet.data_validation(first - 1, column - 1, last - 1, column - 1, {"validate": "list", "source": source})
    if sheet.autofilter:
        top, left, bottom, right = sheet.autofilter
        worksheet.autofilter(top - 1, left - 1, bottom - 1, right - 1)


def _format(style: Style) -> dict[str, object]:
    wanted: dict[str, object] = {
        "font_name": style.font,
        "font_size": style.size,
        "bold": style.bold,
        "align": style.align,
        "valign": "vcenter",
        "text_wrap": style.wrap,
        "border": 1 if style.border else 0,
    }
    if style.fill:
        wanted["bg_color"] = f"#{style.fill}"
    if style.colour:
        wanted["font_color"] = f"#{style.colour}"
    if style.form:
        wanted["num_format"] = style.form
    return wanted


def _as_made_by(maker: str, name: str, data: bytes) -> bytes:
    """Small differences by which programs give themselves away."""
    if name == "docProps/app.xml" and maker != "office":
        program = {"wps": "WPS 表格", "export": "Apache POI"}[maker]
        return data.replace(b"<Application>Microsoft Excel</Application>", f"<Application>{program}</Application>".encode())
    if maker == "wps" and name == "xl/styles.xml":
        return data.replace(b'<cellStyle name="Normal"', '<cellStyle name="常规"'.encode())
    if maker == "wps" and name == "xl/workbook.xml":
        return re.sub(rb"<fileVersion [^>]*/>", b'<fileVersion appName="xl" lastEdited="3" lowestEdited="5" rupBuild="9302"/>', data)
    return data
