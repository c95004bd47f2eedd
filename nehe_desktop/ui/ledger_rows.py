"""A ledger read for a list: row ids in the order of a column, then the values of some of them."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds import Name, Text
from nehe_desktop.core.masks import COVERED
from nehe_desktop.core.record import LEDGERS, Ledger
from nehe_desktop.core.store import Store


def row_ids(
    store: Store,
    ledger: Ledger,
    sort: str = "",
    *,
    descending: bool = False,
    where: str = "",
    params: Sequence[Any] = (),
    limit: int = 0,
) -> array[int]:
    """Row ids in the order of a declared column (newest first without one); `where` is SQL over columns."""
    condition = f" WHERE {where}" if where else ""
    order = f"[{sort}] {'DESC' if descending else 'ASC'}, rowid" if sort in ledger.fields else "id DESC"
    most = f" LIMIT {limit}" if limit else ""
    return store.numbers(f"SELECT rowid FROM [{ledger.table}]{condition} ORDER BY {order}{most}", params)


def among(village: str = "", rows: Sequence[str] = ()) -> tuple[str, tuple[str, ...]]:
    """The condition for the rows of a village, or for some rows by their ids, or for all; and its parameters."""
    if rows:
        return "id IN (SELECT value FROM json_each(?))", (json.dumps(list(rows)),)
    return ("_scope IN (?, 'county')", (village,)) if village else ("", ())


def ids_at(store: Store, ledger: Ledger, numbers: Sequence[int]) -> tuple[str, ...]:
    """The ids of records by row id, in the order of entry."""
    sql = f"SELECT id FROM [{ledger.table}] WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY id"
    return tuple(row[0] for row in store.rows(sql, (json.dumps(list(numbers)),)))


def rows_called(store: Store, ledger: Ledger, words: Sequence[str]) -> tuple[str, ...]:
    """The ids of the records that people name by id, by title or by a part of their key; raises Refused."""
    names = dict.fromkeys([title_column(ledger), *ledger.key])
    plain = [name for name in names if isinstance(ledger.fields[name].kind, Text | Name) or name == title_column(ledger)]
    where = " OR ".join(["id = ?1", *(f"[{name}] = ?1" for name in plain)])
    found: list[str] = []
    for word in words:
        ids = [row[0] for row in store.rows(f"SELECT id FROM [{ledger.table}] WHERE {where} LIMIT 2", (word,))]
        if len(ids) != 1:
            raise Refused(f"{ledger.title}里{'没有' if not ids else '不止一条'}“{word}”，请写编号")
        found += ids
    return tuple(dict.fromkeys(found))


def values_of(store: Store, ledger: Ledger, numbers: Sequence[int]) -> dict[int, tuple[str, dict[str, Any]]]:
    """Id and values of records by row id, in no order; rows that are gone are left out."""
    names = ", ".join(f"[{name}]" for name in ledger.fields)
    marks = ",".join("?" * len(numbers))
    rows = store.rows(f"SELECT rowid, id, {names} FROM [{ledger.table}] WHERE rowid IN ({marks})", tuple(numbers))
    return {number: (id, _loaded(ledger, values)) for number, id, *values in rows}


def _loaded(ledger: Ledger, stored: Sequence[Any]) -> dict[str, Any]:
    return {
        name: field.kind.load(value) for (name, field), value in zip(ledger.fields.items(), stored, strict=True)
    }


def titles(store: Store, table: str, ids: Sequence[str]) -> Mapping[str, str]:
    """What records of a ledger are called, by id: their first text field that a search or a key knows."""
    ledger = LEDGERS[table]
    column = title_column(ledger)
    marks = ",".join("?" * len(ids))
    kind = ledger.fields[column].kind
    rows = store.rows(f"SELECT id, [{column}] FROM [{table}] WHERE id IN ({marks})", tuple(ids))
    return {id: kind.show(kind.load(value)) for id, value in rows}


def title_column(ledger: Ledger) -> str:
    """The field that names a record to a person: name or title, else a searched one, else the first."""
    wished = [name for name in ("name", "title") if name in ledger.fields]
    searched = [field.name for field in ledger.searched if field.private not in COVERED]
    return [*wished, *searched, *ledger.fields][0]


def named_like(store: Store, table: str, text: str, limit: int = 20) -> list[tuple[str, str]]:
    """(id, title) of records whose title holds a text; for choosing one."""
    column = title_column(LEDGERS[table])
    sql = f"SELECT id, [{column}] FROM [{table}] WHERE [{column}] LIKE ? ORDER BY [{column}] LIMIT ?"
    return [(id, str(title or "")) for id, title in store.rows(sql, (f"%{text}%", limit))]
