"""钥匙和日志: how long a PIN takes, what encryption costs a person who waits, what the log costs a save."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from nehe_desktop.cli.benches.encryption import copied
from nehe_desktop.cli.benches.measure import Measure, at_share, seconds
from nehe_desktop.cli.benches.saving import saves
from nehe_desktop.cli.benches.workshop import Workshop, opened
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.security import vault

_SUBJECT = "钥匙和日志"
_MOST = 1.15  # of what a person waits for on a plain file: encryption may cost 15 %
_SECOND = 1.0
_BEST = 0.25  # of the turns: what else the computer does meanwhile only ever makes one slower


def measure(workshop: Workshop) -> Iterator[Measure]:
    """The PIN at its real cost, the same work on both files in one run, the log beside plain saves."""
    yield from _unlocking(workshop)
    yield from _waiting(workshop)
    yield from _logging(workshop)


def _unlocking(workshop: Workshop) -> Iterator[Measure]:
    path = workshop.folder / "bench.vault"
    vault.create(path, "测速", "805172")
    taken = [seconds(lambda: vault.unlock(path, "测速", "805172")) for _ in range(5)]
    yield Measure(_SUBJECT, "输对口令到打开，最慢", max(taken), "s", _SECOND)


def _waiting(workshop: Workshop) -> Iterator[Measure]:
    with workshop.county() as store:
        store.database.checkpoint()
    plain = copied(workshop.county_file, workshop.folder / "custody-plain.db")
    count = max(6, workshop.sizes.saves // 2)
    words = (str(workshop.county_file), str(plain), str(workshop.county_list), str(count))
    for what, (sealed, bare) in workshop.ask("probe_custody", *words).items():
        ours, theirs = at_share(sealed, _BEST), at_share(bare, _BEST)
        yield Measure(_SUBJECT, f"加密：{what}，等到看见", ours * 1000, "ms", None, ours / theirs, "不加密")
        if not workshop.sizes.small:
            yield Measure(_SUBJECT, f"加密：{what}，是不加密的几倍", ours / theirs, "×", _MOST)


def _logging(workshop: Workshop) -> Iterator[Measure]:
    with workshop.county() as store:
        plain = saves(store, workshop.sizes.saves)
        noted = [seconds(lambda: audit.note(store, "打印", tbl="person", count=1).result()) for _ in plain]
    middle = at_share(noted, 0.5)
    yield Measure(
        _SUBJECT, "记一条日志，中位", middle * 1000, "ms", 50, middle / at_share(plain, 0.5), "保存走访"
    )
    yield Measure(_SUBJECT, "记一条日志，最慢", max(noted) * 1000, "ms", 50)
    count = 1000 if workshop.sizes.small else 100_000
    with opened(workshop.folder / "log.db") as store:
        _fill(store, count)
        yield Measure(_SUBJECT, f"核对 {count:,} 条日志", seconds(lambda: audit.breaks(store)), "s", 10)


def _fill(store: Store, count: int) -> None:
    """A log of so many entries, each sealed with the one before it."""
    at, mark, made = datetime(2020, 8, 10, 9).astimezone(), "", []
    for number in range(1, count + 1):
        entry = AuditEntry(
            device="bench", number=number, at=at, kind="打印", tbl="person", count=1, before=mark, mark="-"
        )
        mark = audit.mark_of(entry)
        made.append(Put(replace(entry, mark=mark)))
    store.write(made, "打印")
