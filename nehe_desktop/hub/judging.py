"""What a laptop may change: rows of the scopes it holds, and of those that it could not know it had lost."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from types import MappingProxyType

from nehe_desktop.core.deciding import Apart, Look, Values, is_closed, is_nobodys, is_own_matter
from nehe_desktop.core.fields import Level
from nehe_desktop.core.given import content_of
from nehe_desktop.hub import devices
from nehe_desktop.hub.places import home_of_new
from nehe_desktop.hub.reading import is_scope
from nehe_desktop.hub.scopes import Held
from nehe_desktop.hub.working import Working
from nehe_desktop.sync.merge import RowState, plain
from nehe_desktop.sync.protocol import COUNTY, Change, Transaction
from nehe_desktop.sync.rules import TableRule

Fresh = Mapping[tuple[str, str], Values]
"""Rows that a transaction makes, by ledger and id."""


@dataclass(frozen=True)
class Sender:
    """The laptop that sent a transaction: its name for people, what it holds, how far it had read each scope.

    `accepted` says that an administrator has looked at it.
    """

    dev: str
    name: str
    held: Held
    cursors: Mapping[str, int] = field(default_factory=dict)
    accepted: bool = False


def objection(work: Working, sender: Sender, said: Transaction) -> str:
    """Why a transaction may not be done: `scope`, `county`, `rights`, `locked` or `unreadable`; empty where it may."""
    made: dict[tuple[str, str], str] = {}
    for change in said.c:
        why = _objection(work, sender, change, said, made)
        if why:
            return why
    return ""


def _objection(
    work: Working, sender: Sender, change: Change, said: Transaction, made: dict[tuple[str, str], str]
) -> str:
    rule, key = work.rule(change.t), (change.t, change.k)
    value = change.f[rule.via][1] if rule.via in change.f and not rule.parent else None
    if value and not (isinstance(value, str) and is_scope(value)):
        return "unreadable"
    row = work.rows.get(key)
    if why := _forbidden(work, sender, rule, row, change, said):
        return why
    if sender.held.everything or (said.g and row is not None):
        return ""
    why = _not_shipped(rule, change) if said.g else _not_his(sender, rule, row, change)
    if why:
        return why
    scope = made.get(key) or (row.scope if row else None)
    if scope is None:
        scope = made[key] = _home(work, change, made)
        about = (rule.parent, str(change.f[rule.via][1])) if rule.parent and rule.via in change.f else key
    else:
        about = key
    if scope not in sender.held and not (
        _is_own_trace(work, sender, rule, row, scope) or _could_not_know(work, sender, scope, about, said.h >> 16)
    ):
        return "scope"
    return "" if not value or value in sender.held or _exists(work, rule.home, str(value)) else "scope"


def _forbidden(
    work: Working, sender: Sender, rule: TableRule, row: RowState | None, change: Change, said: Transaction
) -> str:
    """Why not even the county may do this."""
    if _is_nobodys(work, sender, rule, row, change, said):
        return "rights"
    if rule.closing is None or not _alters(row, change):
        return ""
    return "locked" if is_closed(rule.closing, look_in(work), *_values(row, change)) else ""


def _fresh(said: Transaction) -> Fresh:
    return {(each.t, each.k): {name: new for name, (_, new) in each.f.items()} for each in said.c if each.o == "I"}


def _alters(row: RowState | None, change: Change) -> bool:
    """Whether a row would be another than it is; what is sent again after a restore is not."""
    if row is None or change.o == "D":
        return row is None or not row.gone
    return row.gone or any(row.data.get(name) != plain(new) for name, (_, new) in change.f.items())


def _is_nobodys(
    work: Working, sender: Sender, rule: TableRule, row: RowState | None, change: Change, said: Transaction
) -> bool:
    """Whether not even the county may do this: rewrite what only grows, write in the name of another laptop."""
    if rule.append_only and _rewrites(row, change):
        return True
    if rule.apart and row is None and decides_own(work, rule.apart, change, fresh=_fresh(said)):
        return True
    if not rule.by_device or row is not None:
        return False
    return not may_sign(work, sender, change.f.get(rule.by_device, (None, None))[1])


def _not_shipped(rule: TableRule, change: Change) -> str:
    """Why no village's laptop may ship this: it is not, to the letter, a row that comes with the program."""
    content = content_of({name: new for name, (_, new) in change.f.items()})
    return "" if change.o == "I" and rule.shipped.get(change.k) == content else "county"


def _not_his(sender: Sender, rule: TableRule, row: RowState | None, change: Change) -> str:
    """Why no laptop below the county may do this, wherever the row lies."""
    if rule.by_county:
        return "county"
    return "rights" if rule.reserved and oversteps(rule, row, change, sender.held.above) else ""


def look_in(work: Working, fresh: Fresh = MappingProxyType({})) -> Look:
    """The hub's rows by ledger and id; a removed one is none, one that is not there yet is as it is made (`fresh`)."""

    def look(table: str, id: str) -> Values | None:
        work.load([(table, id)])
        row = work.rows.get((table, id))
        if row is None:
            return fresh.get((table, id))
        return None if row.gone else row.data

    return look


def decides_own(
    work: Working, apart: Apart, change: Change, *, unknown: bool = True, fresh: Fresh = MappingProxyType({})
) -> bool:
    """Whether a new row decides a matter of who decides; `unknown` is the answer where nobody can tell.

    `fresh` are the rows that are made in the same transaction.
    """
    values, look = {name: new for name, (_, new) in change.f.items()}, look_in(work, fresh)
    return is_own_matter(apart, values, look) or (unknown and is_nobodys(apart, values, look))


def _values(row: RowState | None, change: Change) -> list[Values]:
    """What a row was and what a change makes of it."""
    before = row.data if row is not None and not row.gone else {}
    after = {} if change.o == "D" else {**before, **{name: new for name, (_, new) in change.f.items()}}
    return [each for each in (before, after) if each]


def _rewrites(row: RowState | None, change: Change) -> bool:
    """Whether a change is more than a new row, or the same row once more."""
    same = row is None or all(row.data.get(name) == plain(new) for name, (_, new) in change.f.items())
    return change.o != "I" or not same


def may_sign(work: Working, sender: Sender, device: object) -> bool:
    """Whether a laptop may write in this one's name: its own, one it gave up, or one that the county does not know."""
    if sender.accepted or device == sender.dev:
        return True
    known = devices.state_of(work.link, work.county, str(device or ""))
    return not known or device in devices.names_given_up(work.link, work.county, sender.dev)


def oversteps(rule: TableRule, row: RowState | None, change: Change, above: AbstractSet[Level]) -> bool:
    """Whether a change touches what a level above decides: a row with such a value, also a removed one, or a new value."""
    for name, levels in rule.reserved.items():
        values = {value for value, level in levels.items() if level in above}
        following = change.f[name][1] if name in change.f and change.o != "D" else None
        if str(following) in values or (row is not None and str(row.data.get(name)) in values):
            return True
    return False


def _home(work: Working, change: Change, made: Mapping[tuple[str, str], str]) -> str:
    """The scope of a row that is new, perhaps with a parent that is new in the same transaction."""
    rule = work.rule(change.t)
    if rule.parent and rule.via in change.f:
        scope = made.get((rule.parent, str(change.f[rule.via][1])))
        if scope:
            return scope
    return home_of_new(work, change, rule)


def _is_own_trace(work: Working, sender: Sender, rule: TableRule, row: RowState | None, scope: str) -> bool:
    """Whether this is what a laptop tells the county's office of itself and never reads again, such as its log.

    Of a new row `_is_nobodys` has made sure that it is in the laptop's own name.
    """
    for_office = rule.append_only and bool(rule.by_device) and scope == rule.unplaced != COUNTY
    return for_office and (row is None or may_sign(work, sender, row.data.get(rule.by_device)))


def _could_not_know(work: Working, sender: Sender, scope: str, about: tuple[str, str], moment: int) -> bool:
    """Whether the row left a scope of the laptop without its knowledge, or the scope was taken away later."""
    lost, cursors = sender.held.lost, sender.cursors
    if moment <= lost.get(scope, -1):
        return True
    sql = "SELECT scope, hseq FROM departure WHERE county = ? AND tbl = ? AND pk = ?"
    left = [*work.link.all(sql, (work.county, *about)), *(d[:2] for d in work.departures if d[2:] == about)]
    return any(
        number > cursors.get(old, 0) if old in sender.held else moment <= lost.get(old, -1)
        for old, number in left
    )


def _exists(work: Working, home: str, scope: str) -> bool:
    """Whether a scope is one of the county's: it has rows, a laptop, or a record in the ledger of villages."""
    if work.head(scope) or (home and work.scope_of(home, scope) is not None):
        return True
    sql = "SELECT 1 FROM scope_grant WHERE county = ? AND scope = ?"
    return work.link.one(sql, (work.county, scope)) is not None
