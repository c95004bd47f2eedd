"""What stands on the screen before and after the window: a plain stage with its own workers and notices."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from nehe_desktop.core.errors import Trouble
from nehe_desktop.security.large import Stopped
from nehe_desktop.ui.layouts import column
from nehe_desktop.ui.notices import Notices
from nehe_desktop.ui.tasks import Cancelled, Progress, Tasks
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import button, empty_state


class Stages:
    """Makes stages and lets their workers end with the program."""

    def __init__(self, bug: Callable[[BaseException], object]) -> None:
        self._bug = bug
        self._made: list[tuple[Notices, Tasks]] = []

    def new(self) -> tuple[QWidget, Notices, Tasks]:
        """An empty stage of the window's size."""
        stage = QWidget()
        stage.setWindowTitle("讷河帮扶工作台")
        stage.resize(em(91), em(51))
        notices = Notices(stage)
        tasks = Tasks(notices.trouble, self._bug)
        tasks.job_started.connect(notices.progress)
        self._made.append((notices, tasks))
        return stage, notices, tasks

    def saying(self, icon: str, words: str, action: QWidget | None = None) -> tuple[QWidget, Tasks]:
        """A stage with one sentence, and perhaps one button."""
        stage, notices, tasks = self.new()
        column(notices.banners, (empty_state(icon, words, action), 1), gap=0, on=stage)
        return stage, tasks

    def emptied(self, sentence: str) -> QWidget:
        """What stands there after the county had this laptop emptied; `sentence` says what is left."""
        words = f"县里已停用这台电脑。{sentence}\n如有疑问，请联系县里；U 盘上的备份不在其中，请交回县里。"
        return self.saying("circle-alert", words, button("退出", QCoreApplication.quit, kind="primary"))[0]

    def working(
        self,
        title: str,
        job: Callable[..., object],
        show: Callable[[QWidget], object],
        over: Callable[[], object],
    ) -> None:
        """A stage for a long job on the closed file, with progress and 取消; afterwards, and where it failed, goes on."""

        def work(progress: Progress) -> Trouble | None:
            try:
                job(show=progress.step)
            except Cancelled:
                return Stopped("已取消，原来的数据没有动")
            except Trouble as trouble:
                return trouble
            return None

        def ended(trouble: Trouble | None) -> None:
            over()
            if trouble is not None:
                self.trouble(trouble)

        stage, tasks = self.saying("hourglass", f"{title}，请不要关机，也不要合上电脑。")
        show(stage)
        tasks.run(title, work, ended)

    def trouble(self, trouble: Trouble) -> None:
        """Says what went wrong on the stage made last."""
        if self._made:
            self._made[-1][0].trouble(trouble)

    def close(self) -> None:
        """Ends the workers."""
        for _, tasks in self._made:
            tasks.close()
