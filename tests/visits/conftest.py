"""A village with three households that are due, and a window with the pages of visits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.visits.ledger import ProblemTicket, Visit
from nehe_desktop.features.visits.page import VisitPage
from nehe_desktop.features.visits.page_problems import ProblemsPage
from nehe_desktop.features.visits.page_records import RecordsPage
from nehe_desktop.ui import theme
from nehe_desktop.ui.page import PageSpec
from nehe_desktop.ui.window import Window

VILLAGE = Division(id="village", name="明星村", level="village")
NOTE = "看了住房和水井，核对了上半年务工收入，帮助联系了慢病门诊。"
NAMES = {"a": "宋桂兰", "b": "赵永贵", "c": "孙立本"}
SPECS = (
    PageSpec("visit", "走访", "clipboard-pen", VisitPage, keys="F2"),
    PageSpec("visits", "走访记录", "footprints", RecordsPage, ""),
    PageSpec("problems", "问题台账", "clipboard-list", ProblemsPage, ""),
)


@pytest.fixture
def village(store: Store) -> Store:
    """宋桂兰 was visited in July with a problem left open; the others in June and August."""
    rows: list[Put] = [Put(VILLAGE)]
    for id, name in NAMES.items():
        rows.append(Put(Household(id=id, village="village", base_type="01", head=f"p{id}", hamlet="二屯")))
        rows.append(Put(Person(id=f"p{id}", household=id, relation="01", name=name, phone="13800001234")))
    days = {"a": date(2020, 7, 13), "b": date(2020, 6, 1), "c": date(2020, 8, 1)}
    for id, day in days.items():
        rows.append(
            Put(Visit(id=f"v{id}", household=id, day=day, visitors="王海波", note=NOTE, food="正常", items=("住房",),
                      income_per_head=Decimal(9600), met_person="本人"))
        )  # fmt: skip
    rows.append(
        Put(ProblemTicket(id="t", number="1", village="village", household="a", category="就医",
                          description="申请慢病门诊补助", raised_on=date(2020, 7, 13)))
    )  # fmt: skip
    store.write(rows, "建档")
    return store


@pytest.fixture
def window(village: Store, qtbot: QtBot, qapp: QApplication) -> Iterator[Window]:
    """The window with that village; no bug may come up in it."""
    theme.load_fonts()
    theme.apply(qapp)
    bugs: list[BaseException] = []
    made = Window(SPECS, village, bugs.append)
    made.resize(1366, 728)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()
    theme.apply(qapp)
    assert bugs == []


OpenVisit = Callable[..., VisitPage]


@pytest.fixture
def visit_to(window: Window, qtbot: QtBot) -> OpenVisit:
    """Opens the visit of a household, or a correction."""

    def open_(household: str = "", **where: str) -> VisitPage:
        window.go("visit", household=household, **where)
        page = window.page
        assert isinstance(page, VisitPage)

        def there() -> bool:
            entry = page.view.entry if page.view and page.view.isVisible() else None
            return entry is not None and (entry.case.household.id == household or entry.corrects)

        qtbot.waitUntil(there)
        return page

    return open_
