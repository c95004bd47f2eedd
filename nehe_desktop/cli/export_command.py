"""`export`: a ledger as an Excel list or CSV; with whole numbers only as an encrypted archive."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nehe_desktop.cli.asking import archive_password, asked, asking_options
from nehe_desktop.cli.import_command import village_of
from nehe_desktop.cli.session import data_options, laptop_of, opened, shown_progress
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody.clear import release
from nehe_desktop.features.intake.export import ENCODINGS, Export, export, export_whole
from nehe_desktop.ui.ledger_rows import rows_called

_COVERED = {"": "，号码已打码", "board": "，只有可以公示的栏目", "web": "，只有可以上网的栏目"}


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    data_options(parser)
    parser.add_argument("ledger", choices=sorted(LEDGERS), metavar="台账", help="、".join(sorted(LEDGERS)))
    parser.add_argument("--out", type=Path, required=True, help="存成哪个文件（.xlsx 或 .csv；完整号码为 .zip）")
    parser.add_argument("--town", default="", help="乡镇，村重名时写")
    parser.add_argument("--village", default="", help="只要这个村的")
    told = "只要这些条：写内部编号、名称或键，可以写几个"
    parser.add_argument("--row", nargs="+", default=[], metavar="记录", help=told)
    parser.add_argument("--csv", choices=sorted(ENCODINGS), help="CSV 的编码（默认 utf8，带 BOM）")
    numbers = parser.add_mutually_exclusive_group()
    numbers.add_argument("--masked", action="store_true", help="证件号、电话、账号打码（平常就是这样）")
    numbers.add_argument("--whole", action="store_true", help="完整号码，存成加密压缩包，要写 --reason")
    numbers.add_argument("--audience", choices=("board", "web"), help="只要能公开的栏目：board 村内公示、web 网上公开")
    asking_options(parser)


def run(arguments: Namespace) -> int:
    """Writes the file and says how many records are in it."""
    with opened(arguments) as store:
        village = village_of(store, arguments.town, arguments.village)
        rows = rows_called(store, LEDGERS[arguments.ledger], arguments.row)
        wanted = Export(
            arguments.ledger, arguments.out, village, rows,
            encoding=arguments.csv or "utf8", audience=arguments.audience or "internal",
        )  # fmt: skip
        if arguments.whole:
            return _whole(store, wanted, arguments)
        out = arguments.out.with_suffix(".csv") if arguments.csv else arguments.out
        count = export(store, wanted.at(out), shown_progress("导出"))
    print(f"已导出 {count} 条到 {out}{_COVERED[arguments.audience or '']}")
    return 0


def _whole(store: Store, wanted: Export, arguments: Namespace) -> int:
    out = arguments.out.with_suffix(".zip")
    count = wanted.count(store)
    given = release(
        store, laptop_of(arguments), "export", wanted.table, count, asked(store, arguments, count)
    )
    password, said = archive_password()
    as_text = bool(arguments.csv) or arguments.out.suffix.lower() == ".csv"
    sealed = Export(wanted.table, out, wanted.village, wanted.ids, masked=False, encoding=wanted.encoding, csv=as_text)
    count = export_whole(store, sealed, given, password, shown_progress("导出"))
    print(f"已导出 {count} 条到加密压缩包 {out}")
    if said:
        print(said)
    return 0
