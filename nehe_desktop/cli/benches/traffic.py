"""Made-up changes as laptops send them: of a hundred, 20 new persons, 45 visits and 35 corrections.

The words are not those of the sample data, from which the dictionary of the wire is made, so that
what is measured is not what was learnt by heart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from nehe_desktop.core.identity import id_check_char
from nehe_desktop.sync.protocol import Change, Transaction

_START = 1_603_155_600_000  # the morning of 20 October 2020, in milliseconds since 1970
_FAMILY, _GIVEN = (
    tuple("佟关那郎富索舒洪白陶满穆萧孟梁汪曲冷栾鞠"),
    tuple("立成广民东和平军志伟丽敏雪静波涛晓明金柱"),
)
_WHO = ("佟立民", "关雪梅", "那广军", "孟志伟", "白晓静")
_SAW = (
    "西屋新抹了墙皮，花了{money}元", "{who}的降压药按时吃，血压稳在{few}", "葱已经起完{few}亩，每斤卖到{few}角",
    "{who}在齐齐哈尔带孙子上学，{month}月回来", "柴油补贴{money}元还没到账，答应去所里问", "院墙南边塌了{few}米，开春再砌",
    "羊下了{few}只羔，想再添{few}只", "{who}的养老金卡丢了，{month}月{few}日陪着去补办", "水压不够，中午断了{few}个钟头",
    "低保年审表{who}已经签字", "土豆窖里存了{money}斤", "{who}的残疾证到期，下月去市里换", "合作社分红{money}元已领",
    "{who}在工地干了{few}个月，工钱结了{money}元", "苞米卖了{money}斤，账记在{who}名下", "井房的锁坏了，{who}去配",
    "猪崽每头{money}元，嫌贵没有抓", "房照上的名字还是{who}，想过户", "化肥赊了{few}袋，秋后还{money}元",
    "烧柴够用到{month}月",
)  # fmt: skip
_ANSWERS = {"food": "正常", "housing": "正常", "water": "正常", "medical": "正常", "schooling": "不适用"}
_CORRECTIONS: dict[str, Sequence[Any]] = {
    "phone": (),
    "work_place": ("大连市甘井子区", "天津市武清区", "讷河市区", None),
    "labour": ("01", "03", "05"),
    "edu": ("02", "03", "04"),
    "at_home": (0, 1),
    "doctor": ("栾静", "鞠敏"),
}
"""What is corrected and to what; the old value is the one that stands."""


class Traffic:
    """An endless stream of transactions of one change each, the same for the same seed and scope."""

    def __init__(self, scope: str, seed: int = 1, homes: Sequence[str] = ()) -> None:
        self._rng, self._scope, self._now = Random(f"{seed} {scope}"), scope, _START
        self._homes = homes or [self._id() for _ in range(60)]
        self._people: list[str] = []
        self._standing: dict[tuple[str, str], Any] = {}

    def take(self, count: int) -> list[Transaction]:
        """The next transactions."""
        return [self._next() for _ in range(count)]

    def persons(self, count: int) -> list[Change]:
        """New persons only, for filling a hub."""
        return [self._person() for _ in range(count)]

    def _next(self) -> Transaction:
        self._now += self._rng.randrange(20_000, 400_000)
        chance = self._rng.random()
        if chance < 0.20 or not self._people:
            return self._saved("登记家庭成员", self._person())
        if chance < 0.65:
            return self._saved("走访登记", self._visit())
        return self._saved("改正", self._correction())

    def _saved(self, reason: str, change: Change) -> Transaction:
        return Transaction(self._now << 16 | self._rng.randrange(4), self._rng.choice(_WHO), reason, [change])

    def _person(self) -> Change:
        rng, key = self._rng, self._id()
        self._people.append(key)
        year, month, day = rng.randrange(1940, 2015), rng.randrange(1, 13), rng.randrange(1, 29)
        order = rng.randrange(1, 1000)
        number = f"230281{year}{month:02}{day:02}{order:03}"
        values = {
            "household": rng.choice(self._homes), "relation": rng.choice(("01", "02", "03", "04")),
            "name": self._name(), "id_type": "居民身份证", "id_no": number + id_check_char(number), "sex": "21"[order % 2],
            "birth": f"{year}-{month:02}-{day:02}", "ethnic": rng.choice(("01", "05", "11")),
            "edu": rng.choice(("02", "03")), "health": "01", "labour": rng.choice(("01", "03", "05")),
            "ins_res_med": 1, "at_home": 1, "present": 1, "counted": 1,
        }  # fmt: skip
        if rng.random() < 0.5:
            values["phone"] = self._phone()
        self._standing.update({(key, name): values[name] for name in _CORRECTIONS if name in values})
        return self._insert("person", key, values)

    def _visit(self) -> Change:
        rng = self._rng
        values = {
            "household": rng.choice(self._homes), "day": f"2020-10-{rng.randrange(1, 21):02}",
            "kind": "日常走访", "visitors": rng.choice(_WHO), "role": "队员", "minutes": 5 * rng.randrange(4, 15),
            "met_person": self._name(), "met_relation": "户主",
            **_ANSWERS,
            "note": self._note(), "signature": "本人签字",
        }  # fmt: skip
        return self._insert("visit", self._id(), values)

    def _note(self) -> str:
        told = "，".join(self._rng.sample(_SAW, self._rng.choice((1, 2))))
        dice = self._rng.randrange
        return told.format(who=self._name(), money=dice(20, 9000), few=dice(2, 30), month=dice(1, 13)) + "。"

    def _correction(self) -> Change:
        key, name = self._rng.choice(self._people), self._rng.choice(tuple(_CORRECTIONS))
        old = self._standing.get((key, name))
        new = self._rng.choice([each for each in _CORRECTIONS[name] if each != old] or [self._phone()])
        self._standing[key, name] = new
        return Change("person", key, self._scope, "U", {name: (old, new)})

    def _insert(self, table: str, key: str, values: dict[str, Any]) -> Change:
        return Change(table, key, self._scope, "I", {name: (None, value) for name, value in values.items()})

    def _name(self) -> str:
        return self._rng.choice(_FAMILY) + "".join(self._rng.sample(_GIVEN, self._rng.choice((1, 2, 2))))

    def _phone(self) -> str:
        return f"13800{self._rng.randrange(1_000_000):06}"

    def _id(self) -> str:
        """A name as `core.ids` makes it."""
        self._now += 1
        return f"{self._now:012x}7{self._rng.getrandbits(12):03x}{self._rng.getrandbits(62) | 1 << 63:016x}"


def batches(traffic: Traffic, size: int) -> Iterator[list[Transaction]]:
    """Batch after batch."""
    while True:
        yield traffic.take(size)
