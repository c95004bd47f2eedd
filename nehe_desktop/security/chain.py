"""The arithmetic of the log that only grows: an entry's mark covers its words and the mark of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

SEALED = (
    "device", "number", "at", "person", "role", "kind", "tbl", "row", "count", "reason", "detail", "target",
    "before",
)  # fmt: skip
"""The fields that a mark covers; the village is not one: it takes the county's id when the laptop joins."""


RESTORED = "恢复"
"""The kind of an entry that goes on behind what a restore dropped, and says in its count how many that were."""


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold: laptop, number of the entry, and what is wrong in a sentence."""

    device: str
    number: int
    sentence: str


def mark_of(entry: Mapping[str, Any]) -> str:
    """BLAKE2b-256 over every sealed field of an entry as it is stored; what is missing counts as empty."""
    plain = ["" if (value := entry.get(name)) is None else value for name in SEALED]
    packed = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(packed.encode(), digest_size=32).hexdigest()


class Link(NamedTuple):
    """What of an entry its chain needs: so many of a county that nothing else of them is kept in memory.

    `dropped` is how many entries before this one a restore took away, as the entry itself says.
    """

    device: str
    number: int
    before: str
    mark: str
    sound: bool
    dropped: int = 0


def link_of(entry: Mapping[str, Any]) -> Link:
    """An entry as a link; what is no number, as a changed program may write it, counts as 0."""
    number, mark = entry.get("number"), str(entry.get("mark") or "")
    known = number if isinstance(number, int) else 0
    count = entry.get("count")
    dropped = count if entry.get("kind") == RESTORED and isinstance(count, int) else 0
    device, before = str(entry.get("device") or ""), str(entry.get("before") or "")
    return Link(device, known, before, mark, mark_of(entry) == mark, dropped)


def breaks(entries: Iterable[Mapping[str, Any]]) -> Iterator[Break]:
    """Every place where a chain does not hold; the entries come by laptop and number."""
    return breaks_between(map(link_of, entries))


def breaks_between(links: Iterable[Link]) -> Iterator[Break]:
    """The same of links."""
    last: Link | None = None
    for link in links:
        before = last if last is not None and last.device == link.device else None
        if why := _why_not_next(before, link):
            yield Break(link.device, link.number, why)
        if not link.sound:
            yield Break(link.device, link.number, "这一条的内容被改过")
        last = link


def _why_not_next(before: Link | None, link: Link) -> str:
    """What is wrong between an entry and the one before it; empty where they hold together."""
    reached, mark = (before.number, before.mark) if before else (0, "")
    if before and link.number == reached:
        return "这个序号有两条，可能是复制或恢复过的电脑"
    if gap := link.number - reached - 1:
        return "" if 0 < gap <= link.dropped else f"前面缺 {gap} 条"
    return "" if link.before == mark else "和前一条接不上，前一条被换过"
