"""同步 on the screen: joining, waiting, what came, receipts, sticks; the status bar beside it, always true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.administration.page_status import StatusKeeper
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.exchange.page import SyncPage
from nehe_desktop.features.exchange.page_conflicts import ConflictsPage
from nehe_desktop.features.exchange.page_doubles import DoublesPage
from nehe_desktop.features.exchange.page_running import Running
from nehe_desktop.features.exchange.state_queries import household_states, village_counts
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.visits.ledger import Visit
from nehe_desktop.hub import packs
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.laptop import Laptop, Profile, Session
from nehe_desktop.sync import contact
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.standing import standing
from nehe_desktop.sync.transport import Denied, Transport
from nehe_desktop.ui import theme
from nehe_desktop.ui.page import PageSpec
from nehe_desktop.ui.window import Window
from tests.exchange.conftest import cut_off, texts
from tests.sync.direct import NORTH, County, Desk, Direct, Faults, household, sqlite_county

SPECS = (
    PageSpec("sync", "同步", "refresh-cw", SyncPage, keys="F9"),
    PageSpec("conflicts", "冲突处理", "git-merge", ConflictsPage, ""),
    PageSpec("doubles", "疑似重复", "copy", DoublesPage, ""),
)
LONG = 15_000


class Near:
    """A hub in the same process, reached as if by the network."""

    def __init__(self, county: County) -> None:
        self.county, self.faults = county, Faults()
        self.wanted = self.given = ""

    def __call__(self, account: Account) -> Transport:
        way = Direct(self.county, account.dev, self.faults)
        if self.wanted not in ("", self.given):
            way.call = self._refuse  # type: ignore[method-assign]
        return way

    def give(self, code: str) -> None:
        self.given = code

    def _refuse(self, *_: object) -> NoReturn:
        raise Denied(403, Refusal("otp", "验证码不对，请看手机上现在的 6 位数字" if self.given else "需要验证码"))

    def reach(self, url: str, fingerprint: str) -> tuple[str, Transport]:  # noqa: ARG002 - the county is here
        return "", Direct(self.county, "", self.faults)


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    made = sqlite_county(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def near(county: County) -> Near:
    return Near(county)


@pytest.fixture
def window(
    window_of: Callable[..., Window], store: Store, near: Near, bugs: list[BaseException], tmp_path: Path
) -> Iterator[Window]:
    """The window of a laptop with one household, the sync page and a status bar."""
    store.write([Put(household(NORTH, id="h1", hamlet="前屯"))], "登记")
    running = Running(store, bugs.append, near)
    session = Session(Laptop(tmp_path), Profile(), Key(bytes(32)))
    made = window_of(*SPECS, tools={"sync": running, "session": session})
    made.resize(1366, 768)
    keeper = StatusKeeper(made, store, session, running.now)
    running.told.connect(keeper.look)
    yield made
    running.stop()


@pytest.fixture
def page(window: Window, qtbot: QtBot) -> SyncPage:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.go("sync")
    made = window.page
    assert isinstance(made, SyncPage)
    qtbot.waitUntil(lambda: bool(made.join.name.text()))
    return made


def join(page: SyncPage, county: County, name: str = "明星村 1 号电脑") -> None:
    page.join.invitation.setPlainText(county.invitation(name, NORTH).text())
    page.join.name.setText(name)
    page.join.join()


@pytest.fixture
def joined(page: SyncPage, store: Store, county: County, qtbot: QtBot) -> SyncPage:
    """The page after the laptop joined and everything was sent, the log's entry of the key that the county took too."""
    join(page, county)
    qtbot.waitUntil(lambda: store.count(AuditEntry, "detail LIKE '%恢复钥匙%'") == 1, timeout=LONG)
    page.sync_now()  # sooner than it would be sent by itself
    qtbot.waitUntil(lambda: page.stand.word == "在线" and not standing(store).waiting, timeout=LONG)
    qtbot.waitUntil(lambda: page.stand.cards["waiting"].number.text() == "0", timeout=LONG)
    return page


def status(page: SyncPage) -> list[str]:
    bar = page.window().status  # type: ignore[attr-defined]
    return [part.text for part, _ in bar._shown]


def save(store: Store, hamlet: str) -> None:
    found = store.find(Household, "h1")
    assert found is not None
    store.write([Put(replace(found, hamlet=hamlet))], "走访核实")


def test_without_a_county_the_page_says_how_to_join_one(page: SyncPage, qtbot: QtBot) -> None:
    assert page.stand.word == "未加入县里的网"
    assert "向县里要一张邀请码" in texts(page)
    qtbot.waitUntil(lambda: "未加入县里的网" in status(page))
    assert not page.now.isVisible()


def test_a_laptop_joins_with_the_invitation_and_sends_what_it_has(joined: SyncPage, county: County, qtbot: QtBot) -> None:
    assert ("household", "h1") in county.records()
    assert "明星村 1 号电脑 · 上次成功" in texts(joined.stand)
    qtbot.waitUntil(lambda: "在线" in status(joined) and not any("待上传" in part for part in status(joined)))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "邀请码以 NEHE1. 开头"),
        ("NEHE1.abc", "不完整"),
        ("今天开会", "邀请码以 NEHE1. 开头"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said_beside_it(page: SyncPage, qtbot: QtBot, typed: str, said: str) -> None:
    page.join.invitation.setPlainText(typed)
    page.join.join()
    qtbot.waitUntil(lambda: said in page.join.invitation_box.message)
    assert page.join.on.isEnabled()


def test_an_invitation_works_once(page: SyncPage, county: County, tmp_path: Path, qtbot: QtBot) -> None:
    used = county.invitation("别人", NORTH)
    other = Desk(county, tmp_path / "other.db", "王敏")
    county.invitation = lambda *_: used  # type: ignore[method-assign]
    other.join(NORTH)
    join(page, county)
    qtbot.waitUntil(lambda: "用过" in page.join.invitation_box.message)
    other.close()


def test_a_laptop_needs_a_name(page: SyncPage) -> None:
    page.join.name.setText("  ")
    page.join.join()
    assert "起个名字" in page.join.name_box.message


def test_a_hub_that_is_away_is_told_and_nothing_is_lost(page: SyncPage, county: County, near: Near, qtbot: QtBot) -> None:
    near.faults.always = "lost request"
    join(page, county)
    qtbot.waitUntil(lambda: "没有回答" in page.join.invitation_box.message)
    near.faults.always = ""
    page.join.join()
    qtbot.waitUntil(lambda: page.stand.word == "在线", timeout=LONG)


def test_the_invitation_is_read_from_a_file(page: SyncPage, county: County, tmp_path: Path, qtbot: QtBot) -> None:
    line = county.invitation("甲", NORTH).text()
    (tmp_path / "邀请.txt").write_text(f"请在同步页粘贴：\n{line}\n", "utf-8")
    page.join.read_file(tmp_path / "邀请.txt")
    qtbot.waitUntil(lambda: page.join.invitation.toPlainText() == line)
    (tmp_path / "空.txt").write_text("没有", "utf-8")
    page.join.read_file(tmp_path / "空.txt")
    qtbot.waitUntil(lambda: "没有邀请码" in page.join.invitation_box.message)


def test_what_is_saved_without_a_network_waits_and_says_so(joined: SyncPage, store: Store, near: Near, qtbot: QtBot) -> None:
    near.faults.always = "lost request"
    save(store, "后屯")
    qtbot.waitUntil(lambda: "待上传 1 条" in status(joined))
    assert household_states(store, ["h1"]) == {"h1": "pending"}
    joined.sync_now()
    qtbot.waitUntil(lambda: joined.stand.word == "离线", timeout=LONG)
    qtbot.waitUntil(lambda: "离线" in status(joined))
    assert household_states(store, ["h1"]) == {"h1": "pending"}, "what the link broke off is not on its way"
    qtbot.waitUntil(lambda: joined.waiting.listing.count == 1)
    shown = joined.waiting.listing.model
    qtbot.waitUntil(lambda: shown.data(shown.index(0, 2)) == "修改：自然屯 后屯")
    qtbot.waitUntil(lambda: shown.data(shown.index(0, 5)) == "待上传")  # it was listed while it was on its way
    near.faults.always = ""
    qtbot.keyClick(joined.now, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: joined.waiting.listing.count == 0 and "在线" in status(joined), timeout=LONG)
    assert household_states(store, ["h1"]) == {"h1": "synced"}


def test_what_others_changed_is_listed_and_every_round_leaves_a_receipt(
    joined: SyncPage, store: Store, county: County, tmp_path: Path, qtbot: QtBot
) -> None:
    other = Desk(county, tmp_path / "other.db", "王敏").join(NORTH)
    other.sync()
    found = other.store.find(Household, "h1")
    other.save(replace(found, group_no="3"), reason="电话核实")  # type: ignore[type-var]
    other.sync()
    joined.sync_now()
    qtbot.waitUntil(lambda: [h.group_no for h in store.all(Household)] == ["3"], timeout=LONG)
    joined.tabs.setCurrentIndex(1)
    came = joined.came.listing.model
    qtbot.waitUntil(lambda: came.rowCount() == 1 and came.data(came.index(0, 2)) == "修改：村民小组 3")
    joined.tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: "回执" in joined.log.listing.current())
    joined.log.copy_line()
    assert "收到 1 条" in QGuiApplication.clipboard().text()
    other.close()


def test_a_conflict_is_red_in_the_status_bar_and_leads_to_its_page(
    joined: SyncPage, store: Store, county: County, near: Near, tmp_path: Path, qtbot: QtBot
) -> None:
    visit = Visit(id="v1", household="h1", day=store.clock.today(), visitors="李工", income_per_head=None)
    store.write([Put(visit)], "走访")
    joined.sync_now()
    qtbot.waitUntil(lambda: ("visit", "v1") in county.records(), timeout=LONG)
    other = Desk(county, tmp_path / "other.db", "王敏").join(NORTH)
    other.sync()
    near.faults.always = "lost request"
    for store_, amount in ((other.store, 9900), (store, 10200)):
        seen = store_.find(Visit, "v1")
        store_.write([Put(replace(seen, income_per_head=amount))], "核实收入")  # type: ignore[type-var]
    other.sync()
    near.faults.always = ""
    joined.sync_now()
    qtbot.waitUntil(lambda: "冲突 1 条待处理" in status(joined), timeout=LONG)
    bar = joined.window().status  # type: ignore[attr-defined]
    assert [part.key for part, _ in bar._shown if part.tone == "red"] == ["conflicts"]
    assert (household_states(store, ["h1"]), village_counts(store, NORTH)) == ({"h1": "conflict"}, {"conflict": 1})
    qtbot.mouseClick(bar.part("conflicts"), Qt.MouseButton.LeftButton)
    decided = joined.window().page  # type: ignore[attr-defined]
    assert isinstance(decided, ConflictsPage)
    qtbot.waitUntil(lambda: len(decided.panel.lines) == 1)
    assert [(v.who, v.mine) for v in decided.panel.lines[0].shown.line.versions] == [("李工", True), ("王敏", False)]
    other.close()


def test_a_laptop_that_the_county_stopped_says_so_in_red(joined: SyncPage, county: County, near: Near, qtbot: QtBot) -> None:
    county.knows = lambda *_: False  # type: ignore[method-assign]
    near.county.store.write(county.code, lambda link: link.run("DELETE FROM device WHERE county = ?", (county.code,)))
    joined.sync_now()
    qtbot.waitUntil(lambda: joined.stand.word == "同步受阻", timeout=LONG)
    qtbot.waitUntil(lambda: "同步受阻" in status(joined))
    assert "不认识这台电脑" in texts(joined.stand)


def test_a_village_without_a_network_goes_by_stick(page: SyncPage, county: County, tmp_path: Path, qtbot: QtBot) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    page.join.invitation.setPlainText(county.invitation("远村", NORTH).text())
    page.join.ask_by_stick(stick)
    qtbot.waitUntil(page.join._asked.isVisible, timeout=LONG)
    page.take_back(at_the_county(county, stick))
    qtbot.waitUntil(page.now.isVisible, timeout=LONG)
    page.send_out(stick)
    qtbot.waitUntil(lambda: page.desk.notices.toasted.startswith("已写出"), timeout=LONG)
    page.take_back(at_the_county(county, stick))
    qtbot.waitUntil(lambda: ("household", "h1") in county.records(), timeout=LONG)
    qtbot.waitUntil(lambda: page.stand.cards["waiting"].number.text() == "0", timeout=LONG)


def at_the_county(county: County, stick: Path) -> Path:
    """The newest package of the stick is answered at the county."""
    package = max((p for p in stick.glob("*.nhpkg") if "带回" not in p.name), key=lambda p: p.stat().st_mtime_ns)
    down = stick / f"{package.stem} 带回.nhpkg"
    down.write_bytes(packs.answered(county.hub, county.keys, package.read_bytes(), county.watch).package)
    return down


def test_a_wrong_file_from_the_stick_is_refused_in_plain_words(joined: SyncPage, tmp_path: Path, qtbot: QtBot) -> None:
    wrong = tmp_path / "照片.nhpkg"
    wrong.write_bytes(b"JFIF")
    joined.take_back(wrong)
    qtbot.waitUntil(lambda: "数据包" in texts(joined.window()), timeout=LONG)


def test_made_up_people_do_not_go_to_a_real_county(
    window_of: Callable[..., Window], store: Store, near: Near, county: County, tmp_path: Path, qtbot: QtBot
) -> None:
    session = Session(Laptop(tmp_path, "village"), Profile(), Key(bytes(32)))
    window = window_of(*SPECS, tools={"sync": Running(store, lambda _: None, near), "session": session})
    window.go("sync")
    page = window.page
    assert isinstance(page, SyncPage)
    join(page, county)
    assert "编造" in page.join.invitation_box.message
    page.join.practice.setChecked(True)
    page.join.join()
    qtbot.waitUntil(lambda: page.stand.word == "在线", timeout=LONG)
    page.running.stop()


@pytest.mark.parametrize("size", [(1366, 768), (1093, 550)])
@pytest.mark.parametrize("letters", ["标准", "大"])
def test_nothing_is_cut_off_on_a_small_screen(
    joined: SyncPage, qtbot: QtBot, qapp: QApplication, size: tuple[int, int], letters: str
) -> None:
    theme.apply(qapp, letters)
    joined.window().resize(*size)
    for tab in range(4):
        joined.tabs.setCurrentIndex(tab)
        qtbot.wait(20)
        assert (joined.window().width(), joined.window().height()) == size
        assert cut_off(joined) == []


def test_a_county_laptop_is_asked_for_the_digits_of_a_phone(joined: SyncPage, near: Near, qtbot: QtBot) -> None:
    assert joined.code.isHidden()
    near.wanted = "135790"
    joined.sync_now()
    qtbot.waitUntil(lambda: joined.stand.word == "需要验证码" and "需要验证码" in status(joined), timeout=LONG)
    assert joined.window().focusWidget() is joined.code.code
    assert not cut_off(joined)
    qtbot.keyClicks(joined.code.code, "24681x")
    assert not joined.code.go.isEnabled()
    qtbot.keyClicks(joined.code.code, "0")
    qtbot.keyClick(joined.code.code, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "验证码不对" in texts(joined.stand), timeout=LONG)
    qtbot.keyClicks(joined.code.code, near.wanted)
    qtbot.keyClick(joined.code.code, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: joined.stand.word == "在线" and joined.code.isHidden(), timeout=LONG)


def test_the_status_bar_warns_before_a_laptop_locks(joined: SyncPage, store: Store, qtbot: QtBot) -> None:
    later = contact.last(store)
    assert later is not None
    store.clock = fixed((later.at + timedelta(days=13, hours=1)).isoformat())
    save(store, "后屯")
    qtbot.waitUntil(lambda: "再过 1 天不同步就锁上" in status(joined))
    joined.refresh()
    qtbot.waitUntil(lambda: "13 天没有和县里联系" in joined.locks.text())
    assert not cut_off(joined)
