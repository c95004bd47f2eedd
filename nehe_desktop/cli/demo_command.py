"""`demo`: makes a file of made-up people, a village or the whole county."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from nehe_desktop.cli.session import shown_progress
from nehe_desktop.features.demo.make import make_demo
from nehe_desktop.security import laptop
from nehe_desktop.security.laptop import Laptop

_WORDS = {
    "villages": "村",
    "registered": "建档立卡户",
    "borderline": "边缘户",
    "ordinary": "一般户",
    "persons": "建档立卡人口",
    "at_home": "在家居住",
    "teams": "工作队",
    "members": "队员",
    "helpers": "帮扶责任人",
    "visits": "走访",
    "problems": "问题",
}


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "size", nargs="?", choices=("village", "county"), default="village", help="一个村或全县"
    )
    parser.add_argument("--data", type=Path, help="数据文件夹")
    parser.add_argument("--again", action="store_true", help="已经有的先删掉，重新造")


def run(arguments: Namespace) -> int:
    """Makes the file and prints its totals."""
    here = Laptop(arguments.data or laptop.home(), arguments.size)
    key = laptop.sample_key(here)
    if arguments.again:
        for tail in ("", "-wal", "-shm"):
            here.file.with_name(here.file.name + tail).unlink(missing_ok=True)
    counted = make_demo(here.data, here.file, key, shown_progress("示例数据"))
    print("，".join(f"{_WORDS[name]} {value:,}" for name, value in asdict(counted).items() if name in _WORDS))
    print(f"示例数据在 {here.file}；打开：python main.py --demo {arguments.size}")
    return 0
