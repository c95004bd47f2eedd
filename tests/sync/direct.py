"""A county in one process: a real hub, laptops with real encrypted files, and a way between that may fail.

Every message is packed and unpacked as on a network.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from nehe_desktop.core.clock import Clock
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Change, Put, Receipt, Store
from nehe_desktop.features.entry.intake import shipped_rows
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.hub import devices, epochs, escrow, restoring, scopes
from nehe_desktop.hub.schema import TABLES
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.hub.store_sqlite import SqliteStore
from nehe_desktop.sync import courier, wire
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import Deposit, Enrolment, Reincarnation
from nehe_desktop.sync.client import Client, enrol
from nehe_desktop.sync.intake import Report
from nehe_desktop.sync.invitation import Invitation
from nehe_desktop.sync.keys import Keys, new_keys
from nehe_desktop.sync.membership import account_of
from nehe_desktop.sync.protocol import Refusal, Salvage, SyncReply, SyncRequest
from nehe_desktop.sync.rules import rules_of
from nehe_desktop.sync.transport import Denied, Hello, Unreachable

T = TypeVar("T")
KEY = bytes(range(32))
CODE = "230281"
NORTH, SOUTH = "0a" * 16, "0b" * 16
"""Two villages."""

HUB_TABLES = [line.split(" (")[0] for line in TABLES.splitlines() if " (county TEXT" in line]
Dump = dict[str, list[tuple[Any, ...]]]


class Watch:
    """The hub's clock, in milliseconds; it stands until it is told to go on."""

    def __init__(self) -> None:
        self.at = int(datetime(2020, 10, 20, 9, tzinfo=UTC).timestamp() * 1000)

    def __call__(self) -> int:
        return self.at

    def pass_by(self, **time: float) -> None:
        """Lets time pass: `minutes=5`."""
        self.at += int(timedelta(**time).total_seconds() * 1000)

    def laptop(self, skew: float = 0) -> Clock:
        """A laptop's clock that is so many seconds ahead."""
        return Clock(lambda: datetime.fromtimestamp(self.at / 1000 + skew).astimezone())


@dataclass
class Faults:
    """What befalls the next messages of a laptop: `lost request`, `lost reply`, `doubled`; else all is well."""

    coming: list[str] = field(default_factory=list)
    always: str = ""

    def take(self) -> str:
        return self.coming.pop(0) if self.coming else self.always


class County:
    """A hub with its keys; `sent` keeps every request that it took, `inspect` sees every answer to a laptop."""

    def __init__(self, store: HubStore, code: str = CODE, keys: Keys | None = None) -> None:
        self.store, self.code, self.watch, self.keys = store, code, Watch(), keys or new_keys()
        self.hub = Hub(store, code, rules_of(LEDGERS.values(), shipped_rows()), self.watch)
        devices.introduce(store, code, self.keys)
        self.sent: list[tuple[str, bytes]] = []
        self.inspect: Callable[[str, Any], None] = lambda _dev, _told: None

    def invitation(self, name: str, *scopes: str) -> Invitation:
        """One code for one laptop."""
        code = devices.invite(self.store, self.code, name, scopes, self.watch() + 86_400_000)
        return Invitation("https://hub", "0" * 64, code, self.keys.sign_public, self.keys.seal_public)

    def answer(self, path: str, dev: str, body: bytes) -> bytes:
        """What the hub says to a message; raises Denied."""
        told = self._told(path, dev, body)
        self.inspect(dev, told)
        return wire.pack(told) if isinstance(told, msgspec.Struct) else wire.packed(b"{}")

    def _told(self, path: str, dev: str, body: bytes) -> Any:
        match path:
            case "/v1/sync":
                reply = self.hub.sync(dev, wire.unpack(body, SyncRequest))
                self.sent.append((dev, body))
                return reply
            case "/v1/salvage":
                return self.hub.salvage(dev, wire.unpack(body, Salvage))
            case "/v1/escrow":
                return escrow.keep(self.store, self.code, wire.unpack(body, Deposit), self.watch())
            case "/v1/enroll":
                return devices.enrol(self.store, self.code, wire.unpack(body, Enrolment), self.watch)
            case "/v1/reincarnate":
                return devices.reincarnate(
                    self.store, self.code, wire.unpack(body, Reincarnation), self.watch
                )
        raise AssertionError(path)

    def again(self, number: int) -> SyncReply | Denied:
        """An old request arrives once more, byte for byte."""
        dev, body = self.sent[number % len(self.sent)]
        try:
            return self.hub.sync(dev, wire.unpack(body, SyncRequest))
        except Denied as denied:
            return denied

    def dump(self, *tables: str) -> Dump:
        """Everything that the hub keeps."""

        def job(link: Link) -> Dump:
            sql = "SELECT * FROM {} WHERE county = ?"
            found = {table: link.all(sql.format(table), (self.code,)) for table in tables or HUB_TABLES}
            return {table: sorted(map(_comparable, rows)) for table, rows in found.items()}

        return self.store.read(job)

    def restore(self, backup: Dump) -> None:
        """Puts the backup in the place of what is there, as `hub restore` does."""

        def job(link: Link) -> None:
            for table, rows in backup.items():
                link.run(f"DELETE FROM {table} WHERE county = ?", (self.code,))
                if rows:
                    link.many(f"INSERT INTO {table} VALUES ({','.join('?' * len(rows[0]))})", rows)

        since = self.store.read(lambda link: restoring._known(link, self.code))
        self.store.write(self.code, job)
        self.store.write(self.code, lambda link: restoring._carry_over(link, self.code, since))
        epochs.remember(self.store, self.code, since.lives, self.watch())
        epochs.new_epoch(self.store, self.code, self.watch())

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """The rows of a query over the county's tables; the first parameter is the county."""
        return self.store.read(lambda link: link.all(sql, (self.code, *params)))

    def records(self, scopes: Iterable[str] | None = None) -> dict[tuple[str, str], dict[str, Any]]:
        """Every live row with its values."""
        sql = "SELECT tbl, pk, scope, data FROM record WHERE county = ? AND gone = 0"
        held = None if scopes is None else set(scopes)
        return {
            (table, pk): msgspec.json.decode(data)
            for table, pk, scope, data in self.rows(sql)
            if held is None or scope in held
        }

    def grant(self, dev: str, scope: str) -> None:
        devices.grant(self.store, self.code, dev, scope, self.watch())

    def take_away(self, dev: str, scope: str) -> None:
        devices.take_away(self.store, self.code, dev, scope, self.watch())

    def revoke(self, dev: str) -> None:
        devices.revoke(self.store, self.code, dev, self.watch(), self.keys)

    def close(self) -> None:
        self.store.close()

    def knows(self, dev: str) -> bool:
        """Whether there is a laptop of that name (a restored hub may not know it)."""
        return bool(self.rows("SELECT 1 FROM device WHERE county = ? AND dev = ?", dev))

    def holds(self, dev: str, scope: str) -> bool:
        sql = "SELECT 1 FROM scope_grant WHERE county = ? AND dev = ? AND scope = ? AND until = 0"
        return bool(self.rows(sql, dev, scope))

    def held(self, dev: str) -> tuple[str, ...]:
        """The scopes of a laptop."""
        return self.store.read(lambda link: scopes.held(link, self.code, dev)).scopes

    def conflicts(self) -> list[dict[str, Any]]:
        """Every conflict, oldest first."""
        found = [row for (table, _), row in self.records().items() if table == "conflict"]
        return sorted(found, key=lambda row: row["came_at"])


def _comparable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)


class Direct:
    """A way to the hub in the same process."""

    def __init__(self, county: County, dev: str, faults: Faults) -> None:
        self._county, self._dev, self._faults = county, dev, faults

    def hello(self) -> Hello:
        hub = self._county.hub
        return Hello(self._county.watch(), hub.epoch, hub.county)

    def call(self, path: str, message: msgspec.Struct, answer: type[T]) -> T:
        fault = self._faults.take()
        if fault == "lost request":
            raise Unreachable("没有回答")
        body = wire.pack(message)
        reply = self._asked(path, body)
        if fault == "doubled":
            self._asked(path, body)
        if fault == "lost reply":
            raise Unreachable("没有回答")
        return wire.unpack(reply, answer)

    def _asked(self, path: str, body: bytes) -> bytes:
        try:
            return self._county.answer(path, self._dev, body)
        except Denied as denied:
            refusal = wire.unpack(wire.pack(denied.refusal), Refusal)
            raise Denied(denied.status, refusal, denied.after) from None

    def fetch(self, path: str, start: int, count: int) -> bytes:
        if self._faults.take() in ("lost request", "lost reply"):
            raise Unreachable("没有回答")
        hub, (kind, name) = self._county.hub, path.removeprefix("/v1/").split("/")
        if kind == "blob":
            return hub.fetch_blob(self._dev, name, start, count)
        scope, _, at = name.partition("@")
        return hub.snapshot(self._dev, scope, int(at), start, count)

    def have(self, sha256: str) -> int:
        return self._county.hub.have(self._dev, sha256)

    def put(self, sha256: str, start: int, size: int, content: bytes) -> int:
        return self._county.hub.put(self._dev, sha256, start, size, content)

    def close(self) -> None: ...


class Desk:
    """A laptop: its file, its clock, and what befalls its messages."""

    def __init__(self, county: County, path: Path, name: str, skew: float = 0) -> None:
        self.county, self.path, self.name, self.skew = county, path, name, skew
        self.faults = Faults()
        self.store = self._opened()

    def _opened(self) -> Store:
        return Store.open(self.path, KEY, self.name, self.county.watch.laptop(self.skew))

    def join(self, *scopes: str) -> Desk:
        """Enrols with an invitation for these scopes."""
        reach: Callable[[str, str], Any] = lambda *_: ("", Direct(self.county, "", Faults()))  # noqa: E731
        enrol(self.store, self.county.invitation(self.name, *scopes), self.name, reach)
        return self

    @property
    def dev(self) -> str:
        """Its name for the hub."""
        account = account_of(self.store)
        assert account is not None
        return account.dev

    def sync(self, *faults: str, check: bool = False) -> Report:
        """One synchronisation; these faults befall its first messages."""
        self.faults.coming = list(faults)
        client = Client(self.store, self._connect, lambda: self.county.watch() / 1000 + self.skew)
        try:
            return client.sync(check=check)
        finally:
            self.faults.coming = []

    def _connect(self, account: Account) -> Direct:
        return Direct(self.county, account.dev, self.faults)

    def take_stick(self, package: bytes) -> Report | None:
        """Takes home what the county wrote on a stick; None where it says that it is of no use any more."""
        path = self.path.with_suffix(".nhpkg")
        path.write_bytes(package)
        try:
            return courier.take_down(self.store, path)
        except Refused:
            return None

    def save(self, *what: Change | Any, reason: str = "改正") -> Receipt:
        """One save of changes; bare records are put."""
        changes = [each if isinstance(each, Change) else Put(each) for each in what]
        self.county.watch.pass_by(seconds=1)
        return self.store.write(changes, reason)

    def copy(self, path: Path, name: str = "") -> Desk:
        """Another laptop with a copy of this one's file, as a cloned disk is."""
        self.keep(path)
        return Desk(self.county, path, name or self.name, self.skew)

    def keep(self, path: Path) -> None:
        """A backup: the file as it is now."""
        self.store.database.checkpoint()
        shutil.copyfile(self.path, path)

    def put_back(self, path: Path) -> None:
        """The backup takes the place of the file."""
        self.store.close()
        for tail in ("-wal", "-shm"):
            self.path.with_name(self.path.name + tail).unlink(missing_ok=True)
        shutil.copyfile(path, self.path)
        self.store = self._opened()

    def values(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Every row that is seen, with its values, as the hub would name them."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for table, ledger in LEDGERS.items():
            names = ", ".join(f"[{name}]" for name in ledger.fields)
            for id, extra, *values in self.store.rows(f"SELECT id, _extra, {names} FROM [{table}]"):
                row = {**dict(zip(ledger.fields, values, strict=True)), **msgspec.json.decode(extra or "{}")}
                found[table, id] = {n: v for n, v in row.items() if v not in (None, "")}
        return found

    def open_changes(self) -> int:
        """Changes that the hub does not have, or whose outcome has not come back."""
        sql = "SELECT count(*) FROM journal WHERE state IN ('pending', 'acked') AND given = ''"
        return (self.store.one(sql) or (0,))[0]

    def close(self) -> None:
        self.store.close()


def sqlite_county(folder: Path, keys: Keys | None = None) -> County:
    """A county on the embedded engine."""
    return County(SqliteStore(folder / "hub.nhdb", KEY), keys=keys)


def settle(desks: Iterable[Desk], rounds: int = 12) -> None:
    """Synchronises everybody in turn until nothing is left to say."""
    desks = list(desks)
    for _ in range(rounds):
        county = desks[0].county
        county.watch.pass_by(seconds=1)
        before = county.dump("head")
        reports = [_welcomed(desk).sync() for desk in desks]
        moved = county.dump("head") != before or any(each.sent or each.came for each in reports)
        if not moved and not any(desk.open_changes() for desk in desks):
            return
    raise AssertionError("no quiescence")


def _welcomed(desk: Desk) -> Desk:
    """The laptop, with a new invitation where a restored hub does not know it any more."""
    if desk.county.knows(desk.dev):
        return desk
    scopes = msgspec.json.decode(
        (desk.store.one("SELECT v FROM sync_state WHERE k = 'scopes'") or ("[]",))[0]
    )
    return desk.join(*(["*"] if desk.name == "县里" else [scope for scope in scopes if scope != "county"]))


def household(village: str, **values: Any) -> Household:
    """A made-up household."""
    return Household(village=village, **{"hamlet": "前屯", "base_type": "03", **values})
