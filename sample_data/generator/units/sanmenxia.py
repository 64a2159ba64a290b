"""三门峡市: a csv in GB18030, saved from a workbook with its title."""

from ..columns import Column, county, day, made, money, seq, stage, text
from ..office import Desk, Edition, File
from ..project import WAN
from ..table import Table


def _columns(edition: Edition) -> list[Column]:
    return [
        seq(),
        stage("项目类别", {"签约": "签约项目", "开工": "开工项目", "投产": f"{edition.third}项目"}),
        county("县（市、区）"),
        text("name", "项目名称", 30),
        text("owner", "项目单位", 26),
        text("code", "项目代码", 25),
        text("content", "建设规模及主要内容", 40),
        text("sector", "所属领域", 13),
        money("total", "总投资（万元）", WAN),
        money("annual", "2021年计划投资（万元）", WAN),
        money("completed", "累计完成投资（万元）", WAN),
        day("start", "开工时间", "2021/9/28"),
        day("finish", "竣工时间", "2021/9/28"),
        made("output", "达产后年产值（万元）", 12, lambda p: p.output // WAN),
        text("remark", "备注", 12),
    ]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    sheet = desk.sheet("三门峡市")
    table = Table(sheet, _columns(edition))
    table.title(f"三门峡市“三个一批”项目清单（{edition.issue}）")
    table.line("填报单位：三门峡市发展和改革委员会", "单位：万元")
    table.header()
    entries = [entry for name in edition.stages for entry in edition.lists[name]]
    rows = table.entries(entries)
    table.total("合计", [rows], "typed", count=f"{len(entries)}个")
    desk.placed += table.placed
    return [desk.file(f"三门峡市/三门峡市三个一批清单（{edition.issue}）{edition.version}.csv")]
