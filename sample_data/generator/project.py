"""One project, and how it is invented."""

from dataclasses import dataclass
from typing import NamedTuple

from .codes import credit_code, project_code
from .dice import Dice
from .places import Place, Unit
from .words import (
    INFRASTRUCTURE,
    LIVELIHOOD,
    MADE,
    ORIGINS,
    PROGRESS,
    REBUILDING,
    SERVICES,
    STRATEGIC,
    Product,
    Work,
    brand,
)

STAGES = ("签约", "开工", "投产")

# 元 in one 万元 and one 亿元.
WAN = 10_000
YI = 100_000_000

# Year, month, day.
Day = tuple[int, int, int]

# Entry thresholds of the campaign in 元 (制造业 3 亿元, 战新 1 亿元, 基础设施 10 亿元, 服务业 5 亿元, 民生 2 亿元).
THRESHOLD = {
    "先进制造业": 3 * YI,
    "战略性新兴产业": 1 * YI,
    "重大基础设施": 10 * YI,
    "现代服务业": 5 * YI,
    "社会民生": 2 * YI,
}

# How far projects of a sector rise above their threshold.
_SPREAD = {"先进制造业": 10, "战略性新兴产业": 9, "重大基础设施": 11, "现代服务业": 7, "社会民生": 3}

_SECTORS = {
    "签约": (("先进制造业", 52), ("战略性新兴产业", 28), ("现代服务业", 14), ("重大基础设施", 4), ("社会民生", 2)),
    "开工": (("先进制造业", 46), ("战略性新兴产业", 18), ("现代服务业", 11), ("重大基础设施", 13), ("社会民生", 12)),
    "投产": (("先进制造业", 52), ("战略性新兴产业", 20), ("现代服务业", 9), ("重大基础设施", 8), ("社会民生", 11)),
}


@dataclass(frozen=True)
class Project:
    """What is true about one project in one list; amounts in 元."""

    name: str
    owner: str
    credit: str
    code: str | None
    content: str
    nature: str
    sector: str
    chain: str
    six_new: str
    rebuild: bool
    place: Place
    total: int
    annual: int
    completed: int
    contracted: int
    signing: Day
    start: Day
    finish: Day
    production: Day
    department: str
    progress: str
    origin: str
    land: int
    output: int
    remark: str = ""


@dataclass(frozen=True)
class Sketch:
    """A project before its amounts are known."""

    project: Project
    # Least 总投资 in 元, and how far above it lies compared with the unit's other projects.
    floor: int
    extra: int


class Inventor:
    """Invents projects; keeps count of the names used."""

    def __init__(self) -> None:
        self._used = 0

    def sketch(self, unit: Unit, batch: str, stage: str, number: int, attempt: int) -> Sketch:
        """Project `number` of one list; another attempt gives another project, under the same name."""
        dice = Dice("project", batch, unit.code, stage, number, attempt)
        sector = dice.weighted(_SECTORS[stage])
        place = dice.pick(unit.places) if unit.places else Place(unit.name, unit.code)
        word = brand(self._used + number)
        name, owner, content, six_new, chain, rebuild = _describe(dice, unit, place, sector, word, batch)
        dates = _dates(dice, batch, stage)
        extra = dice.weighted(((dice.between(0, 60), 40), (dice.between(40, 220), 35), (dice.between(200, 700), 19), (dice.between(700, 2200), 6)))
        project = Project(
            name=name,
            owner=owner,
            credit=credit_code(place.region, self._used + number),
            code=project_code(dice, place.region, stage, dates.signing if stage == "签约" else dates.start),
            content=content,
            nature=dice.weighted((("新建", 74), ("扩建", 12), ("技改", 7), ("改建", 4), ("迁建", 3))),
            sector=sector,
            chain=chain,
            six_new=six_new,
            rebuild=rebuild,
            place=place,
            total=0,
            annual=0,
            completed=0,
            contracted=0,
            signing=dates.signing,
            start=dates.start,
            finish=dates.finish,
            production=dates.production,
            department=f"{place.name}{dice.pick(('发展和改革委员会', '商务局', '工业和信息化局', '产业集聚区管委会'))}",
            progress=dice.pick(PROGRESS[stage]),
            origin=dice.weighted((("河南省", 35), (dice.pick(ORIGINS), 65))),
            land=dice.between(20, 480),
            output=0,
        )
        return Sketch(project, THRESHOLD[sector], extra * _SPREAD[sector])

    def spend(self, names: int) -> None:
        """Names of a finished list are never used again."""
        self._used += names


def _describe(dice: Dice, unit: Unit, place: Place, sector: str, word: str, batch: str) -> tuple[str, str, str, str, str, bool]:
    """Name, owner, content, 六新, 产业链, and whether it rebuilds after the flood."""
    town = unit.short if place.name.endswith("区") or not unit.places else place.name
    if sector in ("先进制造业", "战略性新兴产业"):
        product = dice.pick(MADE if sector == "先进制造业" else STRATEGIC)
        name, content = _factory(dice, town, word, product)
        suffix = dice.weighted((("有限公司", 72), ("股份有限公司", 10), ("科技有限公司", 10), ("集团有限公司", 8)))
        suffix = suffix.removeprefix("科技") if product.trade.endswith(("科技", "技术")) else suffix
        home = dice.weighted(((unit.short, 60), ("河南", 30), (town, 10)))
        return name, f"{home}{word}{product.trade}{suffix}", content, product.six_new, product.chain, False
    if sector == "重大基础设施":
        work = dice.pick(INFRASTRUCTURE)
    elif sector == "现代服务业":
        work = dice.pick(SERVICES)
    elif unit.flooded and batch == "02" and dice.chance(55):
        work = dice.pick(REBUILDING)
    else:
        work = dice.pick(LIVELIHOOD)
    name, content = _site(dice, town, word, work)
    return name, f"{town}{word}{work.trade}有限公司", content, work.six_new, "", work.rebuild


def _factory(dice: Dice, town: str, word: str, product: Product) -> tuple[str, str]:
    amount = dice.between(product.low, product.high)
    if amount > 100:
        amount -= amount % 50
    quantity = f"{amount}{product.measure}"
    name = dice.weighted(
        (
            (f"{town}{word}年产{quantity}{product.name}项目", 34),
            (f"{word}{product.name}生产基地建设项目", 22),
            (f"{town}{word}{product.name}智能化生产线项目", 16),
            (f"{word}{product.name}产业园（{dice.pick('一二')}期）项目", 14),
            (f"年产{quantity}{product.name}项目（{word}）", 14),
        )
    )
    built = dice.between(2, 24)
    text = f"占地{dice.between(30, 420)}亩，建设生产车间、仓库、研发楼等{built}万平方米，购置{product.name}生产线{dice.between(1, 9)}条，"
    return name, text + dice.pick((f"年产{product.name}{quantity}。", f"达产后年产{product.name}{quantity}，配套环保、消防设施。"))


def _site(dice: Dice, town: str, word: str, work: Work) -> tuple[str, str]:
    n = dice.between(work.low, work.high)
    m = dice.between(max(2, work.low // 2), max(3, work.high // 2))
    return town + work.name.format(b=word), work.content.format(n=n, m=m)


def _day(dice: Dice, first: Day, months: int) -> Day:
    """A day within `months` months from the first day of a month on."""
    month = first[1] - 1 + dice.below(months)
    return first[0] + month // 12, month % 12 + 1, dice.between(1, 28)


class _Dates(NamedTuple):
    signing: Day
    start: Day
    finish: Day
    production: Day


def _dates(dice: Dice, batch: str, stage: str) -> _Dates:
    """Dates that are in order and, for 开工 and 投产, before the event of the batch."""
    early = batch == "01"
    if stage == "签约":
        signing = _day(dice, (2021, 4, 1) if early else (2021, 7, 1), 3)
        start = _day(dice, (2021, 9, 1) if early else (2021, 11, 1), 6)
        finish = _day(dice, (2022, 12, 1), 26)
    elif stage == "开工":
        signing = _day(dice, (2019, 6, 1), 8)
        finish = _day(dice, (2022, 8, 1), 24)
        if early and dice.chance(30):
            start = _day(dice, (2020, 3, 1), 6)
        else:
            start = _day(dice, (2021, 4, 1) if early else (2021, 7, 1), 3)
    else:
        signing = _day(dice, (2018, 6, 1), 8)
        start = _day(dice, (2019, 3, 1), 18)
        finish = _day(dice, (2021, 3, 1) if early else (2021, 6, 1), 3)
    month = finish[1] + 1
    production = (finish[0] + month // 13, (month - 1) % 12 + 1, finish[2])
    return _Dates(signing, start, finish, production)
