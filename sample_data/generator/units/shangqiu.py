"""商丘市: WPS, filter buttons, totals by SUBTOTAL that leave out what is hidden."""

from ..columns import Column, county, day, made, money, seq, text
from ..grid import a1
from ..office import Desk, Edition, File, WrongTotal
from ..project import WAN
from ..table import Look, Table

_LOOK = Look("微软雅黑", 9, "微软雅黑", 16, "微软雅黑", "D9E1F2", "D9E1F2", "0")


def _columns(edition: Edition, stage: str) -> list[Column]:
    columns = [
        seq(),
        text("name", "项目名", 32),
        county("市（县、区）", 10),
        text("owner", "企业名称" if stage == "签约" else "项目单位", 28),
        text("content", "项目概况", 50),
        text("sector", "产业类型", 14, align="center"),
        money("total", "投资额（万元）", WAN),
        money("annual", "当年计划投资（万元）", WAN),
    ]
    if stage == "签约":
        columns += [day("signing", "签约时间", ("2021-09-28", "2021/9/28", "2021.09.28")), text("origin", "投资方来源地", 10, align="center")]
    else:
        columns += [money("completed", "累计投资（万元）", WAN), day("start", "开工时间", ("2021-09-28", "2021/9/28", "2021.09.28"))]
        columns.append(day("production", "投产时间", "2021-09-28") if stage == "投产" else day("finish", "竣工时间", ("2021年9月", "2021年底")))
    if not edition.first:
        columns.append(made("output", "预计年产值（万元）", 11, lambda p: p.output // WAN, "right"))
    return [*columns, text("progress", "进展情况", 20), text("remark", "备注", 12)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk("wps")
    for stage in edition.stages:
        sheet = desk.sheet(f"{edition.third if stage == '投产' else stage}项目（{edition.issue}）")
        table = Table(sheet, _columns(edition, stage), _LOOK)
        table.widen()
        table.title(f"商丘市{edition.issue}“三个一批”{edition.words[stage]}项目")
        table.line("填报单位：商丘市重点项目服务中心", "单位：万元")
        top = table.row
        table.header()
        sheet.freeze = (table.row, 3)
        first, last = table.entries(edition.lists[stage])
        sheet.autofilter = (top, 1, last, table.right)
        total = table.total("合计", [(first, last)], "visible", at="name")
        if sheet.hidden_rows:
            desk.wrong_total = WrongTotal(sheet.name, a1(total, table.column("total")), stage, "hidden_row")
        desk.placed += table.placed
    return [desk.file(f"商丘/商丘市“三个一批”项目（{edition.issue}）{edition.version}.xlsx")]
