"""Packages that came on a stick: the same messages through the same doors as over the network.

Who sent a package is proved by its signature. The answer is a package for that laptop with every page
up to the head and the attachments that its new rows name; delivering a package twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from msgspec import Struct

from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import auth, devices, escrow
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync import wire
from nehe_desktop.sync.admission import Deposit, Deposited, Enrolled, Enrolment, Reincarnation
from nehe_desktop.sync.keys import Keys
from nehe_desktop.sync.package import Parcel, letter, message_of, open_parcel, seal
from nehe_desktop.sync.protocol import LIVE, Page, Pull, Refusal, Row, Salvage, SyncRequest
from nehe_desktop.sync.rules import UNKNOWN
from nehe_desktop.sync.transport import Denied

_PAGE = 1 << 20  # bytes of rows in one answer
_FILES = 256 << 20  # bytes of attachments in one package
_LARGEST = 2 << 20  # bytes of one attachment
_RELAYED = 96 << 20  # bytes that a package from the network unpacks to: several of them are read at once
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ROWS = msgspec.json.Decoder(Row)


@dataclass(frozen=True)
class Answer:
    """The package to carry back, for which laptop, how many transactions came, and why some were refused."""

    dev: str
    package: bytes
    transactions: int
    refused: str


@dataclass
class _Visit:
    """What one package has come to so far: who it is now, its key, the answers, and where it stands.

    `knows` names the recovery key that the laptop knows.
    """

    hub: Hub
    now: int
    dev: str
    seal_key: str
    answers: list[Struct] = field(default_factory=list)
    standing: Pull | None = None
    knows: str | None = ""
    needs: Mapping[str, bool] = field(default_factory=dict)


def answered(
    hub: Hub,
    keys: Keys,
    package: bytes,
    wall: Callable[[], int],
    *,
    relayed: bool = False,
    otp_for_county: bool = False,
) -> Answer:
    """Takes a package and makes the one that goes back; raises Refused for what is none, or not for this hub.

    One that was `relayed` by somebody over the network is no way around the code of a phone: where that is
    needed, the stick must be handed in at the county.
    """
    store, county = hub.store, hub.county
    most = _RELAYED if relayed else 0
    parcel = open_parcel(package, keys, lambda dev: devices.sign_key_of(store, county, dev), most=most)
    if parcel.kind != "up" or parcel.county not in ("", county):  # who is not enrolled yet knows no county
        raise Refused("这个数据包不是送到这个县的")
    visit = _Visit(hub, wall(), parcel.sender, devices.seal_key_of(store, county, parcel.sender))
    visit.needs = {"twofold": not relayed, "otp_for_county": otp_for_county}
    messages = [message_of(each) for each in parcel.messages]
    for message in messages:
        try:
            _take(visit, message)
        except Denied as denied:
            visit.answers.append(denied.refusal)
            if isinstance(message, Enrolment):
                break  # one code a package: whoever tries many must come as often
    _take_files(visit, parcel.blobs)
    rows = [row for page in _pages(visit) for row in page.rows]
    letters = tuple(letter(each) for each in visit.answers)
    back = Parcel(county, "", visit.dev, visit.now, "down", letters, _files(visit, rows))
    sent = sum(len(each.push.txs) for each in messages if isinstance(each, SyncRequest) and each.push)
    refused = next((each.sentence for each in visit.answers if isinstance(each, Refusal)), "")
    return Answer(visit.dev, seal(back, keys, visit.seal_key), sent, refused)


def _take(visit: _Visit, message: Struct) -> None:
    hub = visit.hub
    match message:
        case Enrolment():
            visit.seal_key = message.seal_key
            _let_in(visit, message.seal_key, devices.enrol(hub.store, hub.county, message, lambda: visit.now))
        case Reincarnation() if message.dev == visit.dev:
            told = devices.reincarnate(hub.store, hub.county, message, lambda: visit.now)
            _let_in(visit, message.seal_key, told)
        case Salvage() if message.dev == visit.dev:
            _must_be_welcome(visit)
            hub.salvage(visit.dev, message)
        case SyncRequest() if message.dev == visit.dev:
            _must_be_welcome(visit)
            reply = hub.sync(visit.dev, _only_push(message))
            reply.deposited = _kept(visit, message.deposit)
            visit.answers.append(reply)
            visit.standing, visit.knows = message.pull or Pull(), None  # told in this answer
        case _:
            raise Denied(400, Refusal("unreadable", "数据包里的内容不是这台电脑的"))


def _kept(visit: _Visit, deposit: Deposit | None) -> Deposited | None:
    """That the key of the laptop was taken; None where it is not good, and the laptop leaves it anew next time."""
    if deposit is None or deposit.dev != visit.dev:
        return None
    try:
        return escrow.keep(visit.hub.store, visit.hub.county, deposit, visit.now)
    except Denied:
        return None


def _let_in(visit: _Visit, seal_key: str, told: Enrolled) -> None:
    visit.dev, visit.seal_key = told.dev, seal_key
    visit.answers.append(told)
    _must_be_welcome(visit)
    visit.standing = Pull()


def _must_be_welcome(visit: _Visit) -> None:
    try:
        visit.hub.store.read(lambda link: auth.admitted(link, visit.hub.county, visit.dev, **visit.needs))
    except Denied as denied:
        if denied.refusal.error != "token":
            raise
        raise Denied(403, Refusal("otp", "这台电脑要用验证码，数据包请拿 U 盘到县里交")) from denied


def _only_push(request: SyncRequest) -> SyncRequest:
    """The request without its wish for rows: they are added once for the whole package."""
    pull = request.pull or Pull()
    return msgspec.structs.replace(request, pull=msgspec.structs.replace(pull, limit=0, check=False))


def _pages(visit: _Visit) -> Iterator[Page]:
    """Every page that takes the laptop to the head of each of its scopes; each answer is noted."""
    hub, pull = visit.hub, visit.standing
    while pull is not None:
        pull = msgspec.structs.replace(pull, limit=_PAGE, check=True)
        reply = hub.sync(visit.dev, SyncRequest(visit.dev, hub.epoch, visit.now, pull=pull, recovery=visit.knows))
        visit.knows = None  # told once a package
        opened = {scope: _opened(visit, scope, note.at, note.size) for scope, note in reply.snapshots.items()}
        reply.pages, reply.snapshots = {**reply.pages, **opened}, {}
        visit.answers.append(reply)
        yield from reply.pages.values()
        more = any(page.more for page in reply.pages.values())
        cursors = {**pull.cur, **{scope: page.cur for scope, page in reply.pages.items()}}
        pull = msgspec.structs.replace(pull, cur=cursors) if more else None


def _opened(visit: _Visit, scope: str, at: int, size: int) -> Page:
    """A snapshot as one page: on a stick nothing needs to be resumed."""
    packed = visit.hub.snapshot(visit.dev, scope, at, 0, size)
    return Page(_ROWS.decode_lines(wire.unpacked(packed)), since=0, cur=at, more=True)


def _take_files(visit: _Visit, files: Mapping[str, bytes]) -> None:
    for sha256, content in files.items():
        try:
            have = visit.hub.have(visit.dev, sha256)
            if 0 <= have < len(content) <= _LARGEST:
                visit.hub.put(visit.dev, sha256, have, len(content), content[have:])
        except Denied:
            continue  # no row that this laptop may read names it


def _files(visit: _Visit, rows: Sequence[Row]) -> dict[str, bytes]:
    """The attachments that rows name, as far as they are here and fit."""
    found: dict[str, bytes] = {}
    left = _FILES
    for sha256 in dict.fromkeys(name for row in rows if row.g == LIVE for name in _named(visit, row)):
        try:
            content = visit.hub.fetch_blob(visit.dev, sha256, 0, _LARGEST)
        except Denied:
            continue  # its laptop has not sent it yet
        if len(content) <= left:
            found[sha256] = content
            left -= len(content)
    return found


def _named(visit: _Visit, row: Row) -> Iterator[str]:
    for name in visit.hub.rules.get(row.t, UNKNOWN).attachments:
        yield from _SHA256.findall(str(row.f.get(name) or ""))
