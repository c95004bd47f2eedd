"""`undo`: takes back an import or another step as one."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from nehe_desktop.cli.session import data_options, opened
from nehe_desktop.core.store import Store


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    data_options(parser)
    parser.add_argument("step", nargs="?", help="步骤编号；不写就列出最近的步骤")


def run(arguments: Namespace) -> int:
    """Undoes the step, or lists the last twenty."""
    with opened(arguments) as store:
        if not arguments.step:
            return _list(store)
        receipt = store.undo(arguments.step)
    done = f"已撤销：收回 {receipt.removed} 条，改回 {receipt.updated} 条，恢复 {receipt.inserted} 条"
    kept = f"；有 {receipt.kept} 条之后又改过或被用到，保留不动" if receipt.kept else ""
    print(f"{done}{kept}。编号 {receipt.tx}")
    return 0


def _list(store: Store) -> int:
    for step in store.steps(20):
        print(f"{step.at:%Y-%m-%d %H:%M}  {step.author}  {step.reason}  {step.rows} 条  {step.tx}")
    return 0
