"""The ledgers of households: dated categories, who belongs where since when; and the two large ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from nehe_desktop.core.errors import Problem
from nehe_desktop.core.fields import choice, day, note, photos, ref, text
from nehe_desktop.core.record import Record
from nehe_desktop.features.households.household import Household
from nehe_desktop.features.households.person import Person
from nehe_desktop.features.households.words import CATEGORIES
from nehe_desktop.features.reference.codes import codes


class HouseholdCategory(
    Record,
    table="household_category",
    title="户类别变化",
    scope="household.village",
    key=("household", "category", "since"),
    indexes=("household, since", "category, until"),
):
    """A category that a household carries from a day to a day; several may hold at once."""

    household: str = ref("农户", "household", listed=True)
    category: str = choice("类别", CATEGORIES, listed=True, policy="review")
    since: date = day("起", listed=True, policy="review")
    until: date | None = day("止", default=None, listed=True, policy="review", hint="仍是的空着")
    doc_no: str = text("依据文号", width=60, default="", listed=True)
    note: str = note("说明", width=200, default="")

    def rules(self) -> Iterator[Problem]:
        """The period must be one."""
        if self.until and self.until < self.since:
            yield Problem("until", f"止 {self.until} 早于起 {self.since}，请核对")


class Membership(
    Record,
    table="membership",
    title="成员增减",
    scope="household.village",
    key=("household", "person", "joined_on"),
    together=(("joined_on", "join_reason"), ("left_on", "leave_reason")),
    indexes=("household, joined_on", "person, joined_on"),
):
    """That a person belongs to a household from a day to a day, why he came and why he left (domain §1.6)."""

    household: str = ref("农户", "household", listed=True)
    person: str = ref("成员", "person", listed=True)
    relation: str = choice("与户主关系", codes("relation"), listed=True)
    joined_on: date = day("增加日期", listed=True)
    join_reason: str = choice("增加原因", codes("joining"), default="08", listed=True)
    left_on: date | None = day("减少日期", default=None, listed=True, policy="review")
    leave_reason: str | None = choice(
        "减少原因",
        codes("leaving"),
        default=None,
        listed=True,
        policy="review",
        when=lambda v: v["left_on"] is not None,
    )
    evidence: str = text("证明材料", width=80, default="", span=6)
    evidence_photos: tuple[str, ...] = photos("证明材料照片", default=(), most=3)
    approved_by: str = text("批准人", width=20, default="")

    def rules(self) -> Iterator[Problem]:
        """Leaving has a day after joining and a reason."""
        if self.left_on and self.left_on < self.joined_on:
            yield Problem("left_on", f"减少日期 {self.left_on} 早于增加日期 {self.joined_on}，请核对")
        if self.left_on and not self.leave_reason:
            yield Problem("leave_reason", "填了减少日期，还要选减少原因")
        if self.leave_reason and not self.left_on:
            yield Problem("left_on", "选了减少原因，还要填减少日期")


__all__ = ["Household", "HouseholdCategory", "Membership", "Person"]
