"""What was asked of the county by stick and is not answered yet: to be let in, to get a new name, to take back rows."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import asdict

from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Store
from nehe_desktop.sync import tables
from nehe_desktop.sync.invitation import Invitation
from nehe_desktop.sync.keys import Keys

_ASKED, _REBORN, _LETTERS = "asked", "reborn", "letters"


def ask(store: Store, invitation: Invitation, name: str, keys: Keys) -> None:
    """Remembers that this laptop asked to be let in."""
    told = {"invitation": asdict(invitation), "name": name, "sign": keys.sign, "seal": keys.seal}
    store.database.write(lambda writing: tables.keep(writing, _ASKED, told)).result()


def invitation(store: Store) -> tuple[Invitation, str] | None:
    """The invitation by which this laptop asked, and the name it gave itself."""
    told = tables.kept(store, _ASKED)
    return (Invitation(**told["invitation"]), told["name"]) if told else None


def hub_sign(store: Store) -> str | None:
    """The public key of the hub that was asked."""
    asked = invitation(store)
    return asked[0].hub_sign if asked else None


def keys(store: Store) -> list[Keys]:
    """The keys by which this laptop asked to be known."""
    told = (tables.kept(store, name) for name in (_ASKED, _REBORN))
    return [Keys(each["sign"], each["seal"]) for each in told if each]


def reborn(writing: Writing, new: Keys, packed: bytes) -> None:
    """Remembers that a name of its own was asked for; `packed` is the message."""
    told = {"sign": new.sign, "seal": new.seal, "letter": b64encode(packed).decode()}
    tables.keep(writing, _REBORN, told)


def is_reborn(store: Store) -> bool:
    """Whether a name of its own was asked for: until it comes nothing else is sent by stick."""
    return bool(tables.kept(store, _REBORN))


def reborn_letter(store: Store) -> bytes:
    """The message that asks for a name of its own."""
    return b64decode(tables.kept(store, _REBORN)["letter"])


def queue(writing: Writing, packed: Sequence[bytes]) -> None:
    """Keeps messages that the next package carries first."""
    kept = tables.value(writing, _LETTERS, [])
    tables.keep(writing, _LETTERS, [*kept, *(b64encode(each).decode() for each in packed)])


def letters(store: Store) -> list[bytes]:
    """The messages that the next package carries first."""
    return [b64decode(each) for each in tables.kept(store, _LETTERS, [])]


def delivered(store: Store) -> None:
    """The county has answered a package: what it carried first is done."""
    if tables.kept(store, _LETTERS):
        store.database.write(lambda writing: tables.keep(writing, _LETTERS, [])).result()


def forget(store: Store) -> None:
    """Forgets what was asked; what is still to be brought back is kept."""

    def clear(writing: Writing) -> None:
        for name in (_ASKED, _REBORN):
            tables.keep(writing, name, None)

    store.database.write(clear).result()
