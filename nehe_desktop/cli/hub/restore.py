"""`hub restore`: tries a copy, and with --yes puts it in the place of the hub's database."""

from __future__ import annotations

import getpass
import os
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from nehe_desktop.cli.hub.opening import folder_of, new_step, opened
from nehe_desktop.core.errors import Trouble
from nehe_desktop.hub import backups, restoring, witness
from nehe_desktop.hub.folder import HubFolder
from nehe_desktop.security.recovery import read_code


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    parser = new_step(steps, name, title)
    parser.add_argument(
        "copy", nargs="?", type=Path, metavar="备份", help="备份文件；不写就用服务文件夹里最近的一份"
    )
    parser.add_argument("--yes", action="store_true", help="真的恢复；不写只试一遍")
    parser.add_argument(
        "--code", action="store_true", help="用恢复码打开（换了电脑时；也可放在环境变量 NEHE_HUB_CODE）"
    )
    parser.add_argument(
        "--confirm", action="store_true", help="库是用别的办法恢复的：只确认，让各台电脑重新核对"
    )


def run(arguments: Namespace) -> int:
    """Tries, restores or confirms."""
    now = datetime.now().astimezone()
    if arguments.confirm:
        return _confirm(arguments, now)
    folder = folder_of(arguments)
    path = arguments.copy or _newest(folder)
    code = _code(folder, asked=arguments.code)
    proof, _ = restoring.tried(folder, path, code)
    print(proof.sentence)
    if not arguments.yes:
        print("这是试一遍，没有改动。真的恢复就加 --yes；备份以后上传的，各台电脑会自动补回来。")
        return 0
    folder.path.mkdir(parents=True, exist_ok=True)
    with witness.alone(folder):
        done = restoring.restore(folder, path, code, now)
    print(f"已恢复 {done.rows} 条记录，开始新的一代 {done.epoch}。各台电脑下次同步时会自己补回缺的。")
    if done.before:
        print(f"原来的库另存为 {done.before}，确认无误后可以删掉")
    return 0


def _confirm(arguments: Namespace, now: datetime) -> int:
    with opened(arguments) as here, witness.alone(here.folder):
        epoch = restoring.begin_anew(here.hub.store, here.folder, here.hub.county, now)
    print(f"已确认，开始新的一代 {epoch}。各台电脑下次同步时会自己补回缺的。")
    return 0


def _newest(folder: HubFolder) -> Path:
    found = backups.copies(folder.backups)
    if not found:
        raise Trouble(f"{folder.backups} 里没有备份", "请写明备份文件")
    return found[0]


def _code(folder: HubFolder, *, asked: bool) -> str:
    """The recovery code, where it is needed: from the environment or asked for, never from the words."""
    told = os.environ.get("NEHE_HUB_CODE", "")
    if not told and (asked or folder.is_new):
        print("请输入恢复码（5 行，可连着输）：")
        told = getpass.getpass("")
    return read_code(told) if told else ""
