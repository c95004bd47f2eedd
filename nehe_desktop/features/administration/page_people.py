"""人员和口令: who can open this laptop, each with a PIN of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.features.administration import keys, people
from nehe_desktop.features.administration.people import Colleague
from nehe_desktop.features.custody.log_queries import day_of
from nehe_desktop.security import pins
from nehe_desktop.ui.allowing import limit
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
        self.role = FieldBox("角色", QComboBox())
        self.until = FieldBox("到哪一天", QLineEdit(), hint="不填为一直，如 2021-12-31")
        self.first = secret("口令，请同事自己输", "每人一个口令，不要和别人共用")
        self.same = secret("口令再输一遍")
        self.whose = FieldBox("谁", QComboBox())
        self.fresh = secret("新口令，请本人自己输", "口令输错 10 次锁住的，在这里重设")
        own = column(
            label("改我的口令", "h3"),
            row((self.old, 1), (self.new, 1), (self.again, 1), gap=12),
            row(None, button("改口令", self.change_pin, icon="key-round")),
        )
        more = column(
            label("添加同事", "h3"),
            row((self.name, 1), (self.role, 1), (self.until, 1), gap=12),
            row((self.first, 1), (self.same, 1), gap=12),
            row(None, button("添加", self.add, icon="user-plus")),
            line(),
            label("给同事重设口令", "h3"),
            row((self.whose, 1), (self.fresh, 1), gap=12),
            row(None, button("重设", self.reset, icon="key-round")),
        )
        self.editing = box(more)
        self.only_read = label("", "muted", wrap=True)
        sample = note_card("现在是示例数据，不设口令；真实数据里才需要管理人员。", "gold")
        sample.setVisible(self.session.sample)
        parts = (
            label("人员和口令", "h2"),
            sample,
            self.people,
            line(),
            own,
            line(),
            self.editing,
            self.only_read,
            None,
        )
        column((scrolled(column(*parts, gap=12, margins=(18, 16, 18, 14))), 1), on=self)

    def refresh(self) -> None:
        """Reads the people anew."""
        store, here = self.desk.store, self.session.laptop
        self.desk.tasks.ask(
            lambda: (people.people_of(store, here), people.roles_here(store), people.keeps_people(store)),
            lambda found: self._show(*found), owner=self, slot="people",
        )  # fmt: skip

    def change_pin(self) -> None:
        """Changes the PIN of who is logged in."""
        if not pins.same(typed(self.new), typed(self.again)):
            self.again.say("两次不一样，请再输一遍", "error")
            return
        store, here = self.desk.store, self.session.laptop
        words = (typed(self.old), typed(self.new))
        self._do(
            lambda: keys.change_pin(store, here, *words),
            self.new,
            "口令已改，下次用新口令",
            (self.old, self.new, self.again),
        )

    def add(self) -> None:
        """Adds a colleague with a role and a PIN of his own."""
        if not pins.same(typed(self.first), typed(self.same)):
            self.same.say("两次不一样，请再输一遍", "error")
            return
        try:
            until = day_of(typed(self.until).strip()) if typed(self.until).strip() else None
        except Refused as refused:
            self.until.say(refused.sentence, "error")
            return
        who, role, pin = typed(self.name).strip(), chosen(self.role), typed(self.first)
        store, here, key = self.desk.store, self.session.laptop, self.session.key
        self._do(
            lambda: people.add(store, here, key, who, role, until, pin),
            self.first,
            f"已添加 {who}",
            (self.name, self.until, self.first, self.same),
        )

    def reset(self) -> None:
        """A new PIN for a colleague who is locked out."""
        who, pin = chosen(self.whose), typed(self.fresh)
        store, here, key = self.desk.store, self.session.laptop, self.session.key
        work = lambda: people.new_pin(store, here, key, who, pin)  # noqa: E731
        self._do(work, self.fresh, f"{who} 可以用新口令登录了", (self.fresh,))

    def remove(self, who: str) -> None:
        """Takes a person's PIN out of use."""
        store, here, key = self.desk.store, self.session.laptop, self.session.key
        work = lambda: people.remove(store, here, key, who)  # noqa: E731
        self._do(work, self.name, f"{who} 不能再登录这台电脑", ())

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
            wrong.say(error.sentence if isinstance(error, Refused) else words_of(error), "error")

        self.desk.tasks.ask(work, done, owner=self, slot="people-work", failed=failed)

    def _show(self, found: list[Colleague], roles: dict[str, str], why: str) -> None:
        self.editing.setVisible(not why and not self.session.sample)
        self.only_read.setVisible(bool(why))
        self.only_read.setText(why)
        emptied(self.people)
        for each in found:
            self.people.addWidget(self._line(each))
        fill(self.role, roles)
        others = [each.holder.name for each in found if each.holder.name != self.desk.store.author]
        fill(self.whose, dict(zip(others, others, strict=True)))

    def _line(self, each: Colleague) -> QWidget:
        holder = each.holder
        mine = holder.name == self.desk.store.author
        state = "已锁住" if holder.locked else "不能登录" if each.wrong else "就是我" if mine else "可登录"
        tone = "red" if holder.locked or each.wrong else "teal" if mine else "green"
        parts: list[Any] = [
            Avatar(holder.name[:1]),
            label(holder.name, "bold"),
            Pill(state, tone),
            (label(each.words, "muted", wrap=True), 1),
        ]
        if not mine:
            gone = button("移除", lambda: self.remove(holder.name), kind="ghost", icon="log-out")
            parts.append(limit(gone, self.desk.store.guard, "update", "account"))
        return card(column(box(row(*parts, gap=12))), kind="flat", margins=(12, 8, 8, 8))


def words_of(error: BaseException) -> str:
    """What is wrong, in the words of the record."""
    return "；".join(each.sentence for each in error.problems) if isinstance(error, Invalid) else str(error)


def chosen(field: FieldBox) -> str:
    """The code that is chosen in a field."""
    return str(field.editor.currentData() or "") if isinstance(field.editor, QComboBox) else ""


def fill(field: FieldBox, options: dict[str, str]) -> None:
    """What can be chosen in a field; what was chosen stays."""
    edit = field.editor
    if isinstance(edit, QComboBox):
        before = edit.currentData()
        edit.clear()
        for code, words in options.items():
            edit.addItem(words, code)
        edit.setCurrentIndex(max(0, edit.findData(before)))
