"""The list: only what is seen is fetched, sorting shows at once, rows are chosen, marked and kept."""

from __future__ import annotations

import time
from array import array
from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from nehe_desktop.ui.listing import Cell, Column, Listing, Row
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.widgets import label

MANY = 200_000


class Numbers:
    """Rows that are their numbers; remembers what was asked."""

    columns = (Column("name", "户主", bold=True), Column("level", "等级"))

    def __init__(self) -> None:
        self.limits: list[int] = []
        self.fetched: list[int] = []
        self.count = MANY

    def ids(self, sort: str, descending: bool, wanted: Any, limit: int = 0) -> array[int]:  # noqa: ARG002, FBT001
        self.limits.append(limit)
        numbers = range(self.count)[:: -1 if descending else 1]
        return array("q", (n for n in numbers[: limit or None] if wanted is None or n % 10 == wanted))

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        self.fetched.extend(ids)
        return [None if n == 7 else Row(f"h{n}", (f"户{n}", Cell("三级·黄", "yellow", dot=True))) for n in ids]


    def number_of(self, record: str) -> int:
        return int(record[1:])


@pytest.fixture
def source() -> Numbers:
    return Numbers()


@pytest.fixture
def listing(qtbot: QtBot, tasks: Tasks, source: Numbers) -> Listing:
    made = Listing(source, tasks, "农户", label("还没有农户"))
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    with qtbot.waitSignal(made.counted):
        made.refresh()
    qtbot.waitUntil(lambda: made.current() == "h0")
    return made


def test_a_long_list_fetches_only_what_is_seen(listing: Listing, source: Numbers) -> None:
    assert listing.count == MANY
    assert len(source.fetched) <= 3 * 128


@pytest.mark.usefixtures("listing")
def test_the_first_page_is_asked_for_before_all_ids(source: Numbers) -> None:
    assert sorted(source.limits) == [0, 128]


def test_scrolling_far_shows_a_line_first_and_the_row_later(listing: Listing, qtbot: QtBot) -> None:
    index = listing.model.index(150_000, 0)
    assert index.data() == "…"
    qtbot.waitUntil(lambda: index.data() == "户150000")


def test_the_cache_does_not_grow_with_the_list(listing: Listing, qtbot: QtBot) -> None:
    for row in range(0, 128 * 80, 128):
        listing.model.row_at(row)
    qtbot.waitUntil(lambda: listing.model.row_at(128 * 79) is not None)
    assert len(listing.model._pages) <= 48


def test_a_header_sorts_and_sorts_back(listing: Listing, qtbot: QtBot) -> None:
    listing._sort_column(0)
    listing._sort_column(0)
    qtbot.waitUntil(lambda: listing.model.index(0, 0).data() == f"户{MANY - 1}")


def test_a_filter_goes_to_the_source(listing: Listing, qtbot: QtBot) -> None:
    with qtbot.waitSignal(listing.counted) as said:
        listing.show_where(3)
    assert said.args == [MANY // 10]


def test_a_row_that_is_gone_moves_no_other_row(listing: Listing) -> None:
    assert [listing.model.index(at, 0).data() for at in (6, 7, 8)] == ["户6", "…", "户8"]


def test_end_enter_and_space_open_and_mark(listing: Listing, qtbot: QtBot) -> None:
    qtbot.keyClick(listing.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(listing.opened) as said:
        qtbot.keyClick(listing.table, Qt.Key.Key_Return)
    qtbot.keyClick(listing.table, Qt.Key.Key_Space)
    assert said.args == ["h1"]
    assert listing.marked_ids() == ["h1"]


def test_a_chosen_row_stays_chosen_after_a_refresh(listing: Listing, qtbot: QtBot) -> None:
    listing.select("h5")
    with qtbot.waitSignal(listing.counted):
        listing.refresh()
    qtbot.waitUntil(lambda: listing.current() == "h5")


def test_a_record_far_down_is_chosen_when_its_page_has_come(listing: Listing, qtbot: QtBot) -> None:
    with qtbot.waitSignal(listing.chosen, check_params_cb=lambda id: id == "h150000"):
        listing.select("h150000")
    assert listing.current() == "h150000"


def test_a_record_that_is_wanted_before_the_list_has_come_is_not_forgotten_by_a_refresh(
    listing: Listing, qtbot: QtBot
) -> None:
    listing.show_where(3)
    listing.select("h150003")
    listing.refresh()
    qtbot.waitUntil(lambda: listing.current() == "h150003")


def test_letters_jump_to_a_name(listing: Listing) -> None:
    listing.table.keyboardSearch("户42")
    assert listing.current() == "h42"


def test_a_cell_is_read_with_its_column(listing: Listing) -> None:
    assert listing.model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "等级 三级·黄"


def test_widths_come_back_at_any_size(listing: Listing) -> None:
    listing.restore([11, 7])
    assert listing.widths()[0] == 11


def test_an_empty_list_says_so(listing: Listing, source: Numbers, qtbot: QtBot) -> None:
    source.count = 0
    with qtbot.waitSignal(listing.counted):
        listing.refresh()
    assert not listing.table.isVisible()


class SlowFirst(Numbers):
    """Its first page takes longer than all its row ids."""

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        time.sleep(0.2)
        return super().rows(ids)


def test_a_late_first_page_does_not_cut_the_list_short(qtbot: QtBot, tasks: Tasks) -> None:
    made = Listing(SlowFirst(), tasks, "农户", label("还没有农户"))
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.counted):
        made.refresh()
    qtbot.waitUntil(lambda: made.model.row_at(0) is not None)
    qtbot.wait(300)
    assert made.count == MANY
