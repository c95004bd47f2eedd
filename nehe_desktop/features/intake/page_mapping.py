"""Two questions that are asked once: what a foreign column means, and which village a name means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from nehe_desktop.core.kinds import Choice
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.intake.errand import asks_settings, targets_of
from nehe_desktop.features.intake.page_kept import Kept, as_text, covered
from nehe_desktop.features.intake.plan import CREATE, Options, Plan, SheetPlan
from nehe_desktop.spreadsheets.headers import plain
from nehe_desktop.ui.editors_choice import ComboEditor
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.layouts import box, column, row, scrolled
from nehe_desktop.ui.listing import Cell, Column, Listing, Row
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.widgets import bind, button, card, label

LEAVE_OUT = "-"
_SAMPLES = 3
_DEEP = 40  # rows in which samples are looked for


class Question(QWidget):
    """A list of words on the left, what the chosen one means on the right."""

    back = Signal()
    answered = Signal()

    def __init__(self, tasks: Tasks, title: str, columns: Sequence[Column], options: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.kept = Kept(columns)
        self.listing = Listing(self.kept, tasks, title)
        self.meaning = ComboEditor(options)
        self.meaning.setAccessibleName("这一项是")
        self.word, self.detail = label("", "h3", wrap=True), label("", "muted", wrap=True)
        self.note = label("", "caption", wrap=True)
        self.right = column(self.word, self.detail, FieldBox("这一项是", self.meaning), gap=10)
        words = column(self.right, None, self.note, gap=10, margins=(14, 12, 14, 12))
        side = card(column(scrolled(words)), margins=(1, 1, 1, 1))
        bar = row(
            button("重新选文件", self.back.emit, icon="chevron-left"),
            None,
            bind(button("下一步", self.answered.emit, icon="arrow-right", kind="primary", key="Ctrl+Enter"), "Ctrl+Return"),
        )
        body = row((card(column(self.listing), margins=(1, 1, 1, 1)), 3), (side, 2), gap=12)
        column(label(title, "h3"), (body, 1), bar, gap=8, on=self)
        self.meaning.edited.connect(self._answer)
        self.listing.chosen.connect(lambda id: self.show_row(int(id)))
        self.listing.opened.connect(lambda _id: self.meaning.setFocus())

    def fill(self, size: int) -> None:
        """Lists so many rows, and the first unanswered one is chosen."""
        self.kept.size = size
        self.listing.refresh()

    def show_row(self, at: int) -> None:
        """Shows one row on the right."""
        raise NotImplementedError

    def answer(self, at: int, code: str) -> None:
        """Takes what a person says of a row."""
        raise NotImplementedError

    def _answer(self, code: object) -> None:
        current = self.listing.current()
        if current and self.meaning.findData(code) > 0:
            self.answer(int(current), str(code))
            self.listing.refresh()


class ColumnsPanel(Question):
    """Every column of the file with samples and what it is taken for."""

    def __init__(self, tasks: Tasks) -> None:
        titles = (("name", "表里的列名", 11), ("sample", "样例", 13), ("key", "认作", 11))
        super().__init__(tasks, "请看看各列认得对不对，改一次就记住", [Column(*t, sortable=False) for t in titles], ())
        self.chosen: dict[str, str] = {}
        self._rows: list[tuple[SheetPlan, int]] = []
        self._labels: dict[str, str] = {}
        kind = Household.ledger.fields["base_type"].kind
        self.base_type = ComboEditor(kind.options if isinstance(kind, Choice) else ())
        self.village = ComboEditor(())
        self.settings = box(
            column(
                label("导入设置：表里没有写的，按这里算", "bold", wrap=True),
                FieldBox("新登记的户是哪一类", self.base_type),
                FieldBox("是哪个村", self.village),
                gap=8,
            )
        )
        self.right.insertWidget(0, self.settings)
        self.agree = button("就是它", lambda: self._answer(self.meaning.currentData()), icon="check", kind="tonal")
        self.right.addWidget(self.agree)

    def show_plan(self, plan: Plan, table: str, villages: Mapping[str, str]) -> None:
        """Lists the columns, those that nobody knows first."""
        self._plan, self._table = plan, table
        found = targets_of(table)
        self._labels = {target.key: target.label for target in found}
        refill(self.meaning, [(LEAVE_OUT, "不导入这一列"), *((t.key, t.label) for t in found)])
        refill(self.village, list(villages.items()))
        self.settings.setVisible(asks_settings(plan))
        self._rows = [(s, at) for s in plan.sheets for at, name in enumerate(s.headings) if plain(name)]
        self._rows.sort(key=lambda pair: self._key(*pair) != "" or self._offered(*pair) == "")
        self.kept.make = self._row
        self.note.setText("表里没写户类别或村，请在上面选。" if asks_settings(plan) else self._found(plan))
        self.fill(len(self._rows))

    def unconfirmed(self) -> bool:
        """Whether a likeness still waits for a person's word; the first one is shown."""
        waiting = next((at for at, pair in enumerate(self._rows) if self._waits(*pair)), -1)
        if waiting >= 0:
            self.listing.table.selectRow(waiting)
            self.show_row(waiting)
            self.note.setText("橙色的列请先定下来：点“就是它”，或选“不导入这一列”。")
        return waiting >= 0

    def options(self, before: Options) -> Options:
        """The options with what was chosen; columns that stay unknown are left out from now on."""
        asked = {s.headings[at]: "" for s in self._plan.sheets for at in (*s.offered, *s.unknown)}
        mapping = {**before.mapping, **asked, **self.chosen}
        base_type, village = self.base_type.currentData() or "", self.village.currentData() or ""
        return replace(before, mapping=mapping, base_type=base_type, village=village)

    def show_row(self, at: int) -> None:
        """The column's name, its samples and its meaning."""
        sheet, place = self._rows[at]
        self.word.setText(sheet.headings[place])
        offered = self._offered(sheet, place)
        self.agree.setVisible(self._waits(sheet, place))
        hint = f"\n像是“{self._labels[offered]}”，请确认" if offered and not self._key(sheet, place) else ""
        self.detail.setText(f"例如：{'、'.join(self._samples(sheet, place)) or '（空）'}{hint}")
        self.meaning.show_value("", self._key(sheet, place) or offered or LEAVE_OUT)

    def answer(self, at: int, code: str) -> None:
        """Takes a meaning."""
        sheet, place = self._rows[at]
        self.chosen[sheet.headings[place]] = "" if code == LEAVE_OUT else code
        self.show_row(at)

    def _row(self, at: int) -> Row:
        sheet, place = self._rows[at]
        name, key, offered = sheet.headings[place], self._key(sheet, place), self._offered(sheet, place)
        if key:
            meaning = Cell(self._labels[key], "green")
        elif offered and name not in self.chosen:
            meaning = Cell(f"像是 {self._labels[offered]}", "orange")
        else:
            meaning = Cell("不导入", "grey")
        return Row(str(at), (name, "、".join(self._samples(sheet, place)), meaning))

    def _key(self, sheet: SheetPlan, at: int) -> str:
        return self.chosen.get(sheet.headings[at], sheet.columns.get(at, ""))

    def _waits(self, sheet: SheetPlan, at: int) -> bool:
        return at in sheet.offered and sheet.headings[at] not in self.chosen

    def _offered(self, sheet: SheetPlan, at: int) -> str:
        return sheet.offered[at][0] if at in sheet.offered else ""

    def _samples(self, sheet: SheetPlan, at: int) -> list[str]:
        book = next(each for each in self._plan.workbook.sheets if each.name == sheet.name)
        rows = book.rows[sheet.header : sheet.header + _DEEP]
        texts = (as_text(row[at]).strip() for row in rows if at < len(row))
        key = sheet.columns.get(at, "")
        return [covered(self._table, key, text) for text in dict.fromkeys(texts) if text][:_SAMPLES]

    def _found(self, plan: Plan) -> str:
        return "；".join(f"工作表“{sheet.name}”，表头在第 {sheet.header} 行" for sheet in plan.sheets)


class VillagesPanel(Question):
    """Names of villages that the divisions do not know."""

    def __init__(self, tasks: Tasks) -> None:
        titles = (("name", "表里的村名", 13), ("rows", "几行", 5), ("village", "是哪个村", 13))
        super().__init__(tasks, "这些村名不认识，选一次就记住", [Column(*t, sortable=False) for t in titles], ())
        self.chosen: dict[tuple[str, str], str] = {}
        self._names: list[tuple[tuple[str, str], int]] = []
        self._villages: Mapping[str, str] = {}
        self.right.addWidget(button("全部新建（标为未核实）", self.create_all, icon="plus"))
        self.note.setText("没有选的村，那些行不导入。")

    def show_plan(self, plan: Plan, villages: Mapping[str, str]) -> None:
        """Lists the unknown names."""
        self._names, self._villages = plan.unknown_villages.most_common(), villages
        self.kept.make = self._row
        self.fill(len(self._names))

    def show_row(self, at: int) -> None:
        """The likest villages come first."""
        name, count = self._names[at]
        self.word.setText("".join(name))
        self.detail.setText(f"表里有 {count} 行")
        likest = sorted(self._villages.items(), key=lambda pair: -_likeness(pair[1], "".join(name)))
        refill(self.meaning, [(CREATE, "新建这个村（未核实）"), *likest])
        self.meaning.show_value("", self.chosen.get(name, ""))

    def answer(self, at: int, code: str) -> None:
        """Takes a village or that it is new."""
        self.chosen[self._names[at][0]] = code

    def create_all(self) -> None:
        """Every village that is not chosen yet is made, not verified."""
        for name, _ in self._names:
            self.chosen.setdefault(name, CREATE)
        self.listing.refresh()

    def _row(self, at: int) -> Row:
        name, count = self._names[at]
        code = self.chosen.get(name, "")
        words = "新建（未核实）" if code == CREATE else self._villages.get(code, "")
        return Row(str(at), ("".join(name), str(count), Cell(words or "还没选", "green" if words else "orange")))


def refill(combo: ComboEditor, options: Sequence[tuple[str, str]]) -> None:
    """Gives a choice other options."""
    combo.blockSignals(True)
    combo.clear()
    combo.addItem("", "")
    for code, text in options:
        combo.addItem(text, code)
    combo.blockSignals(False)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


