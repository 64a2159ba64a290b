"""漯河市: xls, the list in a merged column at the left, 小计 after each and 总计 at the end."""

from ..columns import Column, county, day, money, seq, stage, text, years
from ..office import Desk, Edition, File
from ..project import WAN
from ..table import Look, Table

_LOOK = Look("宋体", 11, "宋体", 18, "宋体", "F2F2F2", "F2F2F2", "#,##0")


def _columns(edition: Edition) -> list[Column]:
    return [
        stage("批次", edition.words, merged=True),
        seq(),
        county("市、县区", 12, prefix="漯河市"),
        text("name", "项目名称", 32),
        text("owner", "项目业主单位", 26),
        text("content", "主要建设规模及内容", 46),
        text("sector", "所属产业", 13, align="center"),
        money("total", "总投资额（万元）", WAN, 12),
        money("annual", "年度投资（万元）", WAN, 12),
        years("建设起止年月", months=True),
        day("signing", "签约时间", "2021年9月", 11),
        text("progress", "目前进展", 18),
        text("remark", "备注", 12),
    ]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    sheet = desk.sheet(f"{edition.issue}", paper=8)
    table = Table(sheet, _columns(edition), _LOOK)
    table.widen()
    table.title(f"漯河市{edition.issue}“三个一批”项目一览表")
    table.line("填报单位：漯河市发展和改革委员会", "金额单位：万元")
    table.header()
    sheet.freeze = (table.row, 5)
    subtotals = []
    for name in edition.stages:
        rows = table.entries(edition.lists[name])
        row = table.total("小计", [rows], at="name")
        subtotals.append((row, row))
    table.total("总计", subtotals, "plus", at="name")
    desk.placed += table.placed
    return [desk.file(f"漯河市/漯河市{edition.issue}三个一批项目一览表{edition.version}.xls")]
