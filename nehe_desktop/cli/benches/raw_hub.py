"""The bare engine: the rows that a push leaves in the hub, inserted by `executemany`, a commit a batch."""

from __future__ import annotations

from collections.abc import Sequence

from nehe_desktop.cli.benches.measure import seconds
from nehe_desktop.cli.benches.postgres import running_postgres
from nehe_desktop.cli.benches.workshop import KEY, Workshop
from nehe_desktop.hub.store import HubStore, Link, open_store
from nehe_desktop.sync.protocol import Transaction, encode

_RECORD = (
    f"INSERT INTO record VALUES ({','.join('?' * 15)}) ON CONFLICT (county, tbl, pk) DO UPDATE SET rev = 2"
)
_TX = f"INSERT INTO tx VALUES ({','.join('?' * 9)})"
_COUNTY = "230281"


def raw_rate(workshop: Workshop, engine: str, saves: Sequence[Transaction], size: int) -> float:
    """Changes a second."""
    if engine != "PostgreSQL":
        return _rate(open_store(str(workshop.folder / "raw hub.db"), KEY), saves, size)
    with running_postgres() as dsn:
        return _rate(open_store(dsn or "", KEY), saves, size)


def _rate(store: HubStore, saves: Sequence[Transaction], size: int) -> float:
    lines = [(_record(number, save), _tx(number, save)) for number, save in enumerate(saves)]
    batches = [lines[at : at + size] for at in range(0, len(lines), size)]
    took = seconds(
        lambda: [store.write(_COUNTY, lambda link, part=part: _insert(link, part)) for part in batches]
    )
    store.close()
    return len(saves) / took


def _insert(link: Link, lines: Sequence[tuple[tuple[object, ...], tuple[object, ...]]]) -> None:
    link.many(_RECORD, [record for record, _ in lines])
    link.many(_TX, [tx for _, tx in lines])


def _record(number: int, save: Transaction) -> tuple[object, ...]:
    change = save.c[0]
    data = encode({name: new for name, (_, new) in change.f.items()}).decode()
    return (_COUNTY, change.t, change.k, change.s, "", 1, number, 0, data, "{}", save.h, save.u, 1, 0, "")


def _tx(number: int, save: Transaction) -> tuple[object, ...]:
    return (_COUNTY, "bench", number, f"{number:032x}", f"{number:040x}", encode(save), 0, "applied", "")
