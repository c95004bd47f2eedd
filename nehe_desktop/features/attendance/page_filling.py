"""What keys and buttons make of the month that is shown: one step each, with its words."""

from __future__ import annotations

from collections.abc import Callable

from nehe_desktop.core.deciding import same_person
from nehe_desktop.features.attendance import fill
from nehe_desktop.features.attendance.fill import Filling
from nehe_desktop.features.attendance.month import Cell, Mate, Month


class Filler:
    """Fills for a page, which says what month and cells it shows and how a step is written."""

    def __init__(
        self,
        month: Callable[[], Month | None],
        chosen: Callable[[], tuple[Cell, ...]],
        part: Callable[[], str],
        write: Callable[[Filling, str, str], None],
    ) -> None:
        self._month, self._chosen, self._part, self._write = month, chosen, part, write

    def fill(self, status: str) -> None:
        """Fills the chosen cells with a status; "" clears."""
        if month := self._month():
            step = fill.fill(month, self._chosen(), self._part(), status)
            self._write(step, "考勤", fill.said_of(step, status))

    def explain(self, words: str) -> None:
        """Says where a trip went, or what is to be said of the chosen cells."""
        if month := self._month():
            self._write(fill.explain(month, self._chosen(), self._part(), words), "考勤说明", "说明已保存")

    def workdays(self) -> None:
        """在村 on the empty workdays up to today."""
        if month := self._month():
            step = fill.fill_workdays(month, month.mates)
            self._write(step, "按工作日填满", f"按工作日填满：{fill.said_of(step, 'V')}")

    def rest(self) -> None:
        """休息 on the empty weekends and holidays."""
        if month := self._month():
            step = fill.fill_rest(month, month.mates)
            self._write(step, "周末节假日填休息", f"周末节假日填休息：{fill.said_of(step, 'R')}")

    def slips(self) -> None:
        """What the approved leaves say, on their empty half-days."""
        if month := self._month():
            step = fill.fill_slips(month, month.mates)
            made_up = f"，其中 {step.late} 个超过 24 小时，要确认" if step.late else ""
            said = f"按请假单登记 {step.count} 个半天{made_up}" if step.count else "请假单上的日子都登记了"
            self._write(step, "按请假单填" if step.count else "", said)

    def copy(self, source: Mate, target: Mate) -> None:
        """What one member has, for the empty half-days of another."""
        if month := self._month():
            step = fill.copy_line(month, source, target)
            self._write(step, "复制考勤", f"已把{source.name}的 {step.count} 个半天复制给{target.name}")

    def sign(self, mate: Mate, what: str, author: str, *, clock_went_back: bool) -> None:
        """A member's sign-in; what another does for him is written as what it is. Raises Refused."""
        month, own = self._month(), same_person(mate.name, author)
        if month is None:
            return
        step = fill.sign_in(month, mate, what, clock_went_back=clock_went_back, own=own)
        if not step.changes and not step.refused:
            self._write(step, "", f"{mate.name} 今天{what}已经登记过")
        elif own:
            self._write(step, "签到", f"{mate.name} 今天{what}已签到")
        else:
            self._write(step, "考勤", f"已替{mate.name}登记今天{what}，记为手工（签到要本人登录）")

    def nights(self) -> None:
        """住村 for the chosen nights, or 未住 where all of them are."""
        if month := self._month():
            step = fill.toggle_nights(month, self._chosen())
            self._write(step, "住村", f"{step.count} 个夜间已登记")
