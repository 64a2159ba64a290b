"""平顶山市: WPS, all three lists on one sheet with a 类别 column, and a hidden sheet for the drop-down lists."""

from ..columns import Column, county, day, money, seq, stage, text, yes
from ..grid import Sheet, Style
from ..office import Desk, Edition, File
from ..project import YI
from ..table import Look, Table

_LOOK = Look("宋体", 10, "宋体", 16, "宋体", "FFF2CC", "", "0.00")
_WORDS = {"签约": "签约", "开工": "开工", "投产": "投产"}


def _columns(edition: Edition) -> list[Column]:
    columns = [
        seq(),
        stage("类别", _WORDS),
        text("name", "项目名称", 32),
        county("建设地点", 16, prefix="平顶山市"),
        text("content", "项目简介", 48),
        text("owner", "投资主体（企业名称）", 28),
        text("sector", "所属行业", 14, align="center"),
        text("chain", "产业链", 12, "/", "center"),
        money("total", "总投资（亿元）", YI, 9),
        money("annual", "年度计划投资（亿元）", YI, 9),
        money("completed", "已完成投资（亿元）", YI, 9, zero="—"),
        day("start", "开工（拟开工）时间", "2021.09", 9),
        day("finish", "建成（拟建成）时间", "2021.09", 9),
    ]
    if not edition.first:
        columns.append(yes("rebuild", "是否灾后重建"))
    return [*columns, text("remark", "备注", 14)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk("wps")
    sheet = desk.sheet("项目台账", paper=8)
    table = Table(sheet, _columns(edition), _LOOK)
    table.widen()
    table.title(f"平顶山市“三个一批”重大项目台账（{edition.issue}）")
    table.line(f"填报单位：平顶山市重点项目建设服务中心    {edition.filled}", "单位：亿元")
    top = table.row
    table.header()
    sheet.freeze = (table.row, 4)
    sheet.autofilter = (top, 1, top, table.right)
    entries = [entry for name in edition.stages for entry in edition.lists[name]]
    first, last = table.entries(entries)
    table.total("合计", [(first, last)], count=f"共{len(entries)}个")
    column = table.column("stage")
    sheet.choices.append((column, first, last, "=字典!$A$2:$A$4"))
    sector = table.column("sector")
    sheet.choices.append((sector, first, last, "=字典!$B$2:$B$6"))
    desk.placed += table.placed
    _dictionary(desk.sheet("字典", hidden=True))
    return [desk.file(f"平顶山/平顶山市三个一批项目台账-{edition.issue}{edition.version}.xlsx")]


def _dictionary(sheet: Sheet) -> None:
    lists = (("类别", *_WORDS.values()), ("所属行业", "先进制造业", "战略性新兴产业", "重大基础设施", "现代服务业", "社会民生"))
    for column, values in enumerate(lists, 1):
        sheet.widths[column] = 16
        for row, value in enumerate(values, 1):
            sheet.put(row, column, value, Style(bold=row == 1))
