"""`hub status`: how the hub is doing, on one screen, without anybody's data."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from typing import Any

from nehe_desktop.cli.hub.opening import OpenHub, new_step, opened, shown
from nehe_desktop.core.errors import Trouble
from nehe_desktop.hub import backups, devices, quarantine, witness
from nehe_desktop.hub.dump import counts
from nehe_desktop.hub.store import Line, Link

_DAY = 86_400_000  # milliseconds
_KINDS = {
    "fork": "同一编号用在两台电脑上，已分开",
    "revoked": "停用",
    "recovered": "答复了忘记口令的请求",
    "restored": "恢复备份，开始新的一代",
    "behind": "数据库比电脑上的旧，已停止工作：hub restore --confirm",
    "clock": "电脑的时间差得多",
    "digest": "核对不一致",
    "accepted": "接受了暂存的上传",
    "dropped": "丢弃了暂存的上传",
    "salvage": "恢复备份以后，有内容不该由它补回，没有收",
    "log-out": "导出了操作日志",
    "recovery-new": "换了恢复密钥",
    "recovery-taken": "移走了恢复私钥",
    "recovery-back": "放回了恢复私钥",
    "otp": "设了手机验证码",
    "otp-off": "取消了手机验证码",
    "otp-wrong": "验证码输错，或有人在试",
}
_WEEK = "SELECT at, kind, dev FROM event WHERE county = ? AND at > ? ORDER BY at DESC LIMIT 20"


def configure(steps: Any, name: str, title: str) -> None:
    """The step has no options of its own."""
    new_step(steps, name, title)


def run(arguments: Namespace) -> int:
    """Prints it."""
    with opened(arguments) as here:
        county, store, now = here.hub.county, here.hub.store, here.hub.wall()
        found = devices.devices(store, county)
        states = Counter(each.state for each in found)
        seen = sum(each.seen > now - _DAY for each in found)
        held = store.read(lambda link: counts(link, county))
        print(
            f"{here.settings.name}（{county}），{here.settings.url}，{'正在运行' if _is_running(here) else '没有运行'}"
        )
        print(
            f"库：{store.kind}，{held['record']} 条记录，{held['tx']} 笔上传，{held['blob']} 个附件，第 {held['epoch']} 代"
        )
        print(
            f"电脑：在用 {states['active']}，停用 {states['revoked']}，换过编号 {states['replaced']}；一天内来过 {seen} 台"
        )
        print(f"暂存等您决定：{len(quarantine.waiting(store, county))} 笔（hub quarantine list）")
        print(f"恢复私钥：{'在' if here.folder.recovery_keys().is_here else '不在'}这台机器上（hub recovery show）")
        copies = backups.copies(here.folder.backups)
        last = f"{backups.made_at(copies[0]):%Y-%m-%d %H:%M}" if copies else "没有"
        print(f"备份：最近 {last}；另处 {shown(_saved(here))}")
        names = {each.dev: each.name for each in found}
        for at, kind, dev in store.read(lambda link: _events(link, county, now)):
            print(f"{shown(at)}\t{_KINDS.get(kind, kind)}\t{names.get(dev, dev)}")
    return 0


def _events(link: Link, county: str, now: int) -> list[Line]:
    return link.all(_WEEK, (county, now - 7 * _DAY))


def _saved(here: OpenHub) -> int:
    sql = "SELECT v FROM meta WHERE county = ? AND k = 'saved'"
    found = here.hub.store.read(lambda link: link.one(sql, (here.hub.county,)))
    return int(found[0]) if found else 0


def _is_running(here: OpenHub) -> bool:
    try:
        with witness.alone(here.folder):
            return False
    except Trouble:
        return True
