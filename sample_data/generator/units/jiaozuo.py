"""焦作市: xls, three tables below each other on one sheet, 亿元."""

from ..columns import Column, county, day, money, seq, text
from ..office import Desk, Edition, File
from ..project import STAGES, YI
from ..table import Look, Table

_LOOK = Look("宋体", 10, "宋体", 16, "宋体", "", "", "0.00_ ")


def _columns(stage: str) -> list[Column]:
    date = {"签约": "签约时间", "开工": "开工时间", "投产": "竣工投产时间"}[stage]
    key = {"签约": "signing", "开工": "start", "投产": "production"}[stage]
    return [
        seq(),
        text("name", {"签约": "签约项目名称", "开工": "开工项目名称", "投产": "投产项目名称"}[stage], 34),
        text("owner", "投资方" if stage == "签约" else "项目单位", 28),
        county("所属县区", 10),
        text("content", "主要建设内容", 50),
        text("sector", "领域", 14, align="center"),
        money("total", "投资总额（亿元）", YI, 10),
        money("annual", "2021年度计划投资（亿元）", YI, 11),
        day(key, date, ("2021年9月", "2021年9月28日"), 16),
        text("remark", "备注", 14),
    ]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    sheet = desk.sheet("焦作市")
    row = 1
    for stage in edition.stages:
        table = Table(sheet, _columns(stage), _LOOK, row)
        table.widen()
        table.title(f"表{STAGES.index(stage) + 1}  焦作市“三个一批”活动{edition.words[stage]}项目（{edition.issue}）")
        table.line("填报单位：焦作市发展和改革委员会", "单位：亿元")
        table.header()
        rows = table.entries(edition.lists[stage])
        table.total("合计", [rows], count=f"{len(edition.lists[stage])}项")
        desk.placed += table.placed
        row = table.row + 2
    sheet.repeat = None
    return [desk.file(f"焦作市/焦作市三个一批{edition.issue}报送表{edition.version}.xls")]
