"""Laptops as the hub sees them: they sign what they send, and keep what they are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import Raw

from nehe_desktop.core.given import content_of, name_of
from nehe_desktop.hub import devices
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import Link
from nehe_desktop.sync.keys import Keys, new_keys
from nehe_desktop.sync.proofs import MODULUS, chain_of, digest_text, mark, receipt_hash, signed_words
from nehe_desktop.sync.protocol import (
    EXIT,
    GONE,
    LIVE,
    START,
    Ack,
    Change,
    Pull,
    Push,
    Receipt,
    Row,
    Salvage,
    SyncReply,
    SyncRequest,
    Transaction,
    encode,
)
from nehe_desktop.sync.rules import TableRule

COUNTY = "讷河"
NORTH, SOUTH, EAST = "a1" * 16, "b2" * 16, "c3" * 16
"""Three villages."""

NOW = 1_603_155_600_000
"""A Tuesday morning in October 2020, in milliseconds."""

RULES: dict[str, TableRule] = {
    "division": TableRule(by_county=True, shipped={key: content_of({"name": f"村{key[0]}"}) for key in (NORTH, SOUTH)}),
    "unit": TableRule(),
    "household": TableRule(
        via="village",
        home="division",
        policies={"kind": "review", "tags": "set"},
        together={"amount": ("amount", "year"), "year": ("amount", "year")},
    ),
    "person": TableRule(via="household", parent="household", unique=("id_number",)),
    "visit": TableRule(via="household", parent="household", attachments=("photos",)),
    "account": TableRule(
        via="village", home="division", reserved={"role": {"R7": "county"}}, unplaced="office"
    ),
    "audit_log": TableRule(
        via="village", home="division", append_only=True, unplaced="office", by_device="device"
    ),
    "conflict": TableRule(via="village", home="division", quiet=True),
    "double": TableRule(via="village", home="division", quiet=True),
}
"""Ledgers as the hub is told of them."""


class Wall:
    """The hub's clock, which stands until somebody moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


def new(table: str, key: str, scope: str, **values: Any) -> Change:
    """A new record."""
    return Change(table, key, scope, "I", {name: (None, value) for name, value in values.items()})


def set_of(*changes: Change) -> str:
    """The name of a shipped set of these new records."""
    return name_of((each.t, each.k, {n: after for n, (_, after) in each.f.items()}) for each in changes)


def edit(table: str, key: str, scope: str, **values: tuple[Any, Any]) -> Change:
    """An edit: each field with its old and its new value."""
    return Change(table, key, scope, "U", values)


def removal(table: str, key: str, scope: str, **values: Any) -> Change:
    """A removal, with the values that the laptop saw."""
    return Change(table, key, scope, "D", {name: (value, None) for name, value in values.items()})


@dataclass
class Laptop:
    """One laptop with its chain, its cursors and the rows it was told."""

    hub: Hub
    dev: str
    keys: Keys
    name: str
    seq: int = 0
    chain: str = START
    epoch: str = ""
    tick: int = 0
    given: list[str] = field(default_factory=list)
    cursors: dict[str, int] = field(default_factory=dict)
    rows: dict[tuple[str, str], tuple[str, Row]] = field(default_factory=dict)
    reply: SyncReply | None = None

    def save(self, *changes: Change, at: int | None = None, **more: Any) -> bytes:
        """The bytes of a save; each is a moment later than the one before, if no moment is given."""
        self.tick += 1
        stamp = (NOW << 16) + self.tick if at is None else at
        return encode(
            Transaction(stamp, more.pop("by", self.name), more.pop("why", ""), list(changes), **more)
        )

    def push(self, *saves: bytes, resend: Mapping[int, Mapping[str, int]] | None = None) -> Push:
        """The next transactions, signed."""
        return self.push_from(self.seq + 1, self.chain, saves, resend or {})

    def push_from(
        self,
        first: int,
        prev: str,
        saves: Iterable[bytes],
        resend: Mapping[int, Mapping[str, int]] | None = None,
    ) -> Push:
        """Transactions from some number on, signed."""
        bodies = list(saves)
        words = signed_words(self.hub.county, self.dev, first, len(bodies), chain_of(prev, bodies))
        again = {str(seq): dict(heads) for seq, heads in (resend or {}).items()}
        return Push(first, prev, [Raw(each) for each in bodies], self.keys.signature(words), again)

    def request(self, push: Push | None = None, pull: Pull | None = None, **more: Any) -> SyncRequest:
        """One request as it is."""
        more = {"now": NOW, "epoch": self.epoch or self.hub.epoch, **more}
        return SyncRequest(self.dev, push=push, pull=pull, **more)

    def ask(self, push: Push | None = None, pull: Pull | None = None, **more: Any) -> SyncReply:
        """The answer to one request; raises Denied."""
        return self.hub.sync(self.dev, self.request(push, pull, **more))

    def receipt(self, reply: SyncReply) -> Receipt:
        """The receipt as this laptop reckons it."""
        cursors = {scope: at for scope, at in self.cursors.items() if scope in reply.scopes}
        came = sum(len(page.rows) for page in reply.pages.values())
        sent = 1 if reply.ack else 0
        return Receipt(sent, sent, came=came, hash=receipt_hash(self.dev, reply.ack, cursors))

    def send(self, *saves: bytes, **more: Any) -> SyncReply:
        """Sends saves without wanting rows, and goes on behind them."""
        reply = self.ask(self.push(*saves, **more), Pull(dict(self.cursors), limit=0, given=self.given))
        return self._told(reply)

    def does(self, *changes: Change, **more: Any) -> SyncReply:
        """Saves changes in one transaction and sends it."""
        return self.send(self.save(*changes, **more))

    def pull(self, limit: int = 65_536, *, check: bool = False) -> SyncReply:
        """Takes one answer in."""
        return self._told(self.ask(None, Pull(dict(self.cursors), limit, self.given, check)))

    def catch_up(self, limit: int = 65_536) -> None:
        """Pulls until nothing is left."""
        while any(page.more for page in self.pull(limit).pages.values()):
            pass

    def salvages(self, rows: Mapping[str, list[Row]], lost: str = "lost") -> None:
        """Brings back rows that an earlier life of the hub had told."""
        self.hub.salvage(self.dev, Salvage(self.dev, self.epoch or self.hub.epoch, lost, dict(rows)))

    def _told(self, reply: SyncReply) -> SyncReply:
        if reply.ack:
            self.seq, self.chain = reply.ack.to, reply.ack.chain
        for scope, page in reply.pages.items():
            for row in page.rows:
                self._take(scope, row)
            self.cursors[scope] = page.cur
        self.reply = reply
        return reply

    def _take(self, scope: str, row: Row) -> None:
        key = (row.t, row.k)
        known = self.rows.get(key)
        if row.g != EXIT:
            if known is None or row.v > known[1].v:
                self.rows[key] = (scope, row)
        elif known and known[0] == scope and known[1].q < row.q:
            del self.rows[key]

    def sees(self, table: str, key: str) -> dict[str, Any] | None:
        """The values of a row as this laptop was told it; None where it has none."""
        found = self.rows.get((table, key))
        return found[1].f if found and found[1].g != GONE else None

    def all(self, table: str) -> list[dict[str, Any]]:
        """The live rows of a ledger as this laptop was told them."""
        return [row.f for (name, _), (_, row) in sorted(self.rows.items()) if name == table and row.g != GONE]

    def state(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        """Everything it was told, without what was removed."""
        return {
            key: (scope, row.v, row.g, row.f, row.u, row.h)
            for key, (scope, row) in self.rows.items()
            if row.g != GONE
        }

    def digest(self, scope: str) -> str:
        """The digest of what it holds of a scope."""
        mine = [row for where, row in self.rows.values() if where == scope and row.g == LIVE]
        return digest_text(sum(mark(row.t, row.k, row.v) for row in mine) % MODULUS)


def join(hub: Hub, name: str, *scopes: str, state: str = "active") -> Laptop:
    """A laptop that was let in for these scopes."""
    keys, dev = new_keys(), f"dev-{name}"
    row = (
        hub.county,
        dev,
        name,
        keys.sign_public,
        keys.seal_public,
        state,
        0,
        START,
        "",
        0,
        NOW,
        0,
        0,
        "",
        "",
    )
    marks = ",".join("?" * len(row))

    def job(link: Any) -> None:
        link.run(f"INSERT INTO device VALUES ({marks})", row)

    hub.store.write(hub.county, job)
    for scope in scopes:
        devices.grant(hub.store, hub.county, dev, scope, NOW)
    return Laptop(hub, dev, keys, name)


def ack_of(reply: SyncReply) -> Ack:
    """The acknowledgement of an answer."""
    assert reply.ack is not None
    return reply.ack


def contents(hub: Hub) -> dict[str, list[Any]]:
    """Every row of the hub's tables, without what is noted of visits."""
    tables = (
        "record",
        "departure",
        "head",
        "tx",
        "natural_key",
        "given_set",
        "blob_ref",
        "scope_grant",
        "epoch",
    )

    def job(link: Link) -> dict[str, list[Any]]:
        found = {
            name: sorted(map(repr, link.all(f"SELECT * FROM {name} WHERE county = ?", (hub.county,))))
            for name in tables
        }
        places = "SELECT dev, seq, chain, state FROM device WHERE county = ? ORDER BY dev"
        return {**found, "device": link.all(places, (hub.county,))}

    return hub.store.read(job)
