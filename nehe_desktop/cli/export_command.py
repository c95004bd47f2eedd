"""`export`: a ledger as an Excel list or CSV."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nehe_desktop.cli.import_command import village_of
from nehe_desktop.cli.session import data_options, opened, shown_progress
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.features.intake.export import ENCODINGS, Export, export


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    data_options(parser)
    parser.add_argument("ledger", choices=sorted(LEDGERS), metavar="台账", help="、".join(sorted(LEDGERS)))
    parser.add_argument("--out", type=Path, required=True, help="存成哪个文件（.xlsx 或 .csv）")
    parser.add_argument("--town", default="", help="乡镇，村重名时写")
    parser.add_argument("--village", default="", help="只要这个村的")
    parser.add_argument("--csv", choices=sorted(ENCODINGS), help="CSV 的编码（默认 utf8，带 BOM）")
    parser.add_argument("--masked", action="store_true", help="证件号、电话、账号打码")


def run(arguments: Namespace) -> int:
    """Writes the file and says how many records are in it."""
    out = arguments.out.with_suffix(".csv") if arguments.csv else arguments.out
    with opened(arguments) as store:
        village = village_of(store, arguments.town, arguments.village)
        wanted = Export(
            arguments.ledger, out, village, masked=arguments.masked, encoding=arguments.csv or "utf8"
        )
        count = export(store, wanted, shown_progress("导出"))
    print(f"已导出 {count} 条到 {out}")
    return 0
