"""Conflicts and doubles: the hub finds them, people decide, and the decision travels like any other change.

The hub writes these rows without knowing this declaration; `nehe_desktop/hub/findings.py` names the
same fields, and a test holds the two together.
"""

from __future__ import annotations

from nehe_desktop.core.fields import choice, note, ref, text, whole
from nehe_desktop.core.record import Record

KINDS = {
    "field": "两处都改了同一项",
    "delete_vs_edit": "一处删除，一处修改",
    "edit_vs_delete": "改了别处已删除的记录",
    "orphan": "改了县里没有的记录",
    "salvage": "县里恢复备份前后不一致",
}
CONFLICT_STATES = ("自动", "待处理", "已处理")
DOUBLE_STATES = ("待处理", "已合并", "不是同一个")
_STAMP = 2**63 - 1  # the largest stamp that a column takes
SIDES = {"came": "后到的", "stood": "原有的", "other": "另填的"}


class Conflict(
    Record,
    table="conflict",
    title="冲突记录",
    scope="village",
    key=("pk", "fields"),
    indexes=("state, came_at", "tbl, pk"),
    quiet=True,
):
    """Two values for the same fields of one row: what they were before, what came, what stood, which is used.

    `base`, `came` and `stood` are JSON objects of stored values by field; stamps are of the hybrid clock.
    """

    village: str | None = ref("所在村", "division", default=None)
    tbl: str = text("台账", width=40, listed=True)
    pk: str = text("记录", width=64)
    kind: str = choice("情形", KINDS, default="field", listed=True)
    fields: str = text("项目", width=400, default="", listed=True, span=8)
    base: str = note("原来", width=200_000, default="{}", private="values")
    came: str = note("后到的", width=200_000, default="{}", private="values")
    stood: str = note("原有的", width=200_000, default="{}", private="values")
    used: str = choice("现在用", {"came": "后到的", "stood": "原有的"}, default="stood", listed=True)
    came_by: str = text("后到的是谁改的", width=60, default="", listed=True)
    came_at: int = whole("后到的时间戳", high=_STAMP, default=0)
    came_dev: str = text("后到的来自", width=60, default="")
    stood_by: str = text("原有的是谁改的", width=60, default="", listed=True)
    stood_at: int = whole("原有的时间戳", high=_STAMP, default=0)
    reason: str = text("事由", width=400, default="", span=8)
    state: str = choice("状态", CONFLICT_STATES, default="待处理", listed=True)
    answer: str | None = choice("选用", SIDES, default=None, listed=True)
    answered_by: str = text("谁定的", width=60, default="", listed=True)
    answered_at: int = whole("定的时间戳", high=_STAMP, default=0)


class Double(
    Record,
    table="double",
    title="疑似重复",
    scope="village",
    key=("tbl", "first", "second"),
    indexes=("state", "tbl, first"),
    quiet=True,
):
    """Two rows that say they are the same person or the same half-day.

    `second` is empty where the other row lies in another village, which this one may not read.
    """

    village: str | None = ref("所在村", "division", default=None)
    tbl: str = text("台账", width=40, listed=True)
    first: str = text("第一条", width=64)
    second: str = text("第二条", width=64, default="")
    fields: str = text("相同的项目", width=200, default="", listed=True)
    found_at: int = whole("发现的时间戳", high=_STAMP, default=0)
    state: str = choice("状态", DOUBLE_STATES, default="待处理", listed=True)
    kept: str = text("留下的", width=64, default="")
    answered_by: str = text("谁定的", width=60, default="", listed=True)
    answered_at: int = whole("定的时间戳", high=_STAMP, default=0)
    remark: str = text("说明", width=200, default="", span=8)
