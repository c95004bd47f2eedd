"""Whatever an enrolled laptop of one village sends, signed and over TLS: the hub neither breaks nor tells of another."""

from __future__ import annotations

import copy
import json
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import Raw

from nehe_desktop.features import ledgers
from nehe_desktop.hub.limits import Limits, Rate
from nehe_desktop.sync import wire
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.package import Parcel, seal
from nehe_desktop.sync.proofs import chain_of, signed_words
from nehe_desktop.sync.protocol import START, SyncReply, encode
from nehe_desktop.sync.rules import rules_of
from tests.hub.laptops import new
from tests.hub.serving import ServedHub, WiredLaptop, served, trust, wired

NORTH, SOUTH = "0a" * 16, "0b" * 16
SECRET, PHOTO = "南村的秘密", "5e" * 32
HOME, VISIT, GUEST = "1" * 32, "2" * 32, "3" * 32

EXAMPLES = int(os.environ.get("NEHE_FUZZ_EXAMPLES", "120"))
OFTEN = Rate(1e9, 1e9)
SIZES = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)  # pyright: ignore[reportArgumentType]


def change(table: str, key: str, scope: str, op: str, **fields: list[Any]) -> dict[str, Any]:
    return {"t": table, "k": key, "s": scope, "o": op, "f": fields}


def save(*changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"h": 105066292903936001, "u": "李工", "r": "登记", "c": list(changes), **more}


TRANSACTIONS = [
    save(
        change("household", HOME, NORTH, "I", village=[None, NORTH], hamlet=[None, "前屯"]),
        change("person", GUEST, NORTH, "I", household=[None, HOME], health=[None, "01,02"]),
    ),
    save(change("household", HOME, NORTH, "U", village=[NORTH, SOUTH], base_type=["01", "02"]), p=[1, 2]),
    save(change("visit", VISIT, NORTH, "I", household=[None, "south-home"], photos=[None, PHOTO])),
    save(change("household", "south-home", SOUTH, "D", hamlet=["前屯", None])),
    save(change("setting", "s1", "county", "I", name=[None, "线"]), g="shipped"),
    save(change("conflict", "c1", NORTH, "I", village=[None, NORTH], tbl=[None, "household"])),
]

NUMBERS = st.sampled_from([0, -1, 1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 1e308, -0.0, 0.5])
TEXTS = st.one_of(
    st.sampled_from(
        ["", "county", "*", SOUTH, NORTH, "south-home", HOME, "'; --", "\0", "\ud7ff", "𠮷", "a" * 5000]
    ),
    st.text(max_size=8),
)
PLAIN = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
THINGS = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


@st.composite
def altered(draw: st.DrawFn, value: Any) -> Any:
    """A JSON value with something else in some places, or something left out."""
    made = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(places(made))))
        if not path:
            return draw(THINGS)
        above = made
        for key in path[:-1]:
            above = above[key]
        if draw(st.booleans()):
            above[path[-1]] = draw(THINGS)
        else:
            del above[path[-1]]
    return made


@dataclass
class Attacker:
    """An enrolled laptop of the north that sends what it likes and signs it."""

    hub: ServedHub
    laptop: WiredLaptop
    line: HTTPSConnection
    seq: int = 0
    chain: str = START
    statuses: set[int] = field(default_factory=set)

    @property
    def account(self) -> Account:
        assert self.laptop.account is not None
        return self.laptop.account

    def send(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """Status and body of what the hub says; it never breaks and never tells of the south."""
        assert self.laptop.way is not None
        head = {"authorization": f"Bearer {self.laptop.way._bearer()}", **headers}
        self.line.request(method, path, body, {name.replace("_", "-"): value for name, value in head.items()})
        answer = self.line.getresponse()
        told = answer.read()
        assert answer.status < 500 or answer.status == 503, (method, path)
        plain = readable(told)
        for secret in (SECRET.encode(), SECRET.encode("utf-16-le"), json.dumps(SECRET)[1:-1].encode()):
            assert secret not in plain
        self.statuses.add(answer.status)
        return answer.status, told

    def push(self, bodies: list[bytes], pull: Any, **more: Any) -> tuple[int, bytes]:
        """Signed transactions, whatever they are, in the line of those that were taken."""
        chain = chain_of(self.chain, bodies)
        me = self.account
        words = signed_words(me.county, me.dev, self.seq + 1, len(bodies), chain)
        push = {
            "from": self.seq + 1,
            "prev": self.chain,
            "txs": [Raw(each) for each in bodies],
            "sig": me.keys.signature(words),
        }
        request = {"dev": me.dev, "epoch": self.hub.hub.epoch, "now": 1, "push": push, "pull": pull, **more}
        status, told = self.send("POST", "/v1/sync", wire.packed(encode(request)))  # pyright: ignore[reportArgumentType]
        if status == 200:
            self.seq, self.chain = self.seq + len(bodies), chain
            wire.unpack(told, SyncReply)
        return status, told


def readable(told: bytes) -> bytes:
    """An answer unpacked as far as it can be, and as it is."""
    try:
        return wire.unpacked(told) + told
    except wire.Unreadable:
        return told


@pytest.fixture(scope="module")
def attacker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacker]:
    limits = Limits(dict.fromkeys(("guess", "token", "pack", "hello", "device"), OFTEN))
    with served(tmp_path_factory.mktemp("hub"), rules_of(ledgers.ALL), limits=limits) as hub:
        south = wired(hub, "南村", SOUTH)
        south.does(
            new("household", "south-home", SOUTH, village=SOUTH, hamlet=SECRET),
            new("visit", "south-visit", SOUTH, household="south-home", note=SECRET),
        )
        context: ssl.SSLContext = trust(hub)
        context.check_hostname = False
        line = HTTPSConnection("127.0.0.1", int(hub.url.rsplit(":", 1)[1]), context=context, timeout=20)
        made = Attacker(hub, wired(hub, "北村", NORTH), line)
        yield made
        line.close()
        assert {200, 400} <= made.statuses
        assert south_of(made) == {("household", "south-home"), ("visit", "south-visit")}


def south_of(attacker: Attacker) -> set[tuple[str, str]]:
    """What the south had at first and still has as it was."""
    sql = "SELECT tbl, pk FROM record WHERE pk LIKE 'south-%' AND rev = 1 AND gone = 0"
    return {tuple(row) for row in attacker.hub.hub.store.read(lambda link: link.all(sql))}


@SIZES
@given(st.lists(st.sampled_from(TRANSACTIONS).flatmap(altered), min_size=1, max_size=3))
@example(TRANSACTIONS)
def test_no_signed_transaction_breaks_it(attacker: Attacker, saves: list[Any]) -> None:
    bodies = [json.dumps(each, ensure_ascii=False).encode("utf-8", "surrogatepass") for each in saves]
    status, _ = attacker.push(bodies, {"cur": {NORTH: 0}, "check": True})
    assert status in (200, 400)


@SIZES
@given(
    altered({"cur": {NORTH: 0, "county": 0}, "limit": 65536, "given": ["shipped"], "check": True}),
    altered({"v": 1, "schema": 1, "app": "0.1.0", "now": 1_603_155_600_000}),
)
def test_no_wish_breaks_it(attacker: Attacker, pull: Any, more: Any) -> None:
    attacker.push([], pull, **(more if isinstance(more, dict) else {"app": more}))


REQUEST = {
    "dev": "d",
    "epoch": "e",
    "now": 1,
    "push": {"from": 1, "prev": "", "txs": [], "sig": "x"},
    "pull": {},
}
BODIES: dict[str, Any] = {
    "/v1/sync": REQUEST,
    "/v1/salvage": {
        "dev": "d",
        "epoch": "e",
        "lost": "e",
        "rows": {NORTH: [["household", HOME, 1, 5, 0, {"village": SOUTH}]]},
    },
    "/v1/enroll": {"code": "AAAA", "name": "n", "sign_key": "x", "seal_key": "y"},
    "/v1/token": {"dev": "d", "nonce": "n", "sig": "s"},
    "/v1/reincarnate": {"dev": "d", "sign_key": "x", "seal_key": "y", "now": 1, "sig": "s"},
    "/v1/pack": {},
}


@SIZES
@given(st.sampled_from(sorted(BODIES)), st.data())
def test_no_message_of_any_kind_breaks_it(attacker: Attacker, path: str, data: st.DataObject) -> None:
    told = data.draw(altered(BODIES[path]))
    mine = {"dev": attacker.account.dev, "epoch": attacker.hub.hub.epoch}
    known = (
        {**told, **{name: word for name, word in mine.items() if name in told}}
        if isinstance(told, dict)
        else told
    )
    words = json.dumps(known, ensure_ascii=False).encode("utf-8", "surrogatepass")
    attacker.send("POST", path, wire.packed(words))


@SIZES
@given(st.sampled_from(sorted(BODIES)), st.binary(max_size=60), st.integers(0, 400), st.integers(0, 2))
def test_no_bytes_break_it(attacker: Attacker, path: str, noise: bytes, at: int, way: int) -> None:
    """Noise, damage and a bomb."""
    packed = wire.packed(json.dumps(BODIES[path]).encode())
    damaged = packed[: at % len(packed)] + noise + packed[at % len(packed) :]
    bomb = zstandard.ZstdCompressor(write_content_size=bool(at % 2)).compress(bytes(at << 18))
    attacker.send("POST", path, (noise, damaged, bomb)[way])


PATHS = ["/v1/snapshot/{}@{}", "/v1/blob/{}", "/v1/{}", "/{}", "/v1/hello", "/v1/ca", "/health", "/metrics"]


@SIZES
@given(
    st.sampled_from(["GET", "HEAD", "PATCH", "POST", "DELETE"]),
    st.sampled_from(PATHS),
    st.sampled_from([SOUTH, "county", "*", PHOTO, "..%2f..", "%00", "a" * 3000]),
    st.integers(-1, 10**20),
    st.sampled_from(["", "bytes=0-", "bytes=-1", "bytes=5-2", "bytes=0-99999999999999999999", "x"]),
)
@example("GET", "/v1/snapshot/{}@{}", NORTH, 10**20, "")
def test_no_address_breaks_it(
    attacker: Attacker, method: str, path: str, name: str, number: int, part: str
) -> None:
    head = {"range": part, "upload_offset": str(number), "upload_length": str(number)}
    attacker.send(method, path.format(name, number), b"" if method in ("GET", "HEAD") else b"x", **head)


@SIZES
@given(st.lists(altered(REQUEST), max_size=2), st.sampled_from(["up", "down", ""]), st.binary(max_size=5))
def test_no_package_breaks_it(attacker: Attacker, requests: list[Any], kind: str, noise: bytes) -> None:
    """Sealed and signed as it should be, with whatever inside."""
    me, keys = attacker.account, attacker.account.keys
    letters = [json.dumps({"kind": "SyncRequest", "body": each}, ensure_ascii=False) for each in requests]
    packed = tuple(each.encode("utf-8", "surrogatepass") for each in letters) + ((noise,) if noise else ())
    parcel = Parcel(me.county, me.dev, me.county, 1, kind, packed, {"00" * 32: noise} if noise else {})
    status, _ = attacker.send("POST", "/v1/pack", seal(parcel, keys, me.hub_seal))
    assert status in (200, 400)
