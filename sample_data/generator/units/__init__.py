"""One module per unit: how its office lays out the lists."""

from collections.abc import Callable

from ..office import Edition, File
from . import (
    anyang,
    hangkonggang,
    hebi,
    jiaozuo,
    jiyuan,
    kaifeng,
    luohe,
    luoyang,
    nanyang,
    pingdingshan,
    puyang,
    sanmenxia,
    shangqiu,
    xinxiang,
    xinyang,
    xuchang,
    zhengzhou,
    zhoukou,
    zhumadian,
)

BUILDERS: dict[str, Callable[[Edition], list[File]]] = {
    "410100": zhengzhou.build,
    "410200": kaifeng.build,
    "410300": luoyang.build,
    "410400": pingdingshan.build,
    "410500": anyang.build,
    "410600": hebi.build,
    "410700": xinxiang.build,
    "410800": jiaozuo.build,
    "410900": puyang.build,
    "411000": xuchang.build,
    "411100": luohe.build,
    "411200": sanmenxia.build,
    "411300": nanyang.build,
    "411400": shangqiu.build,
    "411500": xinyang.build,
    "411600": zhoukou.build,
    "411700": zhumadian.build,
    "410173": hangkonggang.build,
    "419001": jiyuan.build,
}
