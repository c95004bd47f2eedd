"""Emptying a laptop that its county has given up: every file of its data overwritten once and deleted.

The keys go first, also those in the system's key store: without them nothing of the rest can be read, even where the
program is stopped half-way; what was begun is finished at the next start. The program's own log stays, it holds no
personal data.
Solid-state disks may keep older copies of a block whatever is written over it: what protects those is the
encryption, whose keys are gone.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from nehe_desktop.security import switching
from nehe_desktop.security.erasing import erase
from nehe_desktop.security.laptop import Laptop


@dataclass(frozen=True)
class Emptied:
    """How many files are gone, and the names of those that another program held."""

    gone: int
    left: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What is said at the end."""
        if self.left:
            return f"还有 {len(self.left)} 个文件正被别的程序占用，没有删掉；请关掉别的程序，再打开一次本软件。"
        return f"本机的数据、钥匙、备份和待打印的文件已全部清除，共 {self.gone} 个文件。"


def wipe(laptop: Laptop) -> Emptied:
    """Deletes the data of a laptop; its store must be closed. Never raises for a file that resists."""
    mark, folder = _mark(laptop), laptop.file.parent
    if not folder.exists():
        mark.unlink(missing_ok=True)
        return Emptied(0)
    mark.touch()
    left, gone, files = [], 0, _files(laptop, folder)
    switching.forget(switching.entries_in(path for path in files if _order(laptop, path) == 0))
    for path in files:
        try:
            erase(path)
            gone += 1
        except OSError:
            left.append(path.name)
    for each in sorted((p for p in (folder, *folder.rglob("*")) if p.is_dir()), reverse=True):
        with contextlib.suppress(OSError):
            each.rmdir()
    if not left:
        mark.unlink(missing_ok=True)
    return Emptied(gone, tuple(left))


def is_unfinished(laptop: Laptop) -> bool:
    """Whether the program was stopped while it emptied this laptop."""
    return _mark(laptop).exists()


def _mark(laptop: Laptop) -> Path:
    return laptop.folder / f"{laptop.data}.wiping"


def _files(laptop: Laptop, folder: Path) -> list[Path]:
    """Every file, the keys and their copies first, then the data and its logs, then the rest."""
    found = [path for path in folder.rglob("*") if path.is_file() or path.is_symlink()]
    return sorted(found, key=lambda path: (_order(laptop, path), path))


def _order(laptop: Laptop, path: Path) -> int:
    if path.name.startswith(laptop.vault.name) or path.suffix == ".key":
        return 0
    return 1 if path.name.startswith(laptop.file.stem) else 2
