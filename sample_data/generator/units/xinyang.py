"""信阳市: xls, the table begins in B2, 亿元 in a cell of its own, dates with slashes."""

from ..columns import Column, county, day, money, seq, text
from ..office import Desk, Edition, File
from ..project import YI
from ..table import Look, Table

_LOOK = Look("楷体", 11, "黑体", 18, "楷体", "", "", "0.00")


def _columns(edition: Edition, stage: str) -> list[Column]:
    times = {"签约": (("signing", "签约时间"), ("start", "计划开工时间")), "开工": (("start", "开工时间"), ("finish", "竣工时间")), "投产": (("finish", "竣工时间"), ("production", "投产时间"))}
    columns = [
        seq(),
        county("县区", 10),
        text("owner", "投资主体", 26),
        text("name", "项目名称", 32),
        text("content", "建设规模及内容", 46),
        text("sector", "领域类别", 14, align="center"),
        money("total", "总投资", YI, 9),
        money("annual", "年计划投资", YI, 9),
    ]
    if stage != "签约":
        columns.append(money("completed", "已完成投资", YI, 9))
    return columns + [day(key, head, ("2021/9/28", "2021.9"), 11) for key, head in times[stage]] + [text("remark", "说明", 14)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    for stage in edition.stages:
        sheet = desk.sheet(edition.words[stage].removesuffix("一批"))
        table = Table(sheet, _columns(edition, stage), _LOOK, row=2, left=2)
        sheet.widths[1] = 2
        table.widen()
        table.title(f"信阳市{edition.words[stage]}项目表", f"{edition.issue}“三个一批”")
        table.line("填报单位：信阳市发展和改革委员会", "单位：亿元", at=table.right - 1, merge=False)
        table.header()
        rows = table.entries(edition.lists[stage])
        table.total("合计", [rows], at="name")
        desk.placed += table.placed
    return [desk.file(f"信阳市/信阳市“三个一批”项目表（{edition.issue}）{edition.version}.xls")]
