"""Photos that were kept before they were taken in bare: put right by the self-check, as a change like any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds import Photos
from nehe_desktop.core.pictures import bare
from nehe_desktop.core.record import LEDGERS, Ledger, Record
from nehe_desktop.core.store import Put, Store


def put_right(store: Store) -> int:
    """Keeps each such photo anew, without place and camera, and drops the old one; gives how many there were.

    Raises Refused where who is at the keyboard may not change the rows that show them.
    """
    anew: dict[str, str] = {}
    changes = [change for ledger in LEDGERS.values() for change in _changes(store, ledger, anew)]
    if changes:
        store.write(changes, "去掉照片里的拍摄地点和手机信息")
        gone = [(name,) for name in anew]
        store.database.write(lambda db: db.conn.executemany("DELETE FROM blob WHERE sha256 = ?", gone)).result()
    return len(anew)


def _changes(store: Store, ledger: Ledger, anew: dict[str, str]) -> Iterator[Put]:
    fields = [name for name, field in ledger.fields.items() if isinstance(field.kind, Photos)]
    if not fields:
        return
    for record in store.all(ledger.cls, " OR ".join(f"[{name}] IS NOT NULL" for name in fields)):
        named = {name for field in fields for name in getattr(record, field)}
        anew.update({name: bared for name in named - anew.keys() if (bared := _anew(store, name))})
        if named & anew.keys():
            yield Put(_with(record, fields, anew), record)


def _anew(store: Store, name: str) -> str:
    """The name of a photo kept anew; empty where it is bare already, not here, or broken."""
    content = store.blob(name)
    try:
        return store.keep_blob(content, "image/jpeg") if content and bare(content) != content else ""
    except Refused:
        return ""


def _with(record: Record, fields: list[str], anew: dict[str, str]) -> Record:
    values = {field: tuple(anew.get(name, name) for name in getattr(record, field)) for field in fields}
    return replace(record, **values)
