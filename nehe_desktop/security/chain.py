"""The arithmetic of the log that only grows: an entry's mark covers its words and the mark of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SEALED = (
    "device", "number", "at", "person", "role", "kind", "tbl", "row", "count", "reason", "detail", "target",
    "before",
)  # fmt: skip
"""The fields that a mark covers; the village is not one: it takes the county's id when the laptop joins."""


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


def breaks(entries: Iterable[Mapping[str, Any]]) -> Iterator[Break]:
    """Every place where a chain does not hold; the entries come by laptop and number."""
    last: Mapping[str, Any] = {}
    for entry in entries:
        device, number = str(entry.get("device", "")), int(entry.get("number") or 0)
        before = last if last.get("device") == device else {}
        if why := _why_not_next(before, number, entry.get("before") or ""):
            yield Break(device, number, why)
        if mark_of(entry) != entry.get("mark"):
            yield Break(device, number, "这一条的内容被改过")
        last = entry


def _why_not_next(before: Mapping[str, Any], number: int, link: str) -> str:
    """What is wrong between an entry and the one before it; empty where they hold together."""
    reached = int(before.get("number") or 0)
    if before and number == reached:
        return "这个序号有两条，可能是复制或恢复过的电脑"
    if number != reached + 1:
        return f"前面缺 {number - reached - 1} 条"
    return "" if link == before.get("mark", "") else "和前一条接不上，前一条被换过"
