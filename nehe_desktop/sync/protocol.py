"""The messages between laptop and hub: JSON by msgspec, zstd around it (version 1 of the protocol).

One round trip pushes and pulls. A transaction travels as the very bytes that were hashed into the
device's chain, so that both sides can prove what was sent. Names of one letter keep a change small.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Raw, Struct

from nehe_desktop.sync.admission import Deposit, Deposited, RecoveryKey

VERSION = 1
"""The protocol that this program speaks; the hub takes it and the two before it."""

SCHEMA = 1
"""The number of the ledgers' declarations; raised when a field is added, so that skew is seen."""

COUNTY = "county"
"""The scope of reference rows, which every laptop of the county holds."""

EVERY = "*"
"""The grant of a county device: every scope of the county."""

OFFICE = "office"
"""The scope of what is the county office's own: its laptops hold it; others may only add their own traces to it."""

START = ""
"""The chain before the first transaction of a device."""


class Change(Struct, forbid_unknown_fields=False):
    """One record's change: table, key, scope as the laptop sees it, operation, {field: [old, new]}."""

    t: str
    k: str
    s: str
    o: Literal["I", "U", "D"]
    f: dict[str, tuple[Any, Any]] = {}


class Transaction(Struct, omit_defaults=True):
    """What one save did, all or nothing: stamp (hybrid logical clock), author, reason, changes.

    `g` names a set of rows that were shipped with the program: they fill what is empty and never win.
    `p` is [which, of how many] where one save was too large for a weak link: the hub keeps the parts
    and does them together when the last has come.
    """

    h: int
    u: str
    r: str
    c: list[Change]
    g: str = ""
    p: tuple[int, int] = (1, 1)


class Push(Struct, omit_defaults=True, rename={"first": "from"}):
    """Whole transactions of one device in their order.

    `first` numbers the first of them, `prev` is the chain before it, `sig` the device's Ed25519
    signature of `signed_words`; `resend` gives, by number, the heads {scope: hseq} at which a
    transaction had been acknowledged by an earlier life of the hub.
    """

    first: int
    prev: str
    txs: list[Raw]
    sig: str = ""
    resend: dict[str, dict[str, int]] = {}


class Pull(Struct, omit_defaults=True):
    """Where a laptop stands: cursor by scope, and how many bytes of rows it wants at most.

    It goes with every request, because the hub judges a change by what the laptop could know; `limit` 0
    means that no rows are wanted. `given` names the sets of shipped rows that it holds already; `check`
    asks for a page with the digest of every scope, also where nothing is new. `brief` says that the laptop
    makes its own rows out of `Ack.own` and need not be sent them back; `aside` are transactions, by device
    and number, that it still shows as set aside.
    """

    cur: dict[str, int] = {}
    limit: int = 65_536
    given: list[str] = []
    check: bool = False
    brief: bool = False
    aside: list[tuple[str, int]] = []


class SyncRequest(Struct, omit_defaults=True):
    """One round trip. `now` is the laptop's wall clock in milliseconds since 1970.

    `recovery` names the county's recovery key that the laptop knows, "" for none; where it has another one, the hub
    tells it. `deposit` is the laptop's key for the county, where a stick carries the request.
    """

    dev: str
    epoch: str
    now: int
    v: int = VERSION
    schema: int = SCHEMA
    app: str = ""
    push: Push | None = None
    pull: Pull | None = None
    recovery: str | None = None
    deposit: Deposit | None = None


class Row(Struct, array_like=True):
    """A row as the hub has it: table, key, revision, number in its scope, kind, values, author, stamp.

    Kinds: 0 a row, 1 removed, 2 it left this scope, 3 a shipped row (not counted in the digest).
    """

    t: str
    k: str
    v: int
    q: int
    g: int = 0
    f: dict[str, Any] = {}
    u: str = ""
    h: int = 0


LIVE, GONE, EXIT, GIVEN = 0, 1, 2, 3
"""Kinds of Row."""


class Page(Struct, omit_defaults=True):
    """The rows of a scope after the number `since`, in order, up to `cur`; at the head with the digest."""

    rows: list[Row]
    since: int
    cur: int
    more: bool = False
    digest: str = ""


class SnapshotNote(Struct):
    """A scope as one file: its number, how many bytes, their SHA-256 (hex); zstd over a JSON Row a line."""

    at: int
    size: int
    sha256: str


class Result(Struct, omit_defaults=True):
    """What became of a transaction where it was not simply applied.

    Kinds: conflict, quarantined, again (the very same one came before).
    """

    q: int
    k: Literal["conflict", "quarantined", "again"]
    why: str = ""
    id: str = ""


class Own(Struct):
    """Changes that became rows just as they were sent, in scopes that hold nothing else which is new.

    From the transaction `first` on, for each change its row's revision, 0 where that is not so. Those of
    a scope have the next numbers after the laptop's cursor, in their order.
    """

    first: int
    scopes: list[str]
    revs: list[list[int]]


class Ack(Struct, omit_defaults=True):
    """What this request's transactions came to.

    `to` is the last transaction of this very request that was verified, never the hub's own last;
    `heads` are the numbers of the scopes after it; what is up to `durable` lies in a backup. `own` tells
    of rows that need not be sent back.
    """

    to: int
    chain: str
    heads: dict[str, int]
    durable: int = 0
    res: list[Result] = []
    own: Own | None = None


class Receipt(Struct, omit_defaults=True):
    """What both sides agree on: counts of this request, and a hash over them and the two chains."""

    sent: int = 0
    taken: int = 0
    conflicts: int = 0
    set_aside: int = 0
    came: int = 0
    hash: str = ""


class Decision(Struct, array_like=True):
    """What the county decided on a transaction that was set aside: device, number, whether it was done after all."""

    dev: str
    seq: int
    done: bool


class SyncReply(Struct, omit_defaults=True):
    """The hub's answer.

    `scopes` is what the device may hold now, reference rows included; `known` are the shipped sets that
    the hub has; `snapshots` are offered for scopes that the laptop begins with, instead of a page; `decided`
    are those of `Pull.aside` that wait no longer. `recovery` is the county's recovery key where the laptop does not
    know it, `deposited` says that its key was taken.
    """

    now: int
    epoch: str
    scopes: list[str]
    schema: int = SCHEMA
    min_schema: int = 0
    ack: Ack | None = None
    pages: dict[str, Page] = {}
    known: list[str] = []
    receipt: Receipt | None = None
    snapshots: dict[str, SnapshotNote] = {}
    decided: list[Decision] = []
    recovery: RecoveryKey | None = None
    deposited: Deposited | None = None


class Fork(Struct):
    """An epoch of the hub: which one it began after, and the heads {scope: hseq} up to which both agree."""

    epoch: str
    parent: str
    heads: dict[str, int]


class Refusal(Struct, omit_defaults=True):
    """Why the hub did not do what was asked.

    409: epoch (the hub was restored: `epoch`, `lineage`), fork (another laptop goes by this name:
    `last`), gap (`last`). 403: unknown, revoked (with a signed order to wipe). 401: token.
    400: unreadable. 429/503: later, see Retry-After. 426: version.
    """

    error: str
    sentence: str = ""
    epoch: str = ""
    lineage: list[Fork] = []
    last: int = 0
    order: str = ""
    sig: str = ""


class Salvage(Struct):
    """Rows that a laptop pulled in a part of an earlier epoch which the hub has lost."""

    dev: str
    epoch: str
    lost: str
    rows: dict[str, list[Row]]


encode = msgspec.json.Encoder().encode
"""The bytes of any message."""
