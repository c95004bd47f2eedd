"""Numbers in clear: who asks, why, and his PIN once more; the log is told before anything is shown (domain §11.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.guard import Verb
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody.actors import actor_of
from nehe_desktop.features.custody.audit import note
from nehe_desktop.features.custody.clear_queries import names_somebody
from nehe_desktop.features.reference.queries import setting
from nehe_desktop.security import vault
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.security.rights import Rights, exports_whole

SHOWN_FOR = 60
"""Seconds for which a person who asked sees the whole numbers (domain §11.3 (2))."""

MOST_AT_ONCE = 20
"""Records that one look shows; more leave as an encrypted list, which a second person confirms (domain §11.3 (4))."""

REASONS = ("核对身份", "办理业务", "村民要求")
"""What people usually need whole numbers for."""

CONFIRMING = frozenset({"R2", "R4", "R5", "R7", "R8"})
"""The roles that confirm what concerns many people (domain §11.3 (4))."""

SAMPLE_NOTE = "示例数据里的人和号码都是编造的，不用输口令"

_LIMIT, _USUAL_LIMIT = "second_person_above", 200
_NUMBER = re.compile(r"\d{6,}")


@dataclass(frozen=True)
class Asking:
    """Who is at the keyboard says why and gives his PIN; a second person, where one is needed, does the same."""

    reason: str
    pin: str = ""
    second: str = ""
    second_pin: str = ""


@dataclass(frozen=True)
class Release:
    """That whole numbers may leave: for what, why, up to how many people, and who confirmed it as second person."""

    table: str
    reason: str
    most: int
    second: str = ""

    def covers(self, table: str, count: int) -> None:
        """Raises Refused where it was given for another ledger, or for fewer people."""
        if table != self.table or count > self.most:
            raise Refused(f"这次有 {count} 人，超过 {self.most} 人，要另一位有权的人用自己的口令确认")


def look(store: Store, laptop: Laptop, table: str, rows: Sequence[str], asking: Asking) -> None:
    """Lets who is at the keyboard see records in clear, and writes each down; for a worker. Raises Refused."""
    checked_count(rows)
    _admitted(store, laptop, ("clear",), table, rows[0], asking)
    for row in rows:
        note(store, "查看完整号码", tbl=table, row=row, count=1, reason=asking.reason.strip()).result()


def release(store: Store, laptop: Laptop, verb: Verb, table: str, count: int, asking: Asking) -> Release:
    """Lets whole numbers of so many people out of the program; for a worker. Raises Refused.

    Above the number of the settings a second person of this laptop confirms it with a PIN of his own.
    """
    _admitted(store, laptop, (verb, "clear"), table, "", asking)
    if verb == "export" and isinstance(store.guard, Rights) and not exports_whole(store.guard.actor, table):
        why = f"{store.guard.actor.titles}只能导出遮盖号码的{LEDGERS[table].title}"
        _refused(store, table, "", why)
        raise Refused(why)
    limit = limit_of(store)
    if laptop.sample or count <= limit:
        return Release(table, asking.reason.strip(), max(limit, count))
    try:
        _confirm(store, laptop, asking, count, limit)
    except Refused as refused:
        _refused(store, table, "", f"另一人确认：{refused.sentence}")
        raise
    return Release(table, asking.reason.strip(), count, asking.second)


def limit_of(store: Store) -> int:
    """From how many people on a second person confirms, as the county set it."""
    row = setting(store, _LIMIT)
    told = row.value.strip() if row else ""
    return int(told) if told.isdecimal() else _USUAL_LIMIT


def seconds(store: Store, laptop: Laptop) -> list[str]:
    """Who of this laptop may confirm besides who is at the keyboard."""
    names = (holder.name for holder in vault.people(laptop.vault))
    return [name for name in names if name != store.author and _confirms(store, name)]


def checked_count(rows: Sequence[str]) -> None:
    """Raises Refused where more records are to be seen at once than one look is for."""
    if len(rows) > MOST_AT_ONCE:
        raise Refused(f"一次最多看 {MOST_AT_ONCE} 条，现在勾选了 {len(rows)} 条；要很多条，请导出加密的压缩包")


def checked_reason(store: Store, reason: str) -> str:
    """A reason that may stand in the log: some words, without a number or the name of a villager. Raises Refused."""
    words = reason.strip()
    if len(words) < 2:
        raise Refused("请写明为什么要看完整号码，例如“核对身份”")
    if _NUMBER.search(words) or names_somebody(store, words):
        raise Refused("理由会记入日志，请不要写村民的姓名、证件号和电话")
    return words


def _admitted(store: Store, laptop: Laptop, verbs: tuple[Verb, ...], table: str, row: str, asking: Asking) -> None:
    try:
        for verb in verbs:
            store.guard.require(verb, table)
        checked_reason(store, asking.reason)
        if not laptop.sample:
            vault.unlock(laptop.vault, store.author, asking.pin)
    except Refused as refused:
        _refused(store, table, row, refused.sentence)
        raise


def _confirm(store: Store, laptop: Laptop, asking: Asking, count: int, limit: int) -> None:
    second = asking.second.strip()
    if not second:
        raise Refused(f"这次有 {count} 人，超过 {limit} 人，要另一位有权的人用自己的口令确认")
    if second == store.author:
        raise Refused("确认的要是另一个人，不能是自己")
    if second not in {holder.name for holder in vault.people(laptop.vault)}:
        raise Refused("确认的人要能登录这台电脑，请从名单中选择")
    if not _confirms(store, second):
        raise Refused("这个人没有确认的权限；队长、村书记、乡镇或县里的人可以")
    vault.unlock(laptop.vault, second, asking.second_pin)


def _confirms(store: Store, name: str) -> bool:
    try:
        return bool(actor_of(store, name).roles & CONFIRMING)
    except Refused:
        return False


def _refused(store: Store, table: str, row: str, why: str) -> None:
    note(store, "被拒绝", tbl=table, row=row, detail=f"完整号码：{why}").result()
