"""`import`: lists from other offices, checked first; what is refused is named cell by cell."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from threading import Event

from nehe_desktop.cli.session import data_options, opened, shown_progress
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Receipt, Store
from nehe_desktop.features.divisions.queries import village_named
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.features.intake import errand as errands
from nehe_desktop.features.intake.apply import imported_before, note_import, submit_plan
from nehe_desktop.features.intake.errand import Errand
from nehe_desktop.features.intake.give_back import write_back
from nehe_desktop.features.intake.plan import Options, Plan
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.spreadsheets.sheets import Stopped

_NOTE = "有不能导入的内容时不存，加 --yes 才把其余的存下。退出码：0 全部导入，1 有不能导入的，3 文件打不开。"


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    data_options(parser)
    parser.epilog = _NOTE
    parser.add_argument("files", nargs="+", type=Path, metavar="文件", help="xlsx、xls、csv 等")
    parser.add_argument("--ledger", choices=sorted(LEDGERS), help="台账；不写就是农户和家庭成员")
    parser.add_argument("--town", default="", help="乡镇，和 --village 一起写")
    parser.add_argument("--village", default="", help="表里没有写村时，是哪个村")
    parser.add_argument("--create-villages", action="store_true", help="不认识的村新建为“未核实”")
    parser.add_argument("--base-type", choices=list(_base_types()), help="表里没有写户类别时，是哪一类")
    parser.add_argument(
        "--map", action="append", default=[], metavar="列名=字段", help="不认识的列是哪一项；字段空着就不导入"
    )
    parser.add_argument("--password-env", metavar="变量", help="加密文件的密码放在哪个环境变量里")
    parser.add_argument("--dry-run", action="store_true", help="只预演，什么都不存")
    parser.add_argument("--only-new", action="store_true", help="只要新增，已有的不改")
    parser.add_argument("--yes", action="store_true", help="有不能导入的，也把其余的存下")
    parser.add_argument("--errors", type=Path, metavar="表.xlsx", help="把标了原因的表存到这里")


def run(arguments: Namespace) -> int:
    """Imports file by file; 1 where something was refused."""
    if arguments.errors and len(arguments.files) > 1:
        raise Refused("--errors 一次只能配一个文件")
    password = os.environ.get(arguments.password_env or "", "")
    with opened(arguments) as store:
        errand = _errand(store, arguments)
        return max(_one(store, path, password, errand, arguments) for path in arguments.files)


def _one(store: Store, path: Path, password: str, errand: Errand, arguments: Namespace) -> int:
    workbook = open_workbook(path, password, progress=shown_progress("读取"))
    plan = errands.prepare(store, workbook, errand, shown_progress("比对"))
    _print(store, plan)
    if arguments.errors and plan.reasons:
        write_back(plan, arguments.errors)
        print(f"标了原因的表：{arguments.errors}")
    if arguments.dry_run:
        print("这是预演，没有改动任何数据")
    elif plan.empty:
        print("没有要存的内容")
    elif plan.refused and not arguments.yes:
        print("有不能导入的内容，没有改动任何数据；改好再导，或加 --yes 先存其余的")
    else:
        receipt = stored(store, plan)
        errands.learn(store, errand)
        print(f"已导入，步骤编号 {receipt.tx}（撤销：undo {receipt.tx}）")
    return 1 if plan.refused else 0


def stored(store: Store, plan: Plan) -> Receipt:
    """Stores the plan as one step; Ctrl+C leaves nothing of it."""
    stop = Event()
    future = submit_plan(store, plan, shown_progress("导入"), stop.is_set)
    try:
        receipt = future.result()
    except KeyboardInterrupt:
        stop.set()
        if isinstance(future.exception(), Stopped):
            raise
        receipt = future.result()
    note_import(store, plan, receipt)
    return receipt


def _print(store: Store, plan: Plan) -> None:
    print(f"{plan.workbook.path.name}：{plan.summary()}")
    if before := imported_before(store, plan):
        print(f"这个文件 {before['at'][:16].replace('T', ' ')} 已由 {before['author']} 导入过")
    for sheet in plan.sheets:
        asked = [sheet.headings[at] for at in (*sheet.offered, *sheet.unknown)]
        if asked:
            print(f"{sheet.name}：不认识的列没有导入（可用 --map 指定）：{'、'.join(asked)}")
    for reason in (*plan.refused, *plan.warnings):
        level = "" if reason.level == "error" else "提示 "
        where = f"{reason.sheet}!{reason.row} {reason.heading or '整行'} {reason.value}".rstrip()
        print(f"{level}{where}: {reason.sentence}")


def _errand(store: Store, arguments: Namespace) -> Errand:
    table = "" if arguments.ledger in (None, "household", "person") else arguments.ledger
    options = Options(
        base_type=_base_types().get(arguments.base_type, ""),
        village=village_of(store, arguments.town, arguments.village),
        create_villages=arguments.create_villages,
        only_new=arguments.only_new,
        mapping=dict(_mapped(table, words) for words in arguments.map),
    )
    return Errand(table, options)


def village_of(store: Store, town: str, village: str) -> str:
    """The village's id; raises Refused where the name says none or more than one."""
    if not village:
        return ""
    if town:
        found = village_named(store, town, village)
        return found or _no_village(f"{town}{village}")
    wanted = village.removesuffix("村")
    same = [id for id, name in errands.villages(store).items() if name.removesuffix("村").endswith(wanted)]
    return same[0] if len(same) == 1 else _no_village(village)


def _no_village(name: str) -> str:
    raise Refused(f"行政区划里没有“{name}”，或不止一个；请把 --town 和 --village 都写上")


def _mapped(table: str, words: str) -> tuple[str, str]:
    heading, _, meaning = words.partition("=")
    keys = {name: t.key for t in errands.targets_of(table) for name in (t.key, t.label)}
    if meaning and meaning not in keys:
        raise Refused(f"没有“{meaning}”这一项；可写：{'、'.join(t.label for t in errands.targets_of(table))}")
    return heading, keys.get(meaning, "")


def _base_types() -> dict[str, str]:
    kind = Household.ledger.fields["base_type"].kind
    return {label: code for code, label in getattr(kind, "options", ())}
