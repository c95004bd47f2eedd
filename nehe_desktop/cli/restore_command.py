"""`restore`: tries a copy, and with --yes puts it in the place of the data file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from nehe_desktop.cli.session import data_options, key_of, laptop_of, person_of, shown_progress
from nehe_desktop.core.errors import Trouble
from nehe_desktop.features.administration import copies
from nehe_desktop.security import backup
from nehe_desktop.security.backup import Copy
from nehe_desktop.security.laptop import Laptop


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    data_options(parser)
    parser.add_argument("copy", nargs="?", type=Path, help="备份文件；不写就用最近的一份")
    parser.add_argument("--yes", action="store_true", help="真的恢复；不写只试恢复")
    parser.add_argument("--lose", action="store_true", help="我知道会少掉备份之后的修改")


def _chosen(here: Laptop, wanted: Path | None) -> Copy:
    found = backup.copies(wanted.parent if wanted else here.backups)
    match = [copy for copy in found if wanted is None or copy.path.name == wanted.name]
    if not match:
        raise Trouble("没有找到这份备份", "用 backup --list 看有哪些备份")
    return match[0]


def run(arguments: Namespace) -> int:
    """Proves the copy; restores it where told so. 1 where the copy is not sound."""
    here = laptop_of(arguments)
    copy, key = _chosen(here, arguments.copy), key_of(here, arguments.person)
    show = shown_progress("恢复")
    proof = backup.prove(copy, key, show, vault_path=here.vault)
    print(proof.sentence)
    if not proof.sound or not arguments.yes:
        return 0 if proof.sound else 1
    who = "" if here.sample else person_of(here, arguments.person)
    aside = copies.restore(copy, here, key, who, agreed=arguments.lose, show=show)
    print("已恢复。" + (f"原来的数据另存为 {aside}" if aside else ""))
    return 0
