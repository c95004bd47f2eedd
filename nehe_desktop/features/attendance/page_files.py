"""A month out to Excel and back: written in the background, looked through before it is stored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from nehe_desktop.features.attendance import intake
from nehe_desktop.features.attendance.month import Cell, Mate, Month
from nehe_desktop.ui.page import Desk

_KINDS = "表格 (*.xlsx *.xls *.et *.ods *.csv)"


def more_menu(
    desk: Desk,
    parent: QWidget,
    month: Month | None,
    cell: Cell | None,
    copy: Callable[[Mate, Mate], object],
    take: Callable[[intake.Preview], object],
    rest: Callable[[], object],
    slips: Callable[[], object],
) -> QMenu:
    """Rest days and leaves in one go, copying from a colleague to the member at the cursor, and files both ways."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if month and any(not month.hands.refusal(mate) for mate in month.mates):
        menu.addAction("周末和节假日没登记的填休息 ◇", rest)
        menu.addAction("按请假单填：批准的事假、病假、公出等", slips)
    if cell and month:
        here, team, which = cell.mate, cell.mate.team, month.month
        copies = menu.addMenu(f"从其他队员复制给{here.name}")
        for mate in month.mates:
            if mate != here and mate.team == team:
                copies.addAction(mate.name, lambda m=mate: copy(m, here))
        menu.addAction("导出本月 Excel（也是填报模板）", lambda: export_month(desk, parent, team, which))
    menu.addAction("导入填好的 Excel", lambda: import_month(desk, parent, take))
    return menu


def export_month(desk: Desk, parent: QWidget, team: str, month: str) -> None:
    """Asks where to and writes the month of a team."""
    path, _ = QFileDialog.getSaveFileName(parent, "导出考勤表", f"考勤{month}.xlsx", "Excel (*.xlsx)")
    if path:
        desk.tasks.run(
            "正在导出考勤",
            lambda _progress: intake.export_month(desk.store, team, month, path),
            lambda _lines: desk.notices.toast(f"已导出 {Path(path).name}"),
        )


def import_month(desk: Desk, parent: QWidget, take: Callable[[intake.Preview], object]) -> None:
    """Asks for a filled month and reads it; `take` gets it when 导入 is pressed."""
    path, _ = QFileDialog.getOpenFileName(parent, "导入考勤表", "", _KINDS)
    if path:
        read_month(desk, Path(path), take)


def read_month(desk: Desk, path: Path, take: Callable[[intake.Preview], object]) -> None:
    """Says what a file would change; nothing is stored before 导入 is pressed."""
    desk.tasks.run(
        "正在核对考勤表",
        lambda _progress: intake.read_month(desk.store, path),
        lambda preview: _offer(desk, preview, take),
    )


def _offer(desk: Desk, preview: intake.Preview, take: Callable[[intake.Preview], object]) -> None:
    tone = "orange" if preview.refused else "blue"
    if not preview.filling.count:
        desk.notices.banner(words_of(preview), tone)
        return

    def accept() -> None:
        desk.notices.drop(frame)
        take(preview)

    frame = desk.notices.banner(words_of(preview), tone, word="导入", act=accept)
    frame.setToolTip("\n".join(preview.refused))


def words_of(preview: intake.Preview) -> str:
    """What an import would do, the first three refused cells by name."""
    words = f"这张表将登记 {preview.filling.count} 处"
    words += f"，其中 {preview.late} 处记为补签" if preview.late else ""
    if preview.refused:
        more = f" 等 {len(preview.refused)} 处" if len(preview.refused) > 3 else ""
        words += f"；不能导入：{'；'.join(preview.refused[:3])}{more}"
    return words
