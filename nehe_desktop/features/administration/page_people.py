"""人员和口令: who can open this laptop, each with a PIN of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from nehe_desktop.core.errors import Refused
from nehe_desktop.features.entry import document
from nehe_desktop.security import vault
from nehe_desktop.security.recovery import RecoverySheet
from nehe_desktop.security.vault import Holder
from nehe_desktop.ui.fieldbox import FieldBox
from nehe_desktop.ui.layouts import box, column, emptied, row, scrolled
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.painted import Avatar, Pill
from nehe_desktop.ui.widgets import button, card, label, line, note_card


def secret(words: str, hint: str = "") -> FieldBox:
    """A field for a PIN."""
    edit = QLineEdit()
    edit.setEchoMode(QLineEdit.EchoMode.Password)
    return FieldBox(words, edit, hint=hint)


def typed(field: FieldBox) -> str:
    """What stands in such a field."""
    edit = field.editor
    return edit.text() if isinstance(edit, QLineEdit) else ""


class PeopleSection(QWidget):
    """The people of this laptop; change the own PIN, add a colleague, a new recovery sheet."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.session: Any = desk.tools["session"]
        self.people = column(gap=6)
        self.old, self.new = secret("现在的口令"), secret("新口令", "至少 6 位，不要用生日和连号")
        self.again = secret("新口令再输一遍")
        self.name = FieldBox("姓名", QLineEdit())
        self.first = secret("先给一个口令", "请本人登录后自己改掉")
        own = column(
            label("改我的口令", "h3"),
            row((self.old, 1), (self.new, 1), (self.again, 1), gap=12),
            row(None, button("改口令", self.change_pin, icon="key-round")),
        )
        more = column(
            label("添加同事", "h3"),
            row((self.name, 1), (self.first, 1), gap=12),
            row(None, button("添加", self.add, icon="user-plus")),
        )
        sheet = column(
            label("恢复码", "h3"),
            label("换人、换队或怀疑泄露时重新打印，旧的恢复单随即作废。", "muted", wrap=True),
            row(button("重新打印恢复单", self.new_sheet, icon="printer"), None),
        )
        sample = note_card("现在是示例数据，不设口令；真实数据里才需要管理人员。", "gold")
        sample.setVisible(self.session.sample)
        parts = (
            label("人员和口令", "h2"),
            sample,
            self.people,
            line(),
            own,
            line(),
            more,
            line(),
            sheet,
            None,
        )
        column((scrolled(column(*parts, gap=12, margins=(18, 16, 18, 14))), 1), on=self)

    def refresh(self) -> None:
        """Reads the people anew."""
        path = self.session.laptop.vault
        self.desk.tasks.ask(lambda: vault.people(path), self._show, owner=self, slot="people")

    def change_pin(self) -> None:
        """Changes the PIN of who is logged in."""
        if typed(self.new) != typed(self.again):
            self.again.say("两次不一样，请再输一遍", "error")
            return
        path, me = self.session.laptop.vault, self.desk.store.author
        words = (typed(self.old), typed(self.new))
        self._do(
            lambda: vault.change_pin(path, me, *words),
            self.new,
            "口令已改，下次用新口令",
            (self.old, self.new, self.again),
        )

    def add(self) -> None:
        """Adds a colleague."""
        edit = self.name.editor
        who = edit.text().strip() if isinstance(edit, QLineEdit) else ""
        path, key, pin = self.session.laptop.vault, self.session.key, typed(self.first)
        self._do(
            lambda: vault.add_person(path, key, who, pin),
            self.first,
            f"已添加 {who}",
            (self.name, self.first),
        )

    def remove(self, who: str) -> None:
        """Takes a person's PIN out of use."""
        path, key = self.session.laptop.vault, self.session.key
        self._do(lambda: vault.remove_person(path, key, who), self.name, f"{who} 不能再登录这台电脑", ())

    def new_sheet(self) -> None:
        """Makes a fresh sheet and saves it where the user says."""
        name, _ = QFileDialog.getSaveFileName(self, "存恢复单", "恢复单.pdf", "PDF (*.pdf)")
        if not name:
            return
        path, key = self.session.laptop.vault, self.session.key

        def work() -> Path:
            sheet: RecoverySheet = vault.new_recovery(path, key)
            return document.recovery_sheet(sheet, Path(name))

        self.desk.tasks.ask(
            work,
            lambda made: self.desk.notices.toast(f"已存为 {made.name}，请打印后封存"),
            owner=self,
            slot="sheet",
        )

    def _do(
        self, work: Callable[[], object], wrong: FieldBox, said: str, clear: tuple[FieldBox, ...]
    ) -> None:
        def done(_: object) -> None:
            for field in clear:
                field.say()
                if isinstance(field.editor, QLineEdit):
                    field.editor.clear()
            self.desk.notices.toast(said)
            self.refresh()

        def failed(error: BaseException) -> None:
            wrong.say(error.sentence if isinstance(error, Refused) else str(error), "error")

        self.desk.tasks.ask(work, done, owner=self, slot="people-work", failed=failed)

    def _show(self, holders: tuple[Holder, ...]) -> None:
        emptied(self.people)
        for holder in holders:
            self.people.addWidget(self._line(holder))

    def _line(self, holder: Holder) -> QWidget:
        mine = holder.name == self.desk.store.author
        state = "已锁住" if holder.locked else "就是我" if mine else "可登录"
        parts: list[Any] = [
            Avatar(holder.name[:1]),
            label(holder.name, "bold"),
            Pill(state, "red" if holder.locked else "teal" if mine else "green"),
            None,
        ]
        if not mine:
            parts.append(button("移除", lambda: self.remove(holder.name), kind="ghost", icon="log-out"))
        return card(column(box(row(*parts, gap=12))), kind="flat", margins=(12, 8, 8, 8))
