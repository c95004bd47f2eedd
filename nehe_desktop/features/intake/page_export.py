"""A ledger out of the program: which one, whose rows, what kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from nehe_desktop.core.record import LEDGERS
from nehe_desktop.features.intake.export import Export
from nehe_desktop.ui.editors_choice import ComboEditor
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.layouts import column, row, scrolled
from nehe_desktop.ui.segmented import Segmented
from nehe_desktop.ui.theme import sized
from nehe_desktop.ui.widgets import button, card, label

FORMS = {"xlsx": "Excel", "utf8": "CSV", "gb18030": "CSV（旧系统）"}


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
        self.masked = QCheckBox("证件号、电话、账号打码")
        self.masked.setChecked(True)
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
            self.masked,
            label("去掉打码后，文件里是完整的证件号，请妥善保管，用完删除。", "caption", wrap=True),
            row(button("返回", self.back.emit, icon="chevron-left"), None, go),
        )
        form = card(column(*parts, gap=10), margins=(18, 14, 18, 14))
        column(scrolled(column(row(None, sized(form, least=26, most=40), None), None)), on=self)

    def show_for(self, table: str, ids: tuple[str, ...], villages: Mapping[str, str]) -> None:
        """Opens for a ledger and perhaps some of its records."""
        self.ledger.setCurrentIndex(max(self.ledger.findData(table), 0))
        self._ids = ids
        self.marked.setText(f"只导出勾选的 {len(ids)} 条" if ids else "")
        self.marked.setVisible(bool(ids))
        self.village.clear()
        self.village.addItem("", "")
        for id, name in villages.items():
            self.village.addItem(name, id)
        self.ledger.setFocus()

    def suggested(self) -> str:
        """A name for the file."""
        return f"{self.ledger.currentText()}{'.xlsx' if self.form.value() == 'xlsx' else '.csv'}"

    def export_to(self, path: Path) -> Export:
        """What was asked for."""
        form = self.form.value() or "xlsx"
        village = "" if self._ids else self.village.currentData() or ""
        masked, encoding = self.masked.isChecked(), "utf8" if form == "xlsx" else form
        return Export(self.ledger.currentData(), path, village, self._ids, masked=masked, encoding=encoding)

    def _forget_ids(self) -> None:
        self._ids = ()
        self.marked.hide()
