"""What the program says by itself: toasts that offer 撤销, banners that stay, progress with 取消. Never modal."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout, QWidget

from nehe_desktop.core.errors import Trouble
from nehe_desktop.ui.layouts import emptied, row
from nehe_desktop.ui.tasks import Job
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import Icon, button, label

TOAST_MS = 8000


class Notices(QObject):
    """Toasts float above the bottom of `host`; banners and progress stand in `banners`."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.banners = QVBoxLayout()
        self.banners.setSpacing(6)
        self.banners.setContentsMargins(16, 0, 16, 0)
        self._toast: QFrame | None = None
        self._timer = QTimer(self, singleShot=True, interval=TOAST_MS)
        self._timer.timeout.connect(self.hide_toast)
        host.installEventFilter(self)

    def toast(
        self,
        sentence: str,
        undo: Callable[[], object] | None = None,
        *,
        word: str = "撤销",
        icon: str = "circle-check",
    ) -> None:
        """A line for eight seconds, with a button that takes it back where `undo` is given."""
        self.hide_toast()
        frame = QFrame(self._host)
        frame.setObjectName("toast")
        frame.setAccessibleName(sentence)
        parts: list[QWidget] = [Icon(icon, "gold500"), label(sentence)]
        if undo is not None:
            parts.append(button(word, lambda: self._undo(undo), icon="", kind="toast"))
        row(*parts, gap=12, margins=(14, 8, 10, 8), on=frame)
        self._toast = frame
        frame.show()
        self._place()
        self._timer.start()

    def hide_toast(self) -> None:
        """Takes the toast away."""
        if self._toast is not None:
            self._toast.hide()
            self._toast.deleteLater()
            self._toast = None

    @property
    def toasted(self) -> str:
        """The sentence of the toast that is shown, or nothing."""
        return self._toast.accessibleName() if self._toast else ""

    def banner(
        self, sentence: str, tone: str = "orange", *, word: str = "", act: Callable[[], object] | None = None
    ) -> QFrame:
        """A sentence that stays until it is closed or acted on."""
        frame = QFrame()
        frame.setProperty("note", tone)
        frame.setAccessibleName(sentence)
        parts = [Icon("circle-alert", tone), (label(sentence, tone=tone, wrap=True), 1)]
        if act is not None:
            parts.append(button(word, act, kind="ghost"))
        parts.append(button("", lambda: self.drop(frame), icon="x", kind="ghost", tip="关闭提示"))
        row(*parts, margins=(12, 4, 6, 4), on=frame)
        self._add(frame)
        return frame

    def trouble(self, trouble: Trouble) -> None:
        """What the world does not let us do, and what may help."""
        self.banner("。".join(filter(None, (trouble.sentence.rstrip("。"), trouble.advice))), "red")

    def progress(self, job: Job) -> QFrame:
        """A running job with how far it is and 取消."""
        frame = QFrame()
        frame.setProperty("note", "teal")
        words, bar = label(job.title), QProgressBar()
        bar.setRange(0, 0)
        bar.setAccessibleName(job.title)
        row(Icon("hourglass", "p600"), words, (bar, 1), button("取消", job.cancel), gap=12, margins=(12, 5, 8, 5), on=frame)
        self._add(frame)

        def tell(done: int, total: int, text: str) -> None:
            bar.setRange(0, total)
            bar.setValue(done)
            words.setText(f"{job.title}：{text or f'{done} / {total}'}")

        job.progressed.connect(tell)
        job.ended.connect(lambda: self.drop(frame))
        return frame

    def drop(self, frame: QFrame) -> None:
        """Takes a banner away."""
        self.banners.removeWidget(frame)
        frame.hide()
        frame.deleteLater()
        self._margins()

    def clear(self) -> None:
        """Takes every banner away."""
        emptied(self.banners)
        self._margins()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The toast stays in its place when the window grows."""
        if event.type() == QEvent.Type.Resize and watched is self._host:
            self._place()
        return False

    def _add(self, frame: QFrame) -> None:
        self.banners.addWidget(frame)
        if self.banners.count() > 3:
            self.drop(self.banners.itemAt(0).widget())  # type: ignore[arg-type]
        self._margins()

    def _margins(self) -> None:
        self.banners.setContentsMargins(16, 8 if self.banners.count() else 0, 16, 0)

    def _undo(self, undo: Callable[[], object]) -> None:
        self.hide_toast()
        undo()

    def _place(self) -> None:
        if self._toast is None:
            return
        self._toast.adjustSize()
        self._toast.move((self._host.width() - self._toast.width()) // 2,
                         self._host.height() - self._toast.height() - em(3.4))
        self._toast.raise_()
        self._toast.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
