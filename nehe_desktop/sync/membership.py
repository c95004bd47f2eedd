"""Whose laptop this is to the hub: joining a county, being known to it, leaving it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from nehe_desktop import VERSION
from nehe_desktop.core.changes import write_rows
from nehe_desktop.core.database import Writing
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.journal import Entry
from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Receipt, Store
from nehe_desktop.security.laptop import Profile, profile_of, tell
from nehe_desktop.sync import contact, diary, parole, renumbering, tables
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import Enrolled, Enrolment
from nehe_desktop.sync.invitation import Invitation
from nehe_desktop.sync.keys import Keys, new_keys
from nehe_desktop.sync.protocol import COUNTY, OFFICE
from nehe_desktop.sync.transport import Denied, Transport

Reach = Callable[[str, str], tuple[str, Transport]]
"""Address and fingerprint to the hub's authority (PEM) and a way to it."""


def account_of(store: Store) -> Account | None:
    """What this laptop knows of its hub; None where it never joined one."""
    if not tables.are_there(store):
        return None
    told = tables.kept(store, "account")
    return Account(**{**told, "keys": Keys(**told["keys"])}) if told else None


def keep_account(writing: Writing, account: Account) -> None:
    """Keeps who this laptop is to its hub."""
    tables.keep(writing, "account", {**asdict(account), "keys": {"sign": account.keys.sign, "seal": account.keys.seal}})


def enrol(store: Store, invitation: Invitation, name: str, reach: Reach) -> Account:
    """Joins the county of an invitation; raises Refused beside the field, Trouble where the hub is away."""
    asked, keys = enrolment(store, invitation, name)
    ca, transport = reach(invitation.url, invitation.fingerprint)
    try:
        enrolled = transport.call("/v1/enroll", asked, Enrolled)
    except Denied as denied:
        raise Refused(denied.refusal.sentence or "县里没有接受这个邀请码，请要一个新的") from denied
    finally:
        transport.close()
    account = join(store, invitation, ca, name, keys, enrolled)
    parole.forget(store)
    return account


def enrolment(store: Store, invitation: Invitation, name: str) -> tuple[Enrolment, Keys]:
    """What a laptop says of itself when it joins, and its keys; raises Refused for a name that is missing.

    The keys are kept before anything is sent: where the answer is lost, the same code with the same keys is
    let in again.
    """
    if not name.strip():
        raise Refused("请给这台电脑起个名字，如“明星村 1 号电脑”")
    tables.prepare(store)
    before, asked = account_of(store), parole.invitation(store)
    keys = parole.keys(store)[0] if asked and asked[0].code == invitation.code else new_keys()
    parole.ask(store, invitation, name, keys)
    who = (keys.sign_public, keys.seal_public, VERSION, before.dev if before else "")
    return Enrolment(invitation.code, name.strip(), *who), keys


def join(store: Store, invitation: Invitation, ca: str, name: str, keys: Keys, enrolled: Enrolled) -> Account:
    """Notes that the hub has let this laptop in; raises Refused where village or county do not agree."""
    if enrolled.sign_key != invitation.hub_sign:
        raise Refused("对方不是发出邀请的那个县，没有加入；请向县里核对邀请码")
    before = account_of(store)
    if before is not None and before.county != enrolled.county:
        raise Refused("这台电脑属于另一个县，不能加入；请另装一份")
    called = enrolled.name or name.strip()  # the county may have given it a name: conflicts speak of it
    account = Account(
        invitation.url, ca, enrolled.county, enrolled.dev, called, keys, enrolled.sign_key, enrolled.seal_key
    )
    profile = profile_of(store)
    village = _village_to_take(store, profile, enrolled.scopes) if before is None else ""
    tables.prepare(store)
    if village:
        store.exchange(lambda writing: _take_village(writing, profile.village, village)).result()
        tell(store, Profile(profile.person, village, profile.team, profile.office))
    store.database.write(lambda writing: _begin(writing, account, enrolled, again=before is not None)).result()
    return account


def _begin(writing: Writing, account: Account, enrolled: Enrolled, *, again: bool) -> None:
    keep_account(writing, account)
    if not again:
        tables.keep(writing, "epoch", enrolled.epoch)
        tables.keep(writing, "scopes", enrolled.scopes)
    renumbering.renumber(writing, account.dev, 0, ())
    contact.note(writing, enrolled.now)
    now = int(time.time() * 1000)
    diary.note(writing, now, "scope", f"已{'重新' if again else ''}加入县里的网，本机名称：{account.name}")


def leave(store: Store) -> None:
    """Forgets the hub; what is in the ledgers stays."""
    if tables.are_there(store):
        store.database.write(_leave).result()


def _leave(writing: Writing) -> None:
    now = int(time.time() * 1000)
    diary.trace(writing, now, "scope", f"已离开县里的网（{tables.value(writing, 'account', {}).get('dev', '')}）")
    writing.execute("DELETE FROM sync_state WHERE k = 'account'")


def _village_to_take(store: Store, profile: Profile, scopes: list[str]) -> str:
    """The village of the invitation where this laptop made one up for itself; empty where none is to be taken.

    Raises Refused where the laptop was set up for another village of the county's list, or for another township.
    """
    villages = [scope for scope in scopes if scope != COUNTY]
    if OFFICE in villages:  # a laptop of the county's own
        return ""
    if profile.office not in ("", COUNTY) and profile.office not in villages:
        raise _not_for(store, profile.office)
    if not profile.village or profile.village in villages or not villages:
        return ""
    if len(villages) > 1 or _is_shipped(store, profile.village):
        raise _not_for(store, profile.village)
    return villages[0]


def _not_for(store: Store, division: str) -> Refused:
    name = (store.one("SELECT name FROM division WHERE id = ?", (division,)) or ("",))[0]
    return Refused(f"这台电脑设置的是{name}，邀请码不是给{name}的；请向县里要{name}的邀请码")


def _is_shipped(store: Store, village: str) -> bool:
    sql = "SELECT 1 FROM journal WHERE tbl = 'division' AND pk = ? AND given <> '' LIMIT 1"
    return store.one(sql, (village,)) is not None


def _take_village(writing: Writing, old: str, new: str) -> Receipt:
    """Puts the county's id of a village in the place of the one this laptop had made, before anything was sent."""
    for ledger in LEDGERS.values():
        for name, field in ledger.fields.items():
            if isinstance(field.kind, Ref) and field.kind.table == "division":
                writing.execute(f"UPDATE [{ledger.table}] SET [{name}] = ? WHERE [{name}] = ?", (new, old))
        writing.execute(f"UPDATE [{ledger.table}] SET _scope = ? WHERE _scope = ?", (new, old))
    write_rows(writing, LEDGERS["division"], [Entry("division", old, COUNTY, "D", {})], lambda _: 0)
    own: tuple[Any, ...] = ("division", old)
    writing.execute("DELETE FROM journal WHERE tbl = ? AND pk = ?", own)
    writing.execute("UPDATE journal SET patch = replace(patch, ?, ?), scope = replace(scope, ?, ?)", (old, new) * 2)
    return Receipt("", frozenset(LEDGERS))
