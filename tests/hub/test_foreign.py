"""What was made for another county or by somebody else is refused, though every signature in it is sound.

Beside this: forged and altered batches, forks and gaps in test_push_rules; replays in test_replay and
test_packs; tokens, nonces and codes in test_admission and test_factor; altered, foreign and stolen packages in
tests/sync/test_package; shipped sets and restores as a way in in test_parts_and_given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import packs
from nehe_desktop.hub.limits import RATES, Limits, Rate
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import open_store
from nehe_desktop.sync.admission import Enrolment
from nehe_desktop.sync.http import HttpTransport
from nehe_desktop.sync.keys import new_keys
from nehe_desktop.sync.package import Parcel, letter, seal
from nehe_desktop.sync.protocol import Pull, SyncReply, SyncRequest
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import COUNTY, NORTH, NOW, RULES, Laptop, Wall, contents, join, new
from tests.hub.serving import ServedHub, answering, wired
from tests.hub.test_web import certified


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Hub]:
    """The hub of another county."""
    store = open_store(str(tmp_path / "other.db"), bytes(32))
    yield Hub(store, "别的县", RULES, Wall())
    store.close()


@pytest.fixture
def both(hub: Hub, elsewhere: Hub) -> tuple[Laptop, Laptop]:
    """The same laptop, by name and key, in two counties."""
    here, there = join(hub, "电脑", NORTH), join(elsewhere, "电脑", NORTH)
    with_key = "UPDATE device SET sign_key = ? WHERE county = ? AND dev = ?"
    elsewhere.store.write(
        elsewhere.county,
        lambda link: link.run(with_key, (here.keys.sign_public, elsewhere.county, there.dev)),
    )
    return here, replace(there, keys=here.keys)


def test_a_batch_that_was_signed_for_one_county_is_none_in_another(both: tuple[Laptop, Laptop]) -> None:
    here, there = both
    batch = here.push(here.save(new("household", "h1", NORTH, village=NORTH)))
    before = contents(there.hub)
    with pytest.raises(Denied, match="403 signature"):
        there.ask(batch)
    assert contents(there.hub) == before
    assert here.ask(batch).ack


def test_a_batch_of_one_laptop_is_none_of_another(hub: Hub) -> None:
    one, two = join(hub, "甲", NORTH), join(hub, "乙", NORTH)
    batch = one.push(one.save(new("household", "h1", NORTH, village=NORTH)))
    with pytest.raises(Denied, match="403 signature"):
        two.ask(batch)


def test_a_package_for_one_county_is_none_for_another_with_the_same_key(hub: Hub) -> None:
    keys, laptop = new_keys(), join(hub, "甲", NORTH)
    message = letter(SyncRequest(laptop.dev, hub.epoch, NOW, pull=Pull()))
    package = seal(
        Parcel("别的县", laptop.dev, "别的县", NOW, "up", (message,)), laptop.keys, keys.seal_public
    )
    with pytest.raises(Refused, match="不是送到这个县"):
        packs.answered(hub, keys, package, lambda: NOW)


def test_a_token_of_one_hub_is_none_at_another(served_hub: ServedHub, tmp_path: Path) -> None:
    laptop = wired(served_hub, "甲", NORTH)
    assert laptop.account is not None
    laptop.ask()
    token = laptop.way._passes.token(laptop.account) if laptop.way else ""
    assert token
    other = replace(served_hub.site, keys=new_keys())
    with answering(other, certified(served_hub, tmp_path)) as port:
        way = HttpTransport(replace(laptop.account, url=f"https://127.0.0.1:{port}"))
        proved = {"authorization": f"Bearer {token}"}
        with pytest.raises(Denied, match="401 token"):
            way._sent("POST", "/v1/sync", proved, b"")
        way.close()


def test_codes_are_not_tried_by_the_hundred_in_one_package(served_hub: ServedHub, tmp_path: Path) -> None:
    keys, hub = new_keys(), served_hub
    guesses = tuple(
        letter(Enrolment(f"猜 {number}", "贼", keys.sign_public, keys.seal_public)) for number in range(100)
    )
    package = seal(Parcel("", "", "", hub.site.wall(), "up", guesses), keys, hub.keys.seal_public)
    answer = packs.answered(hub.hub, hub.keys, package, hub.site.wall)
    assert answer.refused
    assert len(answer.package) < 2000, "one refusal, not a hundred"
    site = replace(hub.site, limits=Limits({**RATES, "guess": Rate(1, 0.01)}))
    with answering(site, certified(hub, tmp_path)) as port:
        way = HttpTransport(replace(hub.enrol("甲", NORTH), url=f"https://127.0.0.1:{port}"))
        statuses = [way._opened().post("/v1/pack", content=package).status_code for _ in range(3)]
        way.close()
    assert statuses == [200, 429, 429]


def test_a_stranger_who_speaks_sync_is_told_nothing(served_hub: ServedHub) -> None:
    account = replace(served_hub.enrol("甲", NORTH), dev="0123456789abcdef")
    request = SyncRequest(account.dev, served_hub.hub.epoch, 0, pull=Pull())
    with pytest.raises(Denied, match="403 unknown"):
        served_hub.connect(account).call("/v1/sync", request, SyncReply)


def test_a_package_from_the_network_cannot_fill_the_memory(hub: Hub) -> None:
    keys, laptop = new_keys(), join(hub, "甲", NORTH)
    padded = replace(Parcel(COUNTY, laptop.dev, COUNTY, NOW, "up"), messages=(bytes(100 << 20),))
    package = seal(padded, laptop.keys, keys.seal_public)
    assert len(package) < 1 << 20
    with pytest.raises(Refused, match="太大"):
        packs.answered(hub, keys, package, lambda: NOW, relayed=True)
