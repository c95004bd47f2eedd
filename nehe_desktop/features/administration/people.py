"""The people of a laptop: a PIN of their own each, a role, a day until which they stay (domain §11.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.custody import audit, departures
from nehe_desktop.features.custody.actors import actor_of
from nehe_desktop.features.custody.ledger import Account
from nehe_desktop.features.custody.queries import ends_of, town_of
from nehe_desktop.security import pins, vault
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.laptop import Laptop, profile_of
from nehe_desktop.security.rights import ROLES, VILLAGE_ROLES
from nehe_desktop.security.vault import Holder

_KIND = "人员和权限"


@dataclass(frozen=True)
class Colleague:
    """Who can open the laptop, as what, and until when; `wrong` says why he cannot log in after all."""

    holder: Holder
    titles: str = ""
    until: str = ""
    wrong: str = ""

    @property
    def words(self) -> str:
        """What he is, in a line."""
        return self.wrong or " · ".join(filter(None, (self.titles, f"到 {self.until}" if self.until else "")))


def people_of(store: Store, here: Laptop) -> list[Colleague]:
    """Everybody with a PIN here and what he is today; for a worker."""
    return [_colleague(store, holder) for holder in vault.people(here.vault)]


def _colleague(store: Store, holder: Holder) -> Colleague:
    try:
        return Colleague(holder, actor_of(store, holder.name).titles, ends_of(store, holder.name))
    except Refused as refused:
        return Colleague(holder, wrong=refused.sentence)


def roles_here(store: Store) -> dict[str, str]:
    """The roles of people on this laptop: a village gives its own, a township's are given by the county."""
    codes: Sequence[str] = VILLAGE_ROLES if profile_of(store).village else tuple(ROLES)
    if town_of(store):
        codes = ("R5",)
    return {code: ROLES[code] for code in codes}


def keeps_people(store: Store) -> str:
    """Why somebody may not let colleagues in here, in a sentence; a township's people let in whom the county named."""
    if town_of(store) and store.guard.may("approve", "leave"):
        return ""
    try:
        store.guard.require("create", Account.ledger.table)
    except Refused as refused:
        return refused.sentence
    return ""


def add(store: Store, here: Laptop, key: Key, name: str, role: str, until: date | None, pin: str) -> None:
    """A colleague with a role and the PIN that he typed himself; for a worker. Raises Refused, Invalid.

    Who has that role here already, from the county or from before, only gets the PIN.
    """
    who, table = name.strip(), Account.ledger.table
    if why := keeps_people(store):
        raise Refused(why)
    if any(holder.name == who for holder in vault.people(here.vault)):
        raise Refused(f"{who}已经能登录这台电脑；忘了口令请用“重设口令”")
    pins.checked(pin, who)
    account = _given(store, who, role) or _new_account(store, who, role, until)
    vault.add_person(here.vault, key, who, pin)
    audit.note(store, _KIND, tbl=table, row=account.id, count=1, detail=f"设口令：{ROLES[role]}").result()


def _given(store: Store, who: str, role: str) -> Account | None:
    """The role that somebody has here today without anybody at this laptop."""
    here, today = profile_of(store).village or town_of(store), store.clock.today()
    found = store.all(Account, "name = ? AND role = ? AND coalesce(village, '') = ?", (who, role, here))
    return next((each for each in found if each.until is None or each.until >= today), None)


def _new_account(store: Store, who: str, role: str, until: date | None) -> Account:
    if town_of(store):
        words = f"乡镇的角色由县里给：请县里在“使用人员和权限”里登记{who}，这台电脑同步以后再设口令"
        raise Refused(words)
    village = profile_of(store).village or None if role in VILLAGE_ROLES else None
    account = Account(name=who, role=role, village=village, since=store.clock.today(), until=until)
    if errors := [problem for problem in account.problems() if problem.level == "error"]:
        raise Invalid(errors)
    store.write([Put(account)], f"添加{ROLES[role]}")
    return account


def new_pin(store: Store, here: Laptop, key: Key, name: str, pin: str) -> None:
    """A new PIN for a colleague who is locked out, typed by himself; for a worker. Raises Refused."""
    if why := keeps_people(store):
        raise Refused(why)
    vault.add_person(here.vault, key, name, pin)
    audit.note(store, _KIND, tbl=Account.ledger.table, row=_row_of(store, name), detail="重设口令").result()


def remove(store: Store, here: Laptop, key: Key, name: str) -> None:
    """Takes a colleague's PIN out of use and ends what the village gave him; for a worker. Raises Refused."""
    store.guard.require("update", Account.ledger.table)
    vault.remove_person(here.vault, key, name)
    today = store.clock.today()
    found = store.all(Account, "name = ? AND (until IS NULL OR until > ?)", (name, today.isoformat()))
    own = [each for each in found if each.role in roles_here(store)]
    if own:
        store.write([Put(replace(each, until=max(each.since or today, today))) for each in own], "收回口令")
    departures.left(store)
    words = "收回口令；要更换数据密钥"
    audit.note(store, _KIND, tbl=Account.ledger.table, row=own[0].id if own else "", detail=words).result()


def _row_of(store: Store, name: str) -> str:
    found = store.all(Account, "name = ?", (name,), "id", 1)
    return found[0].id if found else ""
