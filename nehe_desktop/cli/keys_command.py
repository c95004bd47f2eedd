"""`keys`: who can open this laptop, PINs, the recovery sheet, the key of the data, what the county keeps."""

from __future__ import annotations

import getpass
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nehe_desktop.cli.session import (
    data_options,
    laptop_of,
    opened,
    opened_with_key,
    person_of,
    shown_progress,
)
from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.features.administration import keys, people, system_key
from nehe_desktop.features.custody import departures
from nehe_desktop.features.custody.seating import recovered, rises
from nehe_desktop.features.entry import document
from nehe_desktop.security import escrow, pins
from nehe_desktop.security.durable import write_whole
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.security.rights import ROLES
from nehe_desktop.sync.standing import standing


def configure(parser: ArgumentParser) -> None:
    """The command's options; PINs come from NEHE_PIN and NEHE_NEW_PIN or are asked for."""
    data_options(parser)
    acts = parser.add_subparsers(metavar="做什么", required=True)
    _act(acts, "list", "谁能打开这台电脑，县里有没有保管钥匙", _list)
    _act(acts, "pin", "改自己的口令", _pin)
    add = _act(acts, "add", "添加同事，口令由本人输入", _add)
    add.add_argument("name", metavar="姓名")
    add.add_argument("--role", default="R2", choices=tuple(ROLES), help="角色代码（默认 R2）")
    _act(acts, "remove", "收回一个人的口令", _remove).add_argument("name", metavar="姓名")
    sheet = _act(acts, "sheet", "重做恢复单，旧的作废", _sheet)
    sheet.add_argument("file", type=Path, metavar="恢复单.pdf", help="存到哪里；打印后请删掉文件")
    change = _act(acts, "change", "更换数据密钥：把数据全部重新加密", _change)
    change.add_argument("--yes", action="store_true", help="真的更换；不写只说明")
    words = "系统钥匙库：口令之外还要系统里的一份钥匙（on 打开，off 关掉，show 看）"
    _act(acts, "store", words, _store).add_argument("how", metavar="on|off|show", choices=("on", "off", "show"))
    _act(acts, "deposit", "现在就把恢复钥匙交县里保管", _deposit)
    ask = _act(acts, "ask", "忘了口令，请县里打开：先定新口令，做一份请求交给县里", _ask)
    ask.add_argument("file", type=Path, nargs="?", metavar="请求.txt", help="请求存到哪里；不写就显示出来")
    answer = _act(acts, "answer", "收县里的答复：输请求时定的新口令打开，以后就用它", _answer)
    answer.add_argument("file", type=Path, metavar="答复.txt", help="县里给的答复")


def run(arguments: Namespace) -> int:
    """Does what was asked."""
    return int(arguments.act(arguments))


def _act(acts: Any, name: str, words: str, act: Callable[[Namespace], int]) -> ArgumentParser:
    made: ArgumentParser = acts.add_parser(name, help=words, description=words, allow_abbrev=False)
    made.set_defaults(act=act)
    return made


def _list(arguments: Namespace) -> int:
    here = laptop_of(arguments)
    with opened_with_key(arguments) as (store, key):
        for each in people.people_of(store, here):
            state = "已锁住" if each.holder.locked else "可登录"
            print(f"{each.holder.name}\t{state}\t{each.words}")
        print(keys.kept_words(store))
        for words in filter(None, (keys.asides_words(here, key), departures.due(store).words)):
            print(words)
    return 0


def _pin(arguments: Namespace) -> int:
    here = laptop_of(arguments)
    if here.sample:
        raise Refused("现在是示例数据，不设口令")
    with opened_with_key(arguments) as (store, key):
        keys.own_pin(store, here, key, _new_pin(store.author))
    print("口令已改，下次用新口令。")
    return 0


def _add(arguments: Namespace) -> int:
    here = laptop_of(arguments)
    with opened_with_key(arguments) as (store, key):
        people.add(store, here, key, arguments.name, arguments.role, None, _new_pin(arguments.name))
    print(f"已添加 {arguments.name}（{ROLES[arguments.role]}）。")
    return 0


def _remove(arguments: Namespace) -> int:
    here = laptop_of(arguments)
    with opened_with_key(arguments) as (store, key):
        people.remove(store, here, key, arguments.name)
    print(f"{arguments.name} 不能再登录这台电脑。")
    return 0


def _sheet(arguments: Namespace) -> int:
    here = laptop_of(arguments)
    with opened_with_key(arguments) as (store, key):
        document.recovery_sheet(keys.new_sheet(store, here, key), arguments.file)
    print(f"恢复单已存为 {arguments.file}，旧的已作废。请打印两份封存，然后删掉这个文件。")
    return 0


def _change(arguments: Namespace) -> int:
    here = laptop_of(arguments)
    if here.sample:
        raise Refused("现在是示例数据，不用换密钥")
    if not arguments.yes:
        print(
            "将用新密钥把数据全部重新加密，口令和恢复单照旧能用，旧备份照旧能恢复。先关掉软件窗口；确定就加 --yes"
        )
        return 0
    with opened_with_key(arguments) as (store, key):  # somebody who may not sit down changes nothing
        store.guard.require("update", "account")
        who = store.author
    keys.change(here, key, who, shown_progress("更换密钥"))
    print("已更换数据密钥。口令和恢复单照旧能用；加入了县里的网的，请同步一次，把新钥匙交县里保管。")
    return 0


def _store(arguments: Namespace) -> int:
    here = laptop_of(arguments)
    with opened_with_key(arguments) as (store, key):
        act = {"on": system_key.turn_on, "off": system_key.turn_off}.get(arguments.how)
        found = act(store, here, key) if act else system_key.seen(here)
    print(found.words)
    return 0


def _deposit(arguments: Namespace) -> int:
    with opened(arguments) as store:
        print(keys.deposit(store))
    return 0


def _ask(arguments: Namespace) -> int:
    """Makes a request without opening anything: nobody here knows a PIN."""
    here = _set_up(arguments)
    who = person_of(here, arguments.person)
    lines = escrow.ask(here.vault, who, _new_pin(who)).lines()
    words = "\n".join(["# 请县里打开这台电脑", *lines, ""])
    if arguments.file:
        write_whole(arguments.file, words.encode())
        print(f"{who} 的请求已存为 {arguments.file}。交给县里，拿到答复后运行 keys answer 答复.txt；新口令请记住。")
    else:
        print(words)
    return 0


def _answer(arguments: Namespace) -> int:
    """Opens by the county's answer and the PIN that was chosen with the request."""
    here = _set_up(arguments)
    found = escrow.waiting(here.vault)
    if found is None:
        raise Refused("这台电脑没有等着的请求；先运行 keys ask")
    who = found[0]
    pin = _told_pin() or getpass.getpass(f"{who} 请求时定的新口令：")
    _, store = recovered(here, _read(arguments.file), who, pin)
    try:
        waiting = standing(store).waiting
        rises(store)
    finally:
        store.close()
    rest = f"还有 {waiting} 条没有送到县里，同步一次就送去。" if waiting else ""
    print(f"已打开。{who} 以后用新口令登录，内容都在。{rest}")
    return 0


def _set_up(arguments: Namespace) -> Laptop:
    """The laptop of the options; raises Refused for made-up data, Trouble where nobody has set it up."""
    here = laptop_of(arguments)
    if here.sample:
        raise Refused("现在是示例数据，不设口令")
    if here.is_new:
        raise Trouble(f"{here.folder} 里还没有数据", "先打开软件设置本机")
    return here


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"读不了 {file}") from error


def _told_pin() -> str:
    """The new PIN in the environment, or in the file that it names; empty where it is to be asked for."""
    file = os.environ.get("NEHE_NEW_PIN_FILE", "")
    return os.environ.get("NEHE_NEW_PIN", "") or (_read(Path(file)).strip() if file else "")


def _new_pin(person: str) -> str:
    """The new PIN of somebody, typed twice where the environment does not have it."""
    if told := _told_pin():
        return told
    first = getpass.getpass(f"{person} 的新口令：")
    if not pins.same(first, getpass.getpass("再输一遍：")):
        raise Refused("两次输入的口令不一样")
    return first
