"""What people do at their laptops, with values that nobody else ever types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from nehe_desktop.core.errors import Invalid, Refused, Trouble
from nehe_desktop.core.record import LEDGERS, Record
from nehe_desktop.core.store import Put, Receipt, Remove
from nehe_desktop.features.exchange import merging, resolving
from nehe_desktop.features.exchange.ledger import Conflict, Double
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.visits.ledger import Visit
from tests.sync.direct import Desk, household

TABLES = ("household", "person", "visit")
WORDS: dict[str, tuple[str, ...]] = {
    "household": ("hamlet", "door_no", "living_place", "note", "hh_no", "exit_year", "cause_other"),
    "person": ("note", "work_place", "school_name", "name", "person_no", "health"),
    "visit": ("note", "findings", "measures", "income_per_head", "minutes"),
}
"""Fields that are corrected: ordinary ones, some that wait for a person (review), some of several choices."""

_LIST_NOTE = "一户一策落实情况：" + "口粮、住房、饮水、就医、就学逐项核对，" * 40


class Work:
    """An endless supply of edits; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._rng, self._count = Random(seed), 0

    def new_home(self, desk: Desk, village: str) -> Receipt | None:
        """A household with its head, in one save."""
        home = household(village, hamlet=self._word())
        return self._saved(desk, [home, self._person(home)], "登记")

    def visit(self, desk: Desk, pick: int) -> Receipt | None:
        """A visit to a household that the laptop shows."""
        home = self._picked(desk, "household", pick)
        if home is None:
            return None
        made = Visit(household=home.id, day=date(2020, 10, 1), visitors="李建国", note=self._word() * 4)
        return self._saved(desk, [made], "走访登记")

    def correct(self, desk: Desk, pick: int, what: int, rows: int) -> Receipt | None:
        """The same field of some rows, in one save."""
        table = TABLES[what % 3]
        name = WORDS[table][what % len(WORDS[table])]
        shown = {row.id: row for n in range(rows) if (row := self._picked(desk, table, pick + n))}
        return self._saved(
            desk, [replace(row, **{name: self._value(name)}) for row in shown.values()], "改正"
        )

    def remove(self, desk: Desk, pick: int) -> Receipt | None:
        """A row that the laptop shows is removed."""
        row = self._picked(desk, TABLES[pick % 3], pick)
        return (
            None
            if row is None
            else self._attempt(lambda: desk.save(Remove(type(row), row.id), reason="删除"))
        )

    def undo(self, desk: Desk, back: int) -> Receipt | None:
        """One of the last steps of the laptop is taken back, as far as that goes."""
        steps = desk.store.steps(back + 1)
        return self._attempt(lambda: desk.store.undo(steps[back].tx)) if len(steps) > back else None

    def import_list(self, desk: Desk, village: str) -> Receipt | None:
        """Many households in one save."""
        made = [
            household(village, hamlet=self._word(), note=f"{_LIST_NOTE}{self._word()}") for _ in range(30)
        ]
        return self._saved(desk, made, "导入名单")

    def move(self, desk: Desk, pick: int, village: str) -> Receipt | None:
        """A household goes to a village, perhaps another one."""
        home = self._picked(desk, "household", pick)
        return None if home is None else self._saved(desk, [replace(home, village=village)], "迁移")

    def photograph(self, desk: Desk, pick: int) -> Receipt | None:
        """A visit with a picture that nobody else has."""
        home = self._picked(desk, "household", pick)
        if home is None:
            return None
        picture = desk.store.keep_blob(self._rng.randbytes(3000), "image/jpeg")
        made = Visit(household=home.id, day=date(2020, 10, 1), visitors="李建国", photos=(picture,))
        return self._saved(desk, [made], "走访登记")

    def identify(self, desk: Desk, pick: int, number: str) -> Receipt | None:
        """A person gets an identity number, perhaps one that another has too."""
        found = self._picked(desk, "person", pick)
        return None if found is None else self._saved(desk, [replace(found, id_no=number)], "改正")

    def decide(self, desk: Desk, pick: int, side: str) -> Receipt | None:
        """One of the conflicts that the laptop shows is decided."""
        open_ones = desk.store.all(Conflict, "state <> '已处理'", order="id")
        if not open_ones:
            return None
        conflict = open_ones[pick % len(open_ones)]
        return self._attempt(lambda: resolving.resolve(desk.store, [resolving.answered(conflict, side)]))

    def merge(self, desk: Desk, pick: int) -> Receipt | None:
        """Two rows that are the same person become one."""
        waiting = desk.store.all(Double, "state = '待处理'", order="id")
        if not waiting:
            return None
        double = waiting[pick % len(waiting)]
        return self._attempt(lambda: merging.merge(desk.store, double.id, double.first, {}))

    def _saved(self, desk: Desk, rows: list[Any], reason: str) -> Receipt | None:
        return self._attempt(lambda: desk.save(*(Put(row) for row in rows), reason=reason))

    def _attempt(self, job: Callable[[], Receipt]) -> Receipt | None:
        """What a person is refused at the keyboard was not done."""
        try:
            return job()
        except (Invalid, Refused, Trouble):
            return None

    def _picked(self, desk: Desk, table: str, pick: int) -> Record | None:
        cls = LEDGERS[table].cls
        ids = [id for (id,) in desk.store.rows(f"SELECT id FROM [{table}] ORDER BY id")]
        return desk.store.find(cls, ids[pick % len(ids)]) if ids else None

    def _person(self, home: Household) -> Person:
        return Person(household=home.id, relation="01", name=f"佟{self._word()}", present=True)

    def _value(self, name: str) -> Any:
        self._count += 1
        values: dict[str, Any] = {
            "hh_no": f"230281{self._count:08}",
            "person_no": f"230281{self._count:08}",
            "exit_year": 2014 + self._count % 7,
            "minutes": 1 + self._count % 1000,
            "income_per_head": self._count,
            "cause_other": tuple(sorted(self._rng.sample(("01", "02", "03", "04"), 2))),
            "health": (self._rng.choice(("02", "03")),),
        }
        return values.get(name) or self._word()

    def _word(self) -> str:
        self._count += 1
        return "第" + "".join("零一二三四五六七八九"[int(digit)] for digit in str(self._count)) + "次"
