"""Accounts with their roles, and the log that only grows (domain §11.1–§11.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from nehe_desktop.core.errors import Invalid, Problem
from nehe_desktop.core.fields import choice, day, moment, note, ref, text, whole
from nehe_desktop.core.fields import name as person
from nehe_desktop.core.record import Record
from nehe_desktop.security.laptop import is_below_county
from nehe_desktop.security.rights import COUNTY_ROLES, ROLES, VILLAGE_ROLES

if TYPE_CHECKING:
    from nehe_desktop.core.database import Writing

KINDS = (
    "登录",
    "登录失败",
    "退出",
    "锁定",
    "查看完整号码",
    "打印",
    "导出",
    "导入",
    "审批",
    "冲突处理",
    "重复处理",
    "钥匙",
    "人员和权限",
    "备份",
    "恢复",
    "同步设备",
    "同意书",
    "被拒绝",
)
"""What is written into the log."""


class Account(
    Record,
    table="account",
    title="使用人员和权限",
    scope="village",
    key=("name", "role"),
    indexes=("name",),
    unplaced="office",
):
    """That somebody has a role, in a village or in the county, from a day to a day."""

    name: str = person("姓名", listed=True, private="")
    role: str = choice("角色", ROLES, listed=True, policy="review", reserved=COUNTY_ROLES)
    village: str | None = ref("所在村或乡镇", "division", default=None, listed=True, hint="县里的人不填，乡镇的人填乡镇")
    staff_no: str = text("工号", width=20, default="", listed=True, hint="水印上印后四位")
    since: date | None = day("从", default=None, listed=True)
    until: date | None = day("到", default=None, listed=True, hint="离任的日子，第二天起不能登录")
    note: str = note("备注", width=200, default="")

    def rules(self) -> Iterator[Problem]:
        """A role of a village needs one; the period must be one."""
        if self.role in VILLAGE_ROLES and not self.village:
            yield Problem("village", f"{ROLES[self.role]}要写明是哪个村")
        if self.since and self.until and self.until < self.since:
            yield Problem("until", f"离任日期 {self.until} 早于到任日期 {self.since}，请核对")

    def follows(self, patch: Mapping[str, Any], database: Writing) -> Iterable[Record]:
        """Nothing; below the county a role of the county is neither given nor taken, whoever tries."""
        reserved = COUNTY_ROLES if {"role", "name"} & patch.keys() else ()
        told = next((role for role in patch.get("role", (self.role,)) if role in reserved), None)
        if told and is_below_county(database):
            raise Invalid([Problem("role", f"“{ROLES[told]}”由县里的电脑给和收回，这台电脑不能给")])
        return ()


class AuditEntry(
    Record,
    table="audit_log",
    title="操作日志",
    scope="village",
    key=("device", "number"),
    indexes=("device, number", "at"),
    append_only=True,
    quiet=True,
    unplaced="office",
    by_device="device",
):
    """One thing that was done; `mark` seals it together with the mark of the one before on the same laptop."""

    village: str | None = ref("所在村", "division", default=None)
    device: str = text("电脑", width=64, listed=True)
    number: int = whole("序号", low=1, listed=True)
    at: datetime = moment("时间", listed=True)
    person: str = text("谁", width=40, default="", listed=True)
    role: str = text("角色", width=60, default="", listed=True)
    kind: str = choice("事项", KINDS, listed=True)
    tbl: str = text("台账", width=40, default="", listed=True)
    row: str = text("记录", width=64, default="", hint="内部编号，不写姓名")
    count: int = whole("条数", default=0, listed=True)
    reason: str = text("理由", width=200, default="", listed=True)
    detail: str = text("说明", width=400, default="", listed=True, span=8)
    target: str = text("去向", width=200, default="", listed=True, hint="打印机、文件或电脑")
    before: str = text("前一条的印记", width=64, default="")
    mark: str = text("印记", width=64, listed=True)
