"""Somebody sits down at the keyboard: whether he may, what he may do, and that it is written down."""

from __future__ import annotations

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.actors import Ended, actor_of, admit
from nehe_desktop.features.custody.expiry import refusal
from nehe_desktop.security import vault
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.security.rights import Rights


def may_sit(store: Store, person: str) -> None:
    """Raises Refused where `seated` would, and changes nothing."""
    if why := refusal(store, store.clock.now()):
        raise Refused(why)
    actor_of(store, person)


def seated(store: Store, person: str, laptop: Laptop, key: Key | None = None, *, how: str = "") -> Rights:
    """Puts a person whose PIN was right at the keyboard, and notes it; `how` tells it from the window.

    Raises Refused while the county must be heard first, and for one whose time is over: his PIN is
    taken out of use then, unless he is the last one who can open the laptop.
    """
    why = "" if laptop.sample else refusal(store, store.clock.now())  # made-up people live in 2020
    if why:
        raise Refused(why)
    try:
        rights = admit(store, person, laptop)
    except Ended:
        if key is not None and len(vault.people(laptop.vault)) > 1:
            vault.remove_person(laptop.vault, key, person)
            audit.note(store, "人员和权限", person=person, detail="任期已满，口令停用").result()
        raise
    audit.note(store, "登录", detail=how).result()
    return rights
