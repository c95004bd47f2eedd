"""Printing through the system: the PDF itself where a print server takes it, page images elsewhere.

Qt prints PDF pages as images only; CUPS takes the file, which is sharper and far smaller. Nothing
here is for the window's thread: a network printer may take seconds to answer.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nehe_desktop.core.errors import Trouble

_WAIT = 30  # seconds a print server may take before we say that it does not answer
_DOTS = 300  # dots per inch of page images, fine enough for 9-point Chinese


@dataclass(frozen=True)
class Printer:
    """A printer of this computer, as the system names it."""

    name: str
    default: bool = False


@dataclass(frozen=True)
class PageImage:
    """A page as RGBA bytes, row by row."""

    pixels: bytes
    width: int
    height: int


PageImages = Callable[[Path, int], list[PageImage]]
"""Makes the page images of a PDF at so many dots per inch."""


def by_print_server() -> bool:
    """Whether CUPS is here to take PDF files."""
    return sys.platform != "win32" and shutil.which("lp") is not None


def printers() -> tuple[Printer, ...]:
    """The printers of this computer, the default one first; none is an empty tuple."""
    found = _cups_printers() if by_print_server() else _qt_printers()
    return tuple(sorted(found, key=lambda printer: not printer.default))


def send(
    pdf: Path, printer: str, *, copies: int = 1, duplex: bool = False, images: PageImages | None = None
) -> str:
    """Prints a file; gives the job's name where there is one. Raises Trouble."""
    if by_print_server():
        return _lp(pdf, printer, copies, duplex=duplex)
    if images is None:
        raise Trouble("这台电脑不能直接打印", "请另存为 PDF，用阅读软件打开后打印")
    _raster(images(pdf, _DOTS), printer, copies, duplex=duplex)
    return ""


def _not_taken(printer: str) -> Trouble:
    return Trouble(f"打印机“{printer}”没有接收", "请检查打印机是否开机、有纸，或换一台打印机")


def _run(words: list[str]) -> subprocess.CompletedProcess[str]:
    plain = {**os.environ, "LC_ALL": "C"}
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=_WAIT, env=plain, check=False)
    except subprocess.TimeoutExpired:
        raise Trouble("打印服务没有回应", "请检查打印机是否开机、连线是否插好，再试一次") from None


def _cups_printers() -> list[Printer]:
    names = _run(["lpstat", "-e"]).stdout.split()
    default = _run(["lpstat", "-d"]).stdout.rpartition(":")[2].strip()
    return [Printer(name, name == default) for name in names]


def _lp(pdf: Path, printer: str, copies: int, *, duplex: bool) -> str:
    sides = "two-sided-long-edge" if duplex else "one-sided"
    words = ["lp", "-d", printer, "-n", str(copies), "-o", f"sides={sides}", "-o", "media=A4", "--", str(pdf)]
    done = _run(words)
    if done.returncode:
        raise _not_taken(printer)
    return done.stdout.partition("request id is ")[2].split(" ")[0]


def _qt_printers() -> list[Printer]:
    from PySide6.QtPrintSupport import QPrinterInfo

    default = QPrinterInfo.defaultPrinterName()
    return [Printer(name, name == default) for name in QPrinterInfo.availablePrinterNames()]


def _raster(pages: list[PageImage], printer: str, copies: int, *, duplex: bool) -> None:
    """Whole pages as grey images; bands would leave seams across a line of text."""
    from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    device = QPrinter(QPrinter.PrinterMode.HighResolution)
    device.setPrinterName(printer)
    device.setResolution(_DOTS)
    device.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    device.setCopyCount(copies)
    device.setDuplex(QPrinter.DuplexMode.DuplexLongSide if duplex else QPrinter.DuplexMode.DuplexNone)
    device.setFullPage(True)
    upright, across = QPageLayout.Orientation.Portrait, QPageLayout.Orientation.Landscape
    ways = [across if page.width > page.height else upright for page in pages]
    device.setPageOrientation(ways[0])
    painter = QPainter()
    if printer not in QPrinterInfo.availablePrinterNames() or not painter.begin(device):
        raise _not_taken(printer)
    for number, page in enumerate(pages):
        if number:
            device.setPageOrientation(ways[number])
            device.newPage()
        picture = QImage(page.pixels, page.width, page.height, QImage.Format.Format_RGBA8888)
        painter.drawImage(painter.viewport(), picture)
    painter.end()
