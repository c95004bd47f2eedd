"""`sync`: synchronise now, join a county, see how things stand, decide conflicts; by network or by stick."""

from __future__ import annotations

import json
import os
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nehe_desktop.cli.session import data_options, laptop_of, opened
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.fields import Field
from nehe_desktop.core.masks import masked
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.exchange import joining, queries
from nehe_desktop.features.exchange.cases import Case, sides
from nehe_desktop.features.exchange.ledger import Conflict
from nehe_desktop.features.exchange.naming import all_shown, label_of
from nehe_desktop.features.exchange.network import Network
from nehe_desktop.features.exchange.pairing import card_words
from nehe_desktop.features.exchange.resolving import answered, resolve
from nehe_desktop.features.exchange.showing import me, said
from nehe_desktop.features.exchange.words import stand_of, when
from nehe_desktop.security import wiping
from nehe_desktop.sync import courier
from nehe_desktop.sync.client import Client, CodeNeeded, Wiped
from nehe_desktop.sync.intake import Report
from nehe_desktop.sync.standing import log, standing

ANSWERS = ("came", "stood")


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    data_options(parser)
    parser.add_argument(
        "--code", default="", help="县里的电脑要的 6 位验证码，只能用一次（也可放在环境变量 NEHE_SYNC_CODE）"
    )
    parser.set_defaults(act=_now)
    acts = parser.add_subparsers(metavar="做什么", title="不写就立即同步一次")
    join = _act(acts, "join", "加入县里的网", _join)
    join.add_argument("invitation", help="邀请码整行（以 NEHE1. 开头），或有邀请码的文件")
    join.add_argument("--name", default="", help="这台电脑叫什么（默认用村名和登录人）")
    join.add_argument("--usb", type=Path, metavar="FOLDER", help="没有网络：把申请写到这个文件夹（如 U 盘）")
    join.add_argument("--practice", action="store_true", help="示例数据加入练习用的服务")
    status = _act(acts, "status", "现在怎样", _status)
    status.add_argument("--json", action="store_true", help="给程序读的格式")
    _act(acts, "log", "同步日志", _log).add_argument("--lines", type=int, default=30, help="几行（默认 30）")
    conflicts = _act(acts, "conflicts", "等人处理的冲突", _conflicts)
    conflicts.add_argument("--answer", nargs=2, metavar=("ID", "SIDE"),
                           help="定一条：编号，再写 came（后到的）或 stood（原有的）")  # fmt: skip
    _act(acts, "doubles", "疑似重复", _doubles)
    _act(acts, "out", "把要上传的写到 U 盘", _out).add_argument("folder", type=Path, help="文件夹，如 U 盘")
    _act(acts, "in", "把县里给的数据包收进来", _in).add_argument("file", type=Path, help="数据包（.nhpkg）")


def run(arguments: Namespace) -> int:
    """Does what was asked; where the county ordered the laptop emptied, that is done and said."""
    try:
        with opened(arguments, unheard=arguments.act in (_now, _in, _out, _status)) as store:
            try:
                return int(arguments.act(store, arguments))
            finally:
                audit.catch_up(store).result()
    except Wiped as wiped:
        emptied = wiping.wipe(laptop_of(arguments))
        print(f"{wiped.sentence}。{emptied.sentence}", file=sys.stderr)
        return 3


def _act(acts: Any, name: str, words: str, act: Callable[[Store, Namespace], int]) -> ArgumentParser:
    """A part of the command; whose data may be told before or behind its name."""
    made: ArgumentParser = acts.add_parser(name, help=words, description=words, argument_default=SUPPRESS)
    data_options(made)
    made.argument_default = None
    made.set_defaults(act=act)
    return made


def _mask(field: Field, text: str) -> str:
    """Numbers of people are covered at a terminal as on the screen."""
    return masked(field.private, text, "screen")


def _now(store: Store, arguments: Namespace) -> int:
    network = Network(store)
    if code := arguments.code or os.environ.get("NEHE_SYNC_CODE", ""):
        network.give(code)
    client = Client(store, network)
    try:
        return _told(client.sync(_shown, check=True))
    except CodeNeeded as needed:
        if code or not sys.stdin.isatty():
            raise
        network.give(input(f"{needed.sentence}，请输入手机上的 6 位数字："))
    return _told(client.sync(_shown, check=True))


def _shown(done: int, total: int, text: str) -> None:
    """Progress on one line of the terminal; silent where the output is not one."""
    if sys.stderr.isatty():
        print(f"\r{text} {f'{done}/{total}' if total else done}  ", end="", file=sys.stderr, flush=True)


def _told(report: Report) -> int:
    """What a synchronisation came to; 1 where a person should look."""
    if sys.stderr.isatty():
        print(file=sys.stderr)
    receipt = f"，回执 {report.hash}" if report.hash else ""
    print(f"上传 {report.sent} 笔，收到 {report.came} 条，冲突 {report.conflicts} 处，搁置 {report.set_aside} 笔{receipt}")
    for problem in report.problems:
        print(f"请注意：{problem}", file=sys.stderr)
    return 1 if report.problems else 0


def _join(store: Store, arguments: Namespace) -> int:
    if (arguments.demo or "") and not arguments.practice:
        raise Refused("现在是示例数据，人和事都是编造的，不能传到真的县里；只是练习，请加 --practice")
    line = arguments.invitation
    if not line.strip().startswith("NEHE1."):
        line = joining.invitation_in(Path(line))
    name = arguments.name or joining.suggested_name(store)
    if arguments.usb is not None:
        path = joining.ask_by_stick(store, line, name, arguments.usb)
        print(f"已写出申请 {path}。请把 U 盘送到县里，带回来后用 sync in 收回。")
        return 0
    account = joining.join(store, line, name, Network().reach)
    print(f"已加入县里的网，这台电脑叫“{account.name}”。正在接收数据。")
    return _now(store, arguments)


def _status(store: Store, arguments: Namespace) -> int:
    found = standing(store)
    waits = queries.counts(store)
    if arguments.json:
        told = {**asdict(found), "conflicts": waits.conflicts, "doubles": waits.doubles}
        print(json.dumps(told, ensure_ascii=False, default=lambda moment: moment.isoformat()))
        return 0
    stand, today = stand_of(found, store.clock.today()), store.clock.today()
    print(stand.word if not found.enrolled else f"已加入，这台电脑叫“{found.name}”")
    if found.enrolled:
        last = when(found.last_success, today) or "还没有"
        print(f"上次成功 {last}；待上传 {found.waiting} 条，被搁置 {found.set_aside} 条")
    print(f"冲突 {waits.conflicts} 条，疑似重复 {waits.doubles} 条")
    if found.trouble:
        print(f"上次没有成功：{found.trouble}")
    return 0


def _log(store: Store, arguments: Namespace) -> int:
    for entry in log(store, arguments.lines):
        print(f"{entry.at:%Y-%m-%d %H:%M:%S}  {entry.sentence}")
    return 0


def _conflicts(store: Store, arguments: Namespace) -> int:
    if arguments.answer:
        return _answer(store, *arguments.answer)
    for case in queries.open_cases(store, me(store)):
        print(f"{case.title}  {case.village}".rstrip())
        for line in _case_lines(store, case):
            print(f"  {line}")
    return 0


def _case_lines(store: Store, case: Case) -> Iterator[str]:
    """Each conflict with its number, and both sides by the word that answers it."""
    today = store.clock.today()
    for line in case.lines:
        for conflict in line.conflicts:
            yield f"{conflict.id}  {label_of(case.table, line.names) or '整条记录'}"
            for side, version in sides(conflict, me(store)).items():
                text = "删除" if version.removed else all_shown(store, case.table, version.values, line.names, _mask)
                mark = " ← 现在用" if version.stands else ""
                yield f"    {side:5}  {text.replace(chr(10), '；')}  {said(version, today)}{mark}"


def _answer(store: Store, id: str, side: str) -> int:
    if side not in ANSWERS:
        raise Refused(f"选哪边请写 came（后到的）或 stood（原有的），现在是“{side}”")
    conflict = store.find(Conflict, id)
    if conflict is None:
        raise Refused(f"没有编号为 {id} 的冲突，用 sync conflicts 看有哪些")
    receipt = resolve(store, [answered(conflict, side)])
    print(f"已定下，编号 {receipt.tx}；撤销用 undo {receipt.tx}")
    return 0


def _doubles(store: Store, _arguments: Namespace) -> int:
    for double in queries.open_doubles(store):
        print("  ".join([double.id, *card_words(store, double)]))
    return 0


def _out(store: Store, arguments: Namespace) -> int:
    path = courier.make_up(store, arguments.folder)
    print(f"已写出 {path}。请送到县里，带回来后用 sync in 收回。")
    return 0


def _in(store: Store, arguments: Namespace) -> int:
    return _told(courier.take_down(store, arguments.file))

