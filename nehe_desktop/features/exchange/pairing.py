"""A double as it stands on the screen: both rows field by field, what is proposed, what would follow. Without Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.exchange.ledger import Double
from nehe_desktop.features.exchange.merging import MERGED, Pair, Side, pair_of
from nehe_desktop.features.exchange.naming import Mask, all_shown, is_covered, label_of
from nehe_desktop.features.exchange.queries import made_by, village_name
from nehe_desktop.features.exchange.showing import moment_words


@dataclass(frozen=True)
class Twin:
    """Fields that are chosen as one: their label and what both rows say; `better` is the row that says more."""

    names: tuple[str, ...]
    label: str
    texts: tuple[str, str]
    differs: bool
    better: int = -1


@dataclass(frozen=True)
class PairSheet:
    """Everything that the right half shows of a double."""

    pair: Pair
    village: str
    what: str
    titles: tuple[str, str]
    made: tuple[str, str]
    uses: tuple[str, str]
    twins: tuple[Twin, ...]
    kept: int
    covered: bool

    @property
    def sides(self) -> tuple[Side, ...]:
        """The rows that are here."""
        return tuple(side for side in (self.pair.first, self.pair.second) if side is not None)

    @property
    def may_merge(self) -> bool:
        """Whether both rows are here and still two."""
        return len(self.sides) == 2 and self.pair.double.state != MERGED

    def values(self, kept: int, choices: Mapping[tuple[str, ...], int]) -> dict[str, Any]:
        """The stored values that the row which stays takes from the other one."""
        other = self.sides[1 - kept].values
        taken = (names for names, at in choices.items() if at != kept)
        return {name: other[name] for names in taken for name in names}


def pair_sheet(store: Store, id: str, mask: Mask) -> PairSheet | None:
    """The sheet of a double by its id, None where it is gone; for a worker."""
    double = store.find(Double, id)
    if double is None:
        return None
    pair = pair_of(store, double)
    sides = [side for side in (pair.first, pair.second) if side is not None]
    twins = tuple(_twin(store, pair, names, mask) for names in pair.units) if sides else ()
    return PairSheet(
        pair,
        village_name(store, double.village),
        _what(store, pair),
        _two([str(side.title) for side in sides]),
        _two([_made(store, double.tbl, side) for side in sides]),
        _two(["、".join(f"{title} {count} 条" for title, count in side.uses.items()) for side in sides]),
        tuple(sorted(twins, key=lambda twin: not twin.differs)),
        _proposed(pair),
        any(is_covered(double.tbl, twin.names) for twin in twins),
    )


def _two(texts: list[str]) -> tuple[str, str]:
    first, second, *_ = [*texts, "", ""]
    return first, second


def _twin(store: Store, pair: Pair, names: tuple[str, ...], mask: Mask) -> Twin:
    table, differs = pair.double.tbl, pair.differs(names)
    texts = [all_shown(store, table, side.values, names, mask) if side else "" for side in (pair.first, pair.second)]
    return Twin(names, label_of(table, names), _two(texts), differs, _better(pair, names) if differs else -1)


def _better(pair: Pair, names: tuple[str, ...]) -> int:
    """The row that says something where the other one says nothing; -1 where both do."""
    if pair.first is None or pair.second is None:
        return -1
    said = [[side.values.get(name) not in (None, "") for name in names] for side in (pair.first, pair.second)]
    return 0 if any(said[0]) and not any(said[1]) else 1 if any(said[1]) and not any(said[0]) else -1


def _proposed(pair: Pair) -> int:
    """Which row is proposed to stay: the one that more refers to."""
    if pair.first is None or pair.second is None:
        return 0
    return int(sum(pair.second.uses.values()) > sum(pair.first.uses.values()))


def _what(store: Store, pair: Pair) -> str:
    """What the double is about, and what to do."""
    double, today = pair.double, store.clock.today()
    if double.state != "待处理":
        kept = "" if double.state != MERGED else "，另一条已并入"
        remark = f"：{double.remark}" if double.remark else ""
        return f"{double.answered_by} {moment_words(double.answered_at, today)} 定为“{double.state}”{kept}{remark}。"
    same = label_of(double.tbl, [name for name in double.fields.split(",") if name])
    ledger = LEDGERS[double.tbl].title if double.tbl in LEDGERS else "别的台账"
    if pair.first is None and pair.second is None:
        return "两条记录都已经不在这台电脑上，可以记为“不是同一个”。"
    if pair.second is None or pair.first is None:
        return (
            f"另一条{ledger}在别的村，这台电脑看不到，{same}和这一条一样。请打电话问县里是哪个村、是不是同一个人；"
            "这里登记错了就改过来，没有错就点“不是同一个”。"
        )
    return f"两条{ledger}的{same}一样。是同一个就选留哪条、每行用哪边；不是同一个就点左下，以后不再提醒。"


def _made(store: Store, table: str, side: Side) -> str:
    """Who entered a row and when, where this laptop knows."""
    found = made_by(store, table, side.id)
    if found is None:
        return "别处录入"
    at, author, reason = found
    return f"{author} {moment_words(at, store.clock.today())} {reason}".strip()


def card_words(store: Store, double: Double) -> tuple[str, str, str]:
    """Title, what is the same and when it was found, for the list."""
    pair = pair_of(store, double)
    title = next((str(side.title) for side in (pair.first, pair.second) if side), "记录已不在")
    same = label_of(double.tbl, [name for name in double.fields.split(",") if name])
    other = "" if pair.second else "，另一条在别的村"
    return title, f"{same}相同{other}", _found(double, store.clock.today(), village_name(store, double.village))


def _found(double: Double, today: date, village: str) -> str:
    when = moment_words(double.found_at, today) if double.found_at else ""
    return " · ".join(filter(None, (f"{when} 发现".strip() if when else "", village)))
