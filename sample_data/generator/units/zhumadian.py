"""驻马店市: xls, one sheet per county, each with a 类别 column."""

from ..columns import Column, county, day, money, seq, stage, text
from ..office import Desk, Edition, File
from ..project import WAN
from ..table import Look, Table

_LOOK = Look("宋体", 11, "宋体", 16, "宋体", "", "", "0")


def _columns(edition: Edition) -> list[Column]:
    return [
        seq(),
        stage("三个一批", {"签约": "签约", "开工": "开工", "投产": edition.third}),
        text("name", "项目名称", 32),
        county("县区", 9),
        text("owner", "项目法人", 26),
        text("content", "建设规模与内容", 48),
        text("sector", "投资领域", 14, align="center"),
        money("total", "总投资（万元）", WAN),
        money("annual", "年度目标（万元）", WAN),
        money("completed", "累计完成（万元）", WAN),
        day("start", "开工时间", 'cell:yyyy/m/d', 11),
        day("finish", "竣工时间", 'cell:yyyy/m/d', 11),
        text("remark", "备注", 14),
    ]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    for place in edition.unit.places:
        entries = [e for name in edition.stages for e in edition.lists[name] if e.project.place == place]
        if not entries:
            continue
        table = Table(desk.sheet(place.name), _columns(edition), _LOOK)
        table.widen()
        table.title(f"驻马店市{edition.issue}“三个一批”项目表")
        table.line(f"填报单位：{place.name}发展和改革委员会", "单位：万元")
        table.header()
        rows = table.entries(entries)
        table.total("合计", [rows], at="name")
        desk.placed += table.placed
    return [desk.file(f"驻马店市/驻马店市分县区三个一批项目表（{edition.issue}）{edition.version}.xls")]
