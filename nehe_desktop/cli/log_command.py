"""`log`: who did what and when, and whether the log is whole."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from nehe_desktop.cli.session import data_options, opened
from nehe_desktop.core.errors import Refused
from nehe_desktop.features.custody.audit import breaks, device_of
from nehe_desktop.features.custody.ledger import KINDS
from nehe_desktop.features.custody.log_queries import Wanted, count_all, day_of, entries, title_of
from nehe_desktop.features.custody.rules import break_words, line_of, state_words


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


def run(arguments: Namespace) -> int:
    """Prints the entries, newest first, and the state of the chain; 1 where it is broken."""
    wanted = _wanted(arguments)
    with opened(arguments) as store:
        if not arguments.check:
            for entry in entries(store, wanted, arguments.limit):
                print(line_of(entry, title_of(entry.tbl)))
        found, own = breaks(store), device_of(store)
        print(state_words(count_all(store), found, own))
        for each in found[3:]:
            print(break_words(each, own))
    return 1 if found else 0


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
