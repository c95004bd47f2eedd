"""An answer of the hub is taken in: what it acknowledges, what it tells, whether both ends now hold the same."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import msgspec
import zstandard

from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Receipt as Written
from nehe_desktop.core.store import Store
from nehe_desktop.sync import (
    attachments,
    contact,
    cursors,
    diary,
    inbox,
    outbox,
    pouring,
    returned,
    settling,
    shipped,
    tables,
)
from nehe_desktop.sync.inbox import Taken
from nehe_desktop.sync.proofs import digest_text, receipt_hash
from nehe_desktop.sync.protocol import Page, Row, SnapshotNote, SyncReply, SyncRequest
from nehe_desktop.sync.transport import Denied, Transport

_AT_ONCE = 200
"""Rows taken in one transaction: a save of the person at the keyboard waits no longer than for these."""

_FILLED_AT_ONCE = 5000
"""The same while a village is received for the first time, when there is nobody's work to wait."""

_ROWS = msgspec.json.Decoder(Row)


@dataclass
class Report:
    """What one synchronisation did, in numbers, and what a person should know.

    Transactions sent, rows that came, conflicts, transactions set aside, rows that changed what is seen, rows
    purged, files carried; `hash` is what both sides keep of it; `read_anew` are scopes that did not agree.
    """

    sent: int = 0
    came: int = 0
    conflicts: int = 0
    set_aside: int = 0
    merged: int = 0
    purged: int = 0
    files: int = 0
    hash: str = ""
    problems: list[str] = field(default_factory=list)
    read_anew: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Answer:
    """What is still to be done after an answer: more rows wait, a scope is to be read anew."""

    more: bool
    read_anew: bool


def take(store: Store, dev: str, request: SyncRequest, reply: SyncReply, report: Report) -> Answer:
    """Takes an answer in, piece by piece; each piece is whole by itself, and taking it twice does no harm."""
    store.database.write(lambda writing: _take_ack(writing, dev, reply, report)).result()
    if reply.ack is not None and reply.ack.own is not None and request.pull is not None:
        store.exchange(returned.taking(dev, reply.ack, reply.ack.own, request.pull.cur)).result()
    more = read_anew = False
    for scope, page in reply.pages.items():
        read_anew |= take_page(store, scope, page, report)
        more |= page.more
    store.exchange(lambda writing: _settled(writing, reply)).result()
    _compare_receipts(dev, request, reply, report)
    if request.push is not None and reply.ack is not None:
        report.sent += len(request.push.txs)
    return Answer(more, read_anew)


def _settled(writing: Writing, reply: SyncReply) -> Written:
    taken = Taken()
    settling.settle(writing, taken)
    for done, words in ((True, "县里接收了被搁置的 {} 笔"), (False, "县里退回了被搁置的 {} 笔，本机按县里的显示")):
        count = settling.decide(writing, [each for each in reply.decided if each.done == done], taken)
        if count:
            diary.note(writing, reply.now, "conflict", words.format(count))
    return Written("", frozenset(taken.tables), taken.changed["I"], taken.changed["U"], taken.changed["D"])


def _take_ack(writing: Writing, dev: str, reply: SyncReply, report: Report) -> None:
    if reply.ack is not None:
        outbox.acknowledge(writing, dev, reply.ack.to, reply.ack.chain, reply.ack.heads, reply.now)
        for result in reply.ack.res:
            if result.k == "quarantined":
                outbox.set_aside(writing, dev, result.q, result.why)
                report.set_aside += 1
            report.conflicts += result.k == "conflict"
        tables.keep(writing, "durable", reply.ack.durable)
    if reply.scopes != tables.value(writing, "scopes"):
        tables.keep(writing, "scopes", reply.scopes)
    shipped.note_known(writing, reply.known)


def take_page(store: Store, scope: str, page: Page, report: Report) -> bool:
    """Takes a page in; whether the scope is to be read anew because both ends hold different rows."""
    here, whole = cursors.standing(store, scope)
    if page.since > here:
        report.problems.append("收到的内容前面缺一段，等下次同步补齐")
        return False
    if page.more and not page.rows:
        return False  # its rows did not fit into this answer
    starts = range(0, len(page.rows), _AT_ONCE) or [0]
    unlike = False
    for start in starts:
        part = page.rows[start : start + _AT_ONCE]
        job = _Part(scope, part, page if start == starts[-1] else None, quietly=not whole)
        unlike = _taken(store, job, report)
        _saw(store, part)
    return unlike


@dataclass(frozen=True)
class _Part:
    """Some rows of a page that are taken in one transaction; the last part knows the page that it ends."""

    scope: str
    rows: Sequence[Row]
    page: Page | None
    quietly: bool


def _taken(store: Store, part: _Part, report: Report) -> bool:
    unlike = False

    def work(writing: Writing) -> Written:
        nonlocal unlike
        taken = Taken()
        if part.rows:
            inbox.take(writing, part.scope, part.rows, taken, quietly=part.quietly)
            cursors.move(writing, part.scope, part.rows[-1].q)
        unlike = part.page is not None and _end_page(writing, part.scope, part.page, report, taken)
        report.came += len(part.rows)
        report.merged += taken.changed.total()
        return Written("", frozenset(taken.tables), taken.changed["I"], taken.changed["U"], taken.changed["D"])

    store.exchange(work).result()
    return unlike


def _saw(store: Store, rows: Sequence[Row]) -> None:
    """One's own stamps are later than what was seen."""
    store.clock.saw(max((row.h for row in rows), default=0))


def _end_page(writing: Writing, scope: str, page: Page, report: Report, taken: Taken) -> bool:
    cursors.move(writing, scope, page.cur)
    if page.more:
        return False
    if cursors.reached_head(writing, scope):
        settling.drop_stale(writing, scope, taken)
    at = writing.execute("SELECT hseq FROM sync_cursor WHERE scope = ?", (scope,)).fetchone()[0]
    same = digest_text(cursors.digest(writing, scope)) == page.digest
    if same or not page.digest or at != page.cur:
        return False
    if scope in report.read_anew:
        report.problems.append("有一个村的数据与县里核对不一致，请把日志发给县里")
        return False
    report.read_anew.add(scope)
    diary.note(writing, _now(writing), "trouble", "与县里核对不一致，正在重新接收一个村的数据。")
    cursors.read_anew(writing, scope)
    return True


def _now(writing: Writing) -> int:
    return int(writing.execute("SELECT unixepoch('subsec') * 1000").fetchone()[0])


def _compare_receipts(dev: str, request: SyncRequest, reply: SyncReply, report: Report) -> None:
    """Both sides reckon the receipt by themselves from what they hold after the round trip."""
    if reply.receipt is None or request.pull is None:
        return
    reached = {**request.pull.cur, **{scope: page.cur for scope, page in reply.pages.items()}}
    own = receipt_hash(dev, reply.ack, {scope: at for scope, at in reached.items() if scope in reply.scopes})
    report.hash = own
    if own != reply.receipt.hash:
        report.problems.append("回执与县里的不一致")


def fill(store: Store, transport: Transport, reply: SyncReply, report: Report) -> bool:
    """Fetches scopes that this laptop begins with as files; whether there were any."""
    pouring.loosen(store, sum(note.size for note in reply.snapshots.values()))
    for scope, note in reply.snapshots.items():
        _fill_scope(store, transport, scope, note, report)
    return bool(reply.snapshots)


def _fill_scope(store: Store, transport: Transport, scope: str, note: SnapshotNote, report: Report) -> None:
    if note.size > attachments.CHUNK:
        store.database.write(lambda writing: tables.keep(writing, "filling", note.size)).result()
    path = f"/v1/snapshot/{scope}@{note.at}"
    try:
        content = attachments.fetch(store, transport, path, note.sha256, note.size)
    except Denied as denied:
        if denied.status not in (404, 410):
            raise
        attachments.drop_parts(store, note.sha256)  # the hub has a newer one, and offers it with the next answer
        return
    if content is not None:
        _pour_in(store, scope, content, note, report)


def _pour_in(store: Store, scope: str, content: bytes, note: SnapshotNote, report: Report) -> None:
    """Stores the rows of a file, some at a time; the next ones are read while these are written."""
    before: Future[Written] | None = None
    for rows, following in itertools.pairwise(itertools.chain(_chunks(content), [[]])):
        last = note if not following else None
        if before is not None:
            before.result()
        before = store.exchange(
            lambda writing, rows=rows, last=last: _fill_part(writing, scope, rows, last, report)
        )
        _saw(store, rows)
    if before is not None:
        before.result()


def _chunks(content: bytes) -> Iterator[list[Row]]:
    rows: list[Row] = []
    with zstandard.ZstdDecompressor().stream_reader(content) as reader:
        for line in io.BufferedReader(reader):
            rows.append(_ROWS.decode(line))
            if len(rows) == _FILLED_AT_ONCE:
                yield rows
                rows = []
    yield rows


def _fill_part(
    writing: Writing, scope: str, rows: Sequence[Row], last: SnapshotNote | None, report: Report
) -> Written:
    """Takes some rows of a file in, and with its last ones the number that it reaches."""
    taken = Taken()
    inbox.take(writing, scope, rows, taken, quietly=True)
    if last is not None:
        _filled(writing, scope, last, taken)
    report.came += len(rows)
    return Written("", frozenset(taken.tables), taken.changed["I"], taken.changed["U"], taken.changed["D"])


def _filled(writing: Writing, scope: str, note: SnapshotNote, taken: Taken) -> None:
    cursors.move(writing, scope, note.at)
    if cursors.reached_head(writing, scope):
        settling.drop_stale(writing, scope, taken)
    writing.execute("DELETE FROM sync_part WHERE name = ?", (note.sha256,))
    if note.size > attachments.CHUNK:
        tables.keep(writing, "filling", 0)


def finish(store: Store, dev: str, report: Report, now: int, heard: int = 0) -> None:
    """Notes a synchronisation that came to its end; `heard` is the county's own time (ms) where it was asked just now."""
    store.database.write(lambda writing: _finish(writing, dev, report, now, heard)).result()


def _finish(writing: Writing, dev: str, report: Report, now: int, heard: int) -> None:
    tables.keep(writing, "last_success", now)
    contact.note(writing, heard)
    tables.keep(writing, "last_try", now)
    tables.keep(writing, "trouble", "")
    outbox.forget_old(writing, dev, now)
    for problem in report.problems:
        diary.note(writing, now, "trouble", problem)
    if report.set_aside:
        diary.note(writing, now, "conflict", f"{report.set_aside} 笔被县里搁置，等县里处理；本机照样看得到")
    if report.sent or report.came or report.files:
        words = f"上传 {report.sent} 笔，收到 {report.came} 条，冲突 {report.conflicts} 处"
        numbers = {name: getattr(report, name) for name in ("sent", "came", "conflicts", "set_aside", "files", "hash")}
        diary.note(writing, now, "receipt", f"{words}，回执 {report.hash}", numbers)

