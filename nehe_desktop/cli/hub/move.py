"""`hub move`: to PostgreSQL, or back to the hub's own file, with everything and unnoticed by the laptops."""

from __future__ import annotations

import os
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from nehe_desktop.cli.hub.opening import folder_of, kept_in, new_step, without_password
from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import moving, witness


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    parser = new_step(steps, name, title)
    parser.add_argument(
        "--to",
        default="",
        metavar="地址",
        help="postgresql:// 地址（不含口令），或 sqlite（搬回自带的库）；不写就用环境变量 NEHE_HUB_DATABASE",
    )
    parser.add_argument(
        "--to-file", type=Path, metavar="文件", help="新的 postgresql:// 地址（可含口令）写在这个文件里，只许本人读"
    )


def run(arguments: Namespace) -> int:
    """Moves, and says where the hub is now."""
    to = arguments.to if arguments.to == moving.EMBEDDED else without_password(arguments.to)
    if arguments.to_file is not None:
        to = kept_in(arguments.to_file)
    to = to or os.environ.get("NEHE_HUB_DATABASE", "")
    if not to:
        raise Refused("请用 --to 或环境变量 NEHE_HUB_DATABASE 写明搬到哪里")
    folder = folder_of(arguments)
    folder.settings()
    with witness.alone(folder):
        rows = moving.move(folder, to, datetime.now().astimezone())
    print(f"已搬好，共 {rows} 行，核对一致。以后 hub serve 就用新的库；各台电脑不用做什么。")
    return 0
