"""周口市: a matrix of counties and lists as cover, and headers repeated for every printed page."""

from decimal import Decimal

from ..columns import Column, Entry, county, day, money, seq, text
from ..grid import Sheet, Style, Value, a1, letters
from ..office import Desk, Edition, File
from ..project import WAN
from ..table import Look, Table

_LOOK = Look("宋体", 10, "方正小标宋简体", 18, "黑体", "D9E1F2", "D9E1F2", "0")
_PAGE = 20


def _columns(edition: Edition, stage: str) -> list[Column]:
    columns = [
        seq(),
        text("name", "项目名称", 30),
        county("县（市、区）", 10),
        text("sector", "领域", 13, align="center"),
        text("owner", "项目实施单位", 26),
        text("content", "建设规模和主要内容", 46),
        money("total", "计划总投资（万元）", WAN),
        money("annual", "2021年度投资计划（万元）", WAN, 12),
    ]
    if stage == "签约":
        columns.append(day("signing", "签约时间", ("2021年9月28日", "2021.9", "20210928"), 14))
    else:
        columns += [money("completed", "至今累计完成投资（万元）", WAN, 12), day("start", "开工时间", ("2021年9月", "2021.09", "2021-09-28"), 11)]
        columns.append(day("production" if stage == "投产" else "finish", "投产时间" if stage == "投产" else "竣工时间", ("2021年9月", "2021.09", "202109"), 11))
    return [*columns, text("department", "责任单位", 20), text("remark", "备注", 12)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    cover = desk.sheet("汇总", landscape=True)
    for stage in edition.stages:
        sheet = desk.sheet(f"{edition.third if stage == '投产' else stage}项目表", paper=8)
        table = Table(sheet, _columns(edition, stage), _LOOK)
        table.widen()
        table.title(f"周口市{edition.issue}“三个一批”活动{edition.words[stage]}项目表")
        table.line(f"填报单位：周口市发展和改革委员会    填报时间：{edition.filled}", "单位：万元")
        table.header()
        entries, ranges = edition.lists[stage], []
        for start in range(0, len(entries), _PAGE):
            if start:
                table.header()
            ranges.append(table.entries(entries[start : start + _PAGE], start + 1))
        sheet.repeat = None
        table.total("合计", ranges, at="name")
        desk.placed += table.placed
    _cover(edition, cover)
    return [desk.file(f"周口市/周口市三个一批（{edition.issue}）{edition.version}.xlsx")]


def _cover(edition: Edition, sheet: Sheet) -> None:
    """Projects and 亿元 of each county and list."""
    head = Style("黑体", 11, True, "center", True, True, "D9E1F2")
    body, money = Style("宋体", 11, align="center", border=True), Style("宋体", 11, align="center", border=True, form="0.00")
    sheet.put(1, 1, f"周口市{edition.issue}“三个一批”项目汇总表", Style("方正小标宋简体", 18, align="center"))
    sheet.merge(1, 1, 1, 9)
    sheet.put(2, 1, "单位：个、亿元", Style("宋体", 11, align="right"))
    sheet.merge(2, 1, 2, 9)
    sheet.put(3, 1, "县（市、区）", head)
    sheet.merge(3, 1, 4, 1)
    for i, name in enumerate((*edition.stages, "合计")):
        column = 2 + 2 * i
        sheet.put(3, column, name if name == "合计" else edition.words[name], head)
        sheet.merge(3, column, 3, column + 1)
        sheet.put(4, column, "个数", head)
        sheet.put(4, column + 1, "总投资", head)
    for row, place in enumerate(edition.unit.places, 5):
        sheet.put(row, 1, place.name, body)
        for i, name in enumerate(edition.stages):
            chosen = [e for e in edition.lists[name] if e.project.place == place]
            sheet.put(row, 2 + 2 * i, len(chosen), body)
            sheet.put(row, 3 + 2 * i, _yi(chosen), money)
        for offset, style in ((0, body), (1, money)):
            parts = [sheet.cells[row, 2 + 2 * i + offset].value for i in range(len(edition.stages))]
            formula = "=" + "+".join(a1(row, 2 + 2 * i + offset) for i in range(len(edition.stages)))
            sheet.put(row, 8 + offset, _added(parts), style, formula)
    last = 4 + len(edition.unit.places)
    sheet.put(last + 1, 1, "合计", head)
    for column in range(2, 10):
        values = [sheet.cells[row, column].value for row in range(5, last + 1)]
        style = Style("黑体", 11, True, "center", border=True, fill="D9E1F2", form="0.00" if column % 2 else "")
        sheet.put(last + 1, column, _added(values), style, f"=SUM({letters(column)}5:{letters(column)}{last})")
    for column in range(1, 10):
        sheet.widths[column] = 14


def _yi(entries: list[Entry]) -> Decimal:
    return sum((Decimal(e.project.total) for e in entries), Decimal(0)) / 100_000_000


def _added(values: list[Value]) -> Decimal:
    return sum((Decimal(v) for v in values if isinstance(v, int | Decimal)), Decimal(0))
