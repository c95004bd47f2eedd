"""What somebody forged, altered, or brought from another county is refused without a trace of harm: no table changes."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable

import pytest
from msgspec import Raw

from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import devices, packs
from nehe_desktop.hub.schema import names
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import Link
from nehe_desktop.sync.keys import Keys, new_keys
from nehe_desktop.sync.package import Parcel, letter, seal
from nehe_desktop.sync.proofs import chain_of, signed_words
from nehe_desktop.sync.protocol import Pull, Push, SyncRequest
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import COUNTY, NORTH, NOW, Laptop, join, new

HUB_KEYS = new_keys()
_NOTES = (
    "event",
    "receipt",
)  # what an administrator is told of the attack, and what a laptop was told before


def everything(hub: Hub) -> dict[str, list[str]]:
    """Every row of every table, but the notes of visits."""

    def job(link: Link) -> dict[str, list[str]]:
        wanted = [name for name in names() if name not in _NOTES]
        return {
            each: sorted(map(repr, link.all(f"SELECT * FROM {each} WHERE county = ?", (COUNTY,))))
            for each in wanted
        }

    return hub.store.read(job)


@pytest.fixture
def laptop(either_hub: Hub) -> Laptop:
    """A laptop that has sent two saves."""
    devices.introduce(either_hub.store, COUNTY, HUB_KEYS)
    made = join(either_hub, "李工", NORTH)
    made.does(new("household", "h1", NORTH, village=NORTH))
    made.does(new("household", "h2", NORTH, village=NORTH))
    return made


def save(laptop: Laptop) -> bytes:
    return laptop.save(new("household", "bad", NORTH, village=NORTH))


def signed(laptop: Laptop, keys: Keys, county: str, first: int, dev: str = "") -> Push:
    """A push as somebody else would sign it."""
    body = save(laptop)
    words = signed_words(county, dev or laptop.dev, first, 1, chain_of(laptop.chain, [body]))
    return Push(first, laptop.chain, [Raw(body)], keys.signature(words), {})


def altered(laptop: Laptop) -> Push:
    push = laptop.push(save(laptop))
    push.txs = [Raw(bytes(push.txs[0]).replace(b'"bad"', b'"worse"'))]
    return push


def flipped(laptop: Laptop) -> Push:
    push = laptop.push(save(laptop))
    sig = bytearray(b64decode(push.sig))
    sig[5] ^= 1
    push.sig = b64encode(sig).decode()
    return push


BATCHES: dict[str, Callable[[Laptop], Push]] = {
    "signed by another key": lambda laptop: signed(laptop, new_keys(), COUNTY, 3),
    "signed for another county": lambda laptop: signed(laptop, laptop.keys, "另一个县", 3),
    "signed for another laptop": lambda laptop: signed(laptop, laptop.keys, COUNTY, 3, "dev-王工"),
    "signed for another place in the line": lambda laptop: signed(laptop, laptop.keys, COUNTY, 9),
    "in the place of what was sent": lambda laptop: laptop.push_from(2, laptop.chain, [save(laptop)]),
    "from the beginning anew": lambda laptop: laptop.push_from(
        1, "", [save(laptop), save(laptop), save(laptop)]
    ),
    "altered on the way": altered,
    "with one bit of the signature turned": flipped,
    "with a save left out": lambda laptop: Push(3, laptop.chain, [], laptop.push(save(laptop)).sig, {}),
    "without a signature": lambda laptop: Push(3, laptop.chain, [Raw(save(laptop))], "", {}),
}


@pytest.mark.parametrize("what", BATCHES)
def test_a_forged_batch_leaves_no_trace(laptop: Laptop, what: str) -> None:
    before = everything(laptop.hub)
    with pytest.raises(Denied):
        laptop.ask(BATCHES[what](laptop), Pull(limit=0))
    assert everything(laptop.hub) == before


def test_a_batch_that_comes_again_leaves_no_trace(laptop: Laptop) -> None:
    push = laptop.push(laptop.save(new("household", "h3", NORTH, village=NORTH)))
    laptop.ask(push)
    before = everything(laptop.hub)
    for _ in range(3):
        laptop.ask(push)
    assert everything(laptop.hub) == before


def stick(
    laptop: Laptop, keys: Keys, county: str = COUNTY, dev: str = "", receiver: str = "", kind: str = "up"
) -> bytes:
    """A package with a save, made by somebody."""
    request = SyncRequest(
        laptop.dev, laptop.hub.epoch, NOW, push=laptop.push(save(laptop)), pull=Pull(limit=0)
    )
    parcel = Parcel(county, dev or laptop.dev, county, NOW, kind, (letter(request),))
    return seal(parcel, keys, receiver or HUB_KEYS.seal_public)


def turned(laptop: Laptop) -> bytes:
    whole = stick(laptop, laptop.keys)
    return whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:]


PACKAGES: dict[str, Callable[[Laptop], bytes]] = {
    "of another county": lambda laptop: stick(laptop, laptop.keys, county="230282"),
    "for another county": lambda laptop: stick(laptop, laptop.keys, receiver=new_keys().seal_public),
    "signed by another key": lambda laptop: stick(laptop, new_keys()),
    "in the name of a stranger": lambda laptop: stick(laptop, laptop.keys, dev="dev-王工"),
    "that came from a county": lambda laptop: stick(laptop, laptop.keys, kind="down"),
    "with one bit turned": turned,
    "cut off": lambda laptop: stick(laptop, laptop.keys)[:-1],
    "with something behind": lambda laptop: stick(laptop, laptop.keys) + b"x",
}


@pytest.mark.parametrize("what", PACKAGES)
def test_a_forged_package_leaves_no_trace(laptop: Laptop, what: str) -> None:
    package, before = PACKAGES[what](laptop), everything(laptop.hub)
    with pytest.raises(Refused):
        packs.answered(laptop.hub, HUB_KEYS, package, lambda: NOW)
    assert everything(laptop.hub) == before
