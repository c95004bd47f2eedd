"""The running program: way in, window, and what goes on beside the work (backups, drafts, status)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from nehe_desktop.core.clock import Clock, living_on
from nehe_desktop.core.store import Store
from nehe_desktop.features.administration import copies, keys, system_key
from nehe_desktop.features.administration.page_status import StatusKeeper
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.page_reveal import Lens
from nehe_desktop.features.custody.seating import let_in, recovered, rises, seated
from nehe_desktop.features.demo.plan import DEMO_TODAY
from nehe_desktop.features.entry.hearing import hear
from nehe_desktop.features.entry.intake import begin, begin_sample
from nehe_desktop.features.entry.page_finding import find
from nehe_desktop.features.entry.page_hands import Hands
from nehe_desktop.features.entry.page_lock import keep_typed
from nehe_desktop.features.entry.page_login import Doors, Login
from nehe_desktop.features.entry.page_printing import print_file, sheet_file
from nehe_desktop.features.entry.page_stage import Stages
from nehe_desktop.features.entry.page_wizard import Ways, Wizard
from nehe_desktop.features.entry.queries import names_of, whereabouts
from nehe_desktop.features.entry.rules import Answers
from nehe_desktop.features.exchange.page_running import Running
from nehe_desktop.features.intake.page_tools import export_tool
from nehe_desktop.features.papers.page_tools import print_tool
from nehe_desktop.pages import SPECS
from nehe_desktop.security import laptop, vault, wiping
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.laptop import Laptop, Session, profile_of
from nehe_desktop.security.recovery import RecoverySheet
from nehe_desktop.security.wiping import Emptied
from nehe_desktop.sync.denials import Wiped
from nehe_desktop.ui import theme
from nehe_desktop.ui.crash import LOG, Faults, recovery_words, show_reports
from nehe_desktop.ui.layouts import column
from nehe_desktop.ui.preference import Look
from nehe_desktop.ui.tasks import Progress
from nehe_desktop.ui.window import Window


class Program(QObject):
    """From the first picture to the last: wizard or log-in, then the window."""

    def __init__(self, here: Laptop, faults: Faults, known: int) -> None:
        """`known` is how many ledgers are declared, which also makes sure that they are."""
        super().__init__()
        self.laptop, self.faults, self.known = here, faults, known
        self.store: Store | None = None
        self.session: Session | None = None
        self.shown: QWidget | None = None
        self.window: Window | None = None
        self.running: Running | None = None
        self.status: StatusKeeper | None = None
        self.hands: Hands | None = None
        self._key: Key | None = None
        self._stages = Stages(faults.report)

    def begin(self) -> None:
        """Shows the wizard, the log-in, or the made-up county; first finishes what the county ordered."""
        if wiping.is_unfinished(self.laptop):
            self._empty("上次没有清除完，正在继续清除")
        elif self.laptop.sample:
            self._begin_sample()
        elif self.laptop.is_new:
            self._begin_wizard()
        else:
            self._begin_login()

    def close(self) -> None:
        """Closes the file; the last thing the program does."""
        self._leave()
        self._stages.close()

    def _leave(self) -> None:
        """Ends what goes on beside the work, and closes the file."""
        self._stop_beside()
        if self.store is not None:
            rises(self.store)
            self.store.close()
            self.store = None

    def _stop_beside(self) -> None:
        """Ends what goes on beside the work: synchronising, the status bar, the lock."""
        if self.hands is not None:
            self.hands.lock.drop()
            self.hands = None
        if self.running is not None:
            self.running.stop()
            self.running = None
        if self.status is not None:
            self.status.stop()
            self.status = None

    # -- ways in ---------------------------------------------------------------------------------

    def _show(self, stage: QWidget) -> None:
        before, self.shown = self.shown, stage
        stage.show()
        if before is not None:
            before.close()
            before.deleteLater()

    def _begin_wizard(self) -> None:
        stage, notices, tasks = self._stages.new()
        ways = Ways(self._set_up, sheet_file, print_file, lambda: self._switch("village"), self._enter)
        column(Wizard(tasks, notices, ways), gap=0, on=stage)
        self._show(stage)

    def _begin_login(self) -> None:
        stage, notices, tasks = self._stages.new()
        doors = Doors(
            lambda: vault.people(self.laptop.vault),
            self._open,
            self._recover,
            self._heard,
            lambda: self._switch("village"),
            self._hear,
            vault=self.laptop.vault,
        )
        column(Login(tasks, notices, doors), gap=0, on=stage)
        self._show(stage)

    def _heard(self, ordered: object) -> None:
        self._empty(f"{ordered}。正在清除") if ordered else self._enter("home")

    def _begin_sample(self) -> None:
        if self.laptop.file.exists():
            self._open_sample()
            self._enter("home")
            return
        words = "正在准备示例数据：人和事都是编造的，和真实数据分开存放。"
        stage, tasks = self._stages.saying("wheat", words)
        self._show(stage)
        tasks.run(
            "准备示例数据", self._make_sample, lambda _: self._enter("home"), failed=lambda _: stage.close()
        )

    def _switch(self, data: laptop.Data) -> None:
        self.laptop = Laptop(self.laptop.folder, data)
        self.begin()

    # -- in workers ------------------------------------------------------------------------------

    def _set_up(self, answers: Answers, pin: str) -> RecoverySheet:
        key, sheet = laptop.set_up(self.laptop, answers.person, pin)
        self._key = key
        self.store = laptop.open_store(self.laptop, key, answers.person, Clock())
        begin(self.store, answers)
        seated(self.store, answers.person, self.laptop)
        system_key.note_begun(self.store, self.laptop)
        return sheet

    def _open(self, person: str, pin: str) -> None:
        self._key, self.store = let_in(self.laptop, person, lambda: vault.unlock(self.laptop.vault, person, pin))

    def _recover(self, code: str, person: str, pin: str) -> None:
        self._key, self.store = recovered(self.laptop, code, person, pin)

    def _hear(self, person: str, pin: str, package: Path | None) -> str:
        """Opens after the county was heard; why the laptop is to be emptied instead, where it ordered that."""
        unlock = partial(vault.unlock, self.laptop.vault, person, pin)
        try:
            self._key, self.store = let_in(self.laptop, person, unlock, lambda store: hear(store, package))
        except Wiped as wiped:
            return wiped.sentence
        return ""

    def _open_sample(self) -> None:
        self._key = laptop.sample_key(self.laptop)
        clock = living_on(DEMO_TODAY)
        self.store = laptop.open_store(self.laptop, self._key, laptop.SAMPLE_PERSON, clock)
        begin_sample(self.store)
        seated(self.store, laptop.SAMPLE_PERSON, self.laptop)

    def _make_sample(self, progress: Progress) -> None:
        key = laptop.sample_key(self.laptop)
        make_demo = import_module("nehe_desktop.features.demo.make").make_demo  # not needed at other starts
        make_demo(self.laptop.data, self.laptop.file, key, progress.step, lambda: progress.cancelled)
        self._open_sample()

    # -- the window ------------------------------------------------------------------------------

    def _enter(self, page: str) -> None:
        store, key = self.store, self._key
        if store is None or key is None:
            return
        self.session = Session(self.laptop, profile_of(store), key)
        self.running = running = Running(store, self.faults.report)
        running.wiped.connect(lambda _: self._empty("县里已停用这台电脑，并要求清除本机数据。正在清除"))
        tools = {
            "session": self.session,
            "look": lambda: Look.kept(self.laptop.folder),
            "relook": self._relook,
            "restart": self._restart,
            "restore": lambda copy, agreed: self._shut("正在恢复", partial(copies.restore, copy, agreed=agreed)),
            "rekey": lambda: self._shut("正在更换密钥", keys.change),
            "lens": Lens,
            "print": print_tool(self._go),
            "export": export_tool(self._go),
            "sync": running,
        }
        window = Window(SPECS, store, self.faults.report, lambda text: find(store, text), tools)
        window.show_user(store.author, whereabouts(store))
        self.window = window
        show_reports(self.faults, window)
        self._show(window)
        window.tasks.ask(lambda: names_of(store), self.faults.masker.know, owner=self, slot="names")
        window.go(page)
        self._say_recovered(window, store)
        self.status = StatusKeeper(window, store, self.session, running.now)
        running.told.connect(self.status.look)
        if self.laptop.sample:
            window.lock_asked.connect(lambda: window.notices.toast("示例数据不设口令，不用锁"))
        else:
            self.hands = Hands(window, store, key, self.laptop, self._stages, self._change_hands)
        window.tasks.ask(running.start, lambda _: running.watch_network(), owner=self, slot="sync")
        QTimer.singleShot(3000, self._back_up)

    def _change_hands(self, person: str) -> None:
        """A colleague sits down: the window of the one before is closed, his drafts wait for him."""
        store, window, hands = self.store, self.window, self.hands
        if store is None or window is None or hands is None:
            return
        keep_typed(window)
        stage, tasks = self._stages.saying("hourglass", f"正在换成 {person}，请稍候。")
        self._show(stage)
        self.window = None
        self._stop_beside()

        def sit() -> None:
            audit.note(store, "退出", detail=f"换成 {person}").result()  # after what was typed was kept
            seated(store, person, self.laptop, self._key)

        tasks.ask(sit, lambda _: self._enter("home"), failed=lambda _: self._restart(self.laptop.data))

    def _go(self, page: str, **where: object) -> None:
        if self.window is not None:
            self.window.go(page, **where)

    def _say_recovered(self, window: Window, store: Store) -> None:
        if words := recovery_words(self.faults.last_run, len(store.drafts())):
            window.notices.banner(words, "blue")

    def _relook(self, look: Look) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, look.size, high_contrast=look.high_contrast)
        look.keep(self.laptop.folder)

    def _restart(self, data: laptop.Data) -> None:
        """Leaves the present data and goes in anew, such as from made-up data to the real ones."""
        self._leave()
        self._switch(data)

    def _shut(self, title: str, job: Callable[..., object]) -> None:
        """Closes everything for a job on the closed file, and asks to log in anew."""
        key, window, store = self._key, self.window, self.store
        if key is None or window is None or store is None:
            return
        work = partial(job, self.laptop, key, store.author)
        window.close()
        self._leave()
        self._stages.working(title, work, self._show, self.begin)

    def _empty(self, why: str) -> None:
        """Closes everything and empties this laptop, as its county ordered; then says so."""
        window, self.window = self.window, None
        if window is not None:
            window.close()
        self._leave()
        here = self.laptop
        stage, tasks = self._stages.saying("hourglass", f"{why}，请稍候。")
        self._show(stage)
        tasks.ask(lambda: wiping.wipe(here), self._emptied)

    def _emptied(self, emptied: Emptied) -> None:
        LOG.info("emptied by order of the county: %d files, %d left", emptied.gone, len(emptied.left))
        self._show(self._stages.emptied(emptied.sentence))

    def _back_up(self) -> None:
        """The daily copy, made beside the work and told only where it fails."""
        window, session, store = self.window, self.session, self.store
        if window is None or session is None or store is None:
            return
        work = partial(copies.make_daily, store, session.key, session.laptop)
        window.tasks.ask(work, lambda _: self.status and self.status.look(), owner=self, slot="backup")
