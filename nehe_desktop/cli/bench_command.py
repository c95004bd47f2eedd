"""`bench`: how fast the program is on this computer, beside its budgets and beside the bare engine."""

from __future__ import annotations

import json
import platform
import tempfile
import unicodedata
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from nehe_desktop import VERSION
from nehe_desktop.cli.benches.measure import Measure
from nehe_desktop.cli.benches.workshop import SMALL, Sizes, Workshop

SUBJECTS = {
    "start": "start",
    "list": "long_list",
    "import": "importing",
    "search": "searching",
    "save": "saving",
    "encryption": "encryption",
    "custody": "custody",
    "papers": "papers",
    "sync": "syncing",
    "week": "week",
}
"""Names on the command line, and the modules of `benches` behind them."""
_LONG = ("week",)  # only where somebody asks for it
_HEADINGS = ("项目", "内容", "实测", "预算", "对比", "结果")


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("subjects", nargs="*", metavar="项目", help=f"只测这些：{' '.join(SUBJECTS)}")
    parser.add_argument("--full", action="store_true", help="百万人的查找也测（要几分钟）")
    parser.add_argument("--small", action="store_true", help="用很少的数据试跑一遍，数字不作准")
    parser.add_argument("--json", type=Path, metavar="文件", help="结果再存成 JSON")
    parser.add_argument("--strict", action="store_true", help="有一项未达标就返回 1")


def run(arguments: Namespace) -> int:
    """Prints a line a number as it comes; 1 only with --strict."""
    wanted = arguments.subjects or [name for name in SUBJECTS if name not in _LONG]
    if unknown := [name for name in wanted if name not in SUBJECTS]:
        print(f"没有这个项目：{'、'.join(unknown)}；可以测：{' '.join(SUBJECTS)}")
        return 2
    sizes = SMALL if arguments.small else Sizes(full=arguments.full)
    print(_line(_HEADINGS))
    found = []
    for measure in measures(wanted, sizes):
        print(_line(_cells(measure)), flush=True)
        found.append(measure)
    missed = [measure for measure in found if measure.met is False]
    print(f"共 {len(found)} 个数字，{len(missed)} 个未达标。")
    if arguments.json:
        arguments.json.write_text(_packed(found), "utf-8")
    return 1 if missed and arguments.strict else 0


def measures(subjects: Sequence[str], sizes: Sizes) -> Iterator[Measure]:
    """The measures of the subjects; what they make lies in a temporary folder that goes at the end."""
    with tempfile.TemporaryDirectory(prefix="nehe-bench-", ignore_cleanup_errors=True) as folder:
        workshop = Workshop(Path(folder), sizes)
        for name in subjects:
            yield from import_module(f"nehe_desktop.cli.benches.{SUBJECTS[name]}").measure(workshop)


def _cells(measure: Measure) -> tuple[str, ...]:
    ratio = "" if measure.ratio is None else f"{measure.against} {measure.ratio:.2g} 倍"
    result = {True: "达标", False: "未达标", None: ""}[measure.met]
    least = f"{'或' if measure.either else '，'}{measure.least:g} 倍" if measure.least else ""
    budget = measure.shown(measure.budget) + least
    return measure.subject, measure.what, measure.shown(measure.value), budget, ratio, result


def _line(cells: Sequence[str]) -> str:
    widths = (8, 40, 12, 16, 24, 0)
    return "".join(_padded(cell, width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _padded(text: str, width: int) -> str:
    """The text filled with spaces; a Chinese character is two wide."""
    wide = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(1, width - wide) if width else text


def _packed(found: Sequence[Measure]) -> str:
    where = {"version": VERSION, "python": platform.python_version(), "system": platform.platform()}
    rows = [{**asdict(measure), "met": measure.met} for measure in found]
    return json.dumps({**where, "measures": rows}, ensure_ascii=False, indent=1)
