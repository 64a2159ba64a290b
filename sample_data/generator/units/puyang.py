"""濮阳市: the export of a web system: header in the first row, every value a text."""

from collections.abc import Callable

from ..columns import Column, Entry, Place, const, day, made, stage, text
from ..grid import Value
from ..office import Desk, Edition, File
from ..project import WAN
from ..table import Look, Table

_LOOK = Look("宋体", 11, head_font="宋体", head_fill="D9E1F2")


def _amount(key: str) -> Callable[[Entry, Place], Value]:
    return lambda entry, _: f"{getattr(entry.project, key) // WAN}.00"


def _columns(edition: Edition) -> list[Column]:
    return [
        Column("seq", ("序号",), 6, lambda _, at: str(at.number), "center"),
        stage("三个一批类别", edition.words),
        const("city", "省辖市", 9, "濮阳市"),
        made("county", "县区", 11, lambda p: p.place.name),
        made("region", "行政区划代码", 12, lambda p: p.place.region),
        text("name", "项目名称", 36),
        text("code", "项目代码", 27),
        text("owner", "项目法人单位", 28),
        text("credit", "统一社会信用代码", 23),
        text("nature", "建设性质", 9, align="center"),
        text("sector", "所属领域", 15),
        text("content", "建设内容及规模", 60),
        Column("total", ("总投资（万元）",), 14, _amount("total"), "right", unit=WAN),
        Column("annual", ("本年度计划投资（万元）",), 14, _amount("annual"), "right", unit=WAN),
        Column("completed", ("累计完成投资（万元）",), 14, _amount("completed"), "right", unit=WAN),
        day("signing", "签约日期", "2021-09-28", 12),
        day("start", "开工日期", "2021-09-28", 12),
        day("finish", "竣工日期", "2021-09-28", 12),
        text("progress", "进展情况", 24),
        text("remark", "备注", 14),
    ]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk("export")
    sheet = desk.sheet("sheet0")
    table = Table(sheet, _columns(edition), _LOOK)
    table.widen()
    table.header()
    table.entries([entry for name in edition.stages for entry in edition.lists[name]])
    sheet.repeat = None
    desk.placed += table.placed
    stamp = "20210702" if edition.first else "20210927"
    return [desk.file(f"濮阳/濮阳市项目管理系统导出_{edition.issue}_{stamp}{edition.version}.xlsx")]
