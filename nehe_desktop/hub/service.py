"""The hub as one object: what a laptop whose token was good may ask of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from nehe_desktop.hub import blobs, contact, epochs, events, reading, salvaging, scopes, snapshots
from nehe_desktop.hub.judging import Sender
from nehe_desktop.hub.reading import Came
from nehe_desktop.hub.scopes import Held
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.hub.visiting import Ahead, Office, Visit, visit
from nehe_desktop.hub.working import Working
from nehe_desktop.sync.protocol import VERSION, Refusal, Salvage, SyncReply, SyncRequest
from nehe_desktop.sync.rules import Rules
from nehe_desktop.sync.transport import Denied

T = TypeVar("T")


def _wall() -> int:
    return time.time_ns() // 1_000_000


class Hub:
    """One county's hub over a store; `rules` say how each ledger is merged, `wall` gives milliseconds since 1970."""

    def __init__(
        self, store: HubStore, county: str, rules: Rules, wall: Callable[[], int] = _wall, min_schema: int = 0
    ) -> None:
        """Begins the first epoch where there is none."""
        self.store, self.county, self.rules, self.wall = store, county, rules, wall
        self.min_schema = min_schema
        epochs.begin(store, county, wall)

    @property
    def epoch(self) -> str:
        """The present life of the hub."""
        return self.store.read(lambda link: epochs.current(link, self.county))

    def sync(self, dev: str, request: SyncRequest) -> SyncReply:
        """Takes what a laptop sends and tells it what is new to it; raises Denied."""
        _check(dev, request)
        came = reading.came(request.push) if request.push else []
        answer = self._visited(request, came)
        if answer.unmade:
            snapshots.make(self.store, self.county, answer.unmade)
        if answer.unmade and request.push is None:  # otherwise it is told to ask again
            answer = self._visited(request, came)
        return answer.reply

    def salvage(self, dev: str, request: Salvage) -> None:
        """Takes rows that a laptop had pulled and the hub has lost; raises Denied."""

        def job(link: Link) -> None:
            guest = contact.admitted(link, self.county, dev, request.epoch)
            salvaging.salvage(self.working(link), Sender(dev, guest.device.name, guest.held), request)

        self.store.write(self.county, job)

    def snapshot(self, dev: str, scope: str, at: int, start: int, count: int) -> bytes:
        """Part of a scope as a file; raises Denied 403 for a scope of others, 410 for a file that is gone."""

        def job(link: Link) -> bytes:
            if scope not in self._held(link, dev).scopes:
                raise Denied(403, Refusal("scope", "这台电脑没有这个村"))
            found = snapshots.piece(link, self.county, scope, at, start, count)
            if found is None:
                raise Denied(410, Refusal("gone", "这份数据已经更新，请重新同步"))
            return found

        return self.store.read(job)

    def have(self, dev: str, sha256: str) -> int:
        """How many bytes of an attachment are here; -1 where the laptop need not bring it."""

        def job(link: Link) -> int:
            place = self._place(link, dev, sha256)
            return blobs.have(link, self.county, place) if place else -1

        return self.store.read(job)

    def put(self, dev: str, sha256: str, start: int, size: int, content: bytes) -> int:
        """Adds to an attachment; how many bytes are here then. Raises Denied 403, 413 and 422 (other bytes)."""

        def job(link: Link) -> int | None:
            place = self._place(link, dev, sha256)
            if not place:
                raise _foreign_file()
            return blobs.put(link, self.county, place, start, size, content)

        there = self.store.write(self.county, job)
        if there is None:
            raise Denied(422, Refusal("hash", "附件传坏了，请重传"))
        return there

    def fetch_blob(self, dev: str, sha256: str, start: int, count: int) -> bytes:
        """Part of an attachment; raises Denied 403, and 404 while it is not whole."""

        def job(link: Link) -> bytes:
            held = self._held(link, dev)
            if not blobs.is_awaited(link, self.county, held, sha256):
                raise _foreign_file()
            is_open = blobs.may(link, self.county, held, sha256)
            found = blobs.piece(link, self.county, sha256, start, count) if is_open else None
            if found is None:
                raise Denied(404, Refusal("absent", "附件还没有传到县里"))
            return found

        return self.store.read(job)

    def working(self, link: Link) -> Working:
        """What a transaction of this hub works on."""
        return Working(link, self.county, self.rules, self.wall(), epochs.present(link, self.county).era)

    def _visited(self, request: SyncRequest, came: Sequence[Came]) -> Visit:
        """One visit, noted; alone in the county where something is to be written. Raises Denied."""
        office = Office(self.county, self.rules, self.wall(), self.min_schema)
        answer = self._run(request, lambda link: visit(link, office, request, came))
        if isinstance(answer, Denied):
            self._note_refusal(request, answer)
            raise answer
        if request.push is None and contact.is_notable(office.now, answer.seen, answer.reply.receipt):
            self._note_reading(request, answer.reply)
        return answer

    def _run(self, request: SyncRequest, job: Callable[[Link], T]) -> T:
        return self.store.read(job) if request.push is None else self.store.write(self.county, job)

    def _note_reading(self, request: SyncRequest, reply: SyncReply) -> None:
        job = partial(contact.note_reading, request=request, now=reply.now, receipt=reply.receipt)
        self.store.write(self.county, lambda link: job(link, self.county))

    def _held(self, link: Link, dev: str) -> Held:
        contact.welcome(link, self.county, dev)
        return scopes.held(link, self.county, dev)

    def _place(self, link: Link, dev: str, sha256: str) -> str:
        """Where a laptop's bytes of an attachment go; empty where it may not bring it."""
        held, county = self._held(link, dev), self.county
        wanted = blobs.may_bring(link, county, held, dev, sha256)
        return blobs.place(link, county, held, dev, sha256) if wanted else ""

    def _note_refusal(self, request: SyncRequest, denied: Denied) -> None:
        """Tells an administrator of a double laptop; stops the hub where a laptop is ahead of it."""
        county, now, refusal = self.county, self.wall(), denied.refusal
        if refusal.error == "fork":
            self.store.write(county, lambda link: events.note(link, county, "fork", request.dev, "", now))
        elif isinstance(denied, Ahead):
            self.store.write(county, lambda link: epochs.note_behind(link, county, request.dev, now))


def _check(dev: str, request: SyncRequest) -> None:
    if not VERSION - 2 <= request.v <= VERSION:
        raise Denied(426, Refusal("version", "程序版本和县里的不合，请先升级程序"))
    if request.dev != dev:
        raise Denied(400, Refusal("unreadable", "请求读不懂"))


def _foreign_file() -> Denied:
    return Denied(403, Refusal("scope", "这台电脑没有这个附件"))
