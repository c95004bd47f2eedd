"""Files that were only for the printer: written over once and deleted, also what a killed program left of them."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

_PIECE = 1 << 20
_STALE = 600  # seconds; what is younger may be on its way to the printer from another window


def erase(path: Path) -> None:
    """Deletes a file for good; raises OSError where another program holds it."""
    overwrite(path)
    path.unlink()


def overwrite(path: Path) -> None:
    """Writes over a file once, down to the disk; a link is only taken away."""
    if path.is_symlink():
        return
    left = path.stat().st_size
    with path.open("rb+") as stream:
        while left > 0:
            stream.write(os.urandom(min(left, _PIECE)))
            left -= _PIECE
        stream.flush()
        os.fsync(stream.fileno())


def sweep(folder: Path) -> None:
    """Erases what a program that was killed left in a folder of its own; never raises for what resists."""
    for path in sorted(folder.rglob("*"), reverse=True) if folder.exists() else ():
        with contextlib.suppress(OSError):
            if path.is_dir():
                path.rmdir()
            elif time.time() - path.lstat().st_mtime > _STALE:
                erase(path)
