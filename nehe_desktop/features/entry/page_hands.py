"""Who may lift the lock of a window: the one who locked it goes on, a colleague begins with a window of his own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.seating import may_sit, note_recovered, note_wrong, wrong_tries
from nehe_desktop.features.entry.hearing import hear
from nehe_desktop.features.entry.page_lock import Lock
from nehe_desktop.features.entry.page_login import Doors
from nehe_desktop.features.entry.page_stage import Stages
from nehe_desktop.security import escrow, vault
from nehe_desktop.security.envelope import Key
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.ui.preference import Look
from nehe_desktop.ui.window import Window


class Hands:
    """The lock of one window of one open file, and what happens when somebody's PIN was right."""

    def __init__(
        self, window: Window, store: Store, key: Key, laptop: Laptop, stages: Stages, change: Callable[[str], object]
    ) -> None:
        """`change` is told which colleague takes over."""
        self.window, self.store, self._key, self._laptop, self._change = window, store, key, laptop, change
        doors = Doors(
            lambda: vault.people(laptop.vault), self._by_pin, self._by_code, self._come_in, lambda: None,
            self._hear, locked=store.author, vault=laptop.vault,
        )  # fmt: skip
        self.lock = Lock(window, stages, doors, lambda: Look.kept(laptop.folder).lock_after, self._noted)

    def _noted(self, why: str) -> None:
        self.window.tasks.watch(audit.note(self.store, "锁定", detail=why), lambda _: None, owner=self.lock)

    def _by_pin(self, person: str, pin: str) -> str:
        return self._known(person, partial(vault.unlock, self._laptop.vault, person, pin))

    def _by_code(self, text: str, person: str, pin: str) -> str:
        """By the printed code or the county's answer; nothing is closed, so nothing that was typed is lost."""
        hears = partial(note_recovered, here=self._laptop, person=person)
        return self._known(person, partial(escrow.enter, self._laptop.vault, text, person, pin), hears)

    def _hear(self, person: str, pin: str, package: Path | None) -> str:
        return self._known(person, partial(vault.unlock, self._laptop.vault, person, pin), partial(hear, package=package))

    def _known(
        self, person: str, unlock: Callable[[], Key], hears: Callable[[Store], object] | None = None
    ) -> str:
        """Who comes in, in a worker; raises Refused for one whose time is over."""
        wrong = wrong_tries(self._laptop, person)
        key = unlock()
        note_wrong(self.store, person, wrong)
        if hears is not None:
            hears(self.store)
        if key != self._key:
            raise Trouble("钥匙文件被换过，请关掉程序再打开", "内容都在，没有丢")
        may_sit(self.store, person)
        if person == self.store.author:
            audit.note(self.store, "登录", detail="解锁").result()
        return person

    def _come_in(self, person: object) -> None:
        jobs = self.window.tasks.jobs
        if person == self.store.author:
            self.lock.lift()
        elif jobs:
            self.lock.say(f"{self.store.author}的“{jobs[0]}”还没做完，做完再换人")
        else:
            self._change(str(person))
