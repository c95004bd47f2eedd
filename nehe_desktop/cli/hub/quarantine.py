"""`hub quarantine`: uploads that were set aside, until somebody decides."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from nehe_desktop.cli.hub.opening import OpenHub, new_step, opened, shown
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.hub import quarantine

_WHY = {
    "scope": "不是它的村",
    "county": "县里的公共数据",
    "rights": "没有这个权限",
    "locked": "这个月已经锁定",
    "unreadable": "看不懂",
}


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    step = steps.add_parser(name, help=title, description=title, allow_abbrev=False)
    actions = step.add_subparsers(dest="action", required=True, metavar="做什么")
    new_step(actions, "list", "列出暂存的上传")
    for action_name, what in (("accept", "接受：照它写的改"), ("drop", "丢弃：不改，只留记录")):
        action = new_step(actions, action_name, what)
        action.add_argument("device", metavar="电脑", help="编号")
        action.add_argument("number", metavar="笔号", type=int, help="list 里的笔号")
        if action_name == "drop":
            action.add_argument("--note", default="", help="为什么")


def run(arguments: Namespace) -> int:
    """Does one of them."""
    with opened(arguments) as here:
        if arguments.action == "list":
            return _list(here)
        if arguments.action == "accept":
            quarantine.accept(here.hub, arguments.device, arguments.number)
            print("已接受，下次同步时各台电脑都会收到。")
            return 0
        quarantine.drop(here.hub, arguments.device, arguments.number, arguments.note)
        print("已丢弃，记录还在。")
        return 0


def _list(here: OpenHub) -> int:
    found = quarantine.waiting(here.hub.store, here.hub.county)
    for each in found:
        tables = "、".join(LEDGERS[table].title if table in LEDGERS else table for table in each.tables)
        why = _WHY.get(each.why, each.why)
        print(
            f"{each.dev}\t{each.seq}\t{each.name}\t{shown(each.at)}\t{why}\t{each.author}\t{each.reason}\t{tables}"
        )
    if not found:
        print("没有暂存的上传。")
    return 0
