"""When the laptop has seen what came of its own changes, they stop lying on top of what the hub tells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from nehe_desktop.core.database import Writing
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.sync import cursors, inbox, overlay, tables
from nehe_desktop.sync.inbox import Known, Taken
from nehe_desktop.sync.protocol import COUNTY, GONE, Decision


def settle(writing: Writing, taken: Taken) -> None:
    """Takes off the top what the cursors have passed, and shows the rows as the hub has them."""
    held = set(tables.value(writing, "scopes", []))
    reached = dict(writing.execute("SELECT scope, hseq FROM sync_cursor").fetchall())
    open_ones = writing.execute(
        "SELECT id, heads FROM sync_head WHERE id IN (SELECT heads FROM sync_tx WHERE settled = 0)"
    ).fetchall()
    there = [(id,) for id, heads in open_ones if _is_passed(json.loads(heads), held, reached)]
    passed = [
        id
        for heads in there
        for (id,) in writing.execute("SELECT id FROM sync_tx WHERE settled = 0 AND heads = ?", heads).fetchall()
    ]
    touched: dict[str, set[str]] = {}
    for id in passed:
        for table, pk in writing.execute("SELECT tbl, pk FROM journal WHERE seq = ? AND state = 'acked'", (id,)):
            touched.setdefault(table, set()).add(pk)
        writing.execute("UPDATE journal SET state = 'synced' WHERE seq = ? AND state = 'acked'", (id,))
    writing.conn.executemany("UPDATE sync_tx SET settled = 1 WHERE id = ?", [(id,) for id in passed])
    for table, ids in touched.items():
        uncover(writing, table, sorted(ids), taken)


def decide(writing: Writing, decisions: Sequence[Decision], taken: Taken) -> int:
    """Takes off the top what the county has decided on; how many transactions that were."""
    touched: dict[str, set[str]] = {}
    count = 0
    for each in decisions:
        found = writing.execute(
            "SELECT id FROM sync_tx WHERE dev = ? AND seq = ? AND why <> ''", (each.dev, each.seq)
        ).fetchone()
        if found is None:
            continue
        count += 1
        writing.execute("UPDATE sync_tx SET why = '' WHERE id = ?", found)
        own = "FROM journal WHERE seq = ? AND state = 'quarantined'"
        for table, pk in writing.execute(f"SELECT DISTINCT tbl, pk {own}", found).fetchall():
            touched.setdefault(table, set()).add(pk)
            _keep_base(writing, table, pk)
        writing.execute("UPDATE sync_blob SET tries = 0 WHERE way = 'up'")  # the hub may want its pictures now
        state = "synced" if each.done else "dropped"
        writing.execute("UPDATE journal SET state = ? WHERE seq = ? AND state = 'quarantined'", (state, *found))
    for table, ids in touched.items():
        uncover(writing, table, sorted(ids), taken)
    return count


def _keep_base(writing: Writing, table: str, pk: str) -> None:
    """Keeps what the hub told of a row apart, before what lies on top of it changes."""
    told = inbox.known_rows(writing, table, [pk]).get(pk)
    if told is not None and told.base is None and told.kind != GONE:
        packed = json.dumps(base_of(writing, table, pk, told) or {}, ensure_ascii=False)
        writing.execute("UPDATE sync_row SET base = ? WHERE tbl = ? AND pk = ?", (packed, table, pk))


def _is_passed(heads: Mapping[str, int], held: set[str], reached: Mapping[str, int]) -> bool:
    return all(reached.get(scope, 0) >= head for scope, head in heads.items() if scope in held)


def uncover(writing: Writing, table: str, ids: Sequence[str], taken: Taken) -> None:
    """Shows rows as the hub has them, with what still lies on top."""
    ledger = LEDGERS.get(table)
    if ledger is None:
        return
    known = inbox.known_rows(writing, table, ids)
    own = overlay.own_changes(writing, table, ids)
    for scope, part in _by_scope(ids, known).items():
        seen = {pk: overlay.on_top(_base(told), own.get(pk, ())) for pk, told in part.items() if told.base}
        inbox.show(writing, ledger, seen, {}, scope, taken)
    if not ledger.is_trace:
        lost = [pk for pk in ids if pk not in known and pk not in own and not _is_given(writing, table, pk)]
        inbox.show(writing, ledger, dict.fromkeys(lost), {}, COUNTY, taken)
    bare = [(table, pk) for pk in known if pk not in own]
    writing.conn.executemany("UPDATE sync_row SET base = NULL WHERE tbl = ? AND pk = ?", bare)


def _by_scope(ids: Iterable[str], known: Mapping[str, Known]) -> dict[str, dict[str, Known]]:
    scopes: dict[str, dict[str, Known]] = {}
    for pk in ids:
        if pk in known:
            scopes.setdefault(known[pk].scope, {})[pk] = known[pk]
    return scopes


def _base(told: Known) -> overlay.Values | None:
    return None if told.kind == GONE else json.loads(told.base or "{}")


def _is_given(writing: Writing, table: str, pk: str) -> bool:
    """Whether a row was shipped with the program: the hub tells of it only when somebody has changed it."""
    sql = "SELECT 1 FROM journal WHERE tbl = ? AND pk = ? AND given <> '' LIMIT 1"
    return writing.execute(sql, (table, pk)).fetchone() is not None


def drop_stale(writing: Writing, scope: str, taken: Taken) -> int:
    """Drops the rows of a scope that was read anew which did not come again; how many."""
    rows = writing.execute("SELECT tbl, pk FROM sync_row WHERE scope = ? AND stale = 1", (scope,)).fetchall()
    if not rows:
        return 0
    writing.execute("DELETE FROM sync_row WHERE scope = ? AND stale = 1", (scope,))
    touched: dict[str, list[str]] = {}
    for table, pk in rows:
        touched.setdefault(table, []).append(pk)
    for table, ids in touched.items():
        uncover(writing, table, ids, taken)
    cursors.count_anew(writing, scope)
    return len(rows)


def base_of(writing: Writing, table: str, pk: str, told: Known) -> overlay.Values | None:
    """A row as the hub last told it."""
    if told.kind == GONE:
        return None
    if told.base is not None:
        return json.loads(told.base)
    ledger = LEDGERS[table]
    row = overlay.stored_rows(writing, ledger, [pk]).get(pk)
    seen = None if row is None else {name: value for name, value in row.items() if name not in ("id", "_scope")}
    return overlay.below(seen, overlay.own_changes(writing, table, [pk]).get(pk, []))
