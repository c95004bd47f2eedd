"""A ledger out of the program: which one, whose rows, what kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from nehe_desktop.core.guard import Guard
from nehe_desktop.core.masks import Audience
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.features.intake.export import Export
from nehe_desktop.ui.editors_choice import ComboEditor
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.layouts import column, row, scrolled
from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import button, card, label

FORMS = {"xlsx": "Excel", "utf8": "CSV", "gb18030": "CSV（旧系统）"}
USES = {"internal": "号码打码", "board": "村内公示", "web": "网上公开", "whole": "完整号码（加密）"}
"""What the list is for; whole numbers leave only in an encrypted archive."""

_SAID = {
    "internal": "证件号、电话、账号中间打码，病情和残疾的栏目不写。",
    "board": "只有能贴在村里的栏目：没有证件号、电话、账号、病情，未满 14 周岁的不写姓名。",
    "web": "只有能上网的栏目：姓名也打码，未满 14 周岁的不出现。",
    "whole": "存成加密的压缩包（.zip），要写理由、输口令；人数多时要另一人确认。用完请删除。",
}


class ExportPanel(QWidget):
    """Asks what goes out; numbers that identify people are covered unless that is unticked."""

    back = Signal()
    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.ledger = QComboBox()
        for table, ledger in LEDGERS.items():
            self.ledger.addItem(ledger.title, table)
        self.ledger.currentIndexChanged.connect(lambda _at: self._forget_ids())
        self.village, self.form = ComboEditor(()), Segmented(FORMS, "xlsx")
        self.use, self.said = Segmented(USES, "internal"), label(_SAID["internal"], "caption", wrap=True)
        self.use.setAccessibleName("给谁看")
        self.use.chosen.connect(lambda code: self.said.setText(_SAID[code]))
        self.marked = label("", "bold")
        self._ids: tuple[str, ...] = ()
        self.ledger.setAccessibleName("哪本台账")
        go = button("导出", self.wanted.emit, icon="file-spreadsheet", kind="primary")
        parts = (
            label("导出台账", "h2"),
            self.marked,
            FieldBox("哪本台账", self.ledger),
            FieldBox("哪个村（空着是全部）", self.village),
            FieldBox("存成", self.form),
            FieldBox("给谁看", self.use),
            self.said,
            row(button("返回", self.back.emit, icon="chevron-left"), None, go),
        )
        form = card(column(*parts, gap=10), margins=(18, 14, 18, 14))
        column(scrolled(column(row(None, sized(form, least=26, most=40), None), None)), on=self)

    def limit(self, guard: Guard) -> None:
        """Leaves only the ledgers that who is at the keyboard may carry out."""
        for at in reversed(range(self.ledger.count())):
            if not guard.may("export", self.ledger.itemData(at)):
                self.ledger.removeItem(at)

    def show_for(self, table: str, ids: tuple[str, ...], villages: Mapping[str, str]) -> None:
        """Opens for a ledger and perhaps some of its records."""
        self.ledger.setCurrentIndex(max(self.ledger.findData(table), 0))
        self._ids = ids
        self.marked.setText(f"只导出选出的 {len(ids)} 条" if ids else "")
        self.marked.setVisible(bool(ids))
        self.village.clear()
        self.village.addItem("", "")
        for id, name in villages.items():
            self.village.addItem(name, id)
        self.ledger.setFocus()

    def suggested(self) -> str:
        """A name for the file."""
        if self.whole:
            return f"{self.ledger.currentText()}.zip"
        return f"{self.ledger.currentText()}{'.xlsx' if self.form.value() == 'xlsx' else '.csv'}"

    @property
    def whole(self) -> bool:
        """Whether whole numbers are wanted."""
        return self.use.value() == "whole"

    def export_to(self, path: Path) -> Export:
        """What was asked for."""
        form = self.form.value() or "xlsx"
        village = "" if self._ids else self.village.currentData() or ""
        use, encoding = self.use.value() or "internal", "utf8" if form == "xlsx" else form
        audience: Audience = use if use in ("board", "web") else "internal"  # type: ignore[assignment]
        return Export(
            self.ledger.currentData(), path, village, self._ids,
            masked=not self.whole, audience=audience, encoding=encoding, csv=form != "xlsx" if self.whole else None,
        )  # fmt: skip

    def _forget_ids(self) -> None:
        self._ids = ()
        self.marked.hide()
