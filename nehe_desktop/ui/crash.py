"""Faults: every way they can come leads to a masked, rotating log and to one crash report."""

from __future__ import annotations

import faulthandler
import logging
import platform
import sys
import threading
import traceback
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
    qVersion,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.masking import Masker
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import Icon, button, label

LOG = logging.getLogger("nehe_desktop")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class MaskedFormatter(logging.Formatter):
    """A formatter that masks the whole entry, traceback included, before it reaches the disk."""

    def __init__(self, masker: Masker) -> None:
        super().__init__("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
        self._masker = masker

    def format(self, record: logging.LogRecord) -> str:
        """The masked entry."""
        return self._masker(super().format(record))


@dataclass(frozen=True)
class LastRun:
    """How the program ended last time; `where` is what stood in the mark."""

    crashed: bool
    where: str = ""


class Faults(QObject):
    """Catches what nobody caught. `reported` carries the masked report to the window's thread."""

    reported = Signal(str)

    def __init__(self, folder: Path, program: str = "") -> None:
        """`folder` takes nehe.log (5 × 1 MB), fault.log and the mark of a running program."""
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        self.masker = Masker()
        self._folder, self._program = folder, program
        self._mark = folder / "running"
        self.last_run = LastRun(self._mark.exists(), self._read_mark())
        self._handler = RotatingFileHandler(folder / "nehe.log", maxBytes=2**20, backupCount=5, encoding="utf-8")
        self._handler.setFormatter(MaskedFormatter(self.masker))
        self._fault_file: TextIO | None = None
        self._before: tuple[Any, ...] = ()

    def install(self) -> None:
        """Hooks every way a fault can come, and marks the program as running."""
        LOG.addHandler(self._handler)
        LOG.setLevel(logging.INFO)
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._from_main
        threading.excepthook = lambda args: self.report(args.exc_value or RuntimeError("thread"))
        sys.unraisablehook = lambda args: self.report(args.exc_value or RuntimeError(str(args.err_msg)))
        qInstallMessageHandler(self._from_qt)
        self._fault_file = (self._folder / "fault.log").open("a", encoding="utf-8")
        faulthandler.enable(self._fault_file)
        self._mark.write_text(self._program, encoding="utf-8")

    def ended_well(self) -> None:
        """Takes the mark away and the hooks off: the program ends as it should."""
        self._mark.unlink(missing_ok=True)
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
        qInstallMessageHandler(None)
        faulthandler.disable()
        if self._fault_file is not None:
            self._fault_file.close()
        LOG.removeHandler(self._handler)
        self._handler.close()

    def report(self, error: BaseException) -> None:
        """Logs a bug without personal data and tells the window."""
        LOG.error("bug", exc_info=error)
        self.reported.emit(self.describe(error))

    def describe(self, error: BaseException) -> str:
        """What 复制诊断信息 copies: program, machine and the masked traceback."""
        machine = f"{platform.platform()} · Python {platform.python_version()} · Qt {qVersion()}"
        trace = "".join(traceback.format_exception(error))
        return self.masker(f"{self._program}\n{machine}\n\n{trace}")

    def _read_mark(self) -> str:
        return self._mark.read_text(encoding="utf-8") if self._mark.exists() else ""

    def _from_main(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self.report(error)

    def _from_qt(self, level: QtMsgType, context: QMessageLogContext, text: str) -> None:
        LOG.log(_LEVELS.get(level, logging.WARNING), "Qt %s: %s", context.category or "", text)


class CrashDialog(QDialog):
    """Says that something went wrong, that what was typed is kept, and offers 复制诊断信息."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("程序遇到了问题")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.report = report
        words = column(
            label("程序遇到了一个没有料到的问题", "h2"),
            label("您录入的内容已经存成草稿，可以接着用。请把诊断信息发给乡镇管理员，里面没有姓名、证件号和电话。",
                  "muted", wrap=True),
        )
        text = QPlainTextEdit(report)
        text.setReadOnly(True)
        text.setAccessibleName("诊断信息")
        self._copied = label("", "good")
        copy = button("复制诊断信息", self.copy, icon="copy", kind="primary")
        column(row(Icon("bug", "red", 2.4), (words, 1), gap=14), (text, 1),
               row(self._copied, None, button("继续使用", self.close), copy), gap=14, margins=(20, 18, 20, 16), on=self)
        self.resize(em(44), em(26))

    def copy(self) -> None:
        """Puts the report on the clipboard."""
        QGuiApplication.clipboard().setText(self.report)
        self._copied.setText("已复制")


def show_reports(faults: Faults, window: QWidget) -> None:
    """Opens one report at a time beside the work; more of them go to the log only."""
    open_now: list[CrashDialog] = []

    def show(report: str) -> None:
        if not open_now:
            dialog = CrashDialog(report, window)
            open_now.append(dialog)
            dialog.destroyed.connect(lambda _=None: open_now.clear())
            dialog.show()

    faults.reported.connect(show, Qt.ConnectionType.QueuedConnection)


def recovery_words(last: LastRun, drafts: int) -> str:
    """What the next start says after a crash, empty where all was well."""
    if not last.crashed:
        return ""
    kept = f"没存完的 {drafts} 份草稿都还在，打开原来的那一页会接着显示" if drafts else "已保存的数据都完好"
    return f"上次没有正常退出。{kept}。"
