"""What several subjects need, each made once in a temporary folder: lists, stores, answers of other processes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nehe_desktop.cli.benches.county_list import write_county
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.features import ledgers

KEY = bytes(range(32))
LEDGERS = ledgers.ALL
"""Declared before any file is opened, so that every table is there."""
_LONGEST = 300  # seconds that one part may take
_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Sizes:
    """How much is made: households and members of the list, persons of the long list, saves."""

    households: int = 8461
    members: int = 17110
    persons: int = 1_000_000
    saves: int = 200
    full: bool = False
    small: bool = False


SMALL = Sizes(households=60, members=121, persons=3000, saves=10, small=True)


class Workshop:
    """A temporary folder with what was made so far."""

    def __init__(self, folder: Path, sizes: Sizes) -> None:
        self.folder, self.sizes = folder, sizes

    @cached_property
    def county_list(self) -> Path:
        """The county's list as a workbook."""
        return write_county(self.folder / "全市.xlsx", self.sizes.households, self.sizes.members)

    @cached_property
    def imported(self) -> dict[str, Any]:
        """What the process said that imported the county's list into `county_file`."""
        return self.ask("probe_import", str(self.county_list), str(self.county_file))

    @property
    def county_file(self) -> Path:
        """The encrypted file of the imported county."""
        return self.folder / "county.db"

    @contextmanager
    def county(self) -> Iterator[Store]:
        """The imported county, open."""
        if not self.imported.get("rows"):
            raise Trouble("测速用的名单没有导进去")
        with opened(self.county_file) as store:
            yield store

    def ask(self, probe: str, *words: str) -> dict[str, Any]:
        """The answer of a process of its own, which knows the wall time at which it was started."""
        told = {
            "NEHE_HOME": str(self.folder),
            "NEHE_BENCH_START": repr(time.time()),
            "QT_QPA_PLATFORM": "offscreen",
            "QT_LOGGING_RULES": "qt.qpa.fonts=false",
            "PYTHONPATH": str(_ROOT),
        }
        command = [sys.executable, "-m", f"nehe_desktop.cli.benches.{probe}", *words]
        done = subprocess.run(
            command,
            env={**os.environ, **told},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=_LONGEST,
        )
        if done.returncode or not done.stdout.strip():
            raise Trouble(f"测速程序 {probe} 没有做完：{done.stderr.strip()[-400:]}")
        return dict(json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    """A store of the folder, closed at the end."""
    with contextlib.closing(Store.open(path, KEY, "测速")) as store:
        yield store
