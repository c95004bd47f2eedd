"""The state of the log in words, and the days that are asked for most."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.security.chain import Break

_WEEK = "一二三四五六日"


def state_words(count: int, found: Sequence[Break], own: str = "") -> str:
    """Whether the log is whole, in a sentence; `own` is the name of this laptop in it."""
    if not found:
        return f"日志完整，共 {count:,} 条，没有缺少或改动"
    return f"日志有 {len(found)} 处不对，请报县里：" + "；".join(break_words(each, own) for each in found[:3])


def break_words(found: Break, own: str = "") -> str:
    """One break in words: which laptop, which entry, what."""
    return f"{device_words(found.device, own)}第 {found.number} 条：{found.sentence}"


def device_words(device: str, own: str = "") -> str:
    """A laptop of the log for people: this one, or the beginning of its name."""
    return "这台电脑" if device == own else f"电脑 {device[:8]}"


def line_of(entry: AuditEntry, ledger: str) -> str:
    """An entry as one line of text: when, who, what, with which ledger, how many, what more, where to."""
    count = f"{entry.count} 条" if entry.count else ""
    more = (entry.reason, entry.detail, f"→ {entry.target}" if entry.target else "")
    parts = (f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.person or "—", entry.kind, ledger, count, *more)
    return "  ".join(part for part in parts if part)


def last_days(today: date) -> dict[str, date]:
    """The seven days before today by what they are called: 昨天, 周二; the whole window must fit 1093 px."""
    days = [today - timedelta(days=back) for back in range(1, 8)]
    return {
        ("昨天" if back == 1 else f"周{_WEEK[day.weekday()]}"): day
        for back, day in enumerate(days, 1)
    }


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week of a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
