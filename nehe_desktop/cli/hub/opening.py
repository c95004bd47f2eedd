"""What every step needs: which hub, opened with the rules of the declared ledgers; secrets never come as words."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from nehe_desktop.core.errors import Refused
from nehe_desktop.features import ledgers
from nehe_desktop.features.entry.intake import shipped_rows
from nehe_desktop.hub import escrow
from nehe_desktop.hub.devices import Device, devices, introduce
from nehe_desktop.hub.folder import HubFolder, Settings, hub_home
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.keys import Keys
from nehe_desktop.sync.rules import rules_of


@dataclass(frozen=True)
class OpenHub:
    """A hub with its folder, settings and keys."""

    folder: HubFolder
    settings: Settings
    keys: Keys
    hub: Hub


def hub_options(parser: ArgumentParser) -> None:
    """Adds the options that say which hub."""
    parser.add_argument(
        "--folder", type=Path, help="同步服务的文件夹（默认在本用户的数据里，也可用环境变量 NEHE_HUB_HOME）"
    )
    parser.add_argument(
        "--database",
        default="",
        help="postgresql:// 地址，不含口令（带口令的放环境变量 NEHE_HUB_DATABASE 或 --dsn-file）；不写就用自带的库",
    )
    parser.add_argument(
        "--dsn-file", type=Path, metavar="文件", help="整个 postgresql:// 地址（可含口令）写在这个文件里，只许本人读"
    )


def new_step(steps: Any, name: str, title: str) -> ArgumentParser:
    """A step (or what a step can do) with the options that say which hub."""
    made: ArgumentParser = steps.add_parser(name, help=title, description=title, allow_abbrev=False)
    hub_options(made)
    return made


def folder_of(arguments: Namespace) -> HubFolder:
    """The folder that the options name; everything that is written from here on is for its owner only."""
    os.umask(0o077)
    return HubFolder(arguments.folder or hub_home(), database_of(arguments))


def database_of(arguments: Namespace) -> str:
    """The database that the options name, "" for none; raises Refused for a password where others see it."""
    if arguments.dsn_file is None:
        return without_password(arguments.database)
    if arguments.database:
        raise Refused("--database 和 --dsn-file 只写一个")
    return kept_in(arguments.dsn_file)


def kept_in(file: Path) -> str:
    """The address in a file that only its owner may read; raises Refused."""
    try:
        told, mode = file.read_text("utf-8-sig").strip(), file.stat().st_mode
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"读不了 {file}") from error
    if os.name == "posix" and mode & 0o077:
        raise Refused(f"{file} 别人也能读，里面有口令：先运行 chmod 600 {file}")
    return _checked(told)


def without_password(url: str) -> str:
    """An address as it may stand on a command line; raises Refused for one that shows a password to everybody."""
    if url and _shows_password(_checked(url)):
        raise Refused(
            "口令不要写在命令里，别人看得见：把整个地址放进环境变量 NEHE_HUB_DATABASE 或文件（--dsn-file），"
            "或把口令放进 ~/.pgpass"
        )
    return url


def _checked(url: str) -> str:
    if not url.startswith(("postgresql://", "postgres://")):
        raise Refused("数据库地址要以 postgresql:// 开头")
    return url


def _shows_password(url: str) -> bool:
    """Whether a password stands in an address, before the host or behind the question mark."""
    try:
        parts = urlsplit(url)
        named = {name.strip().lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        return bool(parts.password) or any("password" in name for name in named)
    except ValueError as error:
        raise Refused("数据库地址写得不对，请核对") from error


@contextmanager
def opened(arguments: Namespace) -> Iterator[OpenHub]:
    """The hub of the options, closed at the end; raises Trouble where nobody has made it."""
    folder = folder_of(arguments)
    settings, keys = folder.settings(), folder.keys()
    store = folder.open()
    try:
        hub = Hub(store, settings.county, rules_of(ledgers.ALL, shipped_rows()))
        introduce(store, settings.county, keys)
        escrow.introduce(store, settings.county, keys, folder.with_recovery_keys(hub.wall()))
        yield OpenHub(folder, settings, keys, hub)
    finally:
        store.close()


def device_named(here: OpenHub, words: str) -> Device:
    """The laptop with this name or number; of several with one name the one in use. Raises Refused."""
    found = [each for each in devices(here.hub.store, here.hub.county) if words in (each.dev, each.name)]
    using = [each for each in found if each.state == "active"] or found
    if len(using) != 1:
        listed = "、".join(each.dev for each in using)
        raise Refused(
            f"有 {len(using)} 台叫“{words}”，请写编号：{listed}" if using else f"没有叫“{words}”的电脑"
        )
    return using[0]


def shown(moment: int) -> str:
    """A moment in milliseconds for a person."""
    return f"{datetime.fromtimestamp(moment / 1000).astimezone():%Y-%m-%d %H:%M}" if moment else "从未"
