"""Two rows that are the same person or half-day: made one, with a trail, as one step that can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.record import LEDGERS, Ledger, Record
from nehe_desktop.core.store import Change, Put, Receipt, Remove, Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.exchange.cases import DONE, plain
from nehe_desktop.features.exchange.families import household_changes
from nehe_desktop.features.exchange.ledger import Conflict, Double
from nehe_desktop.features.exchange.naming import Title, title_of
from nehe_desktop.features.exchange.references import Use, counted, users_of
from nehe_desktop.features.households.ledger import Membership, Person

REASON = "合并重复"
MERGED, DIFFERENT = "已合并", "不是同一个"
_AS_ONE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "person": (("household", "relation", "present", "counted"),),
}
"""Fields that are taken from one row together besides those a ledger declares: whose household, and as what."""


@dataclass(frozen=True)
class Side:
    """One of the two rows: what it is called, its stored values, what refers to it."""

    id: str
    title: Title
    values: Mapping[str, Any]
    uses: Mapping[str, int]


@dataclass(frozen=True)
class Pair:
    """A double with both rows; `second` is None where the other row is not on this laptop."""

    double: Double
    first: Side | None
    second: Side | None

    @property
    def units(self) -> list[tuple[str, ...]]:
        """The fields in the order of the declaration, those that are chosen as one together."""
        return units_of(LEDGERS[self.double.tbl]) if self.double.tbl in LEDGERS else []

    def differs(self, names: Iterable[str]) -> bool:
        """Whether the rows say different things in some of these fields."""
        if self.first is None or self.second is None:
            return False
        first, second = plain(self.first.values), plain(self.second.values)
        return any(first.get(name) != second.get(name) for name in names)


def units_of(ledger: Ledger) -> list[tuple[str, ...]]:
    """A ledger's fields, each once, with those that are chosen as one together."""
    groups = (*_AS_ONE.get(ledger.table, ()), *ledger.together)
    of = {name: group for group in groups for name in group}
    return list(dict.fromkeys(of.get(name, (name,)) for name in ledger.fields))


def pair_of(store: Store, double: Double) -> Pair:
    """A double with what is known here of both rows; for a worker."""
    first = _side(store, double.tbl, double.first)
    return Pair(double, first, _side(store, double.tbl, double.second or _other(store, double)))


def _side(store: Store, table: str, id: str) -> Side | None:
    ledger = LEDGERS.get(table)
    record = store.find(ledger.cls, id) if ledger and id else None
    if record is None:
        return None
    return Side(id, title_of(store, table, id), record.stored(), counted(users_of(store, table, id)))


def _other(store: Store, double: Double) -> str:
    """The other row where the hub did not name it, but this laptop holds it too."""
    ledger = LEDGERS.get(double.tbl)
    mine = store.find(ledger.cls, double.first) if ledger else None
    if ledger is None or mine is None or not ledger.unique:
        return ""
    values = mine.stored()
    where = " AND ".join(f"[{name}] = ?" for name in ledger.unique)
    params = [values[name] for name in ledger.unique]
    found = store.all(ledger.cls, f"{where} AND id <> ?", (*params, double.first), "id", 1)
    return found[0].id if found and None not in params else ""


def submit_merge(store: Store, double: str, kept: str, values: Mapping[str, Any]) -> Future[Receipt]:
    """Makes one row of both on the writer's thread.

    `kept` is the id that stays, `values` are stored values it takes from the other row. The future fails
    with Refused where the rows cannot be one as they stand, and with Invalid for what would be wrong.
    """
    future = store.submit(_merged(store, double, kept, values), REASON)
    return audit.follow(store, future, "重复处理", tbl="double", row=double, count=2, detail="合并为一条")


def merge(store: Store, double: str, kept: str, values: Mapping[str, Any]) -> Receipt:
    """`submit_merge`, waited for."""
    return submit_merge(store, double, kept, values).result()


def submit_apart(store: Store, double: str, remark: str = "") -> Future[Receipt]:
    """不是同一个: remembered, so that nobody is asked again."""
    future = store.submit(_apart(store, double, remark), "疑似重复：不是同一个")
    return audit.follow(store, future, "重复处理", tbl="double", row=double, count=2, detail=DIFFERENT)


def _apart(store: Store, id: str, remark: str) -> Iterator[Change]:
    double = _waiting(store, id)
    yield Put(_answered(store, double, DIFFERENT, remark=remark))


def _waiting(store: Store, id: str) -> Double:
    double = store.find(Double, id)
    if double is None:
        raise Refused("这一条疑似重复已经不在了")
    return double


def _answered(store: Store, double: Double, state: str, kept: str = "", remark: str = "") -> Double:
    return replace(
        double,
        state=state,
        kept=kept,
        remark=remark or double.remark,
        answered_by=store.author,
        answered_at=store.clock.stamp(),
    )


def _merged(store: Store, id: str, kept: str, values: Mapping[str, Any]) -> Iterator[Change]:
    """The changes, built from the rows as the writer finds them."""
    double = _waiting(store, id)
    pair = pair_of(store, double)
    ids = [side.id for side in (pair.first, pair.second) if side is not None]
    if len(ids) < 2 or kept not in ids:
        raise Refused("两条里有一条已经不在这台电脑上，不能合并")
    gone = next(each for each in ids if each != kept)
    cls = LEDGERS[double.tbl].cls
    survivor, loser = store.find(cls, kept), store.find(cls, gone)
    if survivor is None or loser is None:
        raise Refused("两条里有一条已经不在这台电脑上，不能合并")
    survivor = _with(survivor, values, gone)
    uses = users_of(store, double.tbl, gone)
    yield Put(survivor)
    yield from household_changes(store, survivor, loser)
    yield from _pointed(store, _moved(uses, kept), survivor, loser)
    yield Remove(cls, gone)
    yield from _others(store, double, kept, gone)
    yield Put(_answered(store, double, MERGED, kept))


def _with(record: Record, values: Mapping[str, Any], gone: str) -> Record:
    """The one that stays with what it takes over; it never refers to the one that goes."""
    fields = record.ledger.fields
    taken = {name: fields[name].kind.load(stored) for name, stored in values.items()}
    made = replace(record, **taken)
    own = {name for name, field in fields.items() if getattr(field.kind, "table", "") == record.ledger.table}
    return replace(made, **{name: fields[name].default for name in own if getattr(made, name) == gone})


def _moved(uses: Sequence[Use], kept: str) -> list[Record]:
    """The rows that referred to the one that goes, referring to the one that stays."""
    found: dict[tuple[str, str], Record] = {}
    for use in uses:
        key = (use.ledger.table, use.record.id)
        found[key] = replace(found.get(key, use.record), **{use.field: kept})
    return list(found.values())


def _pointed(store: Store, moved: Sequence[Record], survivor: Record, loser: Record) -> Iterator[Change]:
    """Each re-pointed row, or its removal where the one that stays has the very same already."""
    for record in moved:
        stay = isinstance(record, Membership) and isinstance(loser, Person)
        if record.id in (loser.id, survivor.id) or stay:
            continue  # whose household a person is in is settled in families.py
        yield Remove(type(record), record.id) if _is_there(store, record) else Put(record)


def _is_there(store: Store, record: Record) -> bool:
    """Whether another row has the same key already."""
    ledger, values = record.ledger, record.stored()
    names = ledger.unique or ledger.key
    if not names or any(values[name] in (None, "") for name in names):
        return False
    where = " AND ".join(f"[{name}] = ?" for name in names)
    params = (*(values[name] for name in names), record.id)
    return store.count(type(record), f"{where} AND id <> ?", params) > 0


def _others(store: Store, double: Double, kept: str, gone: str) -> Iterator[Change]:
    """Other doubles and conflicts of the row that goes."""
    where = "tbl = ?1 AND id <> ?2 AND state = '待处理' AND (first = ?3 OR second = ?3)"
    for other in store.all(Double, where, (double.tbl, double.id, gone)):
        rest = {other.first, other.second} - {gone, ""} | {kept}
        if len(rest) < 2:
            yield Put(_answered(store, other, MERGED, kept))
        else:
            first, second = sorted(rest)
            yield Put(replace(other, first=first, second=second))
    closed = {"state": DONE, "answered_by": store.author, "answered_at": store.clock.stamp()}
    for conflict in store.all(Conflict, "tbl = ? AND pk = ? AND state = '待处理'", (double.tbl, gone)):
        yield Put(replace(conflict, **closed))
