"""`hub log`: who looked at, printed and carried away what, on which laptop, and whether anything is missing."""

from __future__ import annotations

import heapq
from argparse import Namespace
from pathlib import Path
from typing import Any

from nehe_desktop.cli.hub.opening import OpenHub, device_named, new_step, opened
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.hub import devices, events, trail
from nehe_desktop.hub.trail import Entry
from nehe_desktop.spreadsheets.writing import Column, write_csv, write_list

_HEADINGS = ("时间", "电脑", "谁", "事项", "台账", "条数", "理由", "说明", "去向")


def configure(steps: Any, name: str, title: str) -> None:
    """The step's options."""
    parser = new_step(steps, name, title)
    parser.add_argument("--device", default="", metavar="电脑", help="只看一台：名字或编号")
    parser.add_argument("--kind", default="", metavar="事项", help="只看一种，如 打印、导出、登录失败")
    parser.add_argument("--person", default="", metavar="姓名", help="只看一个人做的")
    parser.add_argument("--day", default="", metavar="日期", help="只看一天，如 2026-03-02")
    parser.add_argument("--lines", type=int, default=50, help="最近几条（默认 50）")
    parser.add_argument("--out", type=Path, metavar="文件", help="把符合条件的全部存成 .xlsx 或 .csv")
    parser.add_argument(
        "--check", action="store_true", help="核对：每台电脑的日志是不是一条不少、一字没改；有问题返回 1"
    )


def run(arguments: Namespace) -> int:
    """Lists or checks."""
    with opened(arguments) as here:
        dev = device_named(here, arguments.device).dev if arguments.device else ""
        if arguments.out:
            return _save(here, dev, arguments)
        return _check(here, dev) if arguments.check else _list(here, dev, arguments)


def _save(here: OpenHub, dev: str, arguments: Namespace) -> int:
    """Everything that was asked for as a list, the oldest first; that it was taken away is noted."""
    path, store, county = arguments.out, here.hub.store, here.hub.county
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise Refused("文件名要以 .xlsx 或 .csv 结尾")
    names, every = _names(here), trail.entries(store, county, dev)
    found = sorted((each for each in every if _is_wanted(each, arguments)), key=lambda each: str(each.get("at", "")))
    columns, rows = [Column(name, width=16) for name in _HEADINGS], (_words(each, names) for each in found)
    if path.suffix.lower() == ".csv":
        count = write_csv(path, columns, rows)
    else:
        count = write_list(path, columns, rows, sheet="操作日志", title="操作日志")
    store.write(county, lambda link: events.note(link, county, "log-out", dev, str(count), here.hub.wall()))
    print(f"已存到 {path}：{count} 条")
    return 0


def _check(here: OpenHub, dev: str) -> int:
    names, broken = _names(here), False
    found = trail.trails(here.hub.store, here.hub.county, dev)
    for each in found:
        state = f"有 {len(each.breaks)} 处问题" if each.breaks else "完整"
        print(
            f"{each.device}\t{names.get(each.device, '加入以前')}\t{each.count} 条\t{each.first} 至 {each.last}\t{state}"
        )
        for gap in each.breaks:
            print(f"\t第 {gap.number} 条：{gap.sentence}")
        broken = broken or bool(each.breaks)
    if not found:
        print("县里还没有收到操作日志。")
    return 1 if broken else 0


def _list(here: OpenHub, dev: str, arguments: Namespace) -> int:
    """The newest that were asked for, the last of them at the end."""
    every = trail.entries(here.hub.store, here.hub.county, dev)
    wanted = (each for each in every if _is_wanted(each, arguments))
    found = heapq.nlargest(max(1, arguments.lines), wanted, key=lambda each: str(each.get("at", "")))
    names = _names(here)
    for each in reversed(found):
        print("\t".join(_words(each, names)))
    if not found:
        print("没有这样的记录。")
    return 0


def _is_wanted(entry: Entry, arguments: Namespace) -> bool:
    wanted = {"kind": arguments.kind, "person": arguments.person}
    same = all(entry.get(name, "") == value for name, value in wanted.items() if value)
    return same and str(entry.get("at", "")).startswith(arguments.day)


def _words(entry: Entry, names: dict[str, str]) -> list[str]:
    dev, table = str(entry.get("device", "")), str(entry.get("tbl", ""))
    title = LEDGERS[table].title if table in LEDGERS else table
    count = f"{entry['count']} 条" if entry.get("count") else ""
    told = (entry.get(name, "") for name in ("reason", "detail", "target"))
    words = (
        entry.get("at", ""),
        names.get(dev, dev),
        entry.get("person", ""),
        entry.get("kind", ""),
        title,
        count,
        *told,
    )
    return [str(each) for each in words]


def _names(here: OpenHub) -> dict[str, str]:
    return {each.dev: each.name for each in devices.devices(here.hub.store, here.hub.county)}
