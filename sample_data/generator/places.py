"""The nineteen units and the places that their projects lie in. Codes are those of GB/T 2260 and of the zones."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A county, or a zone within a unit."""

    name: str
    # Region segment of project codes granted there.
    region: str


@dataclass(frozen=True)
class Unit:
    """One submitter."""

    code: str
    name: str
    short: str
    places: tuple[Place, ...]
    # Share of the province's projects, and how large its projects are (100 = average).
    weight: int
    size: int
    # Hit by the floods of July 2021: reports 灾后恢复重建.
    flooded: bool = False
    # Smallest step of its amounts in 元: offices that write 亿元 with two decimals cannot write less than 100 万元.
    grain: int = 10_000


def _places(code: str, spec: str) -> tuple[Place, ...]:
    """`02中原区 高新区`: two digits complete the unit's code; without them the zone uses the unit's own."""
    places = []
    for word in spec.split():
        digits = word[:2] if word[:2].isdigit() else ""
        places.append(Place(word[len(digits) :], code[:4] + digits if digits else code))
    return tuple(places)


def _unit(code: str, name: str, spec: str, weight: int, size: int, flooded: bool = False, grain: int = 10_000) -> Unit:
    short = name.removesuffix("市").removesuffix("示范区") if name != "郑州航空港区" else "航空港"
    return Unit(code, name, short, _places(code, spec), weight, size, flooded, grain)


_WAN = 10_000
_YI2 = 1_000_000

UNITS: tuple[Unit, ...] = (
    _unit("410100", "郑州市", "02中原区 03二七区 04管城回族区 05金水区 06上街区 08惠济区 22中牟县 81巩义市 82荥阳市 83新密市 84新郑市 85登封市 经开区 高新区", 118, 150, True),
    _unit("410200", "开封市", "02龙亭区 03顺河回族区 05禹王台区 12祥符区 21杞县 22通许县 23尉氏县 25兰考县 城乡一体化示范区", 55, 92, True, _YI2),
    _unit("410300", "洛阳市", "05涧西区 07偃师区 08孟津区 11洛龙区 23新安县 24栾川县 25嵩县 26汝阳县 27宜阳县 28洛宁县 29伊川县 高新区", 92, 128),
    _unit("410400", "平顶山市", "02新华区 03卫东区 04石龙区 11湛河区 21宝丰县 22叶县 23鲁山县 25郏县 81舞钢市 82汝州市", 50, 96, True, _YI2),
    _unit("410500", "安阳市", "02文峰区 03北关区 05殷都区 06龙安区 22安阳县 23汤阴县 26滑县 27内黄县 81林州市", 52, 98, True),
    _unit("410600", "鹤壁市", "02鹤山区 03山城区 11淇滨区 21浚县 22淇县 经济技术开发区", 34, 90, True),
    _unit("410700", "新乡市", "02红旗区 03卫滨区 04凤泉区 11牧野区 21新乡县 24获嘉县 25原阳县 26延津县 27封丘县 81卫辉市 82辉县市 83长垣市", 60, 95, True),
    _unit("410800", "焦作市", "02解放区 03中站区 04马村区 11山阳区 21修武县 22博爱县 23武陟县 25温县 82沁阳市 83孟州市", 50, 90, True, _YI2),
    _unit("410900", "濮阳市", "02华龙区 22清丰县 23南乐县 26范县 27台前县 28濮阳县 工业园区", 42, 88),
    _unit("411000", "许昌市", "02魏都区 03建安区 24鄢陵县 25襄城县 81禹州市 82长葛市 东城区", 56, 104, True, 10_000),
    _unit("411100", "漯河市", "02源汇区 03郾城区 04召陵区 21舞阳县 22临颍县 西城区", 36, 84),
    _unit("411200", "三门峡市", "02湖滨区 03陕州区 21渑池县 24卢氏县 81义马市 82灵宝市", 38, 92),
    _unit("411300", "南阳市", "02宛城区 03卧龙区 21南召县 22方城县 23西峡县 24镇平县 25内乡县 26淅川县 27社旗县 28唐河县 29新野县 30桐柏县 81邓州市", 72, 94),
    _unit("411400", "商丘市", "02梁园区 03睢阳区 21民权县 22睢县 23宁陵县 24柘城县 25虞城县 26夏邑县 81永城市", 64, 92),
    _unit("411500", "信阳市", "02浉河区 03平桥区 21罗山县 22光山县 23新县 24商城县 25固始县 26潢川县 27淮滨县 28息县 羊山新区", 54, 86, False, _YI2),
    _unit("411600", "周口市", "02川汇区 03淮阳区 21扶沟县 22西华县 23商水县 24沈丘县 25郸城县 27太康县 28鹿邑县 81项城市", 62, 90, True),
    _unit("411700", "驻马店市", "02驿城区 21西平县 22上蔡县 23平舆县 24正阳县 25确山县 26泌阳县 27汝南县 28遂平县 29新蔡县", 60, 90),
    _unit("410173", "郑州航空港区", "", 17, 170),
    _unit("419001", "济源示范区", "", 15, 82, False, _YI2),
)

BY_NAME = {unit.short: unit for unit in UNITS}
