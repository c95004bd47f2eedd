"""A case as it stands on the screen: texts for every version, the tale of the fields, whom to ask. Without Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from nehe_desktop.core.clock import moment_of
from nehe_desktop.core.journal import Event
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.exchange import queries
from nehe_desktop.features.exchange.cases import AUTO, DONE, Case, Line, Me, Version
from nehe_desktop.features.exchange.ledger import KINDS
from nehe_desktop.features.exchange.naming import Mask, all_shown, is_covered, label_of, shown
from nehe_desktop.features.teams.ledger import Helper
from nehe_desktop.sync.membership import account_of


@dataclass(frozen=True)
class Option:
    """One version: what it says, who said it when, whether it stands now."""

    text: str
    said: str
    version: Version


@dataclass(frozen=True)
class Row:
    """One line of the case: its label, what it was before, its versions, the fields that may be written anew."""

    line: Line
    label: str
    before: str
    options: tuple[Option, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Colleague:
    """Somebody who can be asked."""

    name: str
    role: str
    phone: str


@dataclass(frozen=True)
class Sheet:
    """Everything that the right half shows of a case; `about` are other values of the record."""

    case: Case
    what: str
    rows: tuple[Row, ...]
    about: tuple[tuple[str, str], ...]
    tale: tuple[str, ...]
    colleagues: tuple[Colleague, ...]
    covered: bool

    @property
    def sided(self) -> bool:
        """Whether some version is mine."""
        return any(version.mine for line in self.case.lines for version in line.versions)


def me(store: Store) -> Me:
    """Who looks: the person at the keyboard, and this laptop's name at the hub."""
    account = account_of(store)
    return Me(store.author, account.name if account else "")


def sheet_of(store: Store, which: str, key: str, mask: Mask) -> Sheet | None:
    """The sheet of a case by its key, None where nothing is left of it; for a worker."""
    case = queries.case_of(store, which, key, me(store))
    if case is None:
        return None
    names = list(dict.fromkeys(name for line in case.lines for name in line.names))
    colleagues = tuple(_colleagues(store, case, mask))
    return Sheet(
        case,
        _what(case, store.clock.today()),
        tuple(_row(store, case, line, mask) for line in case.lines),
        tuple(_about(store, case.table, case.id, names, mask)),
        tuple(_told(store, case.table, event, names, mask) for event in queries.tale(store, case.table, case.id, names)),
        colleagues,
        bool(colleagues) or any(is_covered(case.table, line.names) for line in case.lines),
    )


def _what(case: Case, today: date) -> str:
    """What happened, and what to do now."""
    found = [conflict for line in case.lines for conflict in line.conflicts]
    if all(conflict.state == AUTO for conflict in found):
        return "同一项内容两处都改了，程序先用了一边，另一边也留着。要换回来，点另一边再确认。"
    if all(conflict.state == DONE for conflict in found):
        last = max(found, key=lambda conflict: conflict.answered_at)
        when = moment_words(last.answered_at, today)
        return f"{last.answered_by} {when} 已经定下。要换回来，点另一边再确认。"
    kinds = list(dict.fromkeys(KINDS.get(line.kind, "") for line in case.lines))
    if kinds == [KINDS["field"]]:
        return "同一项内容两处都改了。看清楚后每行点一个；拿不准可以先放着，不影响继续录入。"
    return f"{'；'.join(kinds)}。看清楚后每行点一个；拿不准可以先放着。"


def _row(store: Store, case: Case, line: Line, mask: Mask) -> Row:
    table, names = case.table, line.names
    label = "整条记录" if line.about_existence else label_of(table, names)
    before = "" if line.about_existence else all_shown(store, table, line.base, names, mask)
    options = tuple(_option(store, table, line, version, mask) for version in line.versions)
    known = LEDGERS[table].fields if table in LEDGERS else {}
    writable = () if line.about_existence else tuple(name for name in names if name in known)
    return Row(line, label, before, options, writable)


def _option(store: Store, table: str, line: Line, version: Version, mask: Mask) -> Option:
    return Option(_text(store, table, line, version, mask), said(version, store.clock.today()), version)


def _text(store: Store, table: str, line: Line, version: Version, mask: Mask) -> str:
    if version.removed:
        return "删除这条"
    if not line.about_existence:
        return all_shown(store, table, version.values, line.names, mask)
    told = (f"{label_of(table, [name])}：{shown(store, table, name, version.values.get(name), mask)}" for name in line.names)
    return "\n".join(["保留这条", *told])


_ABOUT = 8
_PHONE = Helper.ledger.fields["phone"]


def _about(store: Store, table: str, id: str, names: Collection[str], mask: Mask) -> Iterator[tuple[str, str]]:
    """Other values of the record, those of its list first, so that it is clear which one it is."""
    values, ledger = queries.stored_row(store, table, id), LEDGERS.get(table)
    if values is None or ledger is None:
        return
    order = dict.fromkeys([*(field.name for field in ledger.listed), *ledger.fields])
    said = (name for name in order if name not in names and values[name] not in (None, "", 0))
    for name in islice(said, _ABOUT):
        yield ledger.fields[name].label, shown(store, table, name, values[name], mask)


def said(version: Version, today: date) -> str:
    """李建国 · 8/10 08:50, with 今天 for today."""
    when = moment_words(version.at, today) if version.at else ""
    return " · ".join(filter(None, (version.who, when))) or ("后来改成的" if version.stands else "")


def moment_words(stamp: int, today: date) -> str:
    """8/10 08:50 of a stamp; 今天 08:50; the year where it is another one."""
    at = moment_of(stamp)
    if at.date() == today:
        return f"今天 {at:%H:%M}"
    year = "" if at.year == today.year else f"{at.year}/"
    return f"{year}{at.month}/{at.day} {at:%H:%M}"


def _told(store: Store, table: str, event: Event, names: Sequence[str], mask: Mask) -> str:
    """8/10 09:12 王敏 电话核实：自然屯 一屯 → 三屯."""
    when = f"{event.at.month}/{event.at.day} {event.at:%H:%M}"
    who = " ".join(filter(None, (when, event.author, event.reason)))
    if event.op == "D":
        return f"{who}：删除了这条"
    if event.op == "I":
        return f"{who}：录入了这条"
    changes = (
        f"{label_of(table, [name])} {shown(store, table, name, old, mask)} → {shown(store, table, name, new, mask)}"
        for name, (old, new) in event.patch.items()
        if name in names
    )
    return f"{who}：{'；'.join(changes)}"


def _colleagues(store: Store, case: Case, mask: Mask) -> Iterable[Colleague]:
    """The others who made a version, as far as their telephone numbers are known; covered as every number."""
    versions = [version for line in case.lines for version in line.versions]
    for name in dict.fromkeys(v.who for v in versions if not v.mine and v.who != store.author):
        if found := queries.phone_of(store, name):
            role, phone = found
            yield Colleague(name, role, mask(_PHONE, phone))
