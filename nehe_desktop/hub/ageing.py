"""What the hub does not keep for ever: the content of removed rows, receipts, what was told to an administrator."""

from __future__ import annotations

from nehe_desktop.hub.devices import remember
from nehe_desktop.hub.events import DAY
from nehe_desktop.hub.store import HubStore, Link

REMOVED = 180 * DAY
"""How long (ms) a removed row keeps its values, so that an edit which comes late brings all of it back."""

RECEIPTS, EVENTS = 180 * DAY, 2 * 365 * DAY
"""How long (ms) receipts and events are kept."""

_EMPTY = (
    "UPDATE record SET data = '{}', meta = '{}' WHERE county = ? AND gone = 1 AND stamp < ? AND data <> '{}'"
)


def age(store: HubStore, county: str, now: int) -> bool:
    """Lets go of what is too old, once a day; whether it was time for it."""
    aged = store.read(lambda link: link.one("SELECT v FROM meta WHERE county = ? AND k = 'aged'", (county,)))
    if aged is not None and now - int(aged[0]) < DAY:
        return False
    store.write(county, lambda link: _let_go(link, county, now))
    return True


def _let_go(link: Link, county: str, now: int) -> None:
    link.run(_EMPTY, (county, now - REMOVED << 16))
    link.run("DELETE FROM receipt WHERE county = ? AND at < ?", (county, now - RECEIPTS))
    link.run("DELETE FROM event WHERE county = ? AND at < ?", (county, now - EVENTS))
    remember(link, county, "aged", str(now))
