"""The lists of the sync page: what waits, what came, and the log with its receipts."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from nehe_desktop.core.store import Store
from nehe_desktop.features.exchange import traffic
from nehe_desktop.features.exchange.naming import Mask
from nehe_desktop.features.exchange.traffic import Move
from nehe_desktop.features.exchange.words import ROW_STATES, when
from nehe_desktop.sync.diary import LogLine
from nehe_desktop.sync.standing import log
from nehe_desktop.ui.layouts import column
from nehe_desktop.ui.listing import Cell, Column, Listing, Row
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.widgets import button, empty_state

_MOST = 2000  # rows of what came already
_LINES = 500
_KINDS = {
    "receipt": ("回执", "green"),
    "trouble": ("没成功", "orange"),
    "conflict": ("搁置", "orange"),
    "scope": ("范围", "blue"),
    "epoch": ("县里恢复", "blue"),
    "fork": ("换编号", "blue"),
    "usb": ("U 盘", "teal"),
    "revoked": ("停用", "red"),
}


class MoveSource:
    """Changes of records, waiting or come, newest first."""

    def __init__(self, store: Store, mask: Mask, *, came: bool) -> None:
        self._store, self._mask, self._came = store, mask, came
        last = () if came else (Column("state", "状态", 9, sortable=False),)
        self.columns: Sequence[Column] = (
            Column("at", "时间", 7.2, sortable=False),
            Column("title", "记录", 14, bold=True, sortable=False),
            Column("what", "内容", 17, sortable=False),
            Column("who", "谁", 6, sortable=False),
            Column("reason", "事由", 8, sortable=False),
            *last,
        )

    def ids(self, sort: str, descending: bool, wanted: Any, limit: int = 0) -> array[int]:  # noqa: ARG002, FBT001
        """Numbers of journal rows."""
        if self._came:
            return traffic.came_numbers(self._store, limit or _MOST)
        return traffic.waiting_numbers(self._store, limit)

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """The changes of these."""
        found = traffic.moves(self._store, ids, self._mask)
        return [self._row(found[number]) if number in found else None for number in ids]

    def _row(self, move: Move) -> Row:
        told = when(move.at, self._store.clock.today())
        cells: tuple[str | Cell, ...] = (told, move.title, move.what, move.author, move.reason)
        return Row(f"{move.table}:{move.id}", cells if self._came else (*cells, _state(move)))


def _state(move: Move) -> Cell:
    word, tone, _icon = ROW_STATES.get(move.state, (move.state, "grey", ""))
    return Cell(f"{word}：{move.why}" if move.why else word, tone)


class LogSource:
    """The lines of the log, newest first."""

    columns: Sequence[Column] = (
        Column("at", "时间", 8, sortable=False),
        Column("kind", "事项", 7, sortable=False),
        Column("sentence", "经过", 40, sortable=False),
    )

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lines: list[LogLine] = []

    def ids(self, sort: str, descending: bool, wanted: Any, limit: int = 0) -> array[int]:  # noqa: ARG002, FBT001
        """Places of the lines."""
        self._lines = log(self._store, limit or _LINES)
        return array("q", range(len(self._lines)))

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """The lines at these places."""
        lines, today = self._lines, self._store.clock.today()
        return [_log_row(lines[at], today) if at < len(lines) else None for at in ids]


def _log_row(entry: LogLine, today: Any) -> Row:
    word, tone = _KINDS.get(entry.kind, ("经过", "grey"))
    return Row(_copied(entry), (when(entry.at, today), Cell(word, tone), entry.sentence))


def _copied(entry: LogLine) -> str:
    """A line as it is copied: when to the second, and what happened."""
    return f"{entry.at:%Y-%m-%d %H:%M:%S} {entry.sentence}"


class WaitingList(QWidget):
    """等待上传; Enter opens the record."""

    def __init__(self, desk: Desk, mask: Mask) -> None:
        super().__init__()
        words = "没有等待上传的内容：这台电脑上改的，县里都有了。"
        self.listing = Listing(MoveSource(desk.store, mask, came=False), desk.tasks, "等待上传",
                               empty_state("circle-check", words))  # fmt: skip
        column((self.listing, 1), gap=0, on=self)

    def load(self) -> None:
        """Asks anew."""
        self.listing.refresh()


class CameList(QWidget):
    """收到的; `merged`, the way to what was merged by itself, stands beside the tabs."""

    def __init__(self, desk: Desk, mask: Mask) -> None:
        super().__init__()
        words = "还没有收到别处的修改。别人改了您负责的户，同步以后会列在这里。"
        self.listing = Listing(MoveSource(desk.store, mask, came=True), desk.tasks, "收到的",
                               empty_state("inbox", words))  # fmt: skip
        tip = "不重叠的修改直接合到一起；改了同一处、由程序先选一边的，可以换回来"
        go = desk.go
        self.merged = button("自动合并的", lambda: go("conflicts", which="past"), icon="history", kind="ghost", tip=tip)
        column((self.listing, 1), gap=0, on=self)

    def load(self) -> None:
        """Asks anew."""
        self.listing.refresh()

    def show_merged(self, count: int) -> None:
        """How many conflicts were decided already, by a rule or a person."""
        self.merged.reword(f"自动合并和已处理 {count} 处")


class LogList(QWidget):
    """日志; a line can be copied, such as a receipt for the county. `copy` stands beside the tabs."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        words = "还没有同步过。同步一次，这里就有一行回执：传了多少、收了多少，县里有同样的一行。"
        self.listing = Listing(LogSource(desk.store), desk.tasks, "日志", empty_state("history", words))
        self.copy = button("复制这一行", self.copy_line, icon="copy", kind="ghost", key="Ctrl+C")
        column((self.listing, 1), gap=0, on=self)

    def load(self) -> None:
        """Asks anew."""
        self.listing.refresh()

    def copy_line(self) -> None:
        """Puts the chosen line on the clipboard."""
        if text := self.listing.current():
            QGuiApplication.clipboard().setText(text)
            self._desk.notices.toast("已复制，可以发给县里核对")
