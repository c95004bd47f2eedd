"""How far a laptop has read each scope, and the digest of what it holds of it."""

from __future__ import annotations

from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Store
from nehe_desktop.sync.proofs import MODULUS, digest_text, mark
from nehe_desktop.sync.protocol import LIVE


def all_of(store: Store) -> dict[str, int]:
    """The number that each scope was read up to."""
    return dict(store.rows("SELECT scope, hseq FROM sync_cursor"))


def standing(store: Store, scope: str) -> tuple[int, bool]:
    """The number that a scope was read up to, and whether all of it was here once."""
    row = store.one("SELECT hseq, whole FROM sync_cursor WHERE scope = ?", (scope,))
    return (row[0], bool(row[1])) if row else (0, False)


def digest(writing: Writing, scope: str) -> int:
    """The sum of the marks of the scope's rows."""
    row = writing.execute("SELECT digest FROM sync_cursor WHERE scope = ?", (scope,)).fetchone()
    return int(row[0], 16) if row else 0


def keep_digest(writing: Writing, scope: str, total: int) -> None:
    """Keeps the sum."""
    sql = (
        "INSERT INTO sync_cursor (scope, hseq, digest, whole) VALUES (?, 0, ?, 0)"
        " ON CONFLICT (scope) DO UPDATE SET digest = excluded.digest"
    )
    writing.execute(sql, (scope, digest_text(total % MODULUS)))


def move(writing: Writing, scope: str, hseq: int) -> None:
    """Moves a cursor on; it never goes back here."""
    sql = (
        "INSERT INTO sync_cursor (scope, hseq, digest, whole) VALUES (?, ?, ?, 0)"
        " ON CONFLICT (scope) DO UPDATE SET hseq = max(hseq, excluded.hseq)"
    )
    writing.execute(sql, (scope, hseq, digest_text(0)))


def reached_head(writing: Writing, scope: str) -> bool:
    """Notes that a scope is complete; whether it was being read anew."""
    row = writing.execute("SELECT whole FROM sync_cursor WHERE scope = ?", (scope,)).fetchone()
    writing.execute("UPDATE sync_cursor SET whole = 1 WHERE scope = ?", (scope,))
    return row is not None and not row[0]


def read_anew(writing: Writing, scope: str) -> None:
    """Reads a scope from the beginning; rows that do not come again are dropped at its end."""
    writing.execute("UPDATE sync_row SET stale = 1 WHERE scope = ?", (scope,))
    writing.execute("UPDATE sync_cursor SET hseq = 0, whole = 0 WHERE scope = ?", (scope,))
    count_anew(writing, scope)


def count_anew(writing: Writing, scope: str) -> None:
    """Adds the digest up from the rows themselves."""
    rows = writing.execute("SELECT tbl, pk, rev FROM sync_row WHERE scope = ? AND kind = ?", (scope, LIVE))
    keep_digest(writing, scope, sum(mark(*row) for row in rows))


def given_back(writing: Writing, scope: str, hseq: int) -> None:
    """Sets a cursor back, as after the hub was restored from a backup."""
    writing.execute("UPDATE sync_cursor SET hseq = min(hseq, ?) WHERE scope = ?", (hseq, scope))


def forget(writing: Writing, scope: str) -> None:
    """Forgets a scope that this laptop may not hold any longer."""
    writing.execute("DELETE FROM sync_cursor WHERE scope = ?", (scope,))
