"""郑州航空港区: WPS's own .et, three short lists without a county column."""

from ..columns import Column, day, made, money, seq, text
from ..office import Desk, Edition, File
from ..project import WAN
from ..table import Look, Table

_LOOK = Look("宋体", 12, "黑体", 20, "黑体", "", "", "#,##0")


def _columns(edition: Edition, stage: str) -> list[Column]:
    end = {"签约": ("signing", "签约时间"), "开工": ("start", "开工时间"), "投产": ("production", "投产时间")}[stage]
    columns = [
        seq(),
        text("name", "项目名称", 34),
        text("owner", "建设主体", 28),
        text("content", "建设内容", 50),
        text("sector", "产业领域", 14, align="center"),
        money("total", "总投资", WAN),
        money("annual", "2021年投资计划", WAN),
    ]
    if stage == "开工" and not edition.first:
        columns.append(text("code", "项目赋码", 26))
    return [*columns, day(*end, "2021年9月28日", 15), made("land", "占地面积（亩）", 9, lambda p: p.land), text("remark", "备注", 12)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    for stage in edition.stages:
        table = Table(desk.sheet(edition.words[stage]), _columns(edition, stage), _LOOK)
        table.widen()
        table.title(f"航空港区{edition.issue}“三个一批”{edition.words[stage]}项目")
        table.line("填报单位：郑州航空港经济综合实验区经济发展局", "单位：万元")
        table.header()
        rows = table.entries(edition.lists[stage])
        table.total("合计", [rows], at="name")
        desk.placed += table.placed
    return [desk.file(f"郑州航空港区/航空港区三个一批项目（{edition.issue}）{edition.version}.et")]
