"""What a family or one of its members agreed to have shown in public (domain §11.3 (7))."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from nehe_desktop.core.database import Writing
from nehe_desktop.core.errors import Invalid, Problem
from nehe_desktop.core.fields import choice, day, note, photos, ref, text
from nehe_desktop.core.fields import name as full_name
from nehe_desktop.core.identity import local_today
from nehe_desktop.core.record import Record
from nehe_desktop.features.consents.guardians import OF_AGE, birth_in, needs_guardian
from nehe_desktop.features.consents.taking_down import ticket
from nehe_desktop.features.consents.wording import KINDS, VERSION

OWN, GUARDIAN = "本人或户主", "监护人"


def _by_guardian(values: Mapping[str, Any]) -> bool:
    return values["signer"] == GUARDIAN


class Consent(
    Record,
    table="consent",
    title="同意书",
    scope="household.village",
    key=("household", "person", "kind", "signed_on"),
    indexes=("household, kind", "person"),
    unplaced="office",
):
    """One thing that was agreed to, on the paper that was signed for it, until it is taken back."""

    household: str = ref("农户", "household", listed=True, span=6)
    person: str | None = ref("家庭成员", "person", default=None, listed=True, hint="全家的同意书空着", span=5)
    kind: str = choice("同意事项", tuple(KINDS), listed=True, policy="review", span=5)
    text_version: str = text("文本版本", width=20, default=VERSION, span=3, hint="印在同意书下面")
    signed_on: date = day("签字日期", listed=True)
    signer: str = choice(
        "签字人身份", (OWN, GUARDIAN), default=OWN, listed=True, hint="未满 14 周岁由监护人签"
    )
    guardian: str = full_name("监护人姓名", default="", search="", when=_by_guardian)
    scan: tuple[str, ...] = photos("签字页照片", default=(), most=3, listed=True, span=6)
    withdrawn_on: date | None = day(
        "撤回日期", default=None, listed=True, policy="review", hint="填上就自动生成撤下任务"
    )
    note: str = note("备注", width=200, default="")

    def rules(self) -> Iterator[Problem]:
        """Days in their order, a guardian by name; without the signed sheet it does not count yet (soft)."""
        if self.signed_on > local_today():
            yield Problem("signed_on", f"签字日期 {self.signed_on} 在今天之后，请核对")
        if self.withdrawn_on and self.withdrawn_on < self.signed_on:
            yield Problem(
                "withdrawn_on", f"撤回日期 {self.withdrawn_on} 早于签字日期 {self.signed_on}，请核对"
            )
        if self.signer == GUARDIAN and not self.guardian:
            yield Problem("guardian", "监护人签的，要写监护人姓名")
        if not self.scan:
            yield Problem("scan", "还没有签字页的照片，这份同意书先不算数", "warning")

    def follows(self, patch: Mapping[str, Any], database: Writing) -> Iterable[Record]:
        """A consent that is taken back leaves the task to take down what hangs, in the same step.

        Raises Invalid for one that somebody under 14 signed for himself.
        """
        if self.signer != GUARDIAN and needs_guardian(birth_in(database, self.person), self.signed_on):
            raise Invalid([Problem("signer", f"签字那天还不满 {OF_AGE} 周岁，要由监护人签字")])
        before, now = patch.get("withdrawn_on", (None, None))
        if before or not now or self.withdrawn_on is None:
            return ()
        made = ticket(database, self.id, self.household, self.kind, self.withdrawn_on)
        return () if made is None else (made,)
