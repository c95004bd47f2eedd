"""What the database held when it was last seen, kept beside it: an older one in its place is noticed.

It also keeps who was revoked, so that a restored database does not let a stolen laptop in again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from nehe_desktop.core.database import OperationalError, bare_connection
from nehe_desktop.core.errors import Trouble
from nehe_desktop.hub import epochs
from nehe_desktop.hub.devices import REVOKED, remember
from nehe_desktop.hub.folder import HubFolder
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.security.durable import write_whole


@dataclass(frozen=True)
class Seen:
    """The epoch, the last numbers of the scopes, and the orders to wipe revoked laptops, by name."""

    epoch: str = ""
    heads: dict[str, int] = field(default_factory=dict)
    revoked: dict[str, str] = field(default_factory=dict)


def look(link: Link, county: str) -> Seen:
    """What the database holds now."""
    heads = dict(link.all("SELECT scope, hseq FROM head WHERE county = ?", (county,)))
    sql = "SELECT k, v FROM meta WHERE county = ? AND k > 'wipe ' AND k < 'wipe!'"
    revoked = {name.removeprefix("wipe "): order for name, order in link.all(sql, (county,))}
    return Seen(epochs.current(link, county), heads, revoked)


def kept(folder: HubFolder) -> Seen:
    """What was noted last; nothing where there is no note."""
    try:
        told = json.loads(folder.witness.read_bytes())
        return Seen(told["epoch"], told["heads"], told["revoked"])
    except (OSError, ValueError, KeyError):
        return Seen()


def note(store: HubStore, folder: HubFolder, county: str) -> None:
    """Notes what the database holds now; who was revoked once is not forgotten."""
    seen = store.read(lambda link: look(link, county))
    revoked = {**kept(folder).revoked, **seen.revoked}
    words = {"epoch": seen.epoch, "heads": seen.heads, "revoked": revoked}
    write_whole(folder.witness, json.dumps(words, indent=1).encode())


def is_older(store: HubStore, folder: HubFolder, county: str) -> bool:
    """Whether somebody put an older database in the place of the one that was seen last."""
    before = kept(folder)
    if not before.epoch:
        return False

    def job(link: Link) -> bool:
        now, lives = look(link, county), epochs.forks(link, county)
        if now.epoch == before.epoch:
            return any(now.heads.get(scope, 0) < head for scope, head in before.heads.items())
        return before.epoch not in lives

    return store.read(job)


def keep_revoked(store: HubStore, folder: HubFolder, county: str) -> int:
    """Revokes again whom a restored database takes for welcome; how many."""
    orders = kept(folder).revoked

    def job(link: Link) -> int:
        sql = "UPDATE device SET state = ? WHERE county = ? AND dev = ? AND state <> ?"
        done = 0
        for dev, order in orders.items():
            if link.run(sql, (REVOKED, county, dev, REVOKED)):
                remember(link, county, f"wipe {dev}", order)
                done += 1
        return done

    return store.write(county, job) if orders else 0


@contextmanager
def alone(folder: HubFolder) -> Iterator[None]:
    """Nobody else serves or restores this hub as long as the block lasts; raises Trouble where somebody does."""
    connection = bare_connection(folder.path / "hub.lock")
    try:
        connection.execute("PRAGMA busy_timeout=200")
        connection.execute("BEGIN EXCLUSIVE")
    except OperationalError as error:
        connection.close()
        raise Trouble("同步服务正在运行", "请先停下它（Ctrl+C 或停止服务）再做这一步") from error
    try:
        yield
    finally:
        connection.close()
