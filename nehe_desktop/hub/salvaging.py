"""Rows that laptops bring back after the hub was restored: what it lost, as far as it still knows them."""

from __future__ import annotations

from msgspec.structs import replace

from nehe_desktop.hub import events, findings, reading
from nehe_desktop.hub.findings import HUB, Origin
from nehe_desktop.hub.judging import Sender, decides_own, may_sign, oversteps
from nehe_desktop.hub.places import home_of_new, settle, settle_new
from nehe_desktop.hub.taking import finish
from nehe_desktop.hub.working import Working
from nehe_desktop.sync.merge import RowState, bounded, plain, salvaged
from nehe_desktop.sync.protocol import GONE, LIVE, Change, Row, Salvage


def salvage(work: Working, sender: Sender, message: Salvage) -> None:
    """Takes rows of the scopes that the laptop holds; what it may not bring back is told to an administrator."""
    told = [(scope, row) for scope, part in message.rows.items() for row in part if row.g in (LIVE, GONE)]
    rows = [(scope, row) for scope, each in told if (row := reading.sound(each)) is not None]
    work.load((row.t, row.k) for _, row in rows)
    above = ((work.rule(row.t), row) for _, row in rows)
    work.look_up(
        (rule.parent, str(row.f[rule.via])) for rule, row in above if rule.parent and row.f.get(rule.via)
    )
    taken = sum(_bring_back(work, sender, scope, row) for scope, row in rows)
    finish(work, sender)
    if taken < len(told):
        events.note(work.link, work.county, "salvage", sender.dev, str(len(told) - taken), work.now)


def _bring_back(work: Working, sender: Sender, scope: str, row: Row) -> bool:
    """Brings one row back; whether the laptop may."""
    key, rule = (row.t, row.k), work.rule(row.t)
    present = work.rows.get(key)
    change = Change(row.t, row.k, scope, "I", {name: (None, value) for name, value in row.f.items()})
    unknown = scope if row.g == GONE else home_of_new(work, change, rule)  # what is gone tells of no village
    home = present.scope if present else unknown
    if scope not in sender.held or home not in sender.held:
        return False
    if rule.append_only and _rewrites(present, row):
        return False
    if rule.apart and present is None and decides_own(work, rule.apart, change, unknown=False):
        return False
    if not sender.held.everything and _is_only_the_countys(work, sender, present, change, row):
        return False
    outcome = salvaged(present, row.f, row.q, gone=row.g == GONE, era=work.era, who=row.u)
    if present is None:
        settle_new(work, key, outcome.row, home)
    elif outcome.touched:
        settle(work, key, present, row.f)
    else:
        work.rewrite(key, present)
    origin = Origin(sender.dev, sender.name, row.q, row.u or HUB, bounded(row.h, work.now), "")
    for clash in outcome.clashes:
        findings.record(work, key, outcome.row, clash, origin)
    return True


def _is_only_the_countys(
    work: Working, sender: Sender, present: RowState | None, change: Change, row: Row
) -> bool:
    """Whether a laptop brings back what a level above decides or another wrote: those bring it themselves."""
    rule = work.rule(row.t)
    said = change if row.g == LIVE else replace(change, o="D")
    if rule.by_county:
        return True
    if rule.reserved and not _is_there(present, row) and oversteps(rule, present, said, sender.held.above):
        return True
    return bool(rule.by_device) and present is None and not may_sign(work, sender, row.f.get(rule.by_device))


def _rewrites(present: RowState | None, row: Row) -> bool:
    """Whether a row of a ledger that only grows would be another than it was."""
    return row.g == GONE or (present is not None and not _is_there(present, row))


def _is_there(present: RowState | None, row: Row) -> bool:
    """Whether the hub has a row just as it is brought back."""
    if present is None or present.gone != (row.g == GONE):
        return False
    return row.g == GONE or all(present.data.get(name) == plain(value) for name, value in row.f.items())
