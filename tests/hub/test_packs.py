"""Packages on a stick: the same work as over the network, twice without harm, and an answer for the way back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import Struct

from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import devices, packs
from nehe_desktop.hub.devices import reborn_words
from nehe_desktop.hub.epochs import new_epoch
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import open_store
from nehe_desktop.sync import wire
from nehe_desktop.sync.admission import Enrolled, Enrolment, Reincarnation
from nehe_desktop.sync.keys import Keys, new_keys
from nehe_desktop.sync.package import Parcel, letter, message_of, open_parcel, seal
from nehe_desktop.sync.proofs import chain_of
from nehe_desktop.sync.protocol import START, Change, Pull, Refusal, SyncReply, SyncRequest
from tests.hub.laptops import NORTH, NOW, RULES, SOUTH, Laptop, edit, join, new
from tests.hub.serving import KEY, served, trust, wired

COUNTY = "230281"
PHOTO = bytes(range(256)) * 300


@dataclass(frozen=True)
class Office:
    """A county's hub with its keys; sticks are brought to it."""

    hub: Hub
    keys: Keys

    def takes(self, package: bytes) -> packs.Answer:
        return packs.answered(self.hub, self.keys, package, lambda: NOW)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    store, keys = open_store(str(tmp_path / "hub.nhdb"), KEY), new_keys()
    devices.introduce(store, COUNTY, keys)
    yield Office(Hub(store, COUNTY, RULES, lambda: NOW), keys)
    store.close()


def package(office: Office, keys: Keys, dev: str, *messages: Struct, **blobs: bytes) -> bytes:
    parcel = Parcel(COUNTY if dev else "", dev, "", NOW, "up", tuple(map(letter, messages)), blobs)
    return seal(parcel, keys, office.keys.seal_public)


def brought(office: Office, laptop: Laptop, *messages: Struct, **blobs: bytes) -> list[Struct]:
    """What comes back when a laptop's stick is carried to the county."""
    back = office.takes(package(office, laptop.keys, laptop.dev, *messages, **blobs)).package
    return opened(office, laptop.keys, back)


def opened(office: Office, keys: Keys, back: bytes) -> list[Struct]:
    parcel = open_parcel(back, keys, lambda _: office.keys.sign_public)
    assert parcel.kind == "down"
    return [message_of(each) for each in parcel.messages]


def request(laptop: Laptop, *saves: bytes) -> SyncRequest:
    push = laptop.push(*saves) if saves else None
    return SyncRequest(laptop.dev, laptop.hub.epoch, NOW, push=push, pull=Pull(dict(laptop.cursors), 1 << 20))


def refusal_of(messages: list[Struct]) -> str:
    found = [each.error for each in messages if isinstance(each, Refusal)]
    assert len(found) == 1
    return found[0]


def take(laptop: Laptop, messages: list[Struct]) -> None:
    for each in messages:
        if isinstance(each, SyncReply):
            laptop._told(each)


def records(office: Office) -> list[Any]:
    return office.hub.store.read(lambda link: link.all("SELECT * FROM record WHERE county = ?", (COUNTY,)))


def household(key: str, village: str = NORTH, **values: str) -> Change:
    return new("household", key, village, village=village, **values)


def test_what_was_typed_arrives_and_everything_new_comes_back(office: Office) -> None:
    north, other = join(office.hub, "甲", NORTH), join(office.hub, "乙", NORTH)
    other.does(household("h1", head="钱守田"))
    messages = brought(office, north, request(north, north.save(household("h2"))))
    take(north, messages)
    assert {key for (_, key) in north.rows} == {"h1", "h2"}
    assert isinstance(messages[0], SyncReply)
    assert messages[0].ack is not None
    assert messages[0].ack.to == 1
    assert isinstance(messages[-1], SyncReply)
    assert messages[-1].pages[NORTH].digest == north.digest(NORTH)


def test_the_same_stick_twice_changes_nothing(office: Office) -> None:
    laptop = join(office.hub, "甲", NORTH)
    stick = package(
        office, laptop.keys, laptop.dev, request(laptop, laptop.save(household("h1", head="钱守田")))
    )
    states = []
    for _ in range(2):
        take(laptop, opened(office, laptop.keys, office.takes(stick).package))
        states.append((laptop.state(), laptop.seq, laptop.chain, records(office)))
    assert states[0] == states[1]
    assert laptop.sees("household", "h1") == {"village": NORTH, "head": "钱守田"}


def test_a_stick_that_comes_after_the_network_did_the_work_changes_nothing(office: Office) -> None:
    laptop = join(office.hub, "甲", NORTH)
    asked = request(laptop, laptop.save(household("h1")))
    laptop.ask(asked.push)
    messages = brought(office, laptop, asked)
    take(laptop, messages)
    assert laptop.seq == 1
    assert laptop.rows["household", "h1"][1].v == 1


def test_several_requests_in_one_package_are_done_in_order(office: Office) -> None:
    laptop = join(office.hub, "甲", NORTH)
    first = laptop.push(laptop.save(household("h1", head="甲")))
    laptop.seq, laptop.chain = 1, chain_of(START, [bytes(each) for each in first.txs])
    second = laptop.push(laptop.save(edit("household", "h1", NORTH, head=("甲", "乙"))))
    requests = [
        SyncRequest(laptop.dev, office.hub.epoch, NOW, push=each, pull=Pull()) for each in (first, second)
    ]
    take(laptop, brought(office, laptop, *requests))
    assert laptop.sees("household", "h1") == {"village": NORTH, "head": "乙"}


def test_a_new_village_comes_whole_also_where_the_network_would_offer_a_file(office: Office) -> None:
    first, newcomer = join(office.hub, "甲", NORTH), join(office.hub, "乙", NORTH)
    for part in range(4):
        first.does(*(household(f"h{part}-{number}", head="钱守田") for number in range(100)))
    messages = brought(office, newcomer, request(newcomer))
    take(newcomer, messages)
    assert isinstance(messages[-1], SyncReply)
    assert messages[-1].pages[NORTH].digest == newcomer.digest(NORTH)
    assert len(newcomer.rows) == 400


def test_a_laptop_without_any_network_joins_and_is_filled(office: Office) -> None:
    join(office.hub, "甲", NORTH).does(household("h1"))
    code = devices.invite(office.hub.store, COUNTY, "没有网的村", [NORTH], NOW + 1000)
    keys = new_keys()
    stick = package(office, keys, "", Enrolment(code, "乙", keys.sign_public, keys.seal_public))
    first, second = (opened(office, keys, office.takes(stick).package) for _ in range(2))
    assert first == second
    assert isinstance(first[0], Enrolled)
    newcomer = Laptop(office.hub, first[0].dev, keys, "乙")
    take(newcomer, first)
    assert {key for (_, key) in newcomer.rows} == {"h1"}


def test_a_code_that_was_used_is_refused_on_a_stick_too(office: Office) -> None:
    code = devices.invite(office.hub.store, COUNTY, "甲", [NORTH], NOW + 1000)
    for keys in (new_keys(), thief := new_keys()):
        answer = office.takes(
            package(office, keys, "", Enrolment(code, "甲", keys.sign_public, keys.seal_public))
        )
    assert refusal_of(opened(office, thief, answer.package)) == "code"
    assert "用过了" in answer.refused


def test_photographs_go_both_ways(office: Office) -> None:
    north, other = join(office.hub, "甲", NORTH), join(office.hub, "乙", NORTH)
    name = hashlib.sha256(PHOTO).hexdigest()
    save = north.save(household("h1"), new("visit", "v1", NORTH, household="h1", photos=name))
    brought(office, north, request(north, save), **{name: PHOTO})
    assert office.hub.fetch_blob(other.dev, name, 0, len(PHOTO)) == PHOTO
    back = office.takes(package(office, other.keys, other.dev, request(other))).package
    assert open_parcel(back, other.keys, lambda _: office.keys.sign_public).blobs == {name: PHOTO}


def test_a_photograph_that_no_row_names_is_left_aside(office: Office) -> None:
    laptop = join(office.hub, "甲", NORTH)
    brought(office, laptop, request(laptop), **{hashlib.sha256(PHOTO).hexdigest(): PHOTO})
    assert not office.hub.store.read(lambda link: link.all("SELECT 1 FROM blob WHERE county = ?", (COUNTY,)))


def test_a_laptop_gets_nothing_of_another_village(office: Office) -> None:
    north, south = join(office.hub, "甲", NORTH), join(office.hub, "乙", SOUTH)
    name = hashlib.sha256(PHOTO).hexdigest()
    brought(office, north, request(north, north.save(household("h1", head="钱守田"))), **{name: PHOTO})
    take(south, brought(office, south, request(south)))
    assert not south.rows


def test_a_revoked_laptop_gets_its_order_on_the_stick(office: Office) -> None:
    laptop = join(office.hub, "甲", NORTH)
    devices.revoke(office.hub.store, COUNTY, laptop.dev, 7, office.keys)
    messages = brought(office, laptop, request(laptop, laptop.save(household("h1"))))
    assert refusal_of(messages) == "revoked"
    assert isinstance(messages[0], Refusal)
    assert messages[0].order == f"nehe wipe {COUNTY} {laptop.dev} 7"


def test_a_laptop_that_met_its_double_gets_its_new_name_on_the_stick(office: Office) -> None:
    laptop, keys = join(office.hub, "甲", NORTH), new_keys()
    asked = Reincarnation(laptop.dev, keys.sign_public, keys.seal_public, NOW, "")
    asked.sig = laptop.keys.signature(reborn_words(COUNTY, asked))
    stick = package(office, laptop.keys, laptop.dev, asked)
    first, second = (opened(office, keys, office.takes(stick).package) for _ in range(2))
    assert first == second
    assert isinstance(first[0], Enrolled)
    assert first[0].dev != laptop.dev


def test_an_epoch_that_is_over_is_told_on_the_stick(office: Office) -> None:
    laptop = join(office.hub, "甲", NORTH)
    old = request(laptop, laptop.save(household("h1")))
    new_epoch(office.hub.store, COUNTY, NOW)
    assert refusal_of(brought(office, laptop, old)) == "epoch"


def test_one_laptop_cannot_speak_for_another(office: Office) -> None:
    north, south = join(office.hub, "甲", NORTH), join(office.hub, "乙", SOUTH)
    assert (
        refusal_of(brought(office, north, request(south, south.save(household("h1", SOUTH))))) == "unreadable"
    )


def test_what_is_not_meant_for_this_hub_is_refused(office: Office) -> None:
    laptop = join(office.hub, "甲", NORTH)
    down = Parcel(COUNTY, laptop.dev, "", NOW, "down", (letter(request(laptop)),))
    other = Parcel("230282", laptop.dev, "", NOW, "up", (letter(request(laptop)),))
    stranger = package(office, new_keys(), "nobody", request(laptop))
    packed = [seal(each, laptop.keys, office.keys.seal_public) for each in (down, other)]
    for each in (
        *packed,
        stranger,
        b"",
        b"NHPKG",
        package(office, laptop.keys, laptop.dev, request(laptop))[:-9],
    ):
        with pytest.raises(Refused):
            office.takes(each)


def test_a_relay_may_bring_packages_over_the_network(tmp_path: Path) -> None:
    with served(tmp_path, RULES) as hub:
        laptop = wired(hub, "甲", NORTH)
        office = Office(hub.hub, hub.keys)
        stick = package(office, laptop.keys, laptop.dev, request(laptop, laptop.save(household("h1"))))
        with httpx.Client(base_url=hub.url, verify=trust(hub), trust_env=False) as relay:
            came = relay.post("/v1/pack", content=stick)
            refused = relay.post("/v1/pack", content=stick[:-1])
        take(laptop, opened(office, laptop.keys, came.content))
        assert laptop.seq == 1
        assert wire.unpack(refused.content, Refusal).error == "refused"
