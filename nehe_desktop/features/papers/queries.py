"""Questions of the print centre: whose papers a scope means, and which number comes next."""

from __future__ import annotations

import secrets

from nehe_desktop.core.store import Store
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.teams.ledger import Member, Posting, Team
from nehe_desktop.features.visits.ledger import Visit


def households_in(store: Store, village: str, hamlet: str | None = None) -> list[Household]:
    """The valid registered and borderline households of a village or one hamlet of it; all where none is named."""
    where, params = "status = '有效' AND base_type IN ('01', '02')", []
    if village:
        where, params = where + " AND village = ?", [village]
    if hamlet is not None:
        where, params = where + " AND hamlet = ?", [*params, hamlet]
    return store.all(Household, where, params, "village, hamlet, local_no, hh_no, id")


def teams_in(store: Store, village: str) -> list[Team]:
    """The teams at work in a village, or in the county where none is named."""
    where, params = ("state = '在岗' AND village = ?", (village,)) if village else ("state = '在岗'", ())
    return store.all(Team, where, params, "name, id")


def posting_of(store: Store, member: Member) -> Posting | None:
    """The latest posting of a member."""
    found = store.all(Posting, "member = ?", (member.id,), "since DESC", 1)
    return found[0] if found else None


def visits_for(store: Store, households: list[Household], month: str) -> list[Visit]:
    """The visits to some households in a month YYYYMM, or their last visit each where no month is named."""
    found: list[Visit] = []
    first, last = (f"{month[:4]}-{month[4:]}-01", f"{month[:4]}-{month[4:]}-31") if month else ("", "")
    for household in households:
        if month:
            where = "household = ? AND day BETWEEN ? AND ?"
            found += store.all(Visit, where, (household.id, first, last), "day, id")
        else:
            found += store.all(Visit, "household = ?", (household.id,), "day DESC, id DESC", 1)
    return found


def next_serial(store: Store, prefix: str) -> int:
    """The number after the highest one of the register that begins so."""
    sql = "SELECT max(CAST(substr(number, ?) AS INTEGER)) FROM printed_paper WHERE number LIKE ? || '%'"
    row = store.one(sql, (len(prefix) + 1, prefix))
    return (row[0] or 0) + 1 if row else 1


def device_of(store: Store) -> str:
    """Three signs that tell this laptop's papers from another's; made at the first paper."""
    found = store.recall("device", "")
    if not found:
        found = secrets.token_hex(2)[:3].upper()
        store.remember("device", found).result()
    return str(found)
