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
from nehe_desktop.features import ledgers
from nehe_desktop.features.custody.seating import note_wrong, seated, wrong_tries
from nehe_desktop.features.demo.plan import DEMO_TODAY
from nehe_desktop.features.entry.intake import begin_sample
from nehe_desktop.security import laptop, rekeying, vault
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.laptop import Laptop

Progress = Callable[[int, int], None]
LEDGERS = ledgers.ALL
"""Declared before any file is opened, so that every table is there."""


def data_options(parser: ArgumentParser) -> None:
    """Adds the options that say whose data."""
    parser.add_argument("--data", type=Path, help="数据文件夹（默认是本用户的，也可用环境变量 NEHE_HOME）")
    parser.add_argument("--demo", choices=("village", "county"), help="用示例数据")
    parser.add_argument("--person", help="登录人姓名（只有一人时可不写）")


def laptop_of(arguments: Namespace) -> Laptop:
    """The laptop that the options name."""
    return Laptop(arguments.data or laptop.home(), arguments.demo or "work")


@contextmanager
def opened(arguments: Namespace, *, unheard: bool = False) -> Iterator[Store]:
    """The store of the options, unlocked, and closed at the end.

    `unheard` opens a laptop that is locked until the county was heard, for what makes it heard.
    """
    with opened_with_key(arguments, unheard=unheard) as (store, _):
        yield store


@contextmanager
def opened_with_key(arguments: Namespace, *, unheard: bool = False) -> Iterator[tuple[Store, Key]]:
    """The store and its key, for copies."""
    here = laptop_of(arguments)
    if here.is_new:
        raise Trouble(
            f"{here.folder} 里还没有数据", "先运行 python main.py 设置本机，或用 demo 命令造示例数据"
        )
    who = laptop.SAMPLE_PERSON if here.sample else person_of(here, arguments.person)
    wrong = wrong_tries(here, who)
    key = key_of(here, who)
    clock = living_on(DEMO_TODAY) if here.sample else Clock()
    store = laptop.open_store(here, key, who, clock)
    try:
        if here.sample:
            begin_sample(store)
        note_wrong(store, who, wrong)
        how = f"命令行 {sys.argv[1] if len(sys.argv) > 1 else ''}".strip()
        seated(store, who, here, key, how=how, unheard=unheard)
        yield store, key
    finally:
        store.close()


def person_of(here: Laptop, told: str | None) -> str:
    """Who logs in: the one told, or the only one."""
    names = [holder.name for holder in vault.people(here.vault)]
    if told or len(names) == 1:
        return told or names[0]
    raise Refused(f"这台电脑有 {len(names)} 个人，请用 --person 写明：{'、'.join(names)}")


def key_of(here: Laptop, person: str) -> Key:
    """The key; the PIN comes from the environment variable NEHE_PIN or is asked for, never from the words."""
    if here.sample:
        return laptop.sample_key(here)
    who = person_of(here, person)
    key = vault.unlock(here.vault, who, os.environ.get("NEHE_PIN") or getpass.getpass(f"{who} 的口令："))
    return rekeying.settled(here.file, here.vault, key)


def shown_progress(what: str) -> Progress:
    """Progress on one line of the terminal; silent where the output is not one."""

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done >= total else ""
            print(f"\r{what} {done}/{total}", end=end, file=sys.stderr, flush=True)

    return show
