"""`hub otp`: whether the county's own laptops need the code of a phone, and which of them have one."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from typing import Any

from nehe_desktop.cli.hub.opening import OpenHub, new_step, opened
from nehe_desktop.hub import devices, factor
from nehe_desktop.sync.protocol import EVERY


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    parser = new_step(steps, name, title)
    parser.add_argument("turn", nargs="?", choices=("on", "off"), help="on 要，off 不要；不写只显示")


def run(arguments: Namespace) -> int:
    """Shows it, or turns it on or off for the next start of the hub."""
    with opened(arguments) as here:
        wanted = here.settings.require_otp_for_county
        if arguments.turn:
            wanted = arguments.turn == "on"
            here.folder.tell(replace(here.settings, require_otp_for_county=wanted))
            print("已改。正在运行的同步服务要重启才算数。")
        print(f"县里自己的电脑{'要' if wanted else '不要'}手机验证码；已设验证码的电脑总是要。")
        for line in _lines(here):
            print(line)
    return 0


def _lines(here: OpenHub) -> list[str]:
    store, county = here.hub.store, here.hub.county
    using = [each for each in devices.devices(store, county) if each.state == devices.ACTIVE]
    having = store.read(lambda link: factor.holders(link, county))
    return [
        f"{each.dev}\t{each.name}\t{'已设' if each.dev in having else '没有设：hub device otp ' + each.dev}"
        for each in using
        if EVERY in each.scopes or each.dev in having
    ]
