"""`log`: who did what and when, and whether the log is whole; on the screen, as a list, on paper."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nehe_desktop.cli.session import data_options, laptop_of, opened, shown_progress
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import log_sheet
from nehe_desktop.features.custody.audit import breaks, device_of
from nehe_desktop.features.custody.ledger import KINDS
from nehe_desktop.features.custody.log_queries import Wanted, count_all, day_of, entries, title_of
from nehe_desktop.features.custody.rules import break_words, line_of, state_words
from nehe_desktop.features.papers import work
from nehe_desktop.features.papers.catalogue import CHOSEN, Request
from nehe_desktop.ui import printing


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    data_options(parser)
    parser.add_argument("--who", default="", help="只看这个人的")
    parser.add_argument("--kind", action="append", default=[], help="只看这种事项，可写几次，如 打印")
    parser.add_argument("--ledger", default="", help="只看这本台账（表名，如 household）")
    parser.add_argument("--since", default="", help="从哪一天，如 2020-10-20")
    parser.add_argument("--until", default="", help="到哪一天（含）")
    parser.add_argument("--text", default="", help="说明、理由、去向里有这几个字的")
    parser.add_argument("--limit", type=int, default=200, help="最多列出几条，0 为全部")
    parser.add_argument("--check", action="store_true", help="只核对日志是否完整")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--export", type=Path, metavar="文件", help="把符合条件的全部存成 .xlsx 或 .csv")
    where.add_argument("--pdf", type=Path, metavar="文件", help="把符合条件的全部排成清单，存为 PDF")
    where.add_argument("--print", dest="printer", default="", metavar="打印机", help="把符合条件的全部打印成清单")


def run(arguments: Namespace) -> int:
    """Prints the entries, newest first, and the state of the chain; 1 where it is broken."""
    wanted = _wanted(arguments)
    with opened(arguments) as store:
        if arguments.export:
            print(f"已存到 {arguments.export}：{_save(store, wanted, arguments.export)} 条")
        elif arguments.pdf or arguments.printer:
            print(_hand_over(store, wanted, arguments))
        elif not arguments.check:
            for entry in entries(store, wanted, arguments.limit):
                print(line_of(entry, title_of(entry.tbl)))
        found, own = breaks(store), device_of(store)
        print(state_words(count_all(store), found, own))
        for each in found[3:]:
            print(break_words(each, own))
    return 1 if found else 0


def _save(store: Store, wanted: Wanted, path: Path) -> int:
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise Refused("文件名要以 .xlsx 或 .csv 结尾")
    return log_sheet.save(store, wanted, path, shown_progress("正在导出"))


def _hand_over(store: Store, wanted: Wanted, arguments: Namespace) -> str:
    """The entries on paper, entered into the register like every other paper; what came of it."""
    store.guard.require("print", "audit_log")
    chosen = tuple(entry.id for entry in entries(store, wanted))
    if not chosen:
        raise Refused("没有符合条件的记录，没有可以打印的")
    here, progress = laptop_of(arguments), shown_progress("正在排版")
    request = Request("LIST", CHOSEN, ledger="audit_log", chosen=chosen, chosen_of="audit_log")
    made = work.ready(store, request, sample=here.sample)
    if arguments.pdf:
        printed = work.to_file(made, arguments.pdf, progress)
        work.note(store, made, printed, "存为 PDF", target=arguments.pdf.name)
        return f"已存为 {arguments.pdf}：{len(chosen)} 条 {printed.pages} 页"
    with work.for_printer(made, here.papers, progress) as (path, printed):
        printing.send(path, arguments.printer)
    work.note(store, made, printed, "打印", target=arguments.printer)
    return f"已交给打印机 {arguments.printer}：{len(chosen)} 条 {printed.pages} 页"


def _wanted(arguments: Namespace) -> Wanted:
    unknown = [kind for kind in arguments.kind if kind not in KINDS]
    if unknown:
        raise Refused(f"没有叫“{unknown[0]}”的事项，可以是：{'、'.join(KINDS)}")
    since, until = arguments.since, arguments.until
    return Wanted(
        arguments.who,
        tuple(arguments.kind),
        arguments.ledger,
        day_of(since) if since else None,
        day_of(until) if until else None,
        arguments.text,
    )
