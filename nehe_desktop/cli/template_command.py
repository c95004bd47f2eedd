"""`template`: an empty list to fill in, with drop-downs and an example row."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nehe_desktop.cli.session import LEDGERS as DECLARED
from nehe_desktop.features.intake.errand import kinds
from nehe_desktop.features.intake.export import template

_HOUSEHOLD = "household"


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    tables = (_HOUSEHOLD, *(ledger.table for ledger in DECLARED if ledger.table in kinds()))
    words = f"household（农户和家庭成员），或 {'、'.join(tables[1:])}"
    parser.add_argument("ledger", choices=tables, metavar="台账", help=words)
    parser.add_argument("--out", type=Path, required=True, help="存成哪个文件（.xlsx）")


def run(arguments: Namespace) -> int:
    """Writes the template."""
    template("" if arguments.ledger == _HOUSEHOLD else arguments.ledger, arguments.out)
    print(f"模板在 {arguments.out}")
    return 0
