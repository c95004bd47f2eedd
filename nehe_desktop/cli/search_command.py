"""`search`: who is found by a name, pinyin, initials or the tail of a number."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from nehe_desktop.cli.session import data_options, opened
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.search import search


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    data_options(parser)
    parser.add_argument("words", nargs="+", help="姓名、拼音、首字母、证件或电话尾号")
    parser.add_argument("--limit", type=int, default=20, help="最多列出几条")


def run(arguments: Namespace) -> int:
    """Prints a line a hit; 1 where nobody is found."""
    with opened(arguments) as store:
        hits = search(store, " ".join(arguments.words), arguments.limit)
    for hit in hits:
        print(f"{hit.title}\t{LEDGERS[hit.table].title}\t{hit.why}\t{hit.id}")
    if not hits:
        print("没有找到。可以试试拼音首字母，或身份证后四位。")
    return 0 if hits else 1
