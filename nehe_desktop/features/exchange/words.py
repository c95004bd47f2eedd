"""The words of the sync: how a row stands, why something was set aside, how a laptop stands to the county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from nehe_desktop.sync.standing import Standing

ROW_STATES = {
    "pending": ("待上传", "orange", "upload"),
    "sending": ("正在发送", "blue", "refresh-cw"),
    "conflict": ("冲突", "red", "split"),
    "quarantined": ("被搁置", "orange", "inbox"),
}
"""Word, tone and icon of a row that is not yet the same everywhere; nothing for the rest."""

WORST = ("conflict", "quarantined", "pending", "sending", "synced", "")
"""States of rows, the one that a household shows first first."""

WHY = {
    "scope": "不归这台电脑管",
    "county": "只有县里能改",
    "rights": "没有这个权限",
    "locked": "这个月已经锁定",
    "unreadable": "内容读不出来",
}
"""Why the county set a change aside."""


def when(at: datetime | None, today: date) -> str:
    """今天 09:20, 昨天 18:30, 8/10 09:20; empty for never."""
    if at is None:
        return ""
    days = (today - at.date()).days
    if days in (0, 1):
        return f"{'今天' if days == 0 else '昨天'} {at:%H:%M}"
    year = "" if at.year == today.year else f"{at.year}/"
    return f"{year}{at.month}/{at.day} {at:%H:%M}"


_NEEDS_PERSON = ("停用", "不认识", "版本太旧", "身份不对", "拒绝", "没有接受", "另一个县", "邀请码", "验证码")
"""Words of a trouble that does not pass by itself."""


@dataclass(frozen=True)
class Stand:
    """How a laptop stands to its county: one word, what is said beside it, what is wrong and for whom."""

    word: str
    icon: str
    tone: str
    said: str
    trouble: str = ""
    needs_person: bool = False


def needs_person(trouble: str) -> bool:
    """Whether a trouble waits for somebody to do something; a network comes back by itself."""
    return any(word in trouble for word in _NEEDS_PERSON)


def asks_code(found: Standing) -> bool:
    """Whether the county waits for the six digits of a phone."""
    return "验证码" in found.trouble and "还没有给" not in found.trouble


def _hindered(found: Standing, said: str) -> Stand:
    """The words where somebody has to do something."""
    word, icon, tone, why = "同步受阻", "circle-alert", "red", found.trouble
    if asks_code(found):
        word, icon, tone = "需要验证码", "key-round", "orange"
        why = why if why != word else "县里的电脑每七天要输一次手机上的 6 位验证码，才能同步"
    return Stand(word, icon, tone, said, f"{why}。内容都还在本机。", needs_person=True)


def stand_of(found: Standing, today: date) -> Stand:
    """The words for how a laptop stands."""
    if not found.enrolled:
        said = "这里的内容只在这台电脑上。加入以后，和县里、同村的电脑自动对齐；没有网络可以用 U 盘。"
        return Stand("未加入县里的网", "wifi-off", "grey", said)
    last = f"上次成功 {when(found.last_success, today)}" if found.last_success else "还没有同步成功过"
    said = " · ".join(filter(None, (found.name, last)))
    if found.filling is not None:
        return Stand("正在接收本村的数据", "download", "blue", f"{said}。可以照常录入，不用等。")
    if found.trouble and needs_person(found.trouble):
        return _hindered(found, said)
    if found.online is None:
        return Stand("正在连接", "wifi", "blue", said)
    if found.online:
        return Stand("在线", "wifi", "green", said)
    trouble = f"{found.trouble}，过一会儿自动再试" if found.trouble else ""
    return Stand("离线", "wifi-off", "grey", f"{said} · 照常录入，联网后自动上传", trouble)
