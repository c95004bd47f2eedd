"""What an import would do, in four lists; small mistakes are put right in place."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLineEdit, QMenu, QStackedWidget, QWidget

from nehe_desktop.features.intake.errand import changing
from nehe_desktop.features.intake.page_kept import Kept, differences, file_rows, in_order, refusals, told
from nehe_desktop.features.intake.plan import Plan, Reason
from nehe_desktop.ui.layouts import box, column, row
from nehe_desktop.ui.listing import Listing
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.widgets import Button, bind, button, card, empty_state, label, line

TABS = (("new", "新增"), ("changed", "有变化"), ("same", "相同"), ("refused", "不能导入"))
_EMPTY = {
    "new": "没有新的，表里的人和户都已经有了",
    "changed": "没有变化，已有的内容和表里一样",
    "same": "没有相同的",
    "refused": "都能导入，没有错误",
}


@dataclass
class _Tab:
    chip: Button
    listing: Listing | None = None
    size: int = 0


class PlanPanel(QWidget):
    """Counts on four tabs, the rows behind each, and 导入."""

    back = Signal()
    wanted = Signal()
    give_back = Signal()
    only_new = Signal(bool)
    take_all = Signal(bool)
    fields_left = Signal(object)
    rows_left = Signal(object)
    fixed = Signal(object, str)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self._plan: Plan | None = None
        self._table = ""
        self._unwanted: frozenset[str] = frozenset()
        self._labels: dict[str, str] = {}
        self._reasons: list[Reason] = []
        self._reason = ""
        self.tabs = {key: _Tab(self._chip(key)) for key, _ in TABS}
        self._group = QButtonGroup(self)
        for tab in self.tabs.values():
            self._group.addButton(tab.chip)
        self.stack = QStackedWidget()
        self.said = label("", "muted", wrap=True)
        self._build()

    # -- building ----------------------------------------------------------------------------------

    def _chip(self, key: str) -> Button:
        return button(dict(TABS)[key], lambda: self.show_tab(key), kind="chip")

    def _build(self) -> None:
        self.new_only = QCheckBox("只要新增")
        self.new_only.toggled.connect(self.only_new)
        self.all_values = QCheckBox("电话、坐标也用表里的")
        self.all_values.toggled.connect(self.take_all)
        self.fields = button("改哪些项目", icon="list-checks")
        self.fields_menu = QMenu(self)
        self.fields_menu.aboutToHide.connect(self._say_fields)
        self.fields.setMenu(self.fields_menu)
        self.leave = button("勾选的不导入", self._leave, icon="circle-x", tip="空格勾选；没有勾选就是当前这行")
        self.put_back = button("放回", lambda: self.rows_left.emit(None), kind="ghost")
        chips = row(*(tab.chip for tab in self.tabs.values()), None, self.new_only, gap=6, margins=(10, 8, 10, 6))
        tools = box(row((self.said, 1), self.all_values, self.fields, self.put_back, self.leave, margins=(10, 0, 10, 6)))
        body = column(box(chips), tools, line(), (self.stack, 1), self._fix_bar(), gap=0)
        self.errors = button("存回错误表", self.give_back.emit, icon="file-down", tip="把表还给您，错的格子标红写明原因")
        self.store = bind(
            button("导入", self.wanted.emit, icon="check", kind="primary", key="Ctrl+Enter"), "Ctrl+Return"
        )
        bar = row(button("重新选文件", self.back.emit, icon="chevron-left"), self.errors, None, self.store)
        column((card(body, margins=(1, 1, 1, 1)), 1), bar, gap=10, on=self)

    def _fix_bar(self) -> QWidget:
        self.fix = QLineEdit()
        self.fix.setAccessibleName("改成")
        self.fix.returnPressed.connect(self._fix)
        self.fix_label = label("改成", "field")
        correct = button("改好", self._fix, icon="pencil", key="Enter")
        following = button("下一处", self.next_error, icon="arrow-down", key="F8")
        self.fix_bar = box(row(self.fix_label, (self.fix, 1), correct, following, margins=(12, 6, 12, 6)))
        return self.fix_bar

    # -- showing -----------------------------------------------------------------------------------

    def show_plan(self, plan: Plan, table: str, left: int, tab: str = "") -> None:
        """Shows a plan; `left` is how many rows are left out by hand."""
        self._plan, self._table = plan, table
        self._reasons, self._reason = in_order(plan), ""
        rows = plan.rows
        sizes = {key: rows[key] for key, _ in TABS} | {"refused": len(plan.refused)}  # type: ignore[index]
        for key, title in TABS:
            each = self.tabs[key]
            each.size, each.listing = sizes[key], None
            each.chip.reword(f"{title} {sizes[key]}")
        while (old := self.stack.widget(0)) is not None:
            self.stack.removeWidget(old)
            old.deleteLater()
        count = rows["new"] + rows["changed"]
        self.store.reword(f"导入 {count} 行" if not plan.empty else "没有要导入的")
        self.store.setEnabled(not plan.empty)
        self.errors.setEnabled(bool(plan.reasons))
        self.put_back.setVisible(left > 0)
        self.put_back.reword(f"放回 {left} 行")
        self._show_fields(plan)
        self.all_values.setVisible(any(each.kept for each in plan.differences) or self.all_values.isChecked())
        first = next((key for key, _ in TABS if sizes[key]), "new")
        self.show_tab(tab or first)

    def show_tab(self, key: str) -> None:
        """Shows one list; it is made when it is first shown."""
        if self._plan is None:
            return
        tab = self.tabs[key]
        tab.chip.setChecked(True)
        if tab.listing is None:
            tab.listing = self._listing(key, self._plan)
            self.stack.addWidget(tab.listing)
            tab.listing.refresh()
        self.stack.setCurrentWidget(tab.listing)
        self.fix_bar.setVisible(key == "refused" and bool(self._reasons))
        self.leave.setVisible(key in ("new", "changed") and tab.size > 0)
        self.fields.setVisible(key == "changed" and bool(self._labels))
        self.all_values.setVisible(key == "changed" and not self.all_values.isHidden())
        self.said.setText(self._sentence(key, self._plan))

    def current_tab(self) -> str:
        """The key of the list that is shown."""
        return next((key for key, tab in self.tabs.items() if tab.chip.isChecked()), "new")

    def next_error(self) -> None:
        """F8: the next refused cell, ready to be typed over."""
        again = self.current_tab() == "refused"
        self.show_tab("refused")
        listing = self.tabs["refused"].listing
        if listing and listing.count:
            at = listing.table.currentIndex().row() + (1 if again else 0)
            listing.table.selectRow(at % listing.count)
        self.fix.setFocus()
        self.fix.selectAll()

    def _listing(self, key: str, plan: Plan) -> Listing:
        source = self._source(key, plan)
        icon = "circle-check" if key == "refused" else "inbox"
        listing = Listing(source, self._tasks, dict(TABS)[key], empty_state(icon, _EMPTY[key]))
        if key == "refused":
            listing.chosen.connect(self._show_reason)
            listing.opened.connect(lambda _id: self.fix.setFocus())
        return listing

    def _source(self, key: str, plan: Plan) -> Kept:
        if key == "changed":
            return differences(plan)
        if key == "refused":
            return refusals(plan, self._table)
        return file_rows(plan, self._table, key)[0]  # type: ignore[arg-type]

    def _sentence(self, key: str, plan: Plan) -> str:
        skipped = "，".join(f"{why} {count}" for why, count in plan.skipped.items())
        doubts = f"；另有 {len(plan.warnings)} 处提示，不影响导入" if plan.warnings else ""
        words = {
            "new": f"新登记 {plan.households['new']} 户 {plan.people['new']} 人" if not self._table else "新登记的记录",
            "changed": "左边是原来的，右边是表里的；空格子不会清掉已有内容",
            "same": f"不用动。跳过：{skipped}" if skipped else "和已有的完全一样，不用动",
            "refused": f"红格子不导入，其余照常导入{doubts}",
        }
        return words[key]

    # -- a person's choices ------------------------------------------------------------------------

    def _show_reason(self, id: str) -> None:
        if id == self._reason:
            return  # what is being typed stays
        self._reason, reason = id, self._reasons[int(id)]
        self.fix.setEnabled(reason.column >= 0)
        text = told(self._plan, self._table, reason) if self._plan else ""
        self.fix.setText(reason.value if text == reason.value else "")  # what is covered is written anew
        self.fix.setPlaceholderText(f"表里是 {text}，请重新填" if text else "")
        self.fix_label.setText(f"第 {reason.row} 行 {reason.heading or ''} 改成")

    def _fix(self) -> None:
        if self._reason and (reason := self._reasons[int(self._reason)]).column >= 0:
            self.fixed.emit((reason.sheet, reason.row, reason.column), self.fix.text().strip())

    def _leave(self) -> None:
        listing = self.tabs[self.current_tab()].listing
        if listing:
            places = (id.rpartition("!") for id in listing.marked_ids())
            self.rows_left.emit(frozenset((sheet, int(number)) for sheet, _, number in places))

    def _show_fields(self, plan: Plan) -> None:
        """The fields that may change; what was unticked stays on the list."""
        self._labels.update(changing(plan))
        self.fields_menu.clear()
        for key, words in self._labels.items():
            self.fields_menu.addAction(self._tick(key, words))

    def _tick(self, key: str, words: str) -> QAction:
        tick = QAction(words, self.fields_menu, checkable=True, checked=key not in self._unwanted)  # type: ignore[call-overload]
        tick.setData(key)
        return tick

    def _say_fields(self) -> None:
        unwanted = frozenset(str(a.data()) for a in self.fields_menu.actions() if not a.isChecked())
        if unwanted != self._unwanted:
            self._unwanted = unwanted
            self.fields_left.emit(unwanted)

    def forget(self) -> None:
        """Another file: all choices as at first."""
        self._labels, self._unwanted = {}, frozenset()
        for tick in (self.new_only, self.all_values):
            tick.blockSignals(True)
            tick.setChecked(False)
            tick.blockSignals(False)


