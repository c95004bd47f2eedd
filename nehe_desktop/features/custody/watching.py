"""What is done to some ledgers goes into the log, whoever does it: form, import, command line, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from nehe_desktop.core import local
from nehe_desktop.core.database import Writing
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Change, Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.queries import RowChange, row_changes, rows_now
from nehe_desktop.security.rights import ROLES

Values = Mapping[str, Any]
Words = Callable[[RowChange, Values], str]

_SEEN = "audit_watch"
_SHOWN = 6
"""Different words of one step that stand in its entry; more are counted."""
_DONE = {"I": "登记", "U": "修改", "D": "删除"}


@dataclass(frozen=True)
class Watched:
    """A ledger whose changes are noted: the kind of entry, and the words for one change and the row after it.

    No name and no number may stand in the words. With `taken_back` only what an undo does is noted, where the
    deed itself is noted by who does it, with its reason.
    """

    kind: str
    words: Words
    taken_back: bool = False


def changed(change: RowChange, table: str) -> str:
    """登记, 删除 or 修改 with the names of the columns."""
    if change.op != "U":
        return _DONE[change.op]
    fields = LEDGERS[table].fields
    return "修改（" + "、".join(fields[name].label for name in change.patch if name in fields) + "）"


def _of_account(change: RowChange, _values: Values) -> str:
    roles = [ROLES[code] for code in change.patch.get("role", ()) if code in ROLES]
    return changed(change, "account") + ("：" + " → ".join(dict.fromkeys(roles)) if roles else "")


def _of_consent(change: RowChange, values: Values) -> str:
    before, now = change.patch.get("withdrawn_on", (None, None))
    if change.op != "D" and before != now:
        return f"撤回 {values['kind']} {now}" if now else f"取消撤回 {values['kind']}"
    signed = f"，{values['signed_on']} 签字" if change.op == "I" else ""
    return f"{changed(change, 'consent')} {values['kind']}{signed}"


def _of_leave_step(_change: RowChange, values: Values) -> str:
    return f"请假 {values['step']} {values['decision']}"


def _of_sheet_step(_change: RowChange, values: Values) -> str:
    return f"考勤表 {values['month']} 第 {values['revision']} 稿 {values['step']} {values['decision']}"


def _of_late_step(_change: RowChange, values: Values) -> str:
    return f"补签 {values['step']} {values['decision']}"


def _of_lock(change: RowChange, values: Values) -> str:
    done = changed(change, "month_lock") if change.op == "D" else "锁定" if values["closed"] else "重开"
    return f"{done}考勤表 {values['month']} 第 {values['revision']} 稿"


def _taken_back(_change: RowChange, _values: Values) -> str:
    return "处理过的又改回待处理"


WATCHED: Mapping[str, Watched] = {
    "account": Watched("人员和权限", _of_account),
    "consent": Watched("同意书", _of_consent),
    "leave_step": Watched("审批", _of_leave_step),
    "sheet_step": Watched("审批", _of_sheet_step),
    "late_step": Watched("审批", _of_late_step),
    "late_night_step": Watched("审批", _of_late_step),
    "month_lock": Watched("审批", _of_lock),
    "conflict": Watched("冲突处理", _taken_back, taken_back=True),
    "double": Watched("重复处理", _taken_back, taken_back=True),
}
"""The ledgers that are watched, by table."""


@dataclass(frozen=True)
class Watch:
    """A listener of a store that notes what was done since it last looked; two are no more than one."""

    store: Store

    def __call__(self, tables: frozenset[str]) -> None:
        """Called on the writer thread after each commit."""
        if tables & WATCHED.keys():
            self.store.compose(self._entries, "记入日志")

    def _entries(self, writing: Writing) -> list[Change]:
        store, seen = self.store, int(self.store.recall(_SEEN, 0))
        found = row_changes(writing, seen, tuple(WATCHED))
        if not found:
            return []
        local.put(writing, "setting", _SEEN, found[-1].number, store.clock.now())
        noted = (each for each in found if each.undone or not WATCHED[each.table].taken_back)
        steps = groupby(noted, key=lambda each: (each.tx, each.table, each.op, each.author))
        entries = [self._entry(writing, table, author, list(part)) for (_, table, _, author), part in steps]
        return audit.linked(store, writing, entries)

    def _entry(self, writing: Writing, table: str, author: str, part: list[RowChange]) -> AuditEntry:
        """One entry for what a step did to a ledger."""
        return AuditEntry(
            device="-",
            number=1,
            at=self.store.clock.now(),
            person=author,
            kind=WATCHED[table].kind,
            tbl=table,
            row=part[0].row if len(part) == 1 else "",
            count=len(part),
            detail=("撤销：" if part[0].undone else "") + _told(_words(writing, table, part)),
            mark="-",
        )


def watch(store: Store) -> None:
    """Begins to note what is done to the watched ledgers, and notes what a power cut left unsaid."""
    made = Watch(store)
    store.listen(made)
    made(frozenset(WATCHED))


def _words(writing: Writing, table: str, part: Iterable[RowChange]) -> Iterator[str]:
    for change in part:
        before = {name: old if change.op == "D" else new for name, (old, new) in change.patch.items()}
        now = {} if change.op != "U" else rows_now(writing, table, change.row)
        yield WATCHED[table].words(change, {**dict.fromkeys(LEDGERS[table].fields), **now, **before})


def _told(words: Iterable[str]) -> str:
    """The different words of a step."""
    found = list(dict.fromkeys(words))
    more = f"等 {len(found)} 种" if len(found) > _SHOWN else ""
    return ("；".join(found[:_SHOWN]) + more)[:390]
