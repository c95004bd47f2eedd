"""The hub on its socket: large and strange bodies, too many requests, errors, health, metrics and the log."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import zstandard

from nehe_desktop.core.errors import Trouble
from nehe_desktop.hub import certificates
from nehe_desktop.hub.limits import RATES, Limits, Rate
from nehe_desktop.sync import wire
from nehe_desktop.sync.admission import Enrolled, Enrolment
from nehe_desktop.sync.http import HttpTransport
from nehe_desktop.sync.keys import new_keys
from nehe_desktop.sync.protocol import Pull, Refusal
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import RULES, new
from tests.hub.serving import COUNTY, TOKEN, ServedHub, answering, served, trust, wired

NORTH, SOUTH, EAST = "a1" * 16, "b2" * 16, "c3" * 16
KEY = new_keys().seal_public
PERSON, ID_NUMBER, PHONE = "赵树林", "230281196603154312", "13804521234"
PHOTO = bytes(range(256)) * 700


@pytest.fixture(scope="module")
def served_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHub]:
    with served(tmp_path_factory.mktemp("hub"), RULES) as hub:
        yield hub


@pytest.fixture
def stranger(served_hub: ServedHub) -> Iterator[httpx.Client]:
    """Somebody who is no laptop."""
    with httpx.Client(base_url=served_hub.url, verify=trust(served_hub), trust_env=False) as client:
        yield client


def certified(hub: ServedHub, folder: Path) -> Path:
    """A folder with a certificate for one more socket of the hub."""
    made = certificates.new_server(hub.authority, (), datetime.now(UTC))
    (folder / "server.pem").write_text(made.certificate, "ascii")
    (folder / "server.key").write_text(made.key, "ascii")
    return folder


def status_of(way: HttpTransport, message: Enrolment) -> int:
    try:
        way.call("/v1/enroll", message, Enrolled)
    except Denied as denied:
        return denied.status
    return 200


def numbers(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^(\w+) (\S+)$", text, re.MULTILINE)}


def why(came: httpx.Response) -> str:
    return wire.unpack(came.content, Refusal).error


def test_a_hello_is_short_and_tells_time_epoch_and_county(
    served_hub: ServedHub, stranger: httpx.Client
) -> None:
    came = stranger.get("/v1/hello")
    assert came.status_code == 204
    assert sum(len(name) + len(value) + 4 for name, value in came.headers.raw) < 200
    hello = served_hub.connect(served_hub.enrol("甲", NORTH)).hello()
    assert (hello.epoch, hello.county) == (served_hub.hub.epoch, COUNTY)
    assert abs(hello.now - served_hub.hub.wall()) < 60_000


def test_tls_below_1_3_is_not_spoken(served_hub: ServedHub) -> None:
    old = ssl.create_default_context(cadata=served_hub.authority.certificate)
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(httpx.ConnectError), httpx.Client(verify=old, trust_env=False) as client:
        client.get(served_hub.url + "/v1/hello")


@pytest.mark.parametrize(
    ("path", "size"), [("/v1/enroll", 17 << 10), ("/v1/token", 17 << 10), ("/v1/pack", (32 << 20) + 1)]
)
@pytest.mark.parametrize("told", [True, False])
def test_a_body_above_its_bound_is_refused(
    stranger: httpx.Client, path: str, size: int, *, told: bool
) -> None:
    content = b"x" * size if told else iter([b"x" * (size // 2)] * 3)
    came = stranger.post(path, content=content)
    assert (came.status_code, why(came)) == (413, "large")


def test_a_laptop_is_bounded_too_and_a_stranger_is_not_even_listened_to(
    served_hub: ServedHub, stranger: httpx.Client
) -> None:
    laptop = wired(served_hub, "甲", NORTH)
    laptop.ask()
    assert laptop.way is not None
    large = b"x" * ((8 << 20) + 1)
    came = stranger.post(
        "/v1/sync", content=large, headers={"authorization": f"Bearer {laptop.way._bearer()}"}
    )
    assert (came.status_code, why(came)) == (413, "large")
    assert stranger.post("/v1/sync", content=large).status_code == 401


@pytest.mark.parametrize("path", ["/v1/enroll", "/v1/token", "/v1/reincarnate"])
def test_a_small_body_that_unpacks_to_a_huge_one_is_refused(stranger: httpx.Client, path: str) -> None:
    bomb = zstandard.ZstdCompressor().compress(b"\0" * (100 << 20))
    assert len(bomb) < 16 << 10
    came = stranger.post(path, content=bomb)
    assert (came.status_code, why(came)) == (400, "unreadable")


def test_a_bomb_from_a_laptop_is_refused_too(served_hub: ServedHub, stranger: httpx.Client) -> None:
    laptop = wired(served_hub, "甲", NORTH)
    laptop.ask()
    assert laptop.way is not None
    headers = {"authorization": f"Bearer {laptop.way._bearer()}"}
    bomb = zstandard.ZstdCompressor().compress(b" " * (200 << 20))
    for path in ("/v1/sync", "/v1/salvage"):
        came = stranger.post(path, content=bomb, headers=headers)
        assert (came.status_code, why(came)) == (400, "unreadable")


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"\x28\xb5\x2f\xfd", wire.packed(b"{}"), wire.packed(b"[1]")]
)
def test_what_is_no_message_is_refused(stranger: httpx.Client, body: bytes) -> None:
    for path in ("/v1/enroll", "/v1/token", "/v1/reincarnate", "/v1/pack"):
        came = stranger.post(path, content=body)
        assert came.status_code == 400


@pytest.mark.parametrize("path", ["/v1/sync", "/v1/salvage"])
@pytest.mark.parametrize("token", ["", "x", "Bearer", "Bearer a.b.c", "Bearer 页"])
def test_without_a_token_nothing_is_taken(stranger: httpx.Client, path: str, token: str) -> None:
    came = stranger.post(path, content=wire.packed(b"{}"), headers=[(b"authorization", token.encode())])
    assert (came.status_code, why(came)) == (401, "token")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/v1/sync"), ("DELETE", "/v1/hello"), ("GET", "/v1/snapshot/x"), ("GET", "/docs")],
)
def test_elsewhere_there_is_nothing(stranger: httpx.Client, method: str, path: str) -> None:
    came = stranger.request(method, path)
    assert (came.status_code, why(came)) == (404, "nothing")


def test_whoever_asks_too_often_is_told_when_to_come_again() -> None:
    seconds = [0.0]
    limits = Limits({"token": Rate(2, 0.5)}, lambda: seconds[0])
    limits.take("token", "10.0.0.1")
    limits.take("token", "10.0.0.1")
    limits.take("token", "10.0.0.2")
    with pytest.raises(Denied) as caught:
        limits.take("token", "10.0.0.1")
    assert (caught.value.status, caught.value.after) == (429, 2)
    seconds[0] = 2
    limits.take("token", "10.0.0.1")


def test_limits_remember_only_who_asked_lately() -> None:
    seconds = [0.0]
    limits = Limits({"token": Rate(2, 1)}, lambda: seconds[0])
    for number in range(50_000):
        limits.take("token", str(number))
        seconds[0] += 0.001
    assert len(limits._buckets) <= 20_000


def test_guessing_codes_ends_soon_and_stops_nobody_who_is_in(served_hub: ServedHub, tmp_path: Path) -> None:
    site = replace(served_hub.site, limits=Limits({**RATES, "guess": Rate(3, 0.01)}))
    laptop = wired(served_hub, "甲", NORTH)
    assert laptop.account is not None
    with answering(site, certified(served_hub, tmp_path)) as port:
        way = HttpTransport(replace(laptop.account, url=f"https://127.0.0.1:{port}"))
        statuses = [status_of(way, Enrolment("猜", "乙", new_keys().sign_public, KEY)) for _ in range(5)]
        laptop.way = way
        assert laptop.ask().scopes == ["county", NORTH]
        way.close()
    assert statuses == [403, 403, 403, 429, 429]


def test_a_hub_with_too_much_to_do_asks_to_come_again(served_hub: ServedHub, tmp_path: Path) -> None:
    site = replace(served_hub.site, at_once=asyncio.Semaphore(0))
    with answering(site, certified(served_hub, tmp_path)) as port:
        came = httpx.get(f"https://127.0.0.1:{port}/v1/ca", verify=trust(served_hub), trust_env=False)
    assert (came.status_code, why(came)) == (503, "busy")
    assert 1 <= int(came.headers["retry-after"]) <= 15


def test_an_error_tells_nothing_to_anybody(
    served_hub: ServedHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(f"{PERSON} {ID_NUMBER}")

    laptop = wired(served_hub, "甲", NORTH)
    monkeypatch.setattr(served_hub.hub, "sync", broken)
    with caplog.at_level(logging.INFO), pytest.raises(Denied) as caught:
        laptop.ask()
    assert (caught.value.status, caught.value.refusal) == (
        500,
        Refusal("error", "县里的服务器出错了，已经记下"),
    )
    assert "ValueError at" in caplog.text
    assert PERSON not in caplog.text


def test_the_log_tells_who_and_how_much_but_nothing_of_anybody(
    served_hub: ServedHub, stranger: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    laptop = wired(served_hub, "赵树林的电脑", NORTH)
    with caplog.at_level(logging.INFO, "nehe.hub"):
        laptop.does(
            new("household", "b" * 32, NORTH, village=NORTH, head=PERSON, phone=PHONE), why="走访赵树林家"
        )
        stranger.get(f"/v1/blob/{ID_NUMBER}")
        stranger.get(f"/{PERSON}?{ID_NUMBER}")
        laptop.ask(pull=Pull())
    line = next(each for each in caplog.messages if "txs=1" in each)
    assert line.startswith(f"{laptop.dev} POST /v1/sync 200 in=")
    assert not [word for word in (PERSON, ID_NUMBER, PHONE, NORTH, "走访") if word in caplog.text]


def test_the_metrics_count_without_naming_anybody(served_hub: ServedHub, stranger: httpx.Client) -> None:
    before = numbers(stranger.get("/metrics").text)
    laptop = wired(served_hub, "赵树林的电脑", NORTH)
    laptop.does(new("household", "c" * 32, NORTH, village=NORTH, head=PERSON))
    laptop.does(new("household", "d" * 32, SOUTH, village=SOUTH, head=PERSON))
    text = stranger.get("/metrics").text
    after = numbers(text)
    for name, more in (
        ("pushes_total", 2),
        ("transactions_total", 2),
        ("changes_total", 2),
        ("quarantined_total", 1),
        ("set_aside", 1),
    ):
        assert after[f"nehe_hub_{name}"] - before.get(f"nehe_hub_{name}", 0) == more, name
    assert after["nehe_hub_epoch_era"] == 1
    assert not [word for word in (PERSON, laptop.dev, NORTH, SOUTH) if word in text]


def test_the_metrics_are_for_this_computer_or_with_the_token(stranger: httpx.Client) -> None:
    relayed = {"x-forwarded-for": "203.0.113.9"}
    assert stranger.get("/metrics").status_code == 200
    assert stranger.get("/metrics", headers=relayed).status_code == 401
    assert (
        stranger.get("/metrics", headers={**relayed, "authorization": f"Bearer {TOKEN}x"}).status_code == 401
    )
    assert (
        stranger.get("/metrics", headers={**relayed, "authorization": f"Bearer {TOKEN}"}).status_code == 200
    )


def test_the_hub_says_that_it_is_well_or_not(
    served_hub: ServedHub, stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: object) -> None:
        raise Trouble("连不上 PostgreSQL 数据库")

    assert stranger.get("/health").json() == {"status": "ok"}
    monkeypatch.setattr(served_hub.hub.store, "read", gone)
    came = stranger.get("/health")
    assert (came.status_code, why(came)) == (503, "trouble")


def test_a_photograph_goes_up_in_parts_and_comes_down_in_parts(served_hub: ServedHub) -> None:
    north, south = wired(served_hub, "甲", NORTH), wired(served_hub, "乙", SOUTH)
    assert north.way is not None
    assert south.way is not None
    name, size = hashlib.sha256(PHOTO).hexdigest(), len(PHOTO)
    assert north.way.have(name) == -1
    north.does(
        new("household", "e" * 32, NORTH, village=NORTH),
        new("visit", "f" * 32, NORTH, household="e" * 32, photos=name),
    )
    assert north.way.have(name) == 0
    assert north.way.put(name, 0, size, PHOTO[:100_000]) == 100_000
    with pytest.raises(Denied, match="404"):
        north.way.fetch(f"/v1/blob/{name}", 0, 10)
    assert north.way.put(name, 100_000, size, PHOTO[100_000:]) == size
    assert (
        north.way.fetch(f"/v1/blob/{name}", 0, 70_000) + north.way.fetch(f"/v1/blob/{name}", 70_000, 1 << 20)
        == PHOTO
    )
    assert north.way.fetch(f"/v1/blob/{name}", size, 10) == b""
    assert south.way.have(name) == -1
    with pytest.raises(Denied, match="403"):
        south.way.fetch(f"/v1/blob/{name}", 0, 10)


def test_a_village_comes_as_a_file_in_parts_with_its_hash(
    served_hub: ServedHub, stranger: httpx.Client
) -> None:
    first = wired(served_hub, "甲", EAST)
    for part in range(4):
        first.does(
            *(
                new("household", f"{part:016x}{number:016x}", EAST, village=EAST, head=PERSON)
                for number in range(100)
            )
        )
    newcomer = wired(served_hub, "乙", EAST)
    assert newcomer.way is not None
    note = newcomer.ask(pull=Pull()).snapshots[EAST]
    path = f"/v1/snapshot/{EAST}@{note.at}"
    content = newcomer.way.fetch(path, 0, 500) + newcomer.way.fetch(path, 500, note.size)
    assert hashlib.sha256(content).hexdigest() == note.sha256
    headers = {"authorization": f"Bearer {newcomer.way._bearer()}", "range": "bytes=10-19"}
    came = stranger.get(path, headers=headers)
    assert (came.status_code, came.content, came.headers["etag"]) == (206, content[10:20], f'"{note.sha256}"')
    assert stranger.get(path, headers={**headers, "range": "bytes=9-5"}).status_code == 400
    other = wired(served_hub, "丙", SOUTH)
    assert other.way is not None
    with pytest.raises(Denied, match="403"):
        other.way.fetch(path, 0, 10)


@pytest.mark.parametrize(
    ("offset", "length"), [("", "5"), ("-1", "5"), ("0", "x"), ("9" * 30, "5"), ("²", "5")]
)
def test_a_part_without_its_place_is_refused(
    served_hub: ServedHub, stranger: httpx.Client, offset: str, length: str
) -> None:
    way = served_hub.connect(served_hub.enrol("甲", NORTH))
    told = {"authorization": f"Bearer {way._bearer()}", "upload-offset": offset, "upload-length": length}
    headers = [(name.encode(), value.encode()) for name, value in told.items()]
    assert stranger.patch(f"/v1/blob/{'a' * 64}", headers=headers, content=b"x").status_code == 400
