"""`hub pack`: takes a package from a stick and writes the one that goes back."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from nehe_desktop.cli.hub.opening import OpenHub, new_step, opened
from nehe_desktop.core.errors import Trouble
from nehe_desktop.hub import packs
from nehe_desktop.hub.devices import devices
from nehe_desktop.security.durable import write_whole


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    parser = new_step(steps, name, title)
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="数据包", help="U 盘上的 .nhpkg 文件，可写多个"
    )
    parser.add_argument("--out", type=Path, metavar="文件夹", help="带回去的数据包写到哪里（默认写在原处）")


def run(arguments: Namespace) -> int:
    """Takes one after the other; 1 where something in them was refused."""
    with opened(arguments) as here:
        return max(_one(here, path, arguments.out or path.parent) for path in arguments.files)


def _one(here: OpenHub, path: Path, out: Path) -> int:
    try:
        package = path.read_bytes()
    except OSError as error:
        raise Trouble(f"读不了 {path.name}", "请检查 U 盘是否插好") from error
    answer = packs.answered(here.hub, here.keys, package, here.hub.wall)
    names = {each.dev: each.name for each in devices(here.hub.store, here.hub.county)}
    name = names.get(answer.dev, "未加入的电脑")
    back = out / f"{name} 县里回给 {datetime.now().astimezone():%Y%m%d-%H%M%S}.nhpkg"
    write_whole(back, answer.package)
    refused = f"；没有接受：{answer.refused}" if answer.refused else ""
    print(f"{path.name}：{name}，上传 {answer.transactions} 笔{refused}")
    print(f"带回去的数据包：{back}")
    return 1 if answer.refused else 0
