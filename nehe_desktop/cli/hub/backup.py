"""`hub backup`: a proved copy of the whole hub, also while it is running."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from nehe_desktop.cli.hub.opening import folder_of, new_step, opened
from nehe_desktop.hub import backups


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    parser = new_step(steps, name, title)
    parser.add_argument(
        "--to",
        type=Path,
        metavar="文件夹",
        help="存到别处（U 盘、另一块盘、网络盘）；不写就存在服务的文件夹里",
    )
    parser.add_argument("--list", action="store_true", help="只列出已有的备份")


def run(arguments: Namespace) -> int:
    """Makes the copy, reads it back to its end, and says where it is."""
    target = arguments.to or folder_of(arguments).backups
    if arguments.list:
        for path in backups.copies(target):
            print(f"{backups.made_at(path):%Y-%m-%d %H:%M:%S}\t{path}")
        return 0
    with opened(arguments) as here:
        path = backups.make(here.hub.store, here.folder, target, datetime.now().astimezone())
        backups.prune(here.folder.backups)
    print(f"已备份到 {path}（{path.stat().st_size / 1e6:.1f} MB），读到底核对过。")
    return 0
