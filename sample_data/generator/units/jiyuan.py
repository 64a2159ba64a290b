"""济源示范区: one sheet, three sections, amounts written with their unit: 3.5亿元, 8600万元."""

from ..columns import Column, day, money_text, seq, text
from ..office import Desk, Edition, File, ordinal
from ..project import YI
from ..table import Look, Table

_LOOK = Look("仿宋", 12, "方正小标宋简体", 20, "黑体")


def _columns(edition: Edition) -> list[Column]:
    columns = [
        seq(),
        text("name", "项目名称", 34),
        text("owner", "项目单位", 28),
        text("content", "建设规模及主要内容", 50),
        text("sector", "所属领域", 15, align="center"),
        money_text("total", "总投资", 13),
        money_text("annual", "年度计划投资", 13),
        money_text("completed", "累计完成投资", 13),
        day("start", "开工时间", "2021年9月", 12),
        day("finish", "竣工时间", ("2021年9月", "2021年底"), 12),
    ]
    return columns + ([] if edition.first else [text("six_new", "六新领域", 9, "/", "center")]) + [text("remark", "备注", 14)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    sheet = desk.sheet("济源示范区")
    table = Table(sheet, _columns(edition), _LOOK)
    table.widen()
    table.title(f"济源示范区{edition.issue}“三个一批”项目清单")
    table.line("填报单位：济源产城融合示范区发展改革和统计局", edition.filled)
    table.header()
    for index, name in enumerate(edition.stages, 1):
        entries = edition.lists[name]
        total = sum(e.project.total for e in entries)
        table.section(f"{ordinal(index)}、{edition.words[name].removesuffix('一批')}项目（共{len(entries)}个，总投资{_yi(total)}亿元）")
        table.entries(entries)
    desk.placed += table.placed
    return [desk.file(f"济源示范区/济源示范区三个一批项目清单（{edition.issue}）{edition.version}.xlsx")]


def _yi(yuan: int) -> str:
    return f"{yuan // YI}.{yuan % YI * 100 // YI:02d}"
