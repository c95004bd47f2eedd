"""文件: choose a paper, see it, print it or save it; the register of what was printed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem

from nehe_desktop.documents.job import Printed
from nehe_desktop.features.custody.clear import Asking, Release, limit_of, release, seconds
from nehe_desktop.features.custody.page_asking import AskingCard
from nehe_desktop.features.papers import work
from nehe_desktop.features.papers.catalogue import (
    BY_CODE,
    CHOSEN,
    HOUSEHOLD,
    KINDS,
    MEMBER,
    TEAM,
    Request,
    printable,
)
from nehe_desktop.features.papers.page_settings import Choices, Settings
from nehe_desktop.ui import printing
from nehe_desktop.ui.allowing import refusal
from nehe_desktop.ui.icons import icon
from nehe_desktop.ui.layouts import column, row
from nehe_desktop.ui.page import Desk, Page
from nehe_desktop.ui.preview import Preview
from nehe_desktop.ui.tasks import Progress
from nehe_desktop.ui.theme import look, sized
from nehe_desktop.ui.widgets import button, card, label

_LAST = "papers:last"


class PapersPage(Page):
    """Kinds at the left, the paper in the middle, 打印设置 at the right."""

    key, title, icon, help_topic = "papers", "文件", "printer", "documents"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.kinds = QListWidget()
        self.kinds.setWordWrap(True)
        self.kinds.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.kinds.setAccessibleName("文件种类")
        self._offered = [kind for kind in KINDS if Request(kind.code, kind.scopes[0]).may_print(desk.store.guard)]
        for kind in self._offered:
            item = QListWidgetItem(icon(kind.icon, look().p700), f"{kind.title}\n{kind.note}", self.kinds)
            item.setToolTip(kind.code)
        self.preview = Preview(desk.tasks)
        self.settings = Settings(desk)
        register = button(
            "打印登记簿", lambda: desk.go("ledger:printed_paper"), icon="clipboard-list", kind="ghost"
        )
        board = button("公示", lambda: desk.go("board"), icon="megaphone", kind="ghost", tip="什么贴在哪里、到哪天撤下")
        ways = (board, register) if desk.store.guard.may("read", "posting_job") else (register,)
        left = card(column(label("常用文件", "h3"), (self.kinds, 1), *ways, gap=2), margins=(10, 12, 10, 10))
        middle = card(column(self.preview), margins=(1, 1, 1, 1))
        row(sized(left, width=12.5), (middle, 1), sized(self.settings, width=15),
            gap=12, margins=(16, 14, 16, 14), on=self)  # fmt: skip
        self.kinds.currentRowChanged.connect(self._choose_kind)
        self.settings.changed.connect(self._show)
        self.settings.print_pressed.connect(self.print_now)
        self.settings.save_pressed.connect(self._ask_file)
        self.settings.folder_pressed.connect(self._ask_folder)
        self.shortcut("Ctrl+P", self.print_now)
        self._ready = False
        self._card: AskingCard | None = None
        self._given: Release | None = None

    @property
    def sample(self) -> bool:
        """Whether the people are made up."""
        session = self.desk.tools.get("session")
        return bool(session and session.sample)

    def opened(self, **where: Any) -> None:
        """Loads what can be chosen, then shows the wanted paper, or the one chosen last."""
        store, session = self.desk.store, self.desk.tools.get("session")
        profile = session.profile if session else None
        village, team = (profile.village, profile.team) if profile else ("", "")

        def load() -> tuple[Choices, dict[str, Any]]:
            return Choices.load(store, village, team), store.recall(_LAST, {})

        self.desk.tasks.ask(load, lambda found: self._begin(*found, where), owner=self, slot="choices")
        self.desk.tasks.ask(printing.printers, self.settings.show_printers, owner=self, slot="printers")

    def _begin(self, choices: Choices, last: dict[str, Any], where: dict[str, Any]) -> None:
        code = where.get("kind") or ("D09" if where.get("visit") else last.get("code", "D09"))
        offered = [kind.code for kind in self._offered]
        if not offered:
            self.desk.notices.banner(refusal(self.desk.store.guard, "print", "printed_paper"), "orange")
            return
        code = code if code in offered else "D09" if "D09" in offered else offered[0]
        ids = tuple(where.get("households", ()))
        first = Request(
            code,
            BY_CODE[code].scopes[0],
            household=choices.household,
            team=choices.team,
            village=choices.village,
        )
        kept = {name: last[name] for name in ("watermark", "month") if name in last}
        given = {
            n: where[n] for n in ("household", "visit", "team", "member", "leave", "month", "ledger") if where.get(n)
        }
        ledgers = printable(self.desk.store.guard)
        usual = {"ledger": "household" if "household" in ledgers else next(iter(ledgers), "")}
        request = replace(first, **{**usual, **kept, **given})
        if len(ids) == 1:
            request = replace(request, household=ids[0], scope=HOUSEHOLD)
        elif rows := tuple(where.get("rows", ())):
            request = replace(request, chosen=rows, chosen_of=request.about, scope=CHOSEN)
        elif ids and HOUSEHOLD in BY_CODE[code].scopes:
            request = replace(request, chosen=ids, scope=CHOSEN)
        if request.team and not request.member and TEAM in request.kind.scopes:
            request = replace(request, scope=TEAM)
        self._ready = False
        self.settings.show_request(choices, request)
        self.kinds.setCurrentRow(offered.index(code))
        self._ready = True
        self._show(self.settings.request)

    def _choose_kind(self, at: int) -> None:
        if self._ready and at >= 0:
            kind, now = self._offered[at], self.settings.request
            scope = now.scope if now.scope in (*kind.scopes, CHOSEN) else kind.scopes[0]
            if scope == CHOSEN and not replace(now, code=kind.code).may_choose:
                scope = kind.scopes[0]
            if scope == MEMBER and not now.member:
                scope = TEAM
            self.settings.show_request(
                self.settings.choices, replace(now, code=kind.code, scope=scope, visit="", leave="")
            )
            self._show(self.settings.request)

    def _show(self, request: Request) -> None:
        if self._ready:
            store, sample = self.desk.store, self.sample
            store.remember(
                _LAST, {"code": request.code, "watermark": request.watermark}
            )
            self.preview.show_paper(
                request.kind.title, lambda: work.preview_of(store, request, sample=sample)
            )

    # -- out of the program ----------------------------------------------------------------------

    def print_now(self) -> None:
        """To the chosen printer, then into the register."""
        printer = self.settings.printer
        if not printer:
            self.desk.notices.banner("这台电脑没有装打印机，可以另存为 PDF，拷到别的电脑上打印", "orange")
            return
        session, store = self.desk.tools.get("session"), self.desk.store
        folder = session.laptop.papers if session else Path.home()
        request, sample, given = self.settings.request, self.sample, self._given
        if request.whole and given is None:
            self._ask_release()
            return
        self._given = None
        copies, duplex = self.settings.copies, self.settings.duplex

        def job(progress: Progress) -> Printed:
            made = work.ready(store, request, sample=sample, release=given)
            with work.for_printer(made, folder, progress.step, lambda: progress.cancelled) as (path, printed):
                if not printed.cancelled:
                    printing.send(path, printer, copies=copies, duplex=duplex, images=work.page_images)
                    work.note(store, made, printed, "打印", target=printer, copies=copies)
            return printed

        self.desk.tasks.run("正在打印", job, lambda done: self._said(done, f"已交给 {printer}"))

    def _ask_release(self) -> None:
        """Why, and the PIN, before whole numbers are printed; above a number of people also a second person."""
        store, session, request = self.desk.store, self.desk.tools.get("session"), self.settings.request
        if session is None:
            return

        def load() -> tuple[int, list[str] | None]:
            count = work.people_on(store, request)
            return count, seconds(store, session.laptop) if count > limit_of(store) and not session.sample else None

        def ask(found: tuple[int, list[str] | None]) -> None:
            words = f"“{request.kind.title}”上有 {found[0]} 条记录的完整号码。时间、人和理由都会记入日志。"
            card.ask("打印完整号码", words, "打印", lambda asking: give(found[0], asking), seconds=found[1])

        def give(count: int, asking: Asking) -> None:
            self.desk.tasks.ask(
                lambda: release(store, session.laptop, "print", request.about, count, asking),
                take, owner=self, slot="release", failed=lambda error: card.refuse(str(error)),
            )  # fmt: skip

        def take(given: Release) -> None:
            card.leave()
            self._given = given
            self.print_now()

        card = self._card = self._card or AskingCard(self, sample=session.sample)
        self.desk.tasks.ask(load, ask, owner=self, slot="people")

    def save_to(self, path: Path) -> None:
        """All papers into one PDF."""
        self._keep(path, "存为 PDF")

    def save_each(self, folder: Path) -> None:
        """Each paper into its own PDF."""
        self._keep(folder, "批量存盘")

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, "另存为 PDF", f"{self.settings.request.kind.title}.pdf", "PDF (*.pdf)"
        )
        if path:
            self.save_to(Path(path if path.lower().endswith(".pdf") else f"{path}.pdf"))

    def _ask_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, "批量存到哪个文件夹"):
            self.save_each(Path(folder))

    def _keep(self, place: Path, outcome: str) -> None:
        store, request, sample = self.desk.store, self.settings.request, self.sample
        if request.whole:
            words = "没有打码的纸只能直接打印；要存成文件，请在“导入 → 导出台账”里导出加密压缩包"
            self.desk.notices.banner(words, "orange")
            return
        archive, write = self.settings.archive, work.to_folder if outcome == "批量存盘" else work.to_file

        def job(progress: Progress) -> Printed:
            made = work.ready(store, request, sample=sample)
            printed = write(made, place, progress.step, lambda: progress.cancelled, archive=archive)
            work.note(store, made, printed, outcome, target=place.name)
            return printed

        self.desk.tasks.run("正在生成文件", job, lambda done: self._said(done, f"已存到 {place.name}"))

    def _said(self, done: Printed, words: str) -> None:
        if done.cancelled:
            kept = f"，已存好的 {done.papers} 份保留" if done.papers else "，没有留下文件"
            self.desk.notices.toast(f"已取消{kept}")
        else:
            self.desk.notices.toast(f"{words}：{done.papers} 份 {done.pages} 页，已记入登记簿")
