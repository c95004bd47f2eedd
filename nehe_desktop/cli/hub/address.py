"""`hub address`: where laptops reach the hub; changing it keeps keys, certificates' authority and laptops."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import datetime
from typing import Any

from nehe_desktop.cli.hub.opening import folder_of, new_step
from nehe_desktop.cli.hub.setup import checked_hosts, checked_port
from nehe_desktop.hub import certificates


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    parser = new_step(steps, name, title)
    parser.add_argument(
        "hosts", nargs="*", metavar="地址", help="新的地址或域名，第一个印在邀请码里；不写只显示"
    )
    parser.add_argument("--port", type=int, help="新的端口")


def run(arguments: Namespace) -> int:
    """Shows the address and the authority's fingerprint, or sets another."""
    folder = folder_of(arguments)
    settings = folder.settings()
    if arguments.hosts or arguments.port:
        hosts = checked_hosts(arguments.hosts) or settings.hosts
        settings = replace(settings, hosts=hosts, port=checked_port(arguments.port or settings.port))
        folder.tell(settings)
        folder.certify(settings.hosts, datetime.now().astimezone())
        print("已改。正在运行的要重启；已加入的电脑要用新的邀请码再加入一次，数据不动。")
    print(f"地址 {settings.url}，证书上的名字：{'、'.join(settings.hosts)}")
    print(f"县证书的指纹（SHA-256）：{certificates.fingerprint(folder.authority().certificate)}")
    return 0
