"""Somebody sits down at the keyboard: whether he may, what he may do, and that it is written down."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nehe_desktop.core.clock import Clock
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import audit, departures
from nehe_desktop.features.custody.actors import Ended, actor_of, admit
from nehe_desktop.features.custody.expiry import refusal
from nehe_desktop.features.custody.watching import watch
from nehe_desktop.security import escrow, rekeying, switching, vault
from nehe_desktop.security import laptop as laptops
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.security.rights import Rights


class Unheard(Refused):
    """Nobody may sit down until the county was heard."""


def let_in(
    here: Laptop, person: str, unlock: Callable[[], Key], hear: Callable[[Store], object] | None = None
) -> tuple[Key, Store]:
    """The key and the open file with a person at its keyboard; closed again where he is refused.

    `unlock` tries his PIN, `hear` hears the county before he sits down.
    """
    wrong = wrong_tries(here, person)
    key = rekeying.settled(here.file, here.vault, unlock())
    store = laptops.open_store(here, key, person, Clock())
    try:
        note_wrong(store, person, wrong)
        if hear is not None:
            hear(store)
        seated(store, person, here, key)
    except BaseException:
        store.close()
        raise
    return key, store


def wrong_tries(here: Laptop, person: str) -> int:
    """How often a wrong PIN was typed for somebody since his last right one; asked before it is forgotten."""
    return next((holder.wrong for holder in vault.people(here.vault) if holder.name == person), 0)


def note_wrong(store: Store, person: str, count: int) -> None:
    """Notes wrong PINs at the next right one: before that the log is under lock with everything else."""
    if count:
        audit.note(store, "登录失败", person=person, count=count).result()


def recovered(here: Laptop, text: str, person: str, pin: str) -> tuple[Key, Store]:
    """The key and the open file by the printed code or the county's answer, with an entry in the log."""
    unlock = partial(escrow.enter, here.vault, text, person, pin)
    return let_in(here, person, unlock, partial(note_recovered, here=here, person=person))


def note_recovered(store: Store, here: Laptop, person: str) -> None:
    """Notes that somebody who could not open by a PIN has a new one, and that the system's key store is no longer used."""
    lost = "；没有能用的系统钥匙库，已关掉" if switching.standing(here).given_up else ""
    audit.note(store, "钥匙", person=person, detail=f"忘了口令，用恢复单或县里的答复重设{lost}").result()


def rises(store: Store) -> None:
    """Notes that who is at the keyboard leaves; the file may be closed right after."""
    if isinstance(store.guard, Rights):
        audit.note(store, "退出")


def may_sit(store: Store, person: str) -> None:
    """Raises Refused where `seated` would, and changes nothing."""
    if why := refusal(store, store.clock.now()):
        raise Unheard(why)
    actor_of(store, person)


def seated(
    store: Store, person: str, laptop: Laptop, key: Key | None = None, *, how: str = "", unheard: bool = False
) -> Rights:
    """Puts a person whose PIN was right at the keyboard, and notes it; `how` tells it from the window.

    Colleagues whose time is over lose their PIN then. Raises Unheard while the county must be heard first, except
    for who came to do just that (`unheard`), and Refused for one whose time is over: his PIN is taken out of use
    then, unless he is the last one who can open the laptop.
    """
    free = unheard or laptop.sample  # made-up people live in 2020
    if why := "" if free else refusal(store, store.clock.now()):
        raise Unheard(why)
    try:
        rights = admit(store, person, laptop)
    except Ended as ended:
        if len(vault.people(laptop.vault)) == 1:
            raise Ended(f"{ended.sentence}。接任的人请点“忘了口令”，用恢复码和自己的姓名登录") from None
        if key is not None and ended.last:
            departures.stop(store, laptop, key, person)
        raise
    watch(store)
    audit.note(store, "登录", detail=how).result()
    if key is not None and not laptop.sample:
        departures.retire(store, laptop, key)
    return rights
