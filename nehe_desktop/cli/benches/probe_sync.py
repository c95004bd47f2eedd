"""A process that types into a window with a list while its laptop receives and sends, and says how long keys waited."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from nehe_desktop.cli.benches.workshop import opened
from nehe_desktop.core.store import Store
from nehe_desktop.features.households.ledger import Person
from nehe_desktop.sync.client import Client
from nehe_desktop.sync.http import Connector
from nehe_desktop.ui.ledger_source import LedgerSource
from nehe_desktop.ui.listing import Listing
from nehe_desktop.ui.pulse import Pulse, application, once
from nehe_desktop.ui.tasks import Tasks

_KEY_EVERY = 60  # milliseconds: a quick typist


def typed(store: Store) -> dict[str, float]:
    """Synchronises in a thread while somebody types beside a list; the list is read anew when rows came."""
    application_, tasks = application(), Tasks(print, print)
    window, line = QWidget(), QLineEdit()
    listing = Listing(LedgerSource(store, Person.ledger), tasks, "人员")
    layout = QVBoxLayout(window)
    layout.addWidget(line)
    layout.addWidget(listing)
    window.resize(1093, 600)
    window.show()
    listing.model.load()
    application_.processEvents()

    work = _Work(store)
    keys = QTimer(window, interval=_KEY_EVERY)
    keys.timeout.connect(lambda: QTest.keyClick(line, Qt.Key.Key_A))
    again = QTimer(window, interval=1000)
    again.timeout.connect(listing.model.load)
    pulse = Pulse()
    keys.start()
    again.start()
    work.start()
    once(lambda: not work.is_alive(), application_.quit, window)
    application_.exec()
    tasks.close()
    beats = sorted(pulse.late)
    usual = beats[int(len(beats) * 0.999)]
    return {
        "stall": pulse.longest,
        "usual": usual,
        "took": work.took,
        "rows": work.rows,
        "keys": len(line.text()),
    }


class _Work(threading.Thread):
    def __init__(self, store: Store) -> None:
        super().__init__(name="sync")
        self._store, self.took, self.rows = store, 0.0, 0

    def run(self) -> None:
        start = time.perf_counter()
        self.rows = Client(self._store, Connector(timeout=60)).sync().came
        self.took = time.perf_counter() - start


if __name__ == "__main__":
    with opened(Path(sys.argv[1])) as laptop:
        print(json.dumps(typed(laptop)), flush=True)
