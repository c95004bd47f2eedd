"""`print`: papers of a household, a village, a team or the county into a PDF or to a printer."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from nehe_desktop.cli.asking import asked, asking_options
from nehe_desktop.cli.session import data_options, laptop_of, opened, shown_progress
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody.clear import Release, release
from nehe_desktop.features.leave.queries import cases
from nehe_desktop.features.leave.words import number_of
from nehe_desktop.features.papers import queries
from nehe_desktop.features.papers.catalogue import (
    BY_CODE,
    CHOSEN,
    COUNTY,
    HOUSEHOLD,
    KINDS,
    MEMBER,
    TEAM,
    VILLAGE,
    Request,
)
from nehe_desktop.features.papers.posting import AUDIENCES
from nehe_desktop.features.papers.work import for_printer, note, people_on, ready, to_file
from nehe_desktop.ui import printing
from nehe_desktop.ui.ledger_rows import rows_called


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    data_options(parser)
    parser.add_argument("--list", action="store_true", help="列出可以打印的文书和打印机")
    parser.add_argument("--kind", choices=tuple(BY_CODE), help="文书代码")
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--household", default="", help="户编号或户码")
    whose.add_argument("--village", default="", help="村名")
    whose.add_argument("--team", default="", help="工作队名称")
    whose.add_argument("--leave", default="", metavar="编号", help="请假单编号（leave list 的第一列），用于 D03")
    parser.add_argument("--month", default="", help="月份，如 202008")
    parser.add_argument("--ledger", default="household", help="台账清单印哪一本")
    parser.add_argument("--row", nargs="+", default=[], metavar="记录", help="台账清单只要这些条：写内部编号、名称或键")
    told = "台账清单给谁看：internal 内部、board 村内公示、web 网上公开"
    parser.add_argument("--audience", choices=tuple(AUDIENCES), default="internal", help=told)
    parser.add_argument("--out", type=Path, help="存为这个 PDF 文件")
    parser.add_argument("--printer", default="", help="打印机名称")
    parser.add_argument("--archive", action="store_true", help="存为长期保存的 PDF/A-2b")
    parser.add_argument("--copies", type=int, default=1, help="份数")
    parser.add_argument("--watermark", action="store_true", help="对外的纸也加水印（内部用的总有）")
    parser.add_argument("--unmasked", action="store_true", help="身份证、电话不打码（只能直接打印，要写 --reason）")
    asking_options(parser)


def run(arguments: Namespace) -> int:
    """Prints and enters the register; raises Refused for words that do not fit together."""
    if arguments.list:
        return _list()
    _check(arguments)
    with opened(arguments) as store:
        return _print(store, arguments)


def _list() -> int:
    for kind in KINDS:
        print(f"{kind.code}\t{kind.title}\t{kind.note}\t{'、'.join(kind.scopes)}")
    for printer in printing.printers():
        print(f"打印机\t{printer.name}{'（默认）' if printer.default else ''}")
    return 0


def _check(arguments: Namespace) -> None:
    if not arguments.kind:
        raise Refused("请用 --kind 写明文书，--list 列出全部")
    if bool(arguments.out) == bool(arguments.printer):
        raise Refused("请写明 --out 文件 或 --printer 打印机，两者之一")
    if arguments.month and not re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", arguments.month):
        raise Refused(f"月份要写成 202008 这样，现在是 {arguments.month}")
    if arguments.ledger not in LEDGERS:
        raise Refused(f"没有叫 {arguments.ledger} 的台账")
    if arguments.leave and arguments.kind not in ("D03", "D03P"):
        raise Refused("--leave 只用于请（销）假审批单（--kind D03，一页两份用 D03P）")
    if arguments.row and not BY_CODE[arguments.kind].of_ledger:
        raise Refused("--row 只用于台账清单（--kind LIST）")
    if not 1 <= arguments.copies <= 99:
        raise Refused("份数要在 1 到 99 之间")


def request_of(store: Store, arguments: Namespace) -> Request:
    """What the options ask for; the whole county where they name nobody. Raises Refused."""
    base = Request(
        arguments.kind, COUNTY, month=arguments.month, ledger=arguments.ledger, masked=not arguments.unmasked,
        watermark=arguments.watermark, audience=arguments.audience,
    )  # fmt: skip
    if arguments.row:
        rows = rows_called(store, LEDGERS[arguments.ledger], arguments.row)
        return replace(base, scope=CHOSEN, chosen=rows, chosen_of=base.about)
    if arguments.household:
        home = queries.household_numbered(store, arguments.household)
        if home is None:
            raise Refused(f"没有户编号或户码是 {arguments.household} 的农户")
        return base.narrowed(HOUSEHOLD, household=home.id, village=home.village)
    if arguments.village:
        return base.narrowed(VILLAGE, village=_only(queries.villages_called(store, arguments.village), "村"))
    if arguments.leave:
        return base.narrowed(MEMBER, leave=_leave(store, arguments.leave))
    if arguments.team:
        return base.narrowed(TEAM, team=_only(queries.teams_called(store, arguments.team), "工作队"))
    return base


def _leave(store: Store, number: str) -> str:
    found = [case.leave.id for case in cases(store) if number_of(case.leave) == number.strip().upper()]
    return _only(found, "编号的请假单")


def _only(ids: list[str], what: str) -> str:
    if len(ids) != 1:
        raise Refused(f"没有找到这个{what}" if not ids else f"有 {len(ids)} 个这样的{what}，请写全名")
    return ids[0]


def _release(store: Store, request: Request, arguments: Namespace) -> Release | None:
    """Whole numbers go to a printer only, with a reason, the PIN, and above a number of people a second person."""
    if not request.whole:
        return None
    if arguments.out:
        raise Refused("没有打码的纸只能直接打印；要存成文件，请用 export --whole 导出加密压缩包")
    count = people_on(store, request)
    return release(store, laptop_of(arguments), "print", request.about, count, asked(store, arguments, count))


def _print(store: Store, arguments: Namespace) -> int:
    here = laptop_of(arguments)
    request = request_of(store, arguments)
    made = ready(store, request, sample=here.sample, release=_release(store, request, arguments))
    progress = shown_progress("正在排版")
    if arguments.out:
        printed = to_file(made, arguments.out, progress, archive=arguments.archive)
        note(store, made, printed, "存为 PDF", target=arguments.out.name)
        print(f"已存为 {arguments.out}：{printed.papers} 份 {printed.pages} 页")
        return 0
    with for_printer(made, here.papers, progress) as (path, printed):
        printing.send(path, arguments.printer, copies=arguments.copies)
    note(store, made, printed, "打印", target=arguments.printer, copies=arguments.copies)
    print(f"已交给打印机 {arguments.printer}：{printed.papers} 份 {printed.pages} 页")
    return 0
