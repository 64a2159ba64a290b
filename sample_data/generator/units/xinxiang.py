"""新乡市: WPS, a sheet of instructions first, 〃 for the county above."""

from ..columns import Column, county, day, made, money, seq, text, yes
from ..office import Desk, Edition, File
from ..project import WAN
from ..table import Look, Table

_LOOK = Look("宋体", 10, "黑体", 18, "黑体", "E2EFDA", "E2EFDA", "0")
_NOTES = (
    "填 表 说 明",
    "一、本表由各县（市、区）发展改革部门会同商务部门填报，市发展改革委汇总。",
    "二、“总投资”按备案（核准、批复）文件填写，以万元为单位，不保留小数。",
    "三、签约项目须为已签订正式合同的项目，框架协议不列入。",
    "四、开工项目填实际开工时间，投产项目填实际投产时间，格式如“2021.9”。",
    "五、本次灾后恢复重建项目请在“是否灾后恢复重建项目”一栏注明。",
)


def _columns(edition: Edition, stage: str) -> list[Column]:
    columns = [
        seq(),
        county("县（市、区）", 10, above=("〃", "同上")),
        text("name", "项目名称", 32),
        text("content", "建设规模及主要内容", 46),
        text("owner", "承办单位", 26),
        text("code", "项目代码", 25, "无"),
        text("sector", "所属领域", 13, align="center"),
        money("total", "总投资\n（万元）", WAN),
        money("annual", "2021年计划投资\n（万元）", WAN, 12),
    ]
    if stage == "签约":
        columns += [text("origin", "资金来源地", 9, align="center"), day("signing", "签约\n时间", "2021.9", 8), day("start", "拟开工\n时间", "2021.9", 8)]
    else:
        columns += [money("completed", "截至目前完成投资\n（万元）", WAN, 12), day("start", "开工\n时间", "2021.9", 8), day("production" if stage == "投产" else "finish", "投产\n时间" if stage == "投产" else "竣工\n时间", "2021.9", 8)]
    if not edition.first:
        columns.append(yes("rebuild", "是否灾后恢复重建项目", ("是", "")))
    return [*columns, made("land", "用地\n（亩）", 7, lambda p: p.land), text("remark", "备注", 12)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk("wps")
    desk.lines("填表说明", _NOTES)
    for stage in edition.stages:
        sheet = desk.sheet(edition.words[stage].removesuffix("一批"), paper=8)
        table = Table(sheet, _columns(edition, stage), _LOOK)
        table.widen()
        table.title(f"新乡市{edition.issue}“三个一批”活动{edition.words[stage]}项目表")
        table.line(f"填报单位：新乡市发展和改革委员会（盖章）      {edition.filled}", "单位：万元")
        table.header()
        sheet.freeze = (table.row, 4)
        rows = table.entries(edition.lists[stage])
        table.total("合计", [rows], at="name")
        desk.placed += table.placed
    return [desk.file(f"新乡市“三个一批”项目表（{edition.issue}）{edition.version}.xlsx")]
