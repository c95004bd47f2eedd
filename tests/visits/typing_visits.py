"""A process that types visits until it is killed: saves two, then types on; each step is said on one line."""

import sys
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.store import Store
from nehe_desktop.features import ledgers  # noqa: F401 - declares every ledger
from nehe_desktop.ui.window import Window
from tests.conftest import KEY, NOW
from tests.visits.conftest import NOTE, SPECS


def wait(milliseconds: int) -> None:
    """Lets the window and the writer work (QTest.qWait would hold every other thread up)."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def main(path: Path) -> None:
    """Types and saves; the last visit is only typed."""
    application = QApplication([])
    store = Store.open(path, KEY, "李工", fixed(NOW))
    window = Window(SPECS, store, lambda error: sys.exit(repr(error)))
    window.show()
    for household in ("b", "c"):
        type_note(window, household, NOTE)
        page = window.page
        done: list[object] = []
        page.view.stored.connect(done.append)
        page.view.save()
        page.view.save()  # what is doubtful is confirmed
        while not done:
            application.processEvents()
        sys.stdout.write(f"saved {household}\n")
        sys.stdout.flush()
    type_note(window, "a", "刚敲到一半的记实")
    wait(1000)
    sys.stdout.write("typed a\n")
    sys.stdout.flush()
    wait(60_000)


def type_note(window: Window, household: str, text: str) -> None:
    """Opens the visit of a household and types its record."""
    window.go("visit", household=household)
    while not (window.page.view and window.page.view.entry.case.household.id == household):
        wait(10)
    note = window.page.view.form.boxes["note"].editor
    note.setFocus()
    note.insertPlainText(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
