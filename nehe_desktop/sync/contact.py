"""When the county was last heard: what a laptop that was out of contact for long is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from nehe_desktop.core.clock import moment_of
from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Store
from nehe_desktop.sync import diary, tables

_CONTACT = "contact"


@dataclass(frozen=True)
class Contact:
    """The county's own time when it was last heard, and the newest entry of the journal that was there then."""

    at: datetime
    jid: int


def note(writing: Writing, at: int) -> None:
    """Notes that the county was heard at a time of its own clock (ms); an older package than the last word is none."""
    before = tables.value(writing, _CONTACT, [0, 0])
    if at > before[0]:
        newest = writing.execute("SELECT coalesce(max(jid), 0) FROM journal").fetchone()[0]
        tables.keep(writing, _CONTACT, [at, newest])


def last(store: Store) -> Contact | None:
    """The last contact; None where nothing is known of one."""
    told = tables.kept(store, _CONTACT)
    if told is None:  # joined by a program that did not note it
        success = tables.kept(store, "last_success")
        told = None if success is None else [success + tables.kept(store, "offset", 0), 0]
    return Contact(diary.moment(told[0]), told[1]) if told else None


def newest_work(store: Store, since: Contact) -> datetime | None:
    """The latest moment at which this laptop is known to have been used after a contact, whatever its clock says now."""
    sql = "SELECT max(hlc) FROM journal WHERE jid > ? AND state <> 'came'"
    found = store.one(sql, (since.jid,))
    return moment_of(found[0]) if found and found[0] else None


def corrected(store: Store, now: datetime) -> datetime:
    """What this laptop's clock says, put right by what the county's clock said last."""
    return now + timedelta(milliseconds=tables.kept(store, "offset", 0))
