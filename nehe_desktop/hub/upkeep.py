"""What a running hub does by itself: daily copies, a lasting certificate, a note of what it holds, and ageing."""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nehe_desktop.core.errors import Trouble
from nehe_desktop.hub import ageing, backups, witness
from nehe_desktop.hub.folder import HubFolder
from nehe_desktop.hub.service import Hub

LOG = logging.getLogger("nehe.hub")
_EVERY = 60.0  # seconds
_DAILY = timedelta(hours=24)


@dataclass(frozen=True)
class Upkeep:
    """The chores of one hub; copies also go `elsewhere`, such as another disk."""

    hub: Hub
    folder: HubFolder
    context: ssl.SSLContext
    elsewhere: Path | None = None

    def once(self, now: datetime) -> None:
        """Does what is due."""
        witness.note(self.hub.store, self.folder, self.hub.county)
        if self.folder.certify(self.folder.settings().hosts, now):
            self.context.load_cert_chain(self.folder.certificate, self.folder.certificate_key)
            LOG.info("certificate renewed")
        if ageing.age(self.hub.store, self.hub.county, self.hub.wall()):
            LOG.info("what is too old was let go")
        for target in filter(None, (self.folder.backups, self.elsewhere)):
            if _is_due(target, now):
                path = backups.make(self.hub.store, self.folder, target, now)
                backups.prune(target)
                LOG.info("backup %s", path.name)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Does what is due now and every minute, in a thread of its own."""
        stop = threading.Event()
        thread = threading.Thread(target=self._go_on, args=(stop,), name="upkeep")
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            witness.note(self.hub.store, self.folder, self.hub.county)

    def _go_on(self, stop: threading.Event) -> None:
        while True:
            try:
                self.once(datetime.now().astimezone())
            except Trouble as trouble:
                LOG.warning("%s %s", trouble.sentence, trouble.advice)
            if stop.wait(_EVERY):
                return


def _is_due(target: Path, now: datetime) -> bool:
    """Whether the newest copy is a day old, or lies in the future because the clock was set back."""
    found = backups.copies(target)
    age = now - backups.made_at(found[0]) if found else _DAILY
    return not timedelta(0) <= age < _DAILY
