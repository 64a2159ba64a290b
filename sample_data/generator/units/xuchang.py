"""许昌市: 总投资 in 亿元 beside 年度计划投资 in 万元, counties as section rows."""

from ..columns import Column, day, money, seq, text
from ..office import Desk, Edition, File, by_place, ordinal
from ..project import WAN, YI
from ..table import Look, Table

_LOOK = Look("仿宋", 11, "方正小标宋简体", 20, "黑体", "", "FFF2CC")


def _columns(edition: Edition, stage: str) -> list[Column]:
    columns = [
        seq(),
        text("name", "项  目  名  称", 32),
        text("owner", "实施单位", 26),
        text("content", "项目建设内容", 46),
        text("sector", "产业分类", 13, align="center"),
        money("total", "总投资（亿元）", YI, 10),
        money("annual", "2021年度计划投资（万元）", WAN, 12),
    ]
    if stage == "签约":
        columns += [money("contracted", "合同引资额（亿元）", YI, 10), day("signing", "签约日期", "20210928", 10)]
    else:
        columns += [money("completed", "累计完成投资（万元）", WAN, 12), day("start", "开工年月", "202109", 9)]
        columns.append(day("production", "投产年月", "202109", 9) if stage == "投产" else day("finish", "计划竣工年月", "202109", 9))
    if not edition.first:
        columns.append(text("chain", "所属产业链", 12, "—", "center"))
    return [*columns, text("remark", "备注", 12)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    for stage in edition.stages:
        sheet = desk.sheet(f"{edition.third if stage == '投产' else stage}一批")
        table = Table(sheet, _columns(edition, stage), _LOOK)
        table.widen()
        table.title(f"许昌市“三个一批”{edition.words[stage]}项目清单\n（{edition.issue}）", size=18)
        sheet.heights[1] = 52
        table.line("编报单位：许昌市发展和改革委员会", edition.filled)
        table.header()
        sheet.freeze = (table.row, 3)
        ranges, number = [], 1
        for index, (place, entries) in enumerate(by_place(edition.lists[stage]), 1):
            table.section(f"{ordinal(index)}、{place}（{len(entries)}个）")
            ranges.append(table.entries(entries, number))
            number += len(entries)
        table.total("合计", [(ranges[0][0], ranges[-1][1])], at="name")
        desk.placed += table.placed
    return [desk.file(f"许昌市/许昌市{edition.issue}三个一批项目{edition.version}.xlsx")]
