"""Who has left still knows a key: his PIN goes out of use when his posting is over, then the key is due (domain §11.4).

A PIN is taken out of use by itself only where the county's own clock says that the time is over: a laptop whose date
was set wrong shuts nobody out. Until somebody changes the key of the data, the first page and 钥匙和恢复 say so.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.actors import Ended, actor_of
from nehe_desktop.security import vault
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.sync import contact, tables

_DUE, _OVER = "rekey_due", "rekey_over"
STOPPED = "任期已满，口令停用；要更换数据密钥"
"""What the log says of a PIN that went out of use by itself."""


@dataclass(frozen=True)
class Due:
    """Since when the key is due, how many people it outlived, and whose time is over though a PIN still opens."""

    since: date | None = None
    count: int = 0
    over: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is to be done, in sentences; empty where nothing is."""
        left = f"{self.since:%Y-%m-%d} 起有 {self.count} 人离开，口令已停用" if self.since else ""
        why = f"{left}。请更换数据密钥，他们拷走过的旧钥匙就打不开以后的数据。" if left else ""
        still = f"{'、'.join(self.over)}的任期已满，口令还没停用：请在“人员和口令”里收回。" if self.over else ""
        return why + still


def due(store: Store) -> Due:
    """Whether the key of this laptop should be changed because somebody left."""
    told = store.recall(_DUE) or {}
    since = date.fromisoformat(told["since"]) if told else None
    return Due(since, told.get("count", 0), tuple(store.recall(_OVER, ())))


def left(store: Store) -> None:
    """Notes that somebody's PIN went out of use: the key is due from today on."""
    told = store.recall(_DUE) or {"since": store.clock.today().isoformat(), "count": 0}
    store.remember(_DUE, {**told, "count": told["count"] + 1}).result()


def renewed(store: Store) -> bool:
    """Notes that the key was changed; whether it was due."""
    was = due(store).since is not None
    store.remember(_DUE, None).result()
    return was


def retire(store: Store, here: Laptop, key: Key) -> None:
    """Takes the PINs of everybody out of use whose time is over, but for who has just sat down; for a worker."""
    county_says, over = _county_day(store), []
    for holder in vault.people(here.vault):
        last = "" if holder.name == store.author else last_day(store, holder.name)
        if last and county_says and last < county_says:
            with suppress(Refused, Trouble):  # another program may be at the key file: the next log-in tries again
                stop(store, here, key, holder.name)
        elif last:
            over.append(holder.name)
    if over != list(store.recall(_OVER, [])):
        store.remember(_OVER, over).result()


def stop(store: Store, here: Laptop, key: Key, person: str) -> None:
    """Takes the PIN of somebody whose time is over out of use, and says in the log that the key is due. Raises Refused."""
    vault.remove_person(here.vault, key, person)
    left(store)
    audit.note(store, "人员和权限", person=person, detail=STOPPED).result()


def last_day(store: Store, person: str) -> str:
    """The last day of somebody whose time here is over; empty where it is not, or has not begun yet."""
    try:
        actor_of(store, person)
    except Ended as ended:
        return ended.last
    return ""


def _county_day(store: Store) -> str:
    """The day of the county's own clock when it was last heard; empty where it never was."""
    heard = contact.last(store) if tables.are_there(store) else None
    return heard.at.date().isoformat() if heard else ""
