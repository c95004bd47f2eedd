"""What is private stands covered on every screen and list of every ledger, also of one that is declared tomorrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from PySide6.QtCore import QAbstractListModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from pytestqt.qtbot import QtBot

from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.kinds import Ref, Text
from nehe_desktop.core.masks import COVERED
from nehe_desktop.core.record import Ledger, Record
from nehe_desktop.core.search import search
from nehe_desktop.core.store import Put, Store
from nehe_desktop.documents.preview import texts
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.page_asking import AskingCard
from nehe_desktop.features.custody.page_reveal import Lens
from nehe_desktop.features.entry.page_finding import find
from nehe_desktop.features.exchange.ledger import Conflict, Double
from nehe_desktop.features.exchange.naming import covered, title_of
from nehe_desktop.features.exchange.traffic import moves, waiting_numbers
from nehe_desktop.features.households.page import HouseholdsPage
from nehe_desktop.features.households.story import story
from nehe_desktop.features.intake.export import Export, export
from nehe_desktop.features.ledgers import ALL
from nehe_desktop.features.papers.catalogue import COUNTY, HOUSEHOLD, Request
from nehe_desktop.features.papers.work import preview_of
from nehe_desktop.features.teams.ledger import Helper
from nehe_desktop.pages import SPECS
from nehe_desktop.security import vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop, Profile, Session
from nehe_desktop.security.rights import holders
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.form_panel import FormPanel
from nehe_desktop.ui.ledger_page import LedgerPage, ledger_spec
from nehe_desktop.ui.listing import Listing
from nehe_desktop.ui.preference import Look
from nehe_desktop.ui.window import Window
from tests.samples import SECRETS, sample_value, secret_sample, secrets_in

PIN = "辽河 2020 春耕"
COVERING = [ledger for ledger in ALL if any(field.private in COVERED for field in ledger.fields.values())]
each = pytest.mark.parametrize("ledger", COVERING, ids=lambda ledger: ledger.table)
Opened = Callable[[Ledger], LedgerPage]


@pytest.fixture
def session(store: Store, tmp_path: Path) -> Session:
    """Who is at the keyboard logged in with a PIN."""
    here = Laptop(tmp_path / "laptop")
    here.vault.parent.mkdir(parents=True)
    vault.create(here.vault, store.author, PIN, cost=Cost(memory=8, passes=1, lanes=1))
    return Session(here, Profile(), b"")


@pytest.fixture
def page_of(store: Store, window_of: Callable[..., Window], session: Session, qtbot: QtBot) -> Opened:
    """The page of a ledger with one row full of secrets."""

    def open_(ledger: Ledger) -> LedgerPage:
        store.write([Put(secret_sample(ledger))], "登记")
        window = window_of(ledger_spec(ledger.cls), tools={"session": session, "lens": Lens})
        window.go(f"ledger:{ledger.table}")
        page = window.page
        assert isinstance(page, LedgerPage)
        window.activateWindow()
        qtbot.waitUntil(lambda: window.isActiveWindow() and bool(page.listing.current()))
        page.listing.table.setFocus()
        return page

    return open_


def form_of(page: LedgerPage, qtbot: QtBot) -> FormPanel:
    """The form of its one row."""
    page.open_record(f"{page.ledger.table}-1")
    qtbot.waitUntil(lambda: page.panel is not None and page.stack.currentWidget() is page.panel)
    assert page.panel is not None
    return page.panel


def told(top: QWidget) -> str:
    """Everything that can be read, copied, pointed at or read out below a widget, hidden or not."""
    return "\n".join(word for widget in (top, *top.findChildren(QWidget)) for word in _words(widget))


def _words(widget: QWidget) -> Iterator[str]:
    names = ("text", "plainText", "currentText", "title", "placeholderText", "toolTip", "statusTip", "windowTitle",
             "accessibleName", "accessibleDescription")  # fmt: skip
    yield from (value for name in names if isinstance(value := widget.property(name), str))
    model = widget.model() if isinstance(widget, QAbstractItemView) else None
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    columns = 1 if model is None or isinstance(model, QAbstractListModel) else model.columnCount()
    places = [(r, c) for r in range(model.rowCount() if model else 0) for c in range(columns)]
    yield from (str(model.index(*place).data(role) or "") for place in places for role in roles if model)


def leaked(text: str, ledger: Ledger) -> list[str]:
    """The secrets that can be read in a text."""
    return [secret for secret in sorted(secrets_in(ledger)) if secret in text]


def private(record: Record | None) -> dict[str, object]:
    """The covered values of a record, as they are stored."""
    assert record is not None
    return {name: record.stored()[name] for name, field in record.ledger.fields.items() if field.private in COVERED}


# -- every ledger ----------------------------------------------------------------------------------


@each
def test_a_row_is_told_to_nobody_who_has_not_asked_and_kept_by_every_save(
    ledger: Ledger, page_of: Opened, store: Store, qtbot: QtBot
) -> None:
    page = page_of(ledger)
    assert leaked(told(page.window()), ledger) == []
    if any(field.private in COVERED for field in ledger.listed):
        asked_for(page.listing, page, ledger, qtbot)
    panel = form_of(page, qtbot)
    assert leaked(told(page.window()), ledger) == []
    assert leaked(copied(panel.form), ledger) == []
    asked_for(panel, panel, ledger, qtbot)
    looks = store.all(AuditEntry, "kind = '查看完整号码'")
    assert {(each.tbl, each.row, each.reason) for each in looks} == {(ledger.table, f"{ledger.table}-1", "核对身份")}
    keeps_what_is_private(page, ledger, store, qtbot)


def asked_for(seen: QWidget, asked: LedgerPage | FormPanel, ledger: Ledger, qtbot: QtBot) -> None:
    """Shows what is private for a minute to who gives a reason and his PIN, and covers it again."""
    qtbot.keyClick(seen.window().focusWidget() or seen, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    give_pin(asked.window(), qtbot)
    qtbot.waitUntil(lambda: bool(leaked(told(seen), ledger)))
    assert asked.lens is not None
    asked.lens.cover()
    assert leaked(told(seen), ledger) == []
    if isinstance(seen, Listing):
        qtbot.waitUntil(lambda: seen.current() == f"{ledger.table}-1")


def give_pin(top: QWidget, qtbot: QtBot) -> None:
    """Answers the card with the PIN."""
    card = next(each for each in top.findChildren(AskingCard) if each.isVisible())
    card.pin.setText(PIN)
    card.send()
    qtbot.waitUntil(card.isHidden)


def keeps_what_is_private(page: LedgerPage, ledger: Ledger, store: Store, qtbot: QtBot) -> None:
    """Saves the form as it is, then changed elsewhere; what is private is stored as it was."""
    row, panel = f"{ledger.table}-1", page.panel
    before = private(store.find(ledger.cls, row))
    assert panel is not None
    panel.save()
    qtbot.waitUntil(lambda: page.stack.currentIndex() == 0)
    assert private(store.find(ledger.cls, row)) == before
    name = next(n for n in form_of(page, qtbot).form.shown() if is_plain(ledger, n))
    panel.form.take(name, "改过")
    panel.save()
    qtbot.waitUntil(lambda: getattr(store.find(ledger.cls, row), name) == "改过")
    assert private(store.find(ledger.cls, row)) == before


def copied(form: Form) -> str:
    """What lands on the clipboard from each covered field of a form."""
    found = []
    for cover in (box.cover for box in form.boxes.values() if box.cover is not None and not box.cover.isHidden()):
        cover.selectAll()
        cover.copy()
        found.append(QApplication.clipboard().text())
    assert all(found)
    assert found
    return "\n".join(found)


def is_plain(ledger: Ledger, name: str) -> bool:
    """Whether a field takes any words."""
    field = ledger.fields[name]
    return isinstance(field.kind, Text) and not (field.private or field.kind.pattern or isinstance(field.kind, Ref))


@each
def test_a_cover_that_is_typed_in_is_refused(ledger: Ledger) -> None:
    record = secret_sample(ledger)
    for name, field in ledger.fields.items():
        cover = covered(field, field.kind.show(getattr(record, name))) if field.private in COVERED else ""
        if cover and isinstance(getattr(record, name), str):
            wrong = replace(record, **{name: cover}).problems()
            assert name in {p.field for p in wrong if p.level == "error"}, field.label


@each
@pytest.mark.parametrize("audience", ["internal", "board", "web"])
def test_no_paper_and_no_workbook_tells_anything_private(
    ledger: Ledger, audience: str, store: Store, tmp_path: Path
) -> None:
    store.write([Put(secret_sample(ledger))], "登记")
    with suppress(Refused):  # what is for nobody outside
        request = Request("LIST", COUNTY, ledger=ledger.table, audience=audience)  # type: ignore[arg-type]
        assert leaked("".join(texts(preview_of(store, request, sample=False).pdf)), ledger) == []
        export(store, Export(ledger.table, tmp_path / "a.xlsx", audience=audience))  # type: ignore[arg-type]
        cells = "\n".join(str(c) for row in open_workbook(tmp_path / "a.xlsx").sheets[0].rows for c in row)
        assert leaked(cells, ledger) == []
        assert not [f.label for f in ledger.fields.values() if f.private == "illness" and f.label in cells.split("\n")]


@pytest.mark.parametrize("code", ["SUBJECT", "D09", "D07N"])
def test_no_preview_tells_anything_private(village: Store, code: str) -> None:
    request = Request(code, HOUSEHOLD, household="household-1", visit="visit-1")
    page = "".join(texts(preview_of(village, request, sample=False).pdf))
    office = SECRETS["phone"] if code == "D07N" else ""  # the telephones of helper and team are for the family
    assert [secret for secret in SECRETS.values() if secret in page and secret != office] == []


@each
def test_the_tale_of_a_row_tells_nothing_private(ledger: Ledger, store: Store) -> None:
    first = secret_sample(ledger)
    fields = {name: ledger.fields[name] for name in private(first)}
    before = {name: sample_value(field) if field.when else field.default for name, field in fields.items()}
    store.write([Put(replace(first, **before))], "登记")
    store.write([Put(first)], "补录")
    tale = [title_of(store, ledger.table, first.id), *moves(store, waiting_numbers(store), covered).values()]
    assert leaked("\n".join(map(str, [*tale, *story(store, "household-1")])), ledger) == []


@each
def test_what_a_search_finds_tells_nothing_private(ledger: Ledger, store: Store) -> None:
    store.write([Put(secret_sample(ledger))], "登记")
    typed = {SECRETS["phone"][-4:], SECRETS["id"][-4:], SECRETS["phone"], "敖拉"}
    found = [line for text in typed for line in (*search(store, text), *find(store, text))]
    assert leaked("\n".join(map(str, found)), ledger) == []


@each
def test_somebody_may_ask_for_every_number_that_stands_covered(ledger: Ledger) -> None:
    told = {f.private for f in ledger.fields.values()} & {"id", "phone", "bank", "illness"}
    assert not told or holders("clear", ledger.table)


def test_the_eye_shows_the_marked_rows_only_and_not_too_many_at_once(
    page_of: Opened, store: Store, qtbot: QtBot
) -> None:
    page = page_of(Helper.ledger)
    store.write([Put(Helper(id=f"h{n:02}", name="王敏", phone=f"1390000{n:04}")) for n in range(30)], "登记")
    qtbot.waitUntil(lambda: page.listing.count == 31 and page.listing.model.position("h01") >= 0)
    mark = {page.listing.model.ids[page.listing.model.position(id)] for id in ("h01", "h07")}
    page.listing.model.marked = mark
    page.reveal()
    qtbot.waitUntil(lambda: any(each.isVisible() for each in page.findChildren(AskingCard)))
    give_pin(page, qtbot)
    qtbot.waitUntil(lambda: "13900000007" in told(page.listing))
    shown = [f"1390000{n:04}" for n in range(30) if f"1390000{n:04}" in told(page.listing)]
    assert shown == ["13900000001", "13900000007"]
    assert {each.row for each in store.all(AuditEntry, "kind = '查看完整号码'")} == {"h01", "h07"}
    page.reveal()
    qtbot.waitUntil(lambda: page.lens is not None and not page.lens.whole)
    page.listing.model.marked = set(page.listing.model.ids)
    page.reveal()
    qtbot.waitUntil(lambda: "一次最多看 20 条" in told(page.window()))


# -- every page ------------------------------------------------------------------------------------


@pytest.fixture
def village(store: Store) -> Store:
    """A village in which every ledger has a row full of secrets, with a conflict and a double about them."""
    records = {ledger.table: secret_sample(ledger) for ledger in ALL}
    about = {"village": "division-1", "state": "待处理"}
    records["conflict"] = replace(records["conflict"], tbl="household", pk="household-1", fields="phone", **about)
    records["double"] = replace(records["double"], tbl="person", first="person-1", second="", fields="id_no", **about)
    records["person"] = replace(records["person"], died_on=None)
    records["membership"] = replace(records["membership"], left_on=None, leave_reason=None)
    for record in records.values():
        with suppress(Invalid):  # what needs more than itself, and holds nothing that is covered
            store.write([Put(record)], "导入台账")
    assert all(store.count(ledger.cls) == 1 for ledger in COVERING)
    return store


def calm(window: Window, qtbot: QtBot) -> None:
    """Waits until every question of the window has its answer."""
    for _round in range(4):
        meeting = Barrier(3)
        met = [window.desk.tasks._pool.submit(meeting.wait, 30) for _ in range(3)]
        qtbot.waitUntil(lambda met=met: all(each.done() for each in met))  # type: ignore[misc]
        QApplication.processEvents()


def everything(store: Store) -> list[tuple[str, dict[str, str]]]:
    """Every page as it is first opened, then those of single rows."""
    one = [("households", {"id": "household-1"}), ("households", {"edit": "household-1"}),
           ("households", {"edit": "household-1", "person": "person-1"}), ("visit", {"household": "household-1"}),
           ("visit", {"visit": "visit-1"}), ("visits", {"visit": "visit-1"}), ("problems", {"problem": "problem-1"}),
           ("conflicts", {"id": "household:household-1"}), ("doubles", {"id": "double-1"})]  # fmt: skip
    assert store.count(Conflict) == store.count(Double) == 1
    return [*((spec.key, {}) for spec in SPECS), *one]


def test_no_page_of_the_window_tells_anything_private(
    village: Store, window_of: Callable[..., Window], session: Session, qtbot: QtBot
) -> None:
    tools = {"session": session, "lens": Lens, "look": lambda: Look.kept(session.laptop.folder)}
    window = window_of(*SPECS, tools=tools, find=lambda text: find(village, text))
    for key, where in everything(village):
        window.go(key, **where)
        calm(window, qtbot)
        tabs = window.page.detail.tabs if isinstance(window.page, HouseholdsPage) else None
        for at in range(tabs.count() if tabs else 1):
            _ = tabs and tabs.setCurrentIndex(at)
            seen = told(window)
            assert [secret for secret in SECRETS.values() if secret in seen] == [], (key, where, at)
