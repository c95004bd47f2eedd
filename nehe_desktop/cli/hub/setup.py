"""`hub init`: makes the county's hub, once."""

from __future__ import annotations

import re
import socket
from argparse import Namespace
from datetime import datetime
from typing import Any

from nehe_desktop.cli.hub.opening import folder_of, new_step
from nehe_desktop.core.errors import Refused
from nehe_desktop.hub.folder import Settings, initialise

_SOMEWHERE = ("192.0.2.1", 9)  # an address for documentation (RFC 5737): nothing is sent to it


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    parser = new_step(steps, name, title)
    parser.add_argument("--county", default="230281", help="县（市）区划代码，6 位（默认 230281 讷河市）")
    parser.add_argument("--name", default="", help="给人看的名字，如“讷河市驻村办”")
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        help="各村电脑用来连接的地址或域名，可写多个，第一个印在邀请码里",
    )
    parser.add_argument("--port", type=int, default=8443, help="端口（默认 8443）")
    parser.add_argument(
        "--no-otp", action="store_true", help="县里自己的电脑不用手机验证码（默认要用；以后可用 hub otp 改）"
    )


def run(arguments: Namespace) -> int:
    """Makes keys, certificates and settings, and shows the recovery code this once."""
    if not re.fullmatch(r"\d{6}", arguments.county):
        raise Refused("县代码是 6 位数字")
    folder = folder_of(arguments)
    settings = Settings(
        arguments.county,
        arguments.name or arguments.county,
        checked_hosts(arguments.host or [own_address()]),
        checked_port(arguments.port),
        require_otp_for_county=not arguments.no_otp,
    )
    lines = initialise(folder, settings, datetime.now().astimezone())
    if folder.told:
        folder.move_to(folder.told)
    print(f"已在 {folder.path} 建立 {settings.county} 的同步服务，地址 {settings.url}")
    print("恢复码（只显示这一次；抄两份封存，换电脑恢复备份时要用）：")
    for line in lines:
        print(f"    {line}")
    print("下一步：python3 main.py hub serve")
    return 0


def own_address() -> str:
    """The address of this computer in its network; 127.0.0.1 where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def checked_hosts(hosts: list[str]) -> tuple[str, ...]:
    """Addresses and names as they may stand in an invitation; raises Refused."""
    for host in hosts:
        if not re.fullmatch(r"[A-Za-z0-9.:-]{1,253}", host):
            raise Refused(f"“{host}”不是地址或域名；不要写 https:// 和端口")
    return tuple(hosts)


def checked_port(port: int) -> int:
    """A port; raises Refused."""
    if not 1 <= port <= 65535:
        raise Refused("端口是 1 到 65535 的数字")
    return port
