"""The lives of the hub: each restore begins one, and a laptop learns from where on it may differ.

Numbers of a scope are the same in two epochs up to the heads at which one began after the other.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from nehe_desktop.hub import events
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.sync.protocol import Fork

_META = (
    "INSERT INTO meta (county, k, v) VALUES (?, ?, ?) ON CONFLICT (county, k) DO UPDATE SET v = excluded.v"
)
_EPOCH = (
    "INSERT INTO epoch (county, epoch, era, parent, heads, at) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (county, epoch) DO NOTHING"
)
_PRESENT = (
    "SELECT m.k, m.v, e.era FROM meta m LEFT JOIN epoch e ON e.county = m.county AND e.epoch = m.v"
    " WHERE m.county = ? AND m.k IN ('epoch', 'behind', 'durable')"
)


@dataclass(frozen=True)
class Present:
    """The present epoch and its number; whether a laptop was found ahead of it; what lies in a backup, by laptop."""

    epoch: str
    era: int
    is_behind: bool
    durable: Mapping[str, int]


def begin(store: HubStore, county: str, wall: Callable[[], int]) -> str:
    """The present epoch; makes the first one where there is none."""

    def job(link: Link) -> str:
        return current(link, county) or _start(link, county, "", {}, wall())

    return store.read(lambda link: current(link, county)) or store.write(county, job)


def new_epoch(store: HubStore, county: str, now: int) -> str:
    """A new epoch after a restore, also after one that nobody had told of (it works again from now on)."""

    def job(link: Link) -> str:
        parent = current(link, county)
        epoch = _start(link, county, parent, _heads(link, county), now)
        link.run("DELETE FROM meta WHERE county = ? AND k = 'behind'", (county,))
        events.note(link, county, "restored", "", f"{parent} → {epoch}", now)
        return epoch

    return store.write(county, job)


def current(link: Link, county: str) -> str:
    """The present epoch; empty before the first."""
    found = link.one("SELECT v FROM meta WHERE county = ? AND k = 'epoch'", (county,))
    return str(found[0]) if found else ""


def present(link: Link, county: str) -> Present:
    """How the hub stands."""
    found = {name: (value, number) for name, value, number in link.all(_PRESENT, (county,))}
    epoch, era = found.get("epoch", ("", 1))
    durable = json.loads(found["durable"][0]) if "durable" in found else {}
    return Present(epoch, era or 1, "behind" in found, durable)


def forks(link: Link, county: str) -> dict[str, Fork]:
    """Every epoch that this hub knows of."""
    sql = "SELECT epoch, parent, heads FROM epoch WHERE county = ? ORDER BY era"
    return {
        epoch: Fork(epoch, parent, json.loads(heads)) for epoch, parent, heads in link.all(sql, (county,))
    }


def remember(store: HubStore, county: str, lives: Iterable[Fork], now: int) -> None:
    """Notes epochs of the database that a restore replaced, for the laptops that come from there."""

    def job(link: Link) -> None:
        for fork in lives:
            link.run(_EPOCH, (county, fork.epoch, 0, fork.parent, json.dumps(fork.heads), now))

    store.write(county, job)


def lineage(link: Link, county: str, epoch: str, scopes: Collection[str]) -> list[Fork]:
    """From a laptop's epoch to the present one, oldest first, with the heads of these scopes.

    Both agree up to the least head of all entries, 0 where one does not name the scope. An epoch in a
    branch that was given up counts with its own beginning; with an unknown one nothing is agreed on.
    """
    known, now = forks(link, county), current(link, county)
    here, there = _path(known, now), _path(known, epoch)
    common = next((each for each in there if each in here), None)
    if epoch not in known or common is None:
        return [Fork(now, epoch, {})]
    aside = there[: there.index(common)]
    since = here[: here.index(common)]
    passed = [*reversed(aside), *reversed(since)]
    return [
        Fork(each, known[each].parent, {s: h for s, h in known[each].heads.items() if s in scopes})
        for each in passed
    ]


def note_behind(link: Link, county: str, dev: str, now: int) -> None:
    """Stops the hub until an administrator confirms that it was restored."""
    link.run(_META, (county, "behind", dev))
    events.note(link, county, "behind", dev, "", now)


def _start(link: Link, county: str, parent: str, heads: dict[str, int], now: int) -> str:
    epoch = secrets.token_hex(8)
    found = link.one("SELECT max(era) FROM epoch WHERE county = ?", (county,))
    number = (found[0] if found and found[0] else 0) + 1
    link.run(_EPOCH, (county, epoch, number, parent, json.dumps(heads), now))
    link.run(_META, (county, "epoch", epoch))
    return epoch


def _heads(link: Link, county: str) -> dict[str, int]:
    return dict(link.all("SELECT scope, hseq FROM head WHERE county = ?", (county,)))


def _path(known: dict[str, Fork], epoch: str) -> list[str]:
    """An epoch and those before it, the newest first."""
    path: list[str] = []
    while epoch in known and epoch not in path:
        path.append(epoch)
        epoch = known[epoch].parent
    return path
