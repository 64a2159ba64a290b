"""洛阳市: one xls per list, with project and credit codes and date cells."""

from ..columns import Column, county, day, money, seq, text
from ..office import Desk, Edition, File
from ..project import STAGES, WAN
from ..table import Look, Table

_LOOK = Look("仿宋", 11, "黑体", 20, "黑体", "", "", "0")
_MONTH = 'cell:yyyy"年"m"月"'


def _columns(edition: Edition, stage: str) -> list[Column]:
    invest = "投资额（万元）"
    columns = [
        seq(),
        text("name", "项目名称", 32),
        county("所在县（市、区）", 11),
        text("owner", "项目单位", 28),
        text("credit", "统一社会信用代码", 25, align="center"),
        text("code", "投资项目在线审批监管平台代码", 30, "——", align="center"),
        text("content", "建设规模及主要建设内容", 46),
        text("sector", "产业类别", 14, align="center"),
        money("total", (invest, "总投资"), WAN),
        money("annual", (invest, "其中：2021年度计划投资"), WAN),
    ]
    if stage == "签约":
        columns.append(money("contracted", (invest, "合同引资"), WAN))
        return [*columns, day("signing", "签约日期", "cell:yyyy-mm-dd", 13), day("start", "拟开工日期", _MONTH, 14), text("remark", "备注", 14)]
    columns.append(money("completed", (invest, "截至目前累计完成投资"), WAN))
    last = ("production", "实际投产时间") if stage == "投产" else ("finish", "计划竣工时间")
    return [*columns, day("start", "实际开工时间", _MONTH, 14), day(*last, _MONTH, 14), text("progress", "形象进度", 18), text("remark", "备注", 14)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    return [_file(edition, stage) for stage in edition.stages]


def _file(edition: Edition, stage: str) -> File:
    desk = Desk()
    sheet = desk.sheet("Sheet1", paper=8)
    table = Table(sheet, _columns(edition, stage), _LOOK)
    table.widen()
    table.line(f"附件{STAGES.index(stage) + 1}", merge=False)
    table.title(f"洛阳市{edition.issue}“三个一批”活动", f"{edition.words[stage]}项目清单")
    table.line("填报单位（盖章）：洛阳市发展和改革委员会", "单位：万元")
    table.header()
    sheet.freeze = (table.row, 3)
    rows = table.entries(edition.lists[stage])
    table.total("合  计", [rows], at="name")
    table.note(f"填报日期：{edition.filled}", merge=False)
    desk.placed += table.placed
    return desk.file(f"洛阳市/洛阳市{edition.issue}{edition.third if stage == '投产' else stage}项目清单{edition.version}.xls")
