"""`tour`: the main job without a screen, into a folder: made-up village, import, papers, pictures of the screens."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path

from nehe_desktop.cli.session import opened
from nehe_desktop.cli.tour_sync import show_sync
from nehe_desktop.core.store import Store
from nehe_desktop.documents.preview import picture
from nehe_desktop.features.demo.make import make_demo
from nehe_desktop.features.intake.apply import apply_plan
from nehe_desktop.features.intake.compare import plan_households
from nehe_desktop.features.intake.give_back import suggested_name, write_back
from nehe_desktop.features.intake.plan import Options
from nehe_desktop.features.papers.catalogue import HAMLET, TEAM, VILLAGE, Request
from nehe_desktop.features.papers.queries import households_in
from nehe_desktop.features.papers.work import note, ready, to_file
from nehe_desktop.security import laptop
from nehe_desktop.security.laptop import Laptop, profile_of
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.ui.pictures import save_png

_ROOT = Path(__file__).resolve().parents[2]
_WORKBOOK = _ROOT / "tests" / "data" / "office" / "已脱贫户家庭成员信息_20200801.xlsx"


def configure(parser: ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--to", type=Path, default=Path("demo"), help="放进哪个文件夹（默认 demo）")


def run(arguments: Namespace) -> int:
    """Does the main job once and says where everything lies."""
    folder = arguments.to.resolve()
    started = time.monotonic()
    here = Laptop(folder / "data", "village")
    if not here.file.exists():
        make_demo("village", here.file, laptop.sample_key(here))
    print("1. 示例村已造好：人和事都是编造的。")
    with opened(Namespace(data=folder / "data", demo="village", person="")) as store:
        _print_papers(store, folder / "文书")
        _import(store, folder / "导入")
    _draw_screens(folder)
    show_sync(here, folder / "同步")
    print(f"全部完成，用了 {time.monotonic() - started:.0f} 秒。请看文件夹：{folder}")
    return 0


def _print_papers(store: Store, folder: Path) -> None:
    """Every kind of paper of the village, as PDF and its first page as a picture."""
    profile = profile_of(store)
    first = households_in(store, profile.village)[0].id
    base = Request("D01", TEAM, household=first, team=profile.team, village=profile.village)
    wanted = (
        base,
        replace(base, code="D01T"),
        replace(base, code="D02", month="202008"),
        replace(base, code="D07", scope=VILLAGE),
        replace(base, code="D07N", scope=HAMLET),
        replace(base, code="D07F", scope=HAMLET),
        replace(base, code="D09", scope=VILLAGE, month="202007"),
        replace(base, code="LIST", scope=VILLAGE, ledger="household"),
    )
    for request in wanted:
        made = ready(store, request, sample=True)
        path = folder / f"{request.code} {request.kind.title}.pdf"
        printed = to_file(made, path)
        note(store, made, printed, "存为 PDF", target=path.name)
        page = picture(path, 0, 80)
        save_png(page.rgba, page.width, page.height, path.with_suffix(".png"))
        print(f"2. {request.kind.title}：{printed.papers} 份 {printed.pages} 页 → {path.name}")


def _import(store: Store, folder: Path) -> None:
    """An office's messy workbook: what is new, what is refused and why, and the marked copy."""
    if not _WORKBOOK.exists():
        return
    plan = plan_households(store, open_workbook(_WORKBOOK), Options(create_villages=True))
    folder.mkdir(parents=True, exist_ok=True)
    write_back(plan, folder / suggested_name(plan))
    for reason in plan.refused[:3]:
        print(f"   不能导入：{reason.sheet} 第 {reason.row} 行：{reason.sentence}")
    receipt = apply_plan(store, plan)
    print(f"3. 导入 {_WORKBOOK.name}：{plan.summary()}；一步写入 {receipt.inserted} 条。")
    back = store.undo(receipt.tx)
    print(f"   整步撤销：收回 {back.removed} 条。标出原因的表在 {folder.name} 文件夹。")


def _draw_screens(folder: Path) -> None:
    """Draws every page offscreen, in a process of its own because Qt takes the main thread."""
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    words = [sys.executable, "-m", "nehe_desktop.screens", str(folder / "data"), str(folder / "画面")]
    done = subprocess.run(words, cwd=_ROOT, env=environment, check=False)
    print("4. 各个页面画在 画面 文件夹。" if done.returncode == 0 else "4. 页面没有画成。")
