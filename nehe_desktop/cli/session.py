"""What every command needs: whose data, opened; progress on the terminal."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nehe_desktop.core.clock import Clock, living_on
from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.features.demo import DEMO_TODAY
from nehe_desktop.security import laptop, vault
from nehe_desktop.security.laptop import Laptop

Progress = Callable[[int, int], None]


def data_options(parser: ArgumentParser) -> None:
    """Adds the options that say whose data."""
    parser.add_argument("--data", type=Path, help="数据文件夹（默认是本用户的，也可用环境变量 NEHE_HOME）")
    parser.add_argument("--demo", choices=("village", "county"), help="用示例数据")
    parser.add_argument("--person", default="", help="登录人姓名（只有一人时可不写）")


def laptop_of(arguments: Namespace) -> Laptop:
    """The laptop that the options name."""
    return Laptop(arguments.data or laptop.home(), arguments.demo or "work")


@contextmanager
def opened(arguments: Namespace) -> Iterator[Store]:
    """The store of the options, unlocked, and closed at the end.

    The PIN comes from the environment variable NEHE_PIN or is asked for; never from the command's words.
    """
    here = laptop_of(arguments)
    if here.is_new:
        raise Trouble(
            f"{here.folder} 里还没有数据", "先运行 python main.py 设置本机，或用 demo 命令造示例数据"
        )
    store = _unlocked(here, arguments.person)
    try:
        yield store
    finally:
        store.close()


def _unlocked(here: Laptop, person: str) -> Store:
    if here.sample:
        return laptop.open_store(here, laptop.sample_key(here), laptop.SAMPLE_PERSON, living_on(DEMO_TODAY))
    names = [holder.name for holder in vault.people(here.vault)]
    if not person and len(names) > 1:
        raise Refused(f"这台电脑有 {len(names)} 个人，请用 --person 写明：{'、'.join(names)}")
    who = person or names[0]
    pin = os.environ.get("NEHE_PIN") or getpass.getpass(f"{who} 的口令：")
    return laptop.open_store(here, vault.unlock(here.vault, who, pin), who, Clock())


def shown_progress(what: str) -> Progress:
    """Progress on one line of the terminal; silent where the output is not one."""

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done >= total else ""
            print(f"\r{what} {done}/{total}", end=end, file=sys.stderr, flush=True)

    return show
