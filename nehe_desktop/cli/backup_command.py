"""`backup`: a proved copy now, on this computer or on a stick; or the list of copies."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nehe_desktop.cli.session import data_options, laptop_of, opened_with_key, shown_progress
from nehe_desktop.features.administration import copies
from nehe_desktop.security import backup


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    data_options(parser)
    parser.add_argument("--to", type=Path, help="再抄一份到这个文件夹（如 U 盘），并读回核对")
    parser.add_argument("--list", action="store_true", help="只列出已有的备份")


def run(arguments: Namespace) -> int:
    """Makes the copy, restores it on trial, and says what is in it; 1 where the trial fails."""
    here = laptop_of(arguments)
    if arguments.list:
        for copy in backup.copies(here.backups):
            print(f"{copy.made_at:%Y-%m-%d %H:%M:%S}\t{copy.path}")
        return 0
    show = shown_progress("备份")
    with opened_with_key(arguments) as (store, key):
        report = copies.make(store, key, here, show)
        proof = backup.prove(report.copy, key)
        print(f"已备份到 {report.copy.path}（{report.size / 1e6:.1f} MB）。{proof.sentence}")
        if arguments.to:
            carried = copies.carry(store, report.copy, arguments.to, show)
            print(f"已抄到 {carried.path}，读回核对一致。")
    return 0 if proof.sound else 1
