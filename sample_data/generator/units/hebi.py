"""鹤壁市: xls with a header of three levels, amounts of each source of money, typed totals."""

from ..columns import Column, county, day, made, money, seq, text
from ..office import Desk, Edition, File
from ..project import WAN, Project
from ..table import Look, Table

_LOOK = Look("宋体", 11, "宋体", 20, "宋体", "D9E1F2")
_INVEST = "投资情况（万元）"
_SOURCES = "资金来源"


def _loan(project: Project) -> int:
    return project.total // WAN * 3 // 10


def _budget(project: Project) -> int:
    return project.total // WAN // 5 if project.sector in ("重大基础设施", "社会民生") else 0


def _own(project: Project) -> int:
    return project.total // WAN - _loan(project) - _budget(project)


def _columns(edition: Edition, stage: str) -> list[Column]:
    columns = [seq("编号"), text("name", "工程名称", 30), county("项目属地", 11), text("owner", "建设单位", 26), text("nature", "建设性质", 6, align="center"), text("content", "建设规模与内容", 44)]
    columns += [
        money("total", (_INVEST, "计划总投资", "合计"), WAN),
        made("own", (_INVEST, "计划总投资", "自筹资金"), 10, _own, "right"),
        made("loan", (_INVEST, "计划总投资", "银行贷款"), 10, _loan, "right"),
        made("budget", (_INVEST, "计划总投资", "政府资金"), 10, _budget, "right"),
        money("annual", (_INVEST, "本年度投资计划"), WAN),
    ]
    if stage != "签约":
        columns.append(money("completed", (_INVEST, "开工以来累计完成投资"), WAN))
    times = {"签约": (("signing", "签约"), ("start", "计划开工")), "开工": (("start", "开工"), ("finish", "竣工")), "投产": (("start", "开工"), ("finish", "竣工"), ("production", "投产"))}
    columns += [day(key, ("时间安排", head), ("2021.09", "2021年9月")) for key, head in times[stage]]
    return [*columns, made("land", "用地面积（亩）", 8, lambda p: p.land), text("progress", "项目进展", 20), text("remark", "备注", 12)]


def build(edition: Edition) -> list[File]:
    """The files of one edition."""
    desk = Desk()
    for stage in edition.stages:
        sheet = desk.sheet(f"{edition.third if stage == '投产' else stage}项目", paper=8)
        table = Table(sheet, _columns(edition, stage), _LOOK)
        table.widen()
        table.title(f"鹤壁市{edition.issue}“三个一批”{edition.words[stage]}项目情况表")
        table.line("填报单位（盖章）：鹤壁市发展和改革委员会", "计量单位：万元、亩")
        table.header()
        rows = table.entries(edition.lists[stage])
        table.total("合计", [rows], "typed", at="name")
        table.row += 1
        table.note(f"单位负责人（签章）：              审核（签章）：              报出日期：{edition.filled}", merge=False)
        desk.placed += table.placed
    return [desk.file(f"鹤壁/鹤壁市“三个一批”项目情况表（{edition.issue}）{edition.version}.xls")]
