"""系统钥匙库 on the page of the keys: how it stands, and the button that switches it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.features.administration import system_key
from nehe_desktop.features.administration.system_key import Seen
from nehe_desktop.ui.allowing import refusal
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.widgets import button, label


class SystemKeyPart(QWidget):
    """Whether the PINs stand behind the key store of the system."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.session: Any = desk.tools["session"]
        self.words = label("正在看这台电脑的系统钥匙库…", wrap=True)
        self.on = button("打开", self.turn_on, icon="lock-keyhole")
        self.off = button("关掉", self.turn_off)
        for each in (self.on, self.off):
            each.hide()
        advice = label(system_key.ADVICE, "muted", wrap=True)
        acts = row(self.on, self.off, None)
        column(label("系统钥匙库", "h3"), self.words, advice, acts, margins=(0, 0, 0, 0), on=self)

    def refresh(self) -> None:
        """Looks anew how it stands."""
        if self.session.sample:
            self.words.setText("示例数据不用。")
            return
        here = self.session.laptop
        self._ask(lambda: system_key.seen(here))

    def turn_on(self) -> None:
        """Puts everybody's PIN behind it."""
        store, here, key = self.desk.store, self.session.laptop, self.session.key
        self._ask(lambda: system_key.turn_on(store, here, key), "已打开：现在起口令之外还要系统里的一份钥匙")

    def turn_off(self) -> None:
        """Lets the PINs stand alone again."""
        store, here, key = self.desk.store, self.session.laptop, self.session.key
        self._ask(lambda: system_key.turn_off(store, here, key), "已关掉：数据只由口令锁着")

    def _ask(self, work: Callable[[], Seen], said: str = "") -> None:
        def done(found: Seen) -> None:
            self._show(found)
            if said:
                self.desk.notices.toast(said)

        for each in (self.on, self.off):
            each.setEnabled(False)
        if said:
            self.words.setText("正在改钥匙文件，请稍候…")
        self.desk.tasks.ask(work, done, owner=self, slot="system key", failed=self._failed)

    def _show(self, found: Seen) -> None:
        self.words.setText(found.words)
        why = refusal(self.desk.store.guard, "update", "account")
        self.on.reword("补到以前的备份" if found.on else "打开")
        for each, shown in ((self.on, found.can_turn_on), (self.off, found.on)):
            each.setVisible(shown)
            each.setEnabled(not why)
            each.setToolTip(why)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, Trouble):
            self.desk.notices.trouble(error)
        else:
            self.desk.notices.banner(error.sentence if isinstance(error, Refused) else str(error), "orange")
        self.refresh()
