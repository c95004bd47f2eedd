"""A laptop that the county has not heard for long shows nothing until it is heard again (domain §11.3 (9)).

Nothing is lost: what was typed stays in the file and goes to the county with the contact that opens it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features.reference.queries import setting
from nehe_desktop.sync import contact, courier
from nehe_desktop.sync.client import Client, Connect, Progress
from nehe_desktop.sync.membership import account_of

_DAYS, _WARN = "offline_days", "offline_warning_days"
_USUAL = {_DAYS: 15, _WARN: 3}
"""As shipped, for a laptop that has no settings yet (domain §11.3 (9))."""

_SLACK = timedelta(days=1)  # a clock that was put right by hours is no reason to lock anybody out
_OPEN = "联上网后点“立即同步”，或把县里用 U 盘给的数据包（.nhpkg）收进来，就能登录。内容都在，不会丢"


@dataclass(frozen=True)
class Absence:
    """How long the county has not heard this laptop, how long that may last, and whether its clock was set back."""

    since: datetime
    lasted: timedelta
    days: int
    warned: int
    back: bool

    @property
    def left(self) -> int:
        """Whole days until the laptop locks; 0 on the last day, less after it."""
        return (timedelta(days=self.days) - self.lasted).days


def refusal(store: Store, now: datetime) -> str:
    """Why nobody may log in until the county is heard, and what to do; empty where everybody may."""
    found = absence(store, now)
    if found is None or (not found.back and found.lasted <= timedelta(days=found.days)):
        return ""
    if found.back:
        return f"这台电脑的日期是 {now:%Y年%m月%d日}，比上次使用时还早。请先把电脑的日期时间调对；{_OPEN}"
    last = f"最长 {found.days} 天，上次 {found.since:%Y-%m-%d %H:%M}"
    return f"这台电脑 {found.lasted.days} 天没有和县里联系了（{last}），先锁上。{_OPEN}"


def soon(store: Store, now: datetime) -> str:
    """The warning in a few words, for the status bar; empty before the last days."""
    found = absence(store, now)
    if found is None or found.left > found.warned:
        return ""
    return f"再过 {found.left} 天不同步就锁上" if found.left > 0 else "今天不同步就锁上"


def warning(store: Store, now: datetime) -> str:
    """What the first page says in the last days; empty before them."""
    found = absence(store, now)
    if found is None or found.left > found.warned:
        return ""
    when = f"再过 {found.left} 天" if found.left > 0 else "今天以后"
    return f"{found.lasted.days} 天没有和县里联系，{when}不同步就要锁上：请联网同步，或用 U 盘送一次"


def absence(store: Store, now: datetime) -> Absence | None:
    """How long the county was not heard; None for a laptop that belongs to none.

    A clock that was set back does not help: the last work that the journal knows of counts as now.
    """
    heard = contact.last(store) if account_of(store) is not None else None
    if heard is None:
        return None
    clock = contact.corrected(store, now)
    if clock < heard.at - _SLACK:
        clock = now.astimezone()  # it was set since the county corrected it
    known = max(heard.at, contact.newest_work(store, heard) or heard.at)
    lasted = max(clock, known) - heard.at
    return Absence(heard.at, lasted, _days(store, _DAYS), _days(store, _WARN), back=clock < known - _SLACK)


def lift_by_network(store: Store, connect: Connect, progress: Progress | None = None) -> str:
    """One synchronisation from the log-in page, then what still stands in the way; for a worker. Raises Trouble."""
    Client(store, connect).sync(progress)
    return refusal(store, store.clock.now())


def lift_by_stick(store: Store, path: Path) -> str:
    """Takes in a package that the county made, then what still stands in the way; raises Refused and Trouble."""
    before = contact.last(store)
    courier.take_down(store, path)
    still = refusal(store, store.clock.now())
    if still and contact.last(store) == before:
        raise Refused("这个数据包是县里以前做的，不能用来解锁；请向县里要一个新的")
    return still


def _days(store: Store, name: str) -> int:
    """A number of days as the county set it; what makes no sense counts as not set."""
    row = setting(store, name)
    told = row.value.strip() if row else ""
    return int(told) if told.isdecimal() and 0 < int(told) <= 366 else _USUAL[name]
