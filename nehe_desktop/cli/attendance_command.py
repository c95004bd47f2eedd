"""`attendance`: how the month's sheets stand, and what each level does with them without a window."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nehe_desktop.cli.session import data_options, opened
from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features.attendance import sheet_acts
from nehe_desktop.features.attendance.intake import import_month
from nehe_desktop.features.attendance.month import shifted
from nehe_desktop.features.attendance.screen_queries import newest_month
from nehe_desktop.features.attendance.sheet_queries import LateEntry, Sheet, late_entries, sheets_in
from nehe_desktop.features.attendance.sheet_rules import due_on

Done = Callable[[Store, Sheet, str], Any]


def configure(parser: ArgumentParser) -> None:
    """The command's options; a month is 202008, and the one before the present where it is not written."""
    data_options(parser)
    acts = parser.add_subparsers(metavar="做什么", required=True)
    _act(acts, "steps", "考勤表走到哪一步，还差什么", _steps)
    _sheets(
        acts,
        "confirm",
        "办下一步：队长确认、村党组织书记确认、乡镇党委审核、驻村办备案",
        _confirm,
        reason="说明",
    )
    _sheets(acts, "return", "退回队里，要写理由", _send_back, reason="理由")
    _sheets(acts, "lock", "锁定（市驻村办，县里的电脑）", _lock)
    _sheets(acts, "reopen", "重开已锁定的月份，要写理由，成为下一稿", _reopen, reason="理由")
    _act(acts, "late", "列出补签和确认的情况", _late)
    late = _act(acts, "confirm-late", "确认补签（自己的除外）", _confirm_late)
    late.add_argument("--member", default="", help="只这名队员的")
    late = _act(acts, "return-late", "退回补签，要写理由", _return_late)
    late.add_argument("--member", required=True, help="哪名队员的")
    late.add_argument("--reason", required=True, help="理由")
    taken = acts.add_parser("import", help="导入填好的月考勤表", allow_abbrev=False)
    taken.add_argument("files", nargs="+", type=Path, metavar="文件", help="本程序导出后填好的表")
    taken.set_defaults(act=_import)


def run(arguments: Namespace) -> int:
    """Does what was asked."""
    with opened(arguments) as store:
        return int(arguments.act(store, arguments))


def _act(acts: Any, name: str, words: str, act: Callable[[Store, Namespace], int]) -> ArgumentParser:
    made: ArgumentParser = acts.add_parser(name, help=words, description=words, allow_abbrev=False)
    made.add_argument("--month", default="", help="月份，如 202008；不写是上个月")
    made.add_argument("--team", default="", help="工作队名称；不写是这台电脑上的全部")
    made.set_defaults(act=act)
    return made


def _sheets(acts: Any, name: str, words: str, done: Done, reason: str = "") -> None:
    made = _act(acts, name, words, lambda store, arguments: _each(store, arguments, done))
    if reason:
        made.add_argument("--reason", default="", help=reason)


def _asked(store: Store, arguments: Namespace) -> tuple[str, list[Sheet]]:
    month = arguments.month or shifted(newest_month(store), -1)
    if not (month.isdecimal() and len(month) == 6 and 1 <= int(month[4:]) <= 12):
        raise Refused(f"“{month}”不是月份，应写成 202008 这样")
    found = [sheet for sheet in sheets_in(store, month) if arguments.team in ("", sheet.name)]
    if not found:
        raise Refused(
            f"{month[:4]} 年 {int(month[4:])} 月没有{arguments.team or '在任的工作队'}，请核对月份和名称"
        )
    return month, found


def _steps(store: Store, arguments: Namespace) -> int:
    month, found = _asked(store, arguments)
    print(f"{month[:4]} 年 {int(month[4:])} 月考勤表，{due_on(month)} 前报送")
    for sheet in found:
        done = "，".join(f"{step.step} {step.by} {step.at:%m-%d %H:%M}" for step in sheet.progress.done)
        lacks = "" if sheet.progress.closed else sheet.keeps_open
        rate = f"出勤率 {sheet.rate}%" if sheet.rate is not None else ""
        print("\t".join(filter(None, (sheet.name, sheet.progress.words, rate, done, lacks, _why(sheet)))))
    return 0


def _why(sheet: Sheet) -> str:
    told = sheet.progress
    if told.returned:
        return f"退回理由：{told.returned.opinion}"
    return f"重开理由：{told.lock.reason}" if told.lock and not told.closed else ""


def _each(store: Store, arguments: Namespace, done: Done) -> int:
    """Does the same with each sheet that was asked for; what is refused is said, and the code is 1."""
    _month, found = _asked(store, arguments)
    refused = 0
    for sheet in found:
        try:
            done(store, sheet, getattr(arguments, "reason", "")).result()
        except (Refused, Invalid) as why:
            refused += 1
            print(f"{sheet.name}\t没有办成：{why}")
        else:
            after = next(each for each in sheets_in(store, sheet.month, sheet.team))
            print(f"{sheet.name}\t{after.progress.words}")
    return 1 if refused else 0


def _confirm(store: Store, sheet: Sheet, opinion: str) -> Any:
    return sheet_acts.confirm(store, sheet, opinion)


def _send_back(store: Store, sheet: Sheet, reason: str) -> Any:
    return sheet_acts.send_back(store, sheet, reason)


def _lock(store: Store, sheet: Sheet, _reason: str) -> Any:
    return sheet_acts.lock(store, sheet)


def _reopen(store: Store, sheet: Sheet, reason: str) -> Any:
    return sheet_acts.reopen(store, sheet, reason)


def _entries(store: Store, arguments: Namespace) -> list[LateEntry]:
    month, found = _asked(store, arguments)
    teams, member = {sheet.team for sheet in found}, getattr(arguments, "member", "")
    return [each for each in late_entries(store, month) if each.team in teams and member in ("", each.member)]


def _late(store: Store, arguments: Namespace) -> int:
    found = _entries(store, arguments)
    for entry in found:
        print(f"{_words(entry)}\t{entry.made.words}")
    if not found:
        print("这个月没有补签。")
    return 0


def _words(entry: LateEntry) -> str:
    return f"{entry.member}\t{entry.day:%Y} 年 {entry.when}\t{entry.what} {entry.said}".rstrip()


def _confirm_late(store: Store, arguments: Namespace) -> int:
    open_ = [entry for entry in _entries(store, arguments) if not entry.made.confirmed]
    return _say(store, open_, "同意", "")


def _return_late(store: Store, arguments: Namespace) -> int:
    return _say(store, _entries(store, arguments), "退回", arguments.reason)


def _say(store: Store, entries: Sequence[LateEntry], decision: str, reason: str) -> int:
    receipt = sheet_acts.say_late(store, entries, decision, reason).result()
    left = len(entries) - receipt.inserted
    print(f"{decision} {receipt.inserted} 处补签" + (f"；{left} 处不归您确认" if left else ""))
    return 1 if left else 0


def _import(store: Store, arguments: Namespace) -> int:
    bad = 0
    for path in arguments.files:
        receipt, refused = import_month(store, path)
        bad += bool(refused)
        step = f"，步骤编号 {receipt.tx}" if receipt.tables else ""
        print(f"{path.name}：导入 {receipt.inserted + receipt.updated} 处{step}")
        for line in refused:
            print(f"  不能导入：{line}")
    return 1 if bad else 0
