"""钥匙和恢复: the printed sheet, what the county keeps, and a new key for all the data."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QWidget

from nehe_desktop.core.errors import Refused
from nehe_desktop.features.administration import keys
from nehe_desktop.features.administration.page_system_key import SystemKeyPart
from nehe_desktop.features.custody import departures
from nehe_desktop.features.entry import document
from nehe_desktop.ui.layouts import column, row, scrolled
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.widgets import button, label, line, note_card


class KeysSection(QWidget):
    """How the laptop is opened when every PIN is forgotten, and the change of its key."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.session: Any = desk.tools["session"]
        self.kept = label("", wrap=True)
        self.leave = button("现在交给县里", self.deposit, icon="landmark")
        self.sure = QCheckBox("我要更换，这期间不断电、不合上电脑")
        self.sheet = button("重新打印恢复单…", self.new_sheet, icon="printer")
        self.renew = button("更换数据密钥", self.change, icon="key-round")
        self.due = label("", tone="orange", wrap=True)
        self.due.hide()
        self.aside = label("", "muted", wrap=True)
        self.aside.hide()
        self.system = SystemKeyPart(desk)
        county = column(label("县里保管的恢复钥匙", "h3"), self.kept, row(self.leave, None))
        paper = column(
            label("恢复单", "h3"),
            label(
                "口令都忘了时，用纸上的恢复码打开。换人、换队或怀疑泄露时重新打印，旧的恢复单随即作废。",
                "muted",
                wrap=True,
            ),
            row(self.sheet, None),
        )
        anew = column(
            label("更换数据密钥", "h3"),
            label(
                "有人离开，或怀疑数据和钥匙被拿走过时更换：把数据全部重新加密，要重新登录。口令和恢复单照旧能用，"
                "旧备份照旧能恢复。中途断电不会丢数据，下次打开时接着做完或退回原样。",
                "muted",
                wrap=True,
            ),
            self.aside,
            self.sure,
            row(self.renew, None),
        )
        sample = note_card("现在是示例数据，不设口令，也没有钥匙要管。", "gold")
        sample.setVisible(self.session.sample)
        for each in (self.sheet, self.renew, self.sure, self.leave):
            each.setEnabled(not self.session.sample)
        parts = (label("钥匙和恢复", "h2"), sample, self.due, county, line(), paper, line(), self.system, line(), anew, None)
        column((scrolled(column(*parts, gap=12, margins=(18, 16, 18, 14))), 1), on=self)

    def refresh(self) -> None:
        """Asks anew what the county keeps, and how the system's key store stands."""
        store = self.desk.store
        self.desk.tasks.ask(lambda: keys.kept_words(store), self.kept.setText, owner=self, slot="kept")
        self.system.refresh()
        self.desk.tasks.ask(lambda: departures.due(store).words, partial(_say, self.due), owner=self, slot="due")
        if not self.session.sample:
            here, key = self.session.laptop, self.session.key
            self.desk.tasks.ask(lambda: keys.asides_words(here, key), partial(_say, self.aside), owner=self, slot="asides")

    def deposit(self) -> None:
        """Leaves the key with the county now."""
        store = self.desk.store
        self.desk.tasks.ask(lambda: keys.deposit(store), self.kept.setText, owner=self, slot="kept")

    def new_sheet(self) -> None:
        """Makes a fresh sheet and saves it where the user says."""
        name, _ = QFileDialog.getSaveFileName(self, "存恢复单", "恢复单.pdf", "PDF (*.pdf)")
        if not name:
            return
        store, here, key = self.desk.store, self.session.laptop, self.session.key
        self.desk.tasks.ask(
            lambda: document.recovery_sheet(keys.new_sheet(store, here, key), Path(name)),
            lambda made: self.desk.notices.toast(f"已存为 {made.name}，请打印两份封存，再删掉这个文件"),
            owner=self,
            slot="sheet",
        )

    def change(self) -> None:
        """Has the program close the data, write them anew and ask to log in."""
        if not self.sure.isChecked():
            self.desk.notices.banner("确实要更换，请先勾选“我要更换……”", "orange")
            self.sure.setFocus()
            return
        try:
            self.desk.store.guard.require("update", "account")
        except Refused as refused:
            self.desk.notices.banner(refused.sentence, "orange")
            return
        self.desk.tools["rekey"]()


def _say(line_of_words: QLabel, words: str) -> None:
    """Shows a line where there is something to say."""
    line_of_words.setText(words)
    line_of_words.setVisible(bool(words))
