"""Pages as pictures for the screen and for raster printing; one thread at a time may use PDFium."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import pypdfium2

from nehe_desktop.core.errors import Trouble

_PDFIUM = Lock()


@dataclass(frozen=True)
class Picture:
    """Raw RGBA pixels, four bytes each, rows from the top without padding."""

    width: int
    height: int
    rgba: bytes


@contextmanager
def _opened(source: Path | bytes) -> Iterator[pypdfium2.PdfDocument]:
    with _PDFIUM:
        try:
            pdf = pypdfium2.PdfDocument(source)
        except (pypdfium2.PdfiumError, OSError) as error:
            raise Trouble("文件打不开，不是完整的 PDF", "请重新生成后再预览。") from error
        try:
            yield pdf
        finally:
            pdf.close()


def page_sizes(source: Path | bytes) -> list[tuple[float, float]]:
    """Width and height of every page in points."""
    with _opened(source) as pdf:
        return [pdf.get_page_size(index) for index in range(len(pdf))]


def picture(source: Path | bytes, index: int, dpi: float = 96) -> Picture:
    """One page (from 0) drawn at a resolution."""
    with _opened(source) as pdf:
        page: Any = pdf[index]  # its stub takes whole scales only
        bitmap = page.render(scale=dpi / 72, rev_byteorder=True, prefer_bgrx=True)
        width, height = bitmap.width, bitmap.height
        rows = bytearray(bytes(bitmap.buffer)[: bitmap.stride * height])
        bitmap.close()
    rows[3::4] = b"\xff" * (width * height)
    return Picture(width, height, bytes(rows))


def texts(source: Path | bytes) -> list[str]:
    """The text of every page, as a reader copies it."""
    with _opened(source) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]
