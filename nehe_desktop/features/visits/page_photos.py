"""Photos of a visit on the screen: thumbnails, add, remove. Pictures are made small in a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from nehe_desktop.core.store import Store
from nehe_desktop.documents.photos import Shrunk, shrunk, thumbnail
from nehe_desktop.ui.layouts import emptied, row
from nehe_desktop.ui.tasks import Tasks
from nehe_desktop.ui.theme import em, sized
from nehe_desktop.ui.widgets import Button, button, label, retone

MOST = 6


class PhotoStrip(QWidget):
    """Up to six pictures side by side; a press on one takes it away, Ctrl+Z brings it back."""

    edited = Signal(object)
    read = Signal(object)  # a Shrunk whose time or place may fill other fields

    def __init__(self, store: Store, tasks: Tasks) -> None:
        super().__init__()
        self._store, self._tasks = store, tasks
        self.names: tuple[str, ...] = ()
        self._pictures = row(gap=6)
        self._add = button("添加照片", self._choose, icon="camera", tip="JPEG 或 PNG，最多 6 张")
        self._count = label("", "caption")
        row(self._add, self._pictures, self._count, None, on=self)
        self.setFocusProxy(self._add)
        self._count.setText("最多 6 张")

    def show_value(self, _text: str, value: Sequence[str] | None) -> None:
        """Shows the pictures of these names."""
        names = tuple(value or ())
        if names == self.names:
            return
        self.names = names
        self._count.setText(f"{len(names)} / {MOST} 张")
        self._add.setEnabled(len(names) < MOST)
        emptied(self._pictures)
        store = self._store
        self._tasks.ask(lambda: _small(store, names), self._show, owner=self, slot="thumbs")

    def mark_wrong(self, *, wrong: bool) -> None:
        """Red, or not."""
        retone(self._count, role="error" if wrong else "caption")

    def add(self, paths: Sequence[str]) -> None:
        """Keeps pictures, made small, in a worker."""
        room, store = MOST - len(self.names), self._store
        self._tasks.ask(lambda: _kept(store, paths[:room]), self._added, owner=self)

    def _choose(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, "选择照片", "", "照片 (*.jpg *.jpeg *.png *.heic *.heif)")
        if paths:
            self.add(paths)

    def _added(self, found: Sequence[tuple[str, Shrunk]]) -> None:
        names = tuple(dict.fromkeys((*self.names, *(name for name, _ in found))))
        for _, photo in found:
            self.read.emit(photo)
        self.edited.emit(names)
        self.show_value("", names)

    def _show(self, pictures: Sequence[tuple[str, bytes]]) -> None:
        emptied(self._pictures)
        for at, (name, content) in enumerate(pictures, 1):
            self._pictures.addWidget(self._picture(name, content, f"第 {at} 张照片，按下去掉"))

    def _picture(self, name: str, content: bytes, tip: str) -> Button:
        picture = QPixmap()
        picture.loadFromData(content)
        made = button("", lambda: self._drop(name), kind="row", tip=tip)
        made.setIcon(QIcon(picture))
        made.setIconSize(QSize(em(3.2), em(2.3)))
        sized(made, width=3.5)
        return made

    def _drop(self, name: str) -> None:
        names = tuple(each for each in self.names if each != name)
        self.edited.emit(names)
        self.show_value("", names)


def _kept(store: Store, paths: Sequence[str]) -> list[tuple[str, Shrunk]]:
    keep: Callable[[bytes, str], str] = store.keep_blob
    photos = [shrunk(Path(path).read_bytes()) for path in paths]
    return [(keep(photo.content, "image/jpeg"), photo) for photo in photos]


def _small(store: Store, names: Sequence[str]) -> list[tuple[str, bytes]]:
    found = ((name, store.blob(name)) for name in names)
    return [(name, thumbnail(content)) for name, content in found if content]
