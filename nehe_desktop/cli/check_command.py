"""`check`: looks at everything, repairs what can be made anew, and says the rest."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nehe_desktop.cli.session import data_options, laptop_of, opened
from nehe_desktop.core.store import Store
from nehe_desktop.features.administration.care import bundle, look
from nehe_desktop.security import check, leaks


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    data_options(parser)
    parser.add_argument("--diagnosis", action="store_true", help="再打出诊断信息（没有个人信息）")
    parser.add_argument(
        "--leaks", type=Path, metavar="文件夹", help="只查这个文件夹里有没有能读出的姓名、证件号、电话"
    )


def run(arguments: Namespace) -> int:
    """Prints the findings; 1 where something is bad."""
    here = laptop_of(arguments)
    with opened(arguments) as store:
        if arguments.leaks:
            return _leaks(store, arguments.leaks)
        found = look(store, here)
        print(check.printed(found))
        if arguments.diagnosis:
            print(bundle(store, here, found))
    return 1 if any(finding.level == "bad" for finding in found) else 0


def _leaks(store: Store, folder: Path) -> int:
    """Every file of a folder in which somebody's name or number can be read; 1 where there is one."""
    found = list(leaks.leaks(folder, leaks.words_of(store)))
    for leak in found:
        print(f"能读出{leak.what}：{leak.path}")
    print(f"查完了：{len(found)} 处能读出姓名或号码。" if found else "查完了：没有能读出的姓名和号码。")
    return 1 if found else 0
