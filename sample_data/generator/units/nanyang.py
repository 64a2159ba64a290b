"""南阳市: the total right below the header, years and months of construction in one cell."""

from ..columns import Column, county, day, money, seq, text, years
from ..grid import a1
from ..office import Desk, Edition, File, WrongTotal
from ..project import WAN
from ..table import Look, Table

_LOOK = Look("仿宋_GB2312", 11, "方正小标宋简体", 22, "黑体", "", "FFF2CC", "0")


def _columns(edition: Edition, stage: str) -> list[Column]:
    columns = [
        seq("序\n号"),
        county("所在市县", 9),
        text("name", "项目名称", 30),
        text("sector", "行业", 13, align="center"),
        text("nature", "建设\n性质", 6, align="center"),
        text("owner", "业主单位", 26),
        text("content", "建设内容和规模", 48),
        years("建设\n年限", "production" if stage == "投产" else "finish", months=True),
        money("total", ("投资规模（万元）", "总投资"), WAN, 11),
        money("annual", ("投资规模（万元）", "2021年\n计划投资"), WAN, 11),
    ]
    if stage == "签约":
        columns += [money("contracted", ("投资规模（万元）", "合同\n引资"), WAN, 11), day("signing", "签约\n时间", "2021年9月28日", 15)]
    else:
        columns.append(money("completed", ("投资规模（万元）", "累计完成\n投资"), WAN, 11))
    return [*columns, text("department", "责任单位", 20), text("remark", "备注", 12)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    for stage in edition.stages:
        sheet = desk.sheet(f"{edition.third if stage == '投产' else stage}", paper=8)
        table = Table(sheet, _columns(edition, stage), _LOOK)
        table.widen()
        table.title(f"南阳市{edition.issue}“三个一批”{edition.words[stage]}项目台账")
        table.line(f"南阳市发展和改革委员会（盖章）      {edition.filled}", "单位：万元")
        table.header()
        sheet.freeze = (table.row, 4)
        top = table.row
        table.row += 1
        first, last = table.entries(edition.lists[stage])
        short = edition.short_total == stage
        table.total("合计", [(first, last - 1 if short else last)], at="name", row=top)
        if short:
            desk.wrong_total = WrongTotal(sheet.name, a1(top, table.column("total")), stage, "formula_range_short")
        desk.placed += table.placed
    return [desk.file(f"南阳市/南阳市{edition.issue}三个一批台账{edition.version}.xlsx")]
