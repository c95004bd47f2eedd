"""保存: a visit stored so that it survives a power cut, beside one plain INSERT and COMMIT."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from nehe_desktop.cli.benches.measure import Measure, at_share, seconds
from nehe_desktop.cli.benches.workshop import Workshop
from nehe_desktop.core.ids import new_id
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.visits.ledger import Visit

_FIRST = date(2020, 1, 1)
_WORDS = "家中两位老人身体平稳，房屋安全，自来水正常，合作医疗已缴，玉米长势好。"


def visit(household: str, number: int) -> Visit:
    """A made-up visit."""
    return Visit(
        household=household,
        day=_FIRST + timedelta(days=number % 200),
        visitors="李建国",
        food="正常",
        housing="正常",
        water="正常",
        medical="正常",
        schooling="不适用",
        income_per_head=Decimal(9000 + number),
        note=_WORDS,
    )


def saves(store: Store, count: int) -> list[float]:
    """Seconds of each durable save of a visit."""
    home = (store.one("SELECT id FROM household") or ("",))[0]
    made = [visit(home, number) for number in range(count)]
    return [seconds(_saving(store, one)) for one in made]


def _saving(store: Store, one: Visit) -> Callable[[], object]:
    return lambda: store.write([Put(one)], "走访登记")


def inserts(store: Store, count: int) -> list[float]:
    """Seconds of each plain INSERT and COMMIT of a copy of a stored visit, without its journal."""
    names = [row[1] for row in store.rows("PRAGMA table_info(visit)")][1:]
    columns = ", ".join(f"[{name}]" for name in names)
    sql = f"INSERT INTO visit (id, {columns}) SELECT ?, {columns} FROM visit LIMIT 1"
    return [
        seconds(lambda: store.database.write(lambda db: db.conn.execute(sql, (new_id(),))).result())
        for _ in range(count)
    ]


def measure(workshop: Workshop) -> Iterator[Measure]:
    """In the county's file."""
    with workshop.county() as store:
        saves(store, 5)
        ours, raw = saves(store, workshop.sizes.saves), inserts(store, workshop.sizes.saves)
    middle = at_share(ours, 0.5)
    yield Measure(
        "保存", "一次走访，中位", middle * 1000, "ms", 50, middle / at_share(raw, 0.5), "INSERT+COMMIT"
    )
    yield Measure("保存", "一次走访，二十次里最慢", at_share(ours, 0.95) * 1000, "ms", 50)
    yield Measure("保存", "一次走访，最慢", max(ours) * 1000, "ms", 50)
