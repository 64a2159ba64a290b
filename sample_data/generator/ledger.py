"""The lists of both batches: how many projects each unit has, what they cost, and which ones go on from 01 to 02."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .dice import Dice, apportion
from .places import UNITS, Unit
from .project import STAGES, WAN, YI, Day, Inventor, Project, Sketch
from .words import PROGRESS

# Projects and 亿元 of the province. Those of batch 02 are the published figures, those of batch 01 are invented.
TARGETS: dict[str, dict[str, tuple[int, int]]] = {
    "01": {"签约": (150, 1236), "开工": (200, 1702), "投产": (120, 803)},
    "02": {"签约": (340, 2844), "开工": (519, 4647), "投产": (524, 3559)},
}

# The smallest step of a target: one hundredth of a 亿元.
_STEP = YI // 100

# How many of a hundred projects that batch 01 signed have started by batch 02.
_STARTED_SINCE = 40
# Projects that batch 01 reported as started and that began before this day are finished by batch 02.
_LONG_AGO: Day = (2021, 1, 1)
# Units in which some projects were signed and started within batch 02.
_FAST = {"410100": 2, "411300": 2, "411600": 1}

Lists = dict[str, tuple[Project, ...]]


@dataclass(frozen=True)
class Ledger:
    """Batch → code of the unit → stage → projects."""

    lists: Mapping[str, Mapping[str, Lists]]
    # A project of 商丘市 that was taken back before batch 02.
    withdrawn: Project

    def of(self, batch: str, unit: Unit) -> Lists:
        """The three lists of one unit."""
        return self.lists[batch][unit.code]


def build() -> Ledger:
    """Invents all projects, with sums that meet the targets exactly."""
    inventor = Inventor()
    lists: dict[str, dict[str, Lists]] = {"01": {}, "02": {}}
    quotas = {(batch, stage): _quotas(batch, stage) for batch in TARGETS for stage in STAGES}
    for index, unit in enumerate(UNITS):
        for batch in TARGETS:
            found: Lists = {}
            for stage in STAGES:
                count, money = quotas[batch, stage][index]
                carried = _carried(unit, stage, lists["01"][unit.code], found) if batch == "02" else []
                found[stage] = _list(inventor, unit, batch, stage, count, money, carried)
            lists[batch][unit.code] = found
    shangqiu = next(u for u in UNITS if u.short == "商丘")
    withdrawn = inventor.sketch(shangqiu, "02", "签约", 0, 1000).project
    return Ledger(lists, _priced(withdrawn, 86_000 * WAN, "签约"))


def _quotas(batch: str, stage: str) -> list[tuple[int, int]]:
    """Projects and 元 of each unit."""
    count, yi = TARGETS[batch][stage]
    dice = Dice("quota", batch, stage)
    counts = apportion(count, [unit.weight * dice.between(82, 118) for unit in UNITS])
    weights = [n * unit.size * dice.between(88, 112) for n, unit in zip(counts, UNITS, strict=True)]
    steps = apportion(yi * YI // _STEP, weights)
    return [(n, money * _STEP) for n, money in zip(counts, steps, strict=True)]


def _carried(unit: Unit, stage: str, before: Lists, now: Lists) -> list[Project]:
    """Projects of earlier lists that are in this list of batch 02."""
    if stage == "开工":
        return [_started(unit, p) for p in _some(before["签约"], _STARTED_SINCE)] + [
            _started(unit, p) for p in now["签约"][: _FAST.get(unit.code, 0)]
        ]
    if stage == "投产":
        return [_finished(unit, p) for p in before["开工"] if p.start < _LONG_AGO]
    return []


def _some(projects: Sequence[Project], percent: int) -> list[Project]:
    """Every so manieth project: the first of each hundred over `percent`."""
    return [p for i, p in enumerate(projects) if i * percent // 100 != (i + 1) * percent // 100]


def _started(unit: Unit, project: Project) -> Project:
    dice = Dice("started", unit.code, project.name)
    start: Day = (2021, dice.between(8, 9), dice.between(max(1, project.signing[2] % 28), 28))
    fast = project.signing >= start
    code = project.code or f"2108-{project.place.region}-04-01-{dice.below(1_000_000):06d}"
    return replace(
        project,
        code=code,
        start=(2021, 10, dice.between(1, 8)) if fast else start,
        completed=_part(project.total, dice.between(2, 12)),
        progress=dice.pick(PROGRESS["开工"]),
    )


def _finished(unit: Unit, project: Project) -> Project:
    dice = Dice("finished", unit.code, project.name)
    finish: Day = (2021, dice.between(8, 9), dice.between(1, 28))
    return replace(
        project,
        finish=finish,
        production=(2021, 9, 30) if finish[1] == 9 else (2021, 9, dice.between(1, 28)),
        completed=project.total,
        progress=dice.pick(PROGRESS["投产"]),
    )


def _part(total: int, percent: int) -> int:
    """So many percent of an amount, rounded to a hundred 万元 and at least a thousand."""
    return max(1000 * WAN, total * percent // 100 // (100 * WAN) * (100 * WAN))


def _list(inventor: Inventor, unit: Unit, batch: str, stage: str, count: int, money: int, carried: list[Project]) -> tuple[Project, ...]:
    """One list: what is carried over, and new projects that make up the count and the money."""
    new = count - len(carried)
    rest = money - sum(p.total for p in carried)
    for attempt in range(200):
        sketches = [inventor.sketch(unit, batch, stage, i, attempt) for i in range(new)]
        if sum(s.floor for s in sketches) * 100 <= rest * 80:
            break
    else:
        raise AssertionError(f"{unit.name} {batch} {stage}: {new} projects do not fit into {rest} 元")
    inventor.spend(new)
    projects = [_priced(s.project, total, stage) for s, total in zip(sketches, _totals(unit, batch, stage, sketches, rest), strict=True)]
    order = {place: i for i, place in enumerate(unit.places)}
    projects = sorted(carried + projects, key=lambda p: order.get(p.place, 0))
    assert len(projects) == count and sum(p.total for p in projects) == money
    return tuple(projects)


def _totals(unit: Unit, batch: str, stage: str, sketches: Sequence[Sketch], money: int) -> list[int]:
    """Amounts that look like people's: mostly round, some not, and exact in sum."""
    dice = Dice("amounts", batch, unit.code, stage)
    steps = ((1000 * WAN, 60), (100 * WAN, 40)) if unit.grain > WAN else ((1000 * WAN, 44), (500 * WAN, 18), (100 * WAN, 18), (WAN, 20))
    spare = money - sum(s.floor for s in sketches)
    whole = sum(s.extra for s in sketches)
    totals = []
    for sketch in sketches:
        step = dice.weighted(steps)
        totals.append(sketch.floor + spare * sketch.extra // whole // step * step)
    # What rounding left over goes to the larger ones, a round sum each; the last bit makes one figure odd.
    order = sorted(range(len(totals)), key=lambda i: (-totals[i], i))
    pieces, odd = divmod(money - sum(totals), 1000 * WAN)
    for i in range(pieces):
        totals[order[i % len(order)]] += 1000 * WAN
    totals[order[len(order) // 3]] += odd
    return totals


def _priced(project: Project, total: int, stage: str) -> Project:
    dice = Dice("parts", project.name, stage)
    if stage == "投产":
        annual, completed = _part(total, dice.between(12, 45)), total if dice.chance(60) else _part(total, dice.between(90, 99))
    else:
        annual, completed = _part(total, dice.between(15, 48)), _part(total, dice.between(1, 9))
    return replace(
        project,
        total=total,
        annual=annual,
        completed=0 if stage == "签约" else completed,
        contracted=total if dice.chance(45) else _part(total, dice.between(70, 97)),
        output=_part(total, dice.between(60, 190)),
        remark=_remark(dice, project, stage),
    )


def _remark(dice: Dice, project: Project, stage: str) -> str:
    if project.rebuild:
        return "灾后恢复重建项目"
    if stage == "签约" and dice.chance(18):
        return dice.pick(("正式合同", "外资项目", "省外资金项目", "上市公司投资"))
    return dice.pick(("省重点项目", "市重点项目", "专精特新")) if dice.chance(10) else ""
