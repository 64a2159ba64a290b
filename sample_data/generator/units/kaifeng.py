"""开封市: LibreOffice, 亿元, the total above the rows, counties in merged cells."""

from ..columns import Column, county, day, money, seq, text
from ..office import Desk, Edition, File
from ..project import YI
from ..table import Look, Table

_LOOK = Look("宋体", 10, "黑体", 18, "宋体", "", "E2EFDA", "0.00")


def _columns(edition: Edition, stage: str) -> list[Column]:
    end = ("production", "投产时间") if stage == "投产" else ("finish", "预计竣工时间")
    columns = [
        seq(),
        county("县区", 9, merged=True, words={"城乡一体化示范区": "示范区"}),
        text("name", "项目名称", 30),
        text("owner", "建设单位", 26),
        text("content", "主要建设内容及规模", 46),
        text("sector", "行业领域", 14, align="center"),
        money("total", "总投资\n（亿元）", YI, 9, "0.00"),
    ]
    if stage != "投产":
        columns.append(money("annual", "2021年度计划投资（亿元）", YI, 10, "0.00"))
    if stage == "签约":
        columns.append(money("contracted", "合同引资\n（亿元）", YI, 9, "0.00"))
        return [*columns, day("signing", "签约时间", "2021-09-28"), text("origin", "投资方所在地", 10, align="center"), text("remark", "备注", 12)]
    columns.append(money("completed", "累计完成投资（亿元）", YI, 10, "0.00"))
    return [*columns, day("start", "开工时间", "2021-09"), day(*end, "2021-09"), text("remark", "备注", 12)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    for stage in edition.stages:
        sheet = desk.sheet(edition.words[stage])
        table = Table(sheet, _columns(edition, stage), _LOOK)
        table.widen()
        table.title(f"开封市{edition.words[stage]}项目台账", f"（全省{edition.issue}“三个一批”活动）")
        table.line("报送单位：开封市发展改革委", "单位：亿元")
        table.header()
        top = table.row
        table.row += 1
        rows = table.entries(edition.lists[stage])
        table.total("合计", [rows], row=top, count=f"{len(edition.lists[stage])}个")
        table.note("备注：1.本表由各县区发展改革部门会同商务部门填报。2.投资额保留两位小数。")
        desk.placed += table.placed
    return [desk.file(f"02开封市/开封市三个一批台账（{edition.issue}）{edition.version}.ods")]
