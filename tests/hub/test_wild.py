"""Ten thousand wild requests by an enrolled laptop, a stranger and nobody: nothing breaks, nothing is kept, nothing told."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import zstandard
from starlette.applications import Starlette

from nehe_desktop.cli.benches.measure import resident
from nehe_desktop.features import ledgers
from nehe_desktop.hub import auth, devices
from nehe_desktop.hub.app import make_app
from nehe_desktop.hub.limits import RATES, Limits, Rate
from nehe_desktop.hub.schema import names
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import Link, open_store
from nehe_desktop.hub.web import Site
from nehe_desktop.sync import wire
from nehe_desktop.sync.keys import new_keys
from nehe_desktop.sync.package import Parcel, seal
from nehe_desktop.sync.rules import rules_of
from tests.hub.laptops import NORTH, NOW, SOUTH, Laptop, join, new
from tests.hub.serving import COUNTY, KEY

COUNT = int(os.environ.get("NEHE_WILD_REQUESTS", "10000"))
MOST = 400  # megabytes that the whole test may grow: eight threads that may each unpack 64 MB of nothing
SECRET, PHOTO = "南村的秘密", "5e" * 32
WEIGHTY = (
    b"\x00" * 6,
    b"[" * 60_000,
    b'{"dev":' * 20_000,
    b'{"now":1' + b"0" * 5000 + b"}",
    b"\xff\xfe\xff",
    b"null",
)
NUMBERS = (0, -1, 2**31, 2**53, 2**63, -(2**64), 10**400, 1e308, -0.0)
TEXTS = (
    "",
    "*",
    "county",
    SOUTH,
    NORTH,
    "../../etc/passwd",
    "'; DROP TABLE record; --",
    "%s%n",
    "{}",
    "\0",
    "𠮷",
    "a" * 9999,
)
SYNC = {
    "dev": "dev-北村",
    "epoch": "e",
    "now": 1,
    "pull": {"cur": {NORTH: 0, SOUTH: 0}, "limit": 65536, "check": True},
}
FORGED = {
    **SYNC,
    "push": {"from": 1, "prev": "", "sig": "AAAA", "txs": [{"h": 1, "u": "x", "r": "", "c": []}]},
}
BODIES: Mapping[str, tuple[dict[str, Any], ...]] = {
    "/v1/sync": (SYNC, FORGED),
    "/v1/salvage": (
        {"dev": "dev-北村", "epoch": "e", "lost": "e", "rows": {SOUTH: [["household", "s", 1, 5, 0, {}]]}},
    ),
    "/v1/enroll": ({"code": "AAAA-BBBB", "name": "n", "sign_key": "x", "seal_key": "y"},),
    "/v1/token": (
        {"dev": "dev-北村"},
        {"dev": "dev-南村", "nonce": "n.99999999999.x", "sig": "s", "code": "000000"},
    ),
    "/v1/reincarnate": ({"dev": "dev-南村", "sign_key": "x", "seal_key": "y", "now": 1, "sig": "s"},),
}


@dataclass
class Wild:
    """A hub with two villages in this process, and who attacks it."""

    site: Site
    app: Starlette
    north: Laptop
    chance: random.Random
    passes: tuple[str, ...]
    seen: Counter[int] = field(default_factory=Counter)

    async def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body as the server in front of the application would be told."""
        told, pieces = [], [{"type": "http.request", "body": body}]
        packed = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
            "raw_path": path.encode(), "query_string": b"", "headers": packed, "client": ("10.0.0.9", 1),
            "server": ("hub", 443), "scheme": "https", "root_path": "",
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return pieces.pop() if pieces else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            told.append(message)

        await self.app(scope, receive, send)
        return told[0]["status"], b"".join(each.get("body", b"") for each in told)


def anybody(county: str, site: Site, *devs: str) -> tuple[str, ...]:
    """Tokens: good ones of these laptops, one of a stranger, forged and empty ones."""
    secret = auth.secret_of(site.keys)
    good = [
        auth._marked(secret, f"token {county}", f"{dev}.{NOW // 1000 + 900}") for dev in (*devs, "nobody")
    ]
    return (
        *(f"Bearer {each}" for each in good),
        "",
        "Bearer dev-南村.99999999999.AAAA",
        "Bearer ..",
        "Basic x",
    )


@pytest.fixture
def wild(tmp_path: Path) -> Iterator[Wild]:
    store, keys = open_store(str(tmp_path / "hub.nhdb"), KEY), new_keys()
    devices.introduce(store, COUNTY, keys)
    hub = Hub(store, COUNTY, rules_of(ledgers.ALL), lambda: NOW)
    site = Site(hub, keys, "AUTHORITY", "metrics", lambda: NOW, Limits(dict.fromkeys(RATES, Rate(1e9, 1e9))))
    south, north = join(hub, "南村", SOUTH), join(hub, "北村", NORTH)
    south.does(new("household", "south-home", SOUTH, village=SOUTH, hamlet=SECRET))
    south.does(new("visit", "south-visit", SOUTH, household="south-home", note=SECRET, photos=f'["{PHOTO}"]'))
    north.does(new("household", "north-home", NORTH, village=NORTH, hamlet="前屯"))
    passes = anybody(COUNTY, site, north.dev)
    yield Wild(site, make_app(site), north, random.Random(4), (passes[0],) * 6 + passes)
    site.pool.shutdown()
    store.close()


def everything(hub: Hub) -> dict[str, list[str]]:
    """Every row of every table of the hub; when a laptop was last seen is no harm, nor that it was told a receipt."""

    def job(link: Link) -> dict[str, list[str]]:
        found = {name: sorted(map(repr, link.all(f"SELECT * FROM {name} WHERE county = ?", (COUNTY,))))
                 for name in names() if name not in ("device", "event", "receipt", "snapshot")}  # fmt: skip
        sql = "SELECT dev, name, sign_key, seal_key, state, seq, chain FROM device WHERE county = ? ORDER BY dev"
        return {**found, "device": [repr(row) for row in link.all(sql, (COUNTY,))]}

    return hub.store.read(job)


def any_value(chance: random.Random) -> Any:
    deep: Any = chance.choice((chance.choice(NUMBERS), chance.choice(TEXTS), None, True))
    for _ in range(chance.choice((0, 0, 1, 3, 400))):
        deep = [deep] if chance.random() < 0.5 else {chance.choice(TEXTS): deep}
    return deep


def mutated(chance: random.Random, value: Any) -> Any:
    """The same with something else somewhere."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.15:
        return any_value(chance)
    made: Any = dict(value) if isinstance(value, dict) else list(value)
    at = chance.choice(list(made)) if isinstance(made, dict) else chance.randrange(len(made))
    made[at] = mutated(chance, made[at])
    if isinstance(made, dict) and chance.random() < 0.2:
        del made[at]
    return made


def bomb(chance: random.Random) -> bytes:
    """Bytes that unpack to up to 256 MB, some saying so in the head and some not."""
    tool = zstandard.ZstdCompressor(1, write_content_size=chance.random() < 0.5)
    return tool.compress(bytes(chance.choice((1, 63, 65, 256)) << 20))


def foreign_dictionary(chance: random.Random) -> bytes:
    words = zstandard.ZstdCompressionDict(
        b"\x37\xa4\x30\xec" + chance.randbytes(300), zstandard.DICT_TYPE_RAWCONTENT
    )
    return zstandard.ZstdCompressor(3, dict_data=words).compress(b'{"dev":"x"}')


BOMBS = [bomb(random.Random(number)) for number in range(6)]
PATHS = [
    *BODIES,
    *["/v1/sync"] * 4,
    "/v1/pack",
    "/v1/snapshot/{}@{}",
    "/v1/blob/{}",
    "/v1/hello",
    "/v1/ca",
    "/v1/escrow",
    "/v1/{}",
    "/{}",
    "/health",
]
METHODS = {
    "/v1/snapshot/{}@{}": ("GET",),
    "/v1/blob/{}": ("GET", "HEAD", "PATCH"),
    **dict.fromkeys(("/v1/hello", "/v1/ca", "/health"), ("GET",)),
}


def body_for(wild: Wild, path: str) -> bytes:
    """Noise, a mutated message well packed, a damaged one, a bomb, a package of somebody."""
    chance = wild.chance
    message = chance.choice(BODIES.get(path, ({},)))
    text = json.dumps(mutated(chance, message) if chance.random() < 0.8 else message).encode(
        "utf-8", "surrogatepass"
    )
    packed = wire.packed(
        text if chance.random() < 0.9 else chance.choice(WEIGHTY), dictionary=chance.random() < 0.7
    )
    kind = chance.random()
    if path == "/v1/pack":
        return parcel(wild, text)
    if kind < 0.7:
        return packed
    if kind < 0.8:
        at = chance.randrange(len(packed))
        return packed[:at] + chance.randbytes(3) + packed[at + chance.randrange(4) :]
    if kind < 0.97:
        return chance.choice((chance.randbytes(chance.randrange(200)), text, b"", chance.choice(WEIGHTY)))
    return chance.choice((*BOMBS, foreign_dictionary(chance)))


def parcel(wild: Wild, text: bytes) -> bytes:
    """A package: sealed as it should be, by a stranger, of another county, damaged, or noise."""
    chance, north = wild.chance, wild.north
    keys = north.keys if chance.random() < 0.5 else new_keys()
    letter = b'{"kind":"%s","body":%s}' % (
        chance.choice((b"SyncRequest", b"Salvage", b"Enrolment", b"X")),
        text,
    )
    made = Parcel(
        COUNTY, chance.choice((north.dev, "dev-南村", "")), COUNTY, NOW, "up", (letter,), {"00" * 32: b"x"}
    )
    other = replace(made, county="230282") if chance.random() < 0.3 else made
    sealed = seal(
        other, keys, wild.site.keys.seal_public if chance.random() < 0.8 else new_keys().seal_public
    )
    at = chance.randrange(len(sealed))
    return sealed if chance.random() < 0.5 else sealed[:at] + chance.randbytes(2) + sealed[at + 2 :]


def request(wild: Wild) -> tuple[str, str, bytes, dict[str, str]]:
    """One request as nobody should send it."""
    chance, path = wild.chance, wild.chance.choice(PATHS)
    usual = METHODS.get(path, ("POST",))
    method = (
        chance.choice(usual)
        if chance.random() < 0.9
        else chance.choice(("GET", "PUT", "DELETE", "HEAD", "TRACE"))
    )
    name = chance.choice((SOUTH, "county", "*", PHOTO, NORTH, "..", "%00", "a" * 3000, "\0"))
    body = body_for(wild, path) if method in ("POST", "PATCH", "PUT") else b""
    head = {
        "authorization": chance.choice(wild.passes),
        "range": chance.choice(("", "bytes=0-", "bytes=5-2", "x")),
    }
    head |= {
        "upload-offset": str(chance.choice(NUMBERS)),
        "upload-length": str(chance.choice((*NUMBERS, len(body)))),
    }
    length = (
        str(len(body))
        if chance.random() < 0.95
        else chance.choice(("-1", "²", "9" * 5000, "x", "", str(2**40)))
    )
    return method, path.format(name, chance.choice(NUMBERS[:5])), body, {**head, "content-length": length}


async def attack(wild: Wild, count: int, told: Callable[[int, bytes], None]) -> float:
    """Sends so many; the most megabytes that this process had meanwhile."""
    most = 0.0
    for number in range(count):
        told(*await wild.ask(*request(wild)))
        most = max(most, resident()) if number % 50 == 0 else most
    return most


def test_ten_thousand_wild_requests_break_nothing_and_leave_no_trace(
    wild: Wild, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "nehe.hub")
    before, had = everything(wild.site.hub), resident()
    secrets = [SECRET.encode(), json.dumps(SECRET)[1:-1].encode(), b"south-home", b"south-visit"]

    def told(status: int, body: bytes) -> None:
        wild.seen[status] += 1
        assert status < 500, body[:300]
        try:
            plain = wire.unpacked(body) + body
        except wire.Unreadable:
            plain = body
        assert not [secret for secret in secrets if secret in plain]

    most = asyncio.run(attack(wild, COUNT, told))
    assert wild.seen.total() == COUNT
    assert {200, 400, 401, 403, 404, 413} <= wild.seen.keys()
    assert everything(wild.site.hub) == before
    assert most - had < MOST
    assert not caplog.records, "something broke inside"
