"""安阳市: one sheet, three sections whose own lines carry number and sums."""

from ..columns import Column, county, day, money, seq, text, years
from ..office import Desk, Edition, File, ordinal
from ..project import WAN
from ..table import Look, Table

_LOOK = Look("仿宋", 10, "方正小标宋_GBK", 18, "黑体", "", "F2F2F2")


def _columns(edition: Edition) -> list[Column]:
    columns = [
        seq(),
        text("name", "项目名称", 30),
        text("content", "建设规模及内容", 46),
        text("owner", "项目业主", 26),
        county("项目所在地", 10),
        text("sector", "领域", 13, align="center"),
        years("建设起止年限"),
        money("total", ("投资（万元）", "总投资"), WAN),
        money("annual", ("投资（万元）", "年度投资计划"), WAN),
        money("completed", ("投资（万元）", "累计完成投资"), WAN),
    ]
    if not edition.first:
        columns += [day("signing", "签约时间", ("2021.9", "2021年9月")), text("code", "项目代码", 25, "/")]
    return [*columns, text("department", "责任单位", 18), text("remark", "备 注", 12)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    sheet = desk.sheet("三个一批", paper=8)
    table = Table(sheet, _columns(edition), _LOOK)
    table.widen()
    table.title(f"安阳市{edition.issue}“三个一批”项目清单")
    table.line("填报单位：安阳市发展和改革委员会", f"{edition.filled}      单位：万元")
    table.header()
    sheet.freeze = (table.row, 3)
    grand = table.row
    table.row += 1
    heads = []
    for index, name in enumerate(edition.stages, 1):
        head = table.row
        table.row += 1
        rows = table.entries(edition.lists[name])
        word = edition.words[name].removesuffix("一批")
        table.total(f"{ordinal(index)}、{word}项目（{len(edition.lists[name])}个）", [rows], at="name", row=head)
        heads.append((head, head))
    table.total("总计", heads, "plus", at="name", row=grand)
    table.note("说明：投资计划以县（市、区）上报为准，“年度投资计划”为2021年全年计划。")
    desk.placed += table.placed
    return [desk.file(f"安阳市/安阳市{edition.issue}三个一批项目清单{edition.version}.xlsx")]
