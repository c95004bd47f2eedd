"""The key of the file in the county's keeping: left once, and anew where key, name or hub have changed.

It is sealed to the hub before it leaves the laptop. Without it everything else goes on; it is tried
again at the next synchronisation.
"""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.security import envelope
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.escrow import deposit_about
from nehe_desktop.sync import diary, tables
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import Deposit, Deposited
from nehe_desktop.sync.transport import Denied, Transport

_ESCROW = "escrow"


def deposit(store: Store, account: Account, transport: Transport) -> bool:
    """Leaves the key with the county where it does not have it yet; whether it has it now."""
    what = _what(store, account)
    if _left(store)[0] == what:
        return True
    message = store.database.with_key(lambda key: _sealed(account, Key(key)))
    try:
        taken = transport.call("/v1/escrow", message, Deposited)
    except (Denied, Trouble):  # an older hub, a cut link
        return False
    store.database.write(lambda writing: tables.keep(writing, _ESCROW, [what, taken.at])).result()
    return True


def last(store: Store) -> datetime | None:
    """When the present key was left with the county; None where the county does not have it."""
    if not tables.are_there(store):
        return None
    what, at = _left(store)
    fingerprint = store.database.with_key(envelope.fingerprint)
    return diary.moment(at) if what and what[1] == fingerprint else None


def forget(store: Store) -> None:
    """Lets the next synchronisation leave the key anew."""
    if tables.are_there(store):
        store.database.write(lambda writing: tables.keep(writing, _ESCROW, [[], 0])).result()


def _what(store: Store, account: Account) -> list[str]:
    return [account.dev, store.database.with_key(envelope.fingerprint), tables.kept(store, "epoch", "")]


def _left(store: Store) -> tuple[list[str], int]:
    what, at = tables.kept(store, _ESCROW, [[], 0])
    return what, at


def _sealed(account: Account, key: Key) -> Deposit:
    fingerprint = envelope.fingerprint(key)
    about = deposit_about(account.county, account.dev, fingerprint)
    return Deposit(account.dev, fingerprint, envelope.seal(key, b64decode(account.hub_seal), about))
