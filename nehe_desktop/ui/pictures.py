"""Pictures as files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage


def save_png(rgba: bytes, width: int, height: int, path: Path) -> None:
    """Saves raw RGBA pixels, four bytes each and rows from the top, as PNG."""
    QImage(rgba, width, height, width * 4, QImage.Format.Format_RGBA8888).save(str(path))
