"""郑州市: a cover sheet and one sheet per list, with a section and a 小计 for every county."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from ..columns import Column, day, money, seq, text
from ..grid import Sheet, Style, a1
from ..office import Desk, Edition, File, by_place, ordinal
from ..project import WAN
from ..table import Look, Table, added

_LOOK = Look("仿宋_GB2312", 10, "方正小标宋简体", 20, "黑体", "D9E1F2", "F2F2F2", "#,##0")


def _columns(edition: Edition, stage: str) -> list[Column]:
    invest = "投资情况（万元）"
    columns = [
        seq(),
        text("name", "项目名称", 30),
        text("code", "项目代码", 25, "正在办理" if stage == "签约" else ""),
        text("owner", "项目（法人）单位", 24),
        text("content", "建设规模及主要内容", 44),
        text("nature", "建设性质", 6, align="center"),
        text("sector", "所属领域", 13, align="center"),
    ]
    if not edition.first:
        columns.append(text("six_new", "六新", 8, align="center"))
    columns += [money("total", (invest, "总投资"), WAN), money("annual", (invest, "2021年度计划投资"), WAN)]
    if stage != "签约":
        columns.append(money("completed", (invest, "累计完成投资"), WAN))
    times = {"签约": (("signing", "签约时间"), ("start", "计划开工时间")), "开工": (("start", "开工时间"), ("finish", "计划竣工时间")), "投产": (("start", "开工时间"), ("production", "投产时间"))}
    columns += [day(key, ("建设时间", head), "2021年9月") for key, head in times[stage]]
    return [*columns, text("department", "责任单位", 20), text("remark", "备注", 12)]


def _list(edition: Edition, desk: Desk, stage: str) -> tuple[Sheet, int, int]:
    """One list; gives its sheet, and row and column of its total."""
    sheet = desk.sheet(edition.words[stage].removesuffix("一批"), paper=8)
    table = Table(sheet, _columns(edition, stage), _LOOK)
    table.widen()
    table.title(f"郑州市{edition.issue}“三个一批”活动{edition.words[stage]}项目清单")
    table.line("填报单位（盖章）：郑州市发展和改革委员会", f"填报日期：{edition.filled}    单位：万元")
    table.header()
    sheet.freeze = (table.row, 3)
    subtotals, number = [], 1
    for index, (county, entries) in enumerate(by_place(edition.lists[stage]), 1):
        table.section(f"（{ordinal(index)}）{county}")
        rows = table.entries(entries, number)
        number += len(entries)
        row = table.total("小计", [rows], at="name")
        subtotals.append((row, row))
    total = table.total("合计", subtotals, "plus", count=f"共{number - 1}个项目")
    table.note("注：总投资以备案（核准、批复）文件为准；跨县（市、区）项目由主体工程所在地填报。")
    desk.placed += table.placed
    return sheet, total, table.column("total")


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    cover = desk.sheet("汇总表", landscape=False)
    lists = [_list(edition, desk, stage) for stage in edition.stages]
    _cover(edition, cover, lists)
    return [desk.file(f"郑州市/郑州市{edition.issue}“三个一批”项目汇总及清单{edition.version}.xlsx")]


def _cover(edition: Edition, sheet: Sheet, lists: list[tuple[Sheet, int, int]]) -> None:
    heads = ("批次", "项目个数（个）", "总投资（亿元）", "备注")
    for column, (head, width) in enumerate(zip(heads, (22, 18, 20, 24), strict=True), 1):
        sheet.put(4, column, head, Style("黑体", 14, True, "center", True, True, "D9E1F2"))
        sheet.widths[column] = width
    sheet.put(1, 1, f"郑州市{edition.issue}“三个一批”活动项目汇总表", Style("方正小标宋简体", 20, align="center"))
    sheet.merge(1, 1, 1, 4)
    sheet.put(2, 1, "填报单位（盖章）：郑州市发展和改革委员会", Style("仿宋_GB2312", 12))
    sheet.merge(2, 1, 2, 4)
    body = Style("仿宋_GB2312", 14, align="center", border=True)
    for row, (stage, (source, total, column)) in enumerate(zip(edition.stages, lists, strict=True), 5):
        sheet.put(row, 1, edition.words[stage], body)
        sheet.put(row, 2, len(edition.lists[stage]), body)
        _yi(sheet, row, [(source, total, column)], replace(body, form="0.0"))
        sheet.put(row, 4, None, body)
    row = 5 + len(lists)
    bold = replace(body, font="黑体", bold=True)
    sheet.put(row, 1, "合计", bold)
    sheet.put(row, 2, sum(len(edition.lists[stage]) for stage in edition.stages), bold, f"=SUM(B5:B{row - 1})")
    _yi(sheet, row, lists, replace(bold, form="0.0"))
    sheet.put(row, 4, None, body)
    for r in range(1, row + 1):
        sheet.heights[r] = 34


def _yi(sheet: Sheet, row: int, totals: list[tuple[Sheet, int, int]], style: Style) -> None:
    """The sum of totals in 亿元, rounded to one decimal: the details agree with it within rounding only."""
    cells = "+".join(f"{source.name}!{a1(total, column)}" for source, total, column in totals)
    wan = added(source.cells[total, column] for source, total, column in totals)
    value = (Decimal(wan) / 10_000).quantize(Decimal("0.1"), ROUND_HALF_UP)
    sheet.put(row, 3, value, style, f"=ROUND(({cells})/10000,1)")
