"""The laptop's side of a synchronisation: push and pull until both ends hold the same, whatever happens on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from nehe_desktop import VERSION
from nehe_desktop.core.database import Writing
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.sync import (
    attachments,
    cursors,
    denials,
    diary,
    escrow,
    intake,
    outbox,
    pouring,
    purge,
    shipped,
    tables,
    unfolding,
)
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.denials import CodeNeeded, Wiped
from nehe_desktop.sync.intake import Report
from nehe_desktop.sync.membership import account_of, enrol, leave
from nehe_desktop.sync.outbox import Sealed
from nehe_desktop.sync.pace import Pace
from nehe_desktop.sync.protocol import COUNTY, Pull, SyncReply, SyncRequest
from nehe_desktop.sync.transport import Denied, Transport, Unreachable

T = TypeVar("T")
Progress = Callable[[int, int, str], None]
Connect = Callable[[Account], Transport]

_TRIES = 3  # attempts at one message before the sync gives up until later
_TURNS = 8  # refusals that are answered by putting things right, before a person is told


@dataclass
class _Course:
    """Where one synchronisation stands."""

    account: Account
    transport: Transport
    pace: Pace
    progress: Progress
    check: bool
    report: Report = field(default_factory=Report)
    turns: int = 0


class Client:
    """Synchronises one store; one at a time."""

    def __init__(self, store: Store, connect: Connect, wall: Callable[[], float] = time.time) -> None:
        """`connect` makes a way to the hub of an account; `wall` gives seconds since 1970."""
        self.store, self._connect, self._wall = store, connect, wall
        tables.prepare(store)
        unfolding.take_in(store)
        if pouring.is_loose(store):  # the program was ended while it received very much
            pouring.tighten(store)
        if (offset := tables.kept(store, "offset")) is not None:
            store.clock.correct(offset)

    def sync(self, progress: Progress | None = None, *, check: bool = False) -> Report:
        """Sends all that waits and takes all that is new; raises Trouble and Wiped.

        With `check` the digests of every scope are compared, also where nothing is new.
        """
        account = account_of(self.store)
        if account is None:
            raise Trouble("这台电脑还没有加入县里的网", "请在“同步”页粘贴县里发来的邀请码")
        course = _Course(account, self._connect(account), Pace.kept(self.store), progress or _silent, check)
        try:
            self._run_plainly(course)
        except Wiped:
            self.store.database.write(lambda db: diary.trace(db, self._now(), "revoked", denials.ORDERED)).result()
            raise
        except Trouble as trouble:
            self._note_trouble(trouble)
            raise
        finally:
            course.transport.close()
        return course.report

    def _run_plainly(self, course: _Course) -> None:
        try:
            self._run(course)
        except Denied as denied:
            raise denials.trouble_of(denied) from denied

    def _run(self, course: _Course) -> None:
        try:
            while self._round(course):
                pass
        finally:
            if pouring.is_loose(self.store):
                course.progress(0, 0, "正在建立索引")
                pouring.tighten(self.store)
        total = attachments.left(self.store)
        if total:
            course.report.files = attachments.carry(
                self.store, course.transport, lambda done, all_of: course.progress(done, all_of, "正在传照片和附件")
            )
        escrow.deposit(self.store, course.account, course.transport)
        self._purge(course)  # after the files: what was not sent would be lost with it
        now = self._now()
        intake.finish(self.store, course.account.dev, course.report, now, heard=now + self.store.clock.offset)

    def _round(self, course: _Course) -> bool:
        """One request and all that follows from its answer; whether another is needed."""
        self.store.database.write(lambda writing: outbox.seal_all(writing, course.account.dev)).result()
        batch, more = outbox.unsent(self.store, course.account.dev, course.pace.up)
        request = self._request(course, batch, last=not more)
        acked = tables.kept(self.store, "acked", 0)
        try:
            denials.deliver(self.store, course.account, course.transport)
            started = time.monotonic()
            request, reply = self._tried(course, request)
        except Denied as denied:
            course.turns += 1
            if course.turns > _TURNS:
                raise Trouble("县里的服务一再拒绝，没有同步成", "数据都还在本机；请把“同步”页的日志发给县里") from denied
            self._put_right(course, denied)
            return True
        course.pace.took(time.monotonic() - started)
        course.pace.keep(self.store)
        escrow.hear(self.store, course.account, reply.recovery, reply.now)
        answer = intake.take(self.store, course.account.dev, request, reply, course.report)
        went_on = not batch or tables.kept(self.store, "acked", 0) > acked
        more = went_on and outbox.is_waiting(self.store, course.account.dev)  # perhaps less was sent than was meant
        self._told(course, more)
        filled = intake.fill(self.store, course.transport, reply, course.report)
        course.check = answer.read_anew
        return more or answer.more or filled or answer.read_anew or shipped.is_asked_for(self.store)

    def _put_right(self, course: _Course, denied: Denied) -> None:
        try:
            account = denials.answer(self.store, course.account, course.transport, denied)
        except Denied as further:  # such as a hub that was restored and does not know this laptop
            account = denials.answer(self.store, course.account, course.transport, further)
        if account.dev != course.account.dev:
            course.transport.close()
            course.transport = self._connect(account)
        course.account, course.check = account, True

    def _request(self, course: _Course, batch: Sequence[Sealed], *, last: bool) -> SyncRequest:
        store, account = self.store, course.account
        pull = Pull(
            cur=cursors.all_of(store),
            limit=course.pace.down if last else 0,
            given=shipped.given(store),
            check=course.check and last,
            brief=True,
            aside=outbox.aside(store),
        )
        push = outbox.push_of(store, account, batch) if batch else None
        epoch = tables.kept(store, "epoch", "")
        knows = escrow.knows(store) if last else None
        return SyncRequest(account.dev, epoch, self._now(), app=VERSION, push=push, pull=pull, recovery=knows)

    def _tried(self, course: _Course, request: SyncRequest) -> tuple[SyncRequest, SyncReply]:
        """A request and its answer; after a cut link a smaller one is tried."""
        for attempt in range(_TRIES):
            before = self._wall()
            try:
                reply = course.transport.call("/v1/sync", request, SyncReply)
            except Unreachable:
                course.pace.cut()
                course.pace.keep(self.store)
                if attempt == _TRIES - 1:
                    raise
                request = self._smaller(course, request)
                continue
            except Denied as denied:
                if denied.status not in (429, 503) or attempt == _TRIES - 1 or denied.after > 5:
                    raise
                time.sleep(denied.after)
                continue
            self._set_clock(reply.now, before)
            return request, reply
        raise AssertionError

    def _smaller(self, course: _Course, request: SyncRequest) -> SyncRequest:
        """The same with less of it, as far as whole transactions allow."""
        batch, more = outbox.unsent(self.store, course.account.dev, course.pace.up)
        if request.push is None or len(batch) >= len(request.push.txs):
            return _with_limit(request, course.pace.down if request.pull and request.pull.limit else 0)
        return self._request(course, batch, last=not more)

    def _set_clock(self, hub_now: int, before: float) -> None:
        """Takes the hub's time as the time of stamps; the laptop's own clock is only told to be wrong."""
        middle = (before + self._wall()) / 2 * 1000
        offset = round(hub_now - middle)
        self.store.clock.correct(offset)
        if abs(offset - tables.kept(self.store, "offset", 0)) > 1000:
            self.store.database.write(lambda writing: tables.keep(writing, "offset", offset)).result()

    def _purge(self, course: _Course) -> None:
        """Villages that this laptop may not hold any longer leave it, after all of its own work was sent."""
        held = tables.kept(self.store, "scopes", [])
        for scope in cursors.all_of(self.store):
            if scope not in held and scope != COUNTY:
                count = purge.purge(self.store, scope)
                if count is None:
                    continue  # something was saved there just now: it is sent first
                course.report.purged += count
                now, words = self._now(), f"本机不再负责一个村，已移除 {count} 条记录"
                self.store.database.write(lambda db, now=now, words=words: diary.trace(db, now, "scope", words)).result()

    def _told(self, course: _Course, more: bool) -> None:  # noqa: FBT001 - whether own work still waits
        course.progress(course.report.sent + course.report.came, 0, "正在上传" if more else "正在接收")

    def _note_trouble(self, trouble: Trouble) -> None:
        self._write_log("trouble", f"{trouble.sentence}。{trouble.advice}".rstrip("。") + "。")
        self.store.database.write(lambda writing: self._keep_trouble(writing, trouble)).result()

    def _keep_trouble(self, writing: Writing, trouble: Trouble) -> None:
        tables.keep(writing, "last_try", self._now())
        tables.keep(writing, "trouble", trouble.sentence)

    def _write_log(self, kind: str, sentence: str) -> None:
        self.store.database.write(lambda writing: diary.note(writing, self._now(), kind, sentence)).result()

    def _now(self) -> int:
        return int(self._wall() * 1000)


def _silent(_done: int, _total: int, _text: str) -> None:
    pass


def _with_limit(request: SyncRequest, limit: int) -> SyncRequest:
    """The request with another bound on what it wants."""
    pull = msgspec.structs.replace(request.pull or Pull(), limit=limit)
    return msgspec.structs.replace(request, pull=pull)


__all__ = ["Client", "CodeNeeded", "Report", "Wiped", "account_of", "enrol", "leave"]
