"""`hub`: the county's hub, from making it to moving it; every step by a word of its own."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from nehe_desktop.cli.hub import (
    address,
    backup,
    device,
    move,
    otp,
    pack,
    quarantine,
    recovery,
    restore,
    scope,
    serve,
    setup,
    status,
    trail,
)
from nehe_desktop.sync.transport import Denied

_STEPS = {
    "init": ("建立本县的同步服务（只做一次）", setup),
    "serve": ("运行同步服务", serve),
    "status": ("看一眼：电脑、数据、备份、要注意的事", status),
    "address": ("看或改各村电脑连接的地址", address),
    "device": ("电脑：列出、发邀请、设验证码、停用", device),
    "otp": ("县里的电脑要不要手机验证码：看、开、关", otp),
    "recovery": ("恢复密钥：各台电脑的钥匙封给它；看、移走私钥、放回、更换", recovery),
    "scope": ("一台电脑能看哪些村：列出、增加、收回", scope),
    "quarantine": ("暂存的上传：列出、接受、丢弃", quarantine),
    "log": ("操作日志：各台电脑上谁看了、印了、导出了什么；核对有没有缺", trail),
    "pack": ("收一个 U 盘数据包，写出带回去的数据包", pack),
    "backup": ("备份", backup),
    "restore": ("从备份恢复", restore),
    "move": ("搬到 PostgreSQL，或搬回来", move),
}


def configure(parser: ArgumentParser) -> None:
    """The steps and their options."""
    steps = parser.add_subparsers(dest="step", required=True, metavar="步骤")
    for name, (title, module) in _STEPS.items():
        module.configure(steps, name, title)


def run(arguments: Namespace) -> int:
    """Does one step; what the hub itself refuses is told like any other refusal."""
    try:
        return int(_STEPS[arguments.step][1].run(arguments))
    except Denied as denied:
        print(f"没有做成：{denied.refusal.sentence}")
        return 1
