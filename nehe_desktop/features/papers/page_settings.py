"""打印设置: whose papers, for which month, on what printer, how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QSpinBox, QVBoxLayout, QWidget

from nehe_desktop.core.store import Store
from nehe_desktop.features.papers import queries
from nehe_desktop.features.papers.catalogue import CHOSEN, HAMLET, HOUSEHOLD, MEMBER, TEAM, Request, printable
from nehe_desktop.features.papers.posting import AUDIENCES
from nehe_desktop.ui.editors import Links, RefEditor
from nehe_desktop.ui.layouts import box, column, emptied, scrolled
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.printing import Printer
from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.widgets import button, label, line, note_card


@dataclass(frozen=True)
class Choices:
    """What can be chosen: (id, name) of teams, members and ledgers, months, and what to begin with."""

    teams: tuple[tuple[str, str], ...] = ()
    members: tuple[tuple[str, str], ...] = ()
    months: tuple[str, ...] = ()
    household: str = ""
    team: str = ""
    village: str = ""

    @classmethod
    def load(cls, store: Store, village: str, team: str) -> Choices:
        """The choices of a village, or of the county where none is named."""
        teams = tuple((each.id, each.name) for each in queries.teams_in(store, village))
        members = tuple((each.id, each.name) for each in queries.members_in(store, village))
        own = team or (teams[0][0] if teams else "")
        months = tuple(_months(store.clock.today()))
        return cls(teams, members, months, queries.first_household(store, village), own, village)


def _months(today: date, count: int = 24) -> list[str]:
    number = today.year * 12 + today.month - 1
    return [f"{(number - back) // 12}{(number - back) % 12 + 1:02d}" for back in range(count)]


class Settings(QFrame):
    """What to print and how; `changed` says the new request."""

    changed = Signal(object)
    print_pressed = Signal()
    save_pressed = Signal()
    folder_pressed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("card", "plain")
        self.desk, self.choices, self.request = desk, Choices(), Request("D09", HOUSEHOLD)
        self._links = Links(
            desk.tasks,
            search=lambda _table, text: queries.households_like(desk.store, text),
            title=lambda _table, id: queries.household_titles(desk.store, [id]).get(id, ""),
        )
        self._whose = QVBoxLayout()
        self._printers, self._copies = QComboBox(), QSpinBox()
        self._printers.setAccessibleName("打印机")
        self._copies.setAccessibleName("份数")
        self._copies.setRange(1, 99)
        self._copies.setSuffix(" 份")
        self._copies.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._none = note_card("没有找到打印机，请另存为 PDF", "orange")
        self._none.hide()
        self._duplex, self._archive = QCheckBox("双面打印"), QCheckBox("存为长期保存格式")
        self._archive.setToolTip("PDF/A-2b，归档用")
        self._masked, self._mark = QCheckBox("身份证、电话打码"), QCheckBox("加水印：姓名和时间")
        self._masked.toggled.connect(lambda on: self._take(masked=on))
        self._mark.toggled.connect(lambda on: self._take(watermark=on))
        form = column(
            label("打印设置", "h3"), self._whose, label("打印机", "field"), self._printers, self._none,
            label("份数", "field"), self._copies, self._duplex, self._masked, self._mark, self._archive, None,
            gap=5, margins=(14, 12, 14, 6),
        )  # fmt: skip
        self.print_button = button(
            "打印", self.print_pressed.emit, icon="printer", kind="primary", key="Ctrl+P"
        )
        self.save_button = button("另存为 PDF", self.save_pressed.emit, icon="download")
        self.folder_button = button("批量存盘", self.folder_pressed.emit, icon="folder-open")
        foot = column(self.print_button, self.save_button, self.folder_button, gap=6, margins=(14, 8, 14, 10))
        column((scrolled(form), 1), line(), box(foot), gap=0, margins=(1, 1, 1, 1), on=self)

    @property
    def printer(self) -> str:
        """The chosen printer; empty where there is none."""
        return str(self._printers.currentData() or "")

    @property
    def copies(self) -> int:
        """How many of each."""
        return self._copies.value()

    @property
    def duplex(self) -> bool:
        """On both sides."""
        return self._duplex.isChecked()

    @property
    def archive(self) -> bool:
        """Saved as PDF/A-2b."""
        return self._archive.isChecked()

    def show_printers(self, found: Sequence[Printer]) -> None:
        """The printers of this computer, the default one first."""
        self._printers.clear()
        for printer in found:
            self._printers.addItem(printer.name, printer.name)
        self._printers.setVisible(bool(found))
        self._none.setVisible(not found)
        self.print_button.setEnabled(bool(found))

    def show_request(self, choices: Choices, request: Request) -> None:
        """Shows what can be chosen for a kind of paper; says nothing to listeners."""
        self.choices, self.request = choices, request
        for each, on in ((self._masked, request.masked), (self._mark, request.marked)):
            each.blockSignals(True)
            each.setChecked(on)
            each.blockSignals(False)
        self._show_marks(request)
        self._fill()

    def _show_marks(self, request: Request) -> None:
        self._masked.setVisible(request.kind.private and request.use != "posted")
        internal = request.use == "internal"
        self._mark.blockSignals(True)
        self._mark.setChecked(request.marked)
        self._mark.blockSignals(False)
        self._mark.setEnabled(not internal)
        why = "内部用的纸都有，不能去掉" if internal else "对外的纸平常不加"
        self._mark.setToolTip(f"姓名、工号后四位和打印时间；{why}")

    def _take(self, **values: object) -> None:
        self.request = replace(self.request, **values)  # type: ignore[arg-type]
        if values.keys() & {"household", "month", "scope"}:
            self.request = replace(self.request, visit="")
        if values.keys() & {"member", "month", "scope", "team"}:
            self.request = replace(self.request, leave="")
        if "scope" in values:
            if self.request.scope == MEMBER and not self.request.member and self.choices.members:
                self.request = replace(self.request, member=self.choices.members[0][0])
            self._fill()
        if self.request.scope == CHOSEN and not self.request.may_choose:
            self.request = replace(self.request, scope=self.request.kind.scopes[0])
            self._fill()
        if "audience" in values:
            self._show_marks(self.request)
        self.changed.emit(self.request)

    def _fill(self) -> None:
        emptied(self._whose)
        request, kind = self.request, self.request.kind
        scopes = (CHOSEN, *kind.scopes) if request.may_choose else kind.scopes
        scope = Segmented(scopes, request.scope)
        scope.setAccessibleName("打印范围")
        scope.chosen.connect(lambda word: self._take(scope=word))
        self._add("打印范围", scope)
        if request.scope in (HOUSEHOLD, HAMLET):
            self._add("农户", self._household())
        elif request.scope == TEAM:
            self._add("工作队", self._combo("team", self.choices.teams))
        elif request.scope == MEMBER:
            self._add("队员", self._combo("member", self.choices.members))
        if kind.of_ledger:
            self._add("台账", self._combo("ledger", tuple(printable(self.desk.store.guard).items())))
            self._add("用途", self._combo("audience", tuple(AUDIENCES.items())))
        if kind.monthly and not request.visit:
            words = tuple((month, f"{month[:4]} 年 {int(month[4:])} 月") for month in self.choices.months)
            newest = (("", "最近一次"),) if kind.code == "D09" else ()
            self._add("月份", self._combo("month", (*newest, *words)))

    def _add(self, caption: str, widget: QWidget) -> None:
        widget.setAccessibleName(caption)
        self._whose.addWidget(label(caption, "field"))
        self._whose.addWidget(widget)

    def _household(self) -> QWidget:
        editor = RefEditor("household", self._links)
        editor.setPlaceholderText("姓名、拼音或户编号")
        editor.show_value(self.request.household, self.request.household)
        editor.edited.connect(lambda id: id and self._take(household=id))
        return editor

    def _combo(self, name: str, options: Sequence[tuple[str, str]]) -> QWidget:
        made = QComboBox()
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for code, text in options:
            made.addItem(text, code)
        at = made.findData(getattr(self.request, name))
        made.setCurrentIndex(max(0, at))
        if at < 0 and options:
            self.request = replace(self.request, **{name: options[0][0]})  # type: ignore[arg-type]
        made.activated.connect(lambda at: self._take(**{name: made.itemData(at)}))
        return made
