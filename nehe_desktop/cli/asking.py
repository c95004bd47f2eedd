"""Why somebody wants whole numbers, his PIN once more, and who confirms it, for commands."""

from __future__ import annotations

import getpass
import os
from argparse import ArgumentParser, Namespace

from nehe_desktop.cli.session import laptop_of
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody.clear import SAMPLE_NOTE, Asking, limit_of
from nehe_desktop.spreadsheets.sealing import checked_password, new_password


def asking_options(parser: ArgumentParser) -> None:
    """Adds the options of a command that lets whole numbers out."""
    parser.add_argument("--reason", default="", help="为什么要完整号码（记入日志）")
    parser.add_argument("--second", default="", help="人数多时由谁来确认（口令用环境变量 NEHE_SECOND_PIN）")


def asked(store: Store, arguments: Namespace, count: int) -> Asking:
    """What the options and the environment say; PINs that are not there are asked for, never read from the words."""
    if laptop_of(arguments).sample:
        print(SAMPLE_NOTE)
        return Asking(arguments.reason)
    pin = os.environ.get("NEHE_PIN") or getpass.getpass(f"{store.author} 的口令：")
    if not arguments.second or count <= limit_of(store):
        return Asking(arguments.reason, pin)
    second = os.environ.get("NEHE_SECOND_PIN") or getpass.getpass(f"{arguments.second} 的口令：")
    return Asking(arguments.reason, pin, arguments.second, second)


def archive_password() -> tuple[str, str]:
    """The password of an archive, and what is said of it once: NEHE_EXPORT_PASSWORD or a generated one."""
    if told := os.environ.get("NEHE_EXPORT_PASSWORD"):
        return checked_password(told), ""
    made = new_password()
    return made, f"压缩包密码（只显示这一次，请另行告诉收件人）：{made}"
