"""Synchronising by USB stick: a package out to the county, a package back with what came of it.

A package holds the very messages that a network would carry, so it may be delivered twice, late, or after
the network has done the same work. Nothing here leaves the list of what waits before the answer is back.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from nehe_desktop import VERSION
from nehe_desktop.core import local
from nehe_desktop.core.database import Writing
from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.sync import (
    attachments,
    contact,
    cursors,
    denials,
    diary,
    escrow,
    intake,
    membership,
    outbox,
    parole,
    shipped,
    tables,
)
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import Deposit, Enrolled
from nehe_desktop.sync.intake import Report
from nehe_desktop.sync.invitation import Invitation
from nehe_desktop.sync.keys import Keys
from nehe_desktop.sync.package import Parcel, letter, message_of, open_parcel, seal
from nehe_desktop.sync.protocol import Pull, Refusal, SyncReply, SyncRequest

SUFFIX = ".nhpkg"
_BATCH = 8 << 20  # bytes of transactions in one message
_WANTED = 64 << 20  # bytes of rows that a stick brings back at most
_LONGEST_NAME = 60  # characters; a disk takes 255 bytes, and a Chinese character has three
_FILES = 200 << 20  # bytes of attachments that one package carries


def make_up(store: Store, folder: Path) -> Path:
    """Writes a package with all that waits into a folder, such as a stick; raises Trouble."""
    account = _known(store)
    store.database.write(lambda writing: outbox.seal_all(writing, account.dev)).result()
    messages: tuple[bytes, ...]
    key: Deposit | None = None
    if parole.is_reborn(store):
        messages = (parole.reborn_letter(store),)
    else:
        key = escrow.due(store, account)
        messages = (*denials.laid_aside(store, account), *map(letter, _requests(store, account, key)))
    blobs = _attached(store)
    now = _now()
    parcel = Parcel(account.county, account.dev, account.county, now, "up", messages, blobs)
    path = _written(folder, f"{account.name} 送县 {_when(now)}", seal(parcel, account.keys, account.hub_seal))
    store.database.write(lambda writing: _note_carried(writing, account, list(blobs), path, now)).result()
    store.database.write(lambda writing: escrow.note_carried(writing, key, now)).result()
    return path


def _known(store: Store) -> Account:
    account = membership.account_of(store)
    if account is None:
        raise Trouble("这台电脑还没有加入县里的网", "没有网络时，先用“用 U 盘加入”")
    tables.prepare(store)
    return account


def _requests(store: Store, account: Account, key: Deposit | None) -> Iterator[SyncRequest]:
    """What a network would carry, in as many messages as are needed; the last asks for all that is new.

    It also takes along the key for the county, where the county does not have it.
    """
    epoch, sent = tables.kept(store, "epoch", ""), tables.kept(store, "acked", 0)
    while True:
        batch = outbox.batch_after(store, account.dev, sent, _BATCH)
        last = not batch or batch[-1].seq >= outbox.newest(store, account.dev)
        pull = Pull(cursors.all_of(store), _WANTED if last else 0, shipped.given(store), last, aside=outbox.aside(store))
        push = outbox.push_of(store, account, batch) if batch else None
        request = SyncRequest(account.dev, epoch, _now(), app=VERSION, push=push, pull=pull)
        if last:
            request.recovery, request.deposit = escrow.knows(store), key
        yield request
        if last:
            return
        sent = batch[-1].seq


def _attached(store: Store) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    size = 0
    for (name,) in store.rows("SELECT sha256 FROM sync_blob WHERE way = 'up'"):
        content = store.blob(name)
        if content and size + len(content) <= _FILES:
            found[name] = content
            size += len(content)
    return found


def _note_carried(writing: Writing, account: Account, names: list[str], path: Path, now: int) -> None:
    last, _ = outbox.last_sealed(writing, account.dev)
    carried = tables.value(writing, "carried", {})
    tables.keep(writing, "carried", {**carried, **{name: last for name in names if name not in carried}})
    diary.note(writing, now, "usb", f"已写出数据包：{path.name}")


def _written(folder: Path, name: str, data: bytes) -> Path:
    """Writes the file whole or not at all, and reads it back: sticks are pulled out early."""
    clean = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u202e\u2066-\u2069\ud800-\udfff]', "_", name[-_LONGEST_NAME:])
    path = folder / f"{clean}{SUFFIX}"
    part = path.with_suffix(".part")
    try:
        part.write_bytes(data)
        part.replace(path)
        if hashlib.sha256(path.read_bytes()).digest() != hashlib.sha256(data).digest():
            raise Trouble("写到 U 盘的数据包读回来不一致", "请换一个 U 盘再试")
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Trouble("数据包没有写成", "请检查 U 盘是否插好、有没有空间、是不是写保护") from error
    return path


def take_down(store: Store, path: Path) -> Report:
    """Takes in a package that came back from the county; raises Refused for what is no such package, Trouble, Wiped."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Trouble("读不出这个数据包", "请检查 U 盘是否插好") from error
    tables.prepare(store)
    parcel, keys = _opened(store, data)
    report = Report()
    for packed in parcel.messages:
        message = message_of(packed)
        if isinstance(message, Enrolled):
            _take_enrolled(store, message, keys)
        elif isinstance(message, Refusal) and membership.account_of(store) is None:
            raise Refused(message.sentence or "县里没有接受这个邀请码，请要一个新的")
        elif isinstance(message, Refusal):
            denials.answer_by_stick(store, _known(store), message)
            report.problems.append("县里要求重新核对，请再送出一个数据包")
        elif isinstance(message, SyncReply):
            _take_reply(store, message, report)
    _take_blobs(store, parcel.blobs, report)
    store.database.write(lambda writing: _note_taken(writing, parcel.made, path)).result()
    return report


def _note_taken(writing: Writing, made: int, path: Path) -> None:
    contact.note(writing, made)
    diary.note(writing, _now(), "usb", f"已收回数据包：{path.name}")


def _opened(store: Store, data: bytes) -> tuple[Parcel, Keys]:
    """The package, opened with the keys that this laptop has or has asked to be known by."""
    account, waiting = membership.account_of(store), parole.keys(store)
    hub_sign = account.hub_sign if account else parole.hub_sign(store)
    tries = [account.keys] if account else []
    refused = Refused("这台电脑还没有申请加入，打不开县里的数据包")
    for keys in (*waiting, *tries):
        try:
            parcel = open_parcel(data, keys, lambda _: hub_sign)
        except Refused as error:
            refused = error
            continue
        if parcel.kind != "down":
            raise Refused("这是送往县里的数据包，不是从县里带回来的")
        return parcel, keys
    raise refused


def _take_enrolled(store: Store, enrolled: Enrolled, keys: Keys) -> None:
    if parole.is_reborn(store):
        denials.become(store, _known(store), enrolled, keys)
        parole.forget(store)
    elif (asked := parole.invitation(store)) is not None:
        invitation, name = asked
        membership.join(store, invitation, "", name, keys, enrolled)
        now = _now()
        words = f"用 U 盘加入了县里的网（{enrolled.dev}）"
        store.database.write(lambda writing: diary.trace(writing, now, "scope", words)).result()
        parole.forget(store)


def _take_reply(store: Store, reply: SyncReply, report: Report) -> None:
    account = _known(store)
    if reply.epoch != tables.kept(store, "epoch", ""):
        raise Refused("这个数据包是县里恢复备份以前做的，已经没有用；请再送出一个")
    escrow.hear(store, account, reply.recovery, reply.now)
    escrow.take_answer(store, account, reply.deposited, reply.epoch)
    request = SyncRequest(account.dev, reply.epoch, reply.now)
    intake.take(store, account.dev, request, reply, report)
    if reply.ack is not None:
        done = reply.ack.to
        store.database.write(lambda writing: _note_delivered(writing, done)).result()
        parole.delivered(store)
    intake.finish(store, account.dev, report, _now())


def _note_delivered(writing: Writing, done: int) -> None:
    carried: dict[str, int] = tables.value(writing, "carried", {})
    there = [name for name, last in carried.items() if last <= done]
    writing.conn.executemany("UPDATE sync_blob SET way = 'sent' WHERE sha256 = ?", [(name,) for name in there])
    tables.keep(writing, "carried", {name: last for name, last in carried.items() if name not in there})


def _take_blobs(store: Store, blobs: Mapping[str, bytes], report: Report) -> None:
    for name, content in blobs.items():
        if hashlib.sha256(content).hexdigest() == name:
            store.database.write(lambda writing, n=name, c=content: _keep_blob(writing, n, c)).result()
            report.files += 1


def _keep_blob(writing: Writing, name: str, content: bytes) -> None:
    local.put_blob(writing, name, content, attachments.mime_of(content))
    writing.execute("DELETE FROM sync_blob WHERE sha256 = ? AND way = 'down'", (name,))


def make_enrolment(store: Store, invitation: Invitation, name: str, folder: Path) -> Path:
    """Writes a package that asks the county to let this laptop in; raises Refused and Trouble."""
    message, keys = membership.enrolment(store, invitation, name)
    now = _now()
    parcel = Parcel("", "", "", now, "up", (letter(message),))
    return _written(folder, f"{name.strip()} 申请加入 {_when(now)}", seal(parcel, keys, invitation.hub_seal))


def _now() -> int:
    return int(time.time() * 1000)


def _when(now: int) -> str:
    return f"{diary.moment(now):%Y%m%d-%H%M%S}"
