"""A new line of what is to be sent: after the hub or the laptop was restored, numbers and chain begin anew."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nehe_desktop.core.database import Writing
from nehe_desktop.sync import tables
from nehe_desktop.sync.proofs import chained
from nehe_desktop.sync.protocol import START


def renumber(writing: Writing, dev: str, last: int, again: Sequence[int]) -> None:
    """Puts what is to be sent again, and all that was never acknowledged, in one new line behind `last`.

    `again` are ids of acknowledged transactions. The bytes stay as they are; numbers and chain are new. What
    was cleared with its village cannot be sent again and leaves the line.
    """
    _drop_cleared(writing, dev, last)
    chain = START
    if last:
        found = writing.execute("SELECT chain FROM sync_tx WHERE dev = ? AND seq = ?", (dev, last)).fetchone()
        chain = found[0] if found else START
    wanted = "SELECT id FROM sync_tx WHERE heads IS NULL OR id IN (SELECT value FROM json_each(?)) ORDER BY id"
    line = [id for (id,) in writing.execute(wanted, (json.dumps(list(again)),)).fetchall()]
    finals = _finals(writing, line, last)
    writing.conn.executemany("UPDATE sync_tx SET seq = -id WHERE id = ?", [(id,) for id in line])
    for seq, id in enumerate(line, last + 1):
        body, before = _sealed(writing, id)
        chain = chained(chain, body)
        writing.execute(
            "UPDATE sync_tx SET dev = ?, seq = ?, chain = ?, final = ?, before = coalesce(?, before), heads = NULL,"
            " acked_at = NULL, settled = 0, why = '' WHERE id = ?",
            (dev, seq, chain, finals[id], before, id),
        )
        writing.execute("UPDATE journal SET state = 'pending' WHERE seq = ? AND state <> 'came'", (id,))
    tables.keep(writing, "acked", last)


def _drop_cleared(writing: Writing, dev: str, last: int) -> None:
    sql = "DELETE FROM sync_tx WHERE length(body) = 0 AND (heads IS NULL OR (dev = ? AND seq > ?))"
    writing.execute(sql, (dev, last))


def _sealed(writing: Writing, id: int) -> tuple[bytes, str | None]:
    """The bytes of a transaction, and the numbers of its own scopes at which it was acknowledged."""
    body, scopes, packed = writing.execute(
        "SELECT body, scopes, sync_head.heads FROM sync_tx LEFT JOIN sync_head ON sync_head.id = sync_tx.heads"
        " WHERE sync_tx.id = ?",
        (id,),
    ).fetchone()
    heads = tables.unpacked(packed)
    own = {scope: heads[scope] for scope in json.loads(scopes) if scope in heads}
    return body, json.dumps(own) if own else None


def _finals(writing: Writing, line: Sequence[int], last: int) -> dict[int, int]:
    """For each id of a line the new number of the last part of its save."""
    number = {id: seq for seq, id in enumerate(line, last + 1)}
    saves: dict[tuple[str, int], list[int]] = {}
    for id in line:
        dev, final = writing.execute("SELECT dev, final FROM sync_tx WHERE id = ?", (id,)).fetchone()
        saves.setdefault((dev, final), []).append(id)
    return {id: number[max(ids)] for ids in saves.values() for id in ids}
