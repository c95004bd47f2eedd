"""F1: the offline help of the page that is shown, from resources/help."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QListWidget, QTextBrowser, QWidget

from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.theme import RESOURCES, em, sized
from nehe_desktop.ui.widgets import button, label

HELP = RESOURCES / "help"
ORDER = (
    "home", "households", "visit", "attendance", "documents", "import", "ledger", "sync", "conflicts", "doubles", "settings",
)  # fmt: skip


def topics(folder: Path = HELP) -> dict[str, str]:
    """Titles of the help pages by their file's name, in the order of the rail, others after them."""
    found = {}
    pages = sorted(folder.glob("*.md"), key=lambda p: (p.stem not in ORDER, ORDER.index(p.stem) if p.stem in ORDER else 0))
    for path in pages:
        with path.open(encoding="utf-8") as page:
            found[path.stem] = page.readline().lstrip("# ").strip()
    return found


class HelpView(QDialog):
    """A window beside the work, never in front of it: topics at the left, the page at the right."""

    def __init__(self, parent: QWidget | None = None, folder: Path = HELP) -> None:
        super().__init__(parent)
        self.setWindowTitle("帮助")
        self.setWindowFlag(Qt.WindowType.Tool)
        self._folder, self._topics = folder, topics(folder)
        self._list, self.page = QListWidget(), QTextBrowser()
        self._list.setAccessibleName("帮助目录")
        self.page.setAccessibleName("帮助内容")
        self.page.setOpenExternalLinks(False)
        self._list.addItems(list(self._topics.values()))
        self._list.currentRowChanged.connect(lambda at: self._read(list(self._topics)[at]))
        sized(self._list, width=11)
        close = button("关闭", self.hide, key="Esc")
        column((row(self._list, (self.page, 1)), 1), row(label("不联网也能看", "caption"), None, close),
               margins=(12, 12, 12, 12), on=self)
        self.resize(em(52), em(34))

    def show_topic(self, topic: str) -> None:
        """Opens the page of a topic, or the first page where there is none."""
        names = list(self._topics)
        self._list.setCurrentRow(names.index(topic) if topic in names else 0)
        self.show()
        self.raise_()

    def _read(self, topic: str) -> None:
        self.page.setMarkdown((self._folder / f"{topic}.md").read_text(encoding="utf-8"))
