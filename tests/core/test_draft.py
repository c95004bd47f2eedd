"""A draft keeps what was typed, says what is wrong and takes edits back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Invalid, Problem
from nehe_desktop.core.fields import choice, phone, text, whole
from nehe_desktop.core.record import LEDGERS, Record


class Stove(Record, table="test_stove", title="取暖设备"):
    """A stove, declared only here."""

    owner: str = text("领用人", width=10)
    fuel: str = choice("燃料", ("煤", "电"), default="电")
    alarm: str = text("报警器编号", default="", when=lambda v: v["fuel"] == "煤")
    call: str | None = phone("电话", default=None)
    count: int = whole("台数", default=1, high=9)

    def rules(self) -> Iterator[Problem]:
        """A coal stove has an alarm; five stoves are many."""
        if self.fuel == "煤" and not self.alarm:
            yield Problem("alarm", "烧煤要有一氧化碳报警器")
        if self.count > 5:
            yield Problem("count", "台数偏多，请核对", "warning")


LEDGERS.pop("test_stove")


def test_what_is_refused_stays_as_typed_with_its_reason() -> None:
    draft = Draft(Stove, owner="王波")
    draft.set("call", "1380000")
    problem = draft.problem("call")
    assert draft.text("call") == "1380000"
    assert problem is not None
    assert "现在 7 位" in problem.sentence


def test_everything_wrong_is_told_at_once() -> None:
    draft = Draft(Stove)
    draft.set("count", "12")
    with pytest.raises(Invalid) as refusal:
        draft.finished()
    assert {p.field for p in refusal.value.problems} == {"owner", "count"}


def test_a_field_that_does_not_apply_is_neither_asked_nor_kept() -> None:
    draft = Draft(Stove, owner="王波", fuel="煤")
    draft.set("alarm", "A1")
    draft.set("fuel", "电")
    assert not draft.shown("alarm")
    assert draft.finished().alarm == ""


def test_a_soft_warning_does_not_keep_a_record_back() -> None:
    draft = Draft(Stove, owner="王波", count=6)
    assert [p.field for p in draft.warnings()] == ["count"]
    assert draft.finished().count == 6


def test_keys_typed_into_one_field_undo_as_one_step() -> None:
    draft = Draft(Stove, owner="甲")
    for typed in ("乙", "乙丙"):
        draft.set("owner", typed)
    draft.set("count", "3")
    assert (draft.undo(), draft.undo(), draft.value("owner"), draft.undo()) == ("count", "owner", "甲", None)
    assert (draft.redo(), draft.text("owner")) == ("owner", "乙丙")


def test_a_half_typed_draft_comes_back_after_a_power_cut() -> None:
    draft = Draft(Stove, owner="汤䶮")
    draft.set("call", "138")
    again = Draft(Stove)
    again.from_json(draft.to_json())
    assert (again.text("owner"), again.text("call"), again.problem("call")) == (
        "汤䶮",
        "138",
        draft.problem("call"),
    )


def test_an_untouched_draft_is_clean_and_an_edited_one_is_not() -> None:
    stove = Stove(owner="王波")
    draft = Draft(Stove, stove)
    assert not draft.dirty
    draft.set("count", "2")
    assert draft.dirty
    draft.set("count", "1")
    assert draft.finished() == stove
