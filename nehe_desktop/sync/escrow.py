"""The key of the file in the county's keeping: left once, and anew where key, name, hub or recovery key have changed.

It is sealed to the county's recovery key before it leaves the laptop, over the network or in a package on a stick;
it counts as left only when the county has answered. Without it everything else goes on; it is tried again at the
next synchronisation.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime

from nehe_desktop.core.database import Writing
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.security import envelope
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.escrow import deposit_about
from nehe_desktop.sync import diary, tables
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import Deposit, Deposited, RecoveryKey, short_name
from nehe_desktop.sync.keys import is_signed
from nehe_desktop.sync.transport import Denied, Transport

_ESCROW, _CARRIED, _RECOVERY = "escrow", "escrow_carried", "recovery"


@dataclass(frozen=True)
class Keeping:
    """Since when the county has the present key, and when a package took it along that was not answered yet."""

    left: datetime | None = None
    carried: datetime | None = None


def deposit(store: Store, account: Account, transport: Transport) -> bool:
    """Leaves the key with the county where it does not have it yet; whether it has it now."""
    message = due(store, account)
    if message is None:
        return True
    try:
        taken = transport.call("/v1/escrow", message, Deposited)
    except (Denied, Trouble):  # an older hub, a cut link
        return False
    what, now = [account.dev, message.fingerprint, tables.kept(store, "epoch", ""), message.to], _now(store)
    store.database.write(lambda writing: _keep(writing, what, taken.at, now)).result()
    return True


def due(store: Store, account: Account) -> Deposit | None:
    """The sealed key where the county does not have it yet, else None."""
    if _left(store)[0] == _what(store, account):
        return None
    recovery = _recovery(store)
    public = recovery.public if recovery else account.hub_seal
    return store.database.with_key(lambda key: _sealed(account, Key(key), public, knows(store)))


def note_carried(writing: Writing, message: Deposit | None, now: int) -> None:
    """Notes that a package takes the key along; called where the package is written."""
    if message is not None:
        tables.keep(writing, _CARRIED, [message.fingerprint, now])


def take_answer(store: Store, account: Account, answered: Deposited | None, epoch: str) -> None:
    """Takes the county's word, from a package, that it has a key of this laptop."""
    if answered is not None and answered.fingerprint == store.database.with_key(envelope.fingerprint):
        what, now = [account.dev, answered.fingerprint, epoch, answered.to], _now(store)
        store.database.write(lambda writing: _keep(writing, what, answered.at, now)).result()


def hear(store: Store, account: Account, told: RecoveryKey | None, at: int) -> None:
    """Takes the county's recovery key from an answer of a time (ms); only with the signature of the laptop's own hub."""
    if told is None or at < tables.kept(store, _RECOVERY, [None, 0])[1]:
        return  # an answer that lay on a stick for long
    if not is_signed(account.hub_sign, told.sig, told.words(account.county)) or not _is_public(told.public):
        words = "收到的县里恢复密钥签名不对，没有采用"
        store.database.write(lambda writing: diary.trace(writing, at, "scope", words)).result()
        return
    kept = [[told.public, told.made, told.sig], at]
    store.database.write(lambda writing: tables.keep(writing, _RECOVERY, kept)).result()


def knows(store: Store) -> str:
    """The name of the county's recovery key that this laptop knows; empty before it heard of one."""
    found = _recovery(store)
    return short_name(found.public) if found else ""


def keeping(store: Store) -> Keeping:
    """How the present key stands with the county."""
    if not tables.are_there(store):
        return Keeping()
    what, at = _left(store)
    fingerprint = store.database.with_key(envelope.fingerprint)
    if what and what[1] == fingerprint:
        return Keeping(left=diary.moment(at))
    carried, when = tables.kept(store, _CARRIED, ["", 0])
    return Keeping(carried=diary.moment(when) if carried == fingerprint else None)


def last(store: Store) -> datetime | None:
    """When the present key was left with the county; None where the county does not have it."""
    return keeping(store).left


def forget(store: Store) -> None:
    """Lets the next synchronisation leave the key anew."""
    if tables.are_there(store):
        store.database.write(lambda writing: tables.keep(writing, _ESCROW, [[], 0])).result()


def _what(store: Store, account: Account) -> list[str]:
    fingerprint = store.database.with_key(envelope.fingerprint)
    return [account.dev, fingerprint, tables.kept(store, "epoch", ""), knows(store)]


def _left(store: Store) -> tuple[list[str], int]:
    what, at = tables.kept(store, _ESCROW, [[], 0])
    return what, at


def _keep(writing: Writing, what: list[str], at: int, now: int) -> None:
    """Keeps that the county has the key since a moment of its clock, and says so in the log at the laptop's own (ms)."""
    tables.keep(writing, _ESCROW, [what, at])
    diary.trace(writing, now, "scope", "县里收下了这台电脑的恢复钥匙")


def _now(store: Store) -> int:
    return int(store.clock.now().timestamp() * 1000)


def _recovery(store: Store) -> RecoveryKey | None:
    told, _ = tables.kept(store, _RECOVERY, [None, 0])
    return RecoveryKey(*told) if told else None


def _is_public(public: str) -> bool:
    try:
        return len(b64decode(public, validate=True)) == envelope.KEY_BYTES
    except ValueError:
        return False


def _sealed(account: Account, key: Key, public: str, to: str) -> Deposit:
    fingerprint = envelope.fingerprint(key)
    about = deposit_about(account.county, account.dev, fingerprint)
    return Deposit(account.dev, fingerprint, envelope.seal(key, b64decode(public), about), to)
