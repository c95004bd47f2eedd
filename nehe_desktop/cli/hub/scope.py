"""`hub scope`: which villages a laptop may see."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from nehe_desktop.cli.hub.opening import OpenHub, device_named, new_step, opened
from nehe_desktop.cli.hub.places import scope_named, shown_scopes, town_named
from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import devices
from nehe_desktop.sync.protocol import EVERY


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    step = steps.add_parser(name, help=title, description=title, allow_abbrev=False)
    actions = step.add_subparsers(dest="action", required=True, metavar="做什么")
    words = {
        "list": "列出一台电脑能看的村",
        "grant": "增加",
        "revoke": "收回：它先上传没传的，再清掉这个村的数据",
    }
    for action_name, what in words.items():
        action = new_step(actions, action_name, what)
        action.add_argument("device", metavar="电脑", help="名字或编号")
        if action_name != "list":
            action.add_argument("--village", default="", help="村名、乡镇加村名或区划代码")
            action.add_argument("--town", default="", help="整个乡镇，连同乡镇一级的审批")
            action.add_argument("--everything", action="store_true", help="全县")


def run(arguments: Namespace) -> int:
    """Does one of them, and says what the laptop may see now."""
    with opened(arguments) as here:
        found = device_named(here, arguments.device)
        if arguments.action != "list":
            change = devices.grant if arguments.action == "grant" else devices.take_away
            wanted = _scopes(here, arguments)
            held = [each for each in wanted if each in found.scopes]
            for scope in held if arguments.action == "revoke" and held else wanted:
                change(here.hub.store, here.hub.county, found.dev, scope, here.hub.wall())
            found = device_named(here, found.dev)
        print(f"{found.name}：{shown_scopes(here.hub, found.scopes) or '没有村'}")
    return 0


def _scopes(here: OpenHub, arguments: Namespace) -> list[str]:
    if [bool(arguments.village), bool(arguments.town), arguments.everything].count(True) != 1:
        raise Refused("请用 --village 写明哪个村，用 --town 写明哪个乡镇，或用 --everything 表示全县")
    if arguments.town:
        return town_named(here.hub, arguments.town)
    return [EVERY if arguments.everything else scope_named(here.hub, arguments.village)]
