"""What a laptop sends is taken once, in its order, from the laptop that it says it is from."""

from __future__ import annotations

import pytest
from msgspec import Raw

from nehe_desktop.hub import devices
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.keys import is_signed, new_keys
from nehe_desktop.sync.proofs import chain_of
from nehe_desktop.sync.protocol import Change, Pull, Push, Receipt, Refusal
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import COUNTY, NORTH, NOW, Laptop, ack_of, join, new


def refused(laptop: Laptop, push: Push | None, **more: object) -> tuple[int, Refusal]:
    """The status and the reason of a refusal."""
    with pytest.raises(Denied) as denied:
        laptop.ask(push, Pull(limit=0), **more)
    return denied.value.status, denied.value.refusal


def household(key: str) -> Change:
    return new("household", key, NORTH, village=NORTH)


@pytest.fixture
def laptop(hub: Hub) -> Laptop:
    return join(hub, "李工", NORTH)


def test_what_was_verified_is_acknowledged_with_its_chain(laptop: Laptop) -> None:
    push = laptop.push(laptop.save(household("h1")), laptop.save(household("h2")))
    ack = ack_of(laptop.ask(push))
    assert (ack.to, ack.chain) == (2, chain_of("", [bytes(each) for each in push.txs]))
    assert ack.heads == {"county": 0, NORTH: 2}


def test_the_acknowledgement_never_goes_beyond_this_request(laptop: Laptop) -> None:
    first, second = laptop.save(household("h1")), laptop.save(household("h2"))
    push = laptop.push(first)
    laptop.send(first, second)
    assert ack_of(laptop.ask(push)).to == 1


def test_a_laptop_from_an_earlier_life_of_the_hub_is_told_the_lineage(laptop: Laptop) -> None:
    status, refusal = refused(laptop, laptop.push(laptop.save(household("h1"))), epoch="before")
    assert (status, refusal.error, refusal.epoch) == (409, "epoch", laptop.hub.epoch)
    assert [fork.parent for fork in refusal.lineage] == ["before"]


def test_a_stranger_is_refused(hub: Hub) -> None:
    stranger = Laptop(hub, "nobody", new_keys(), "生人")
    assert refused(stranger, None)[1].error == "unknown"
    assert refused(stranger, stranger.push(stranger.save(household("h1"))))[0] == 403


def test_a_stolen_laptop_is_refused_with_the_signed_order_to_wipe(hub: Hub, laptop: Laptop) -> None:
    county = new_keys()
    devices.revoke(hub.store, COUNTY, laptop.dev, NOW, county)
    status, refusal = refused(laptop, laptop.push(laptop.save(household("h1"))), epoch="before")
    assert (status, refusal.error) == (403, "revoked")
    assert is_signed(county.sign_public, refusal.sig, refusal.order.encode())


def test_a_push_that_somebody_else_signed_is_refused(hub: Hub, laptop: Laptop) -> None:
    laptop.keys = new_keys()
    assert refused(laptop, laptop.push(laptop.save(household("h1"))))[1].error == "signature"
    assert hub.store.read(lambda link: link.one("SELECT 1 FROM tx WHERE county = ?", (COUNTY,))) is None


def test_a_push_that_was_altered_on_the_way_is_refused(laptop: Laptop) -> None:
    push = laptop.push(laptop.save(household("h1")))
    push.txs = [Raw(laptop.save(household("h2")))]
    assert refused(laptop, push)[1].error == "signature"


def test_a_copied_laptop_is_found_by_its_chain(laptop: Laptop) -> None:
    mine, copied = laptop.push(laptop.save(household("h1"))), laptop.push(laptop.save(household("h2")))
    laptop.ask(mine)
    status, refusal = refused(laptop, copied)
    assert (status, refusal.error, refusal.last) == (409, "fork", 1)


def test_a_laptop_restored_from_a_backup_is_found_by_its_chain(laptop: Laptop) -> None:
    laptop.does(household("h1"))
    push = laptop.push_from(2, "another chain", [laptop.save(household("h2"))])
    assert refused(laptop, push)[1].error == "fork"


def test_a_fork_is_told_to_the_administrator_once(hub: Hub, laptop: Laptop) -> None:
    laptop.does(household("h1"))
    for key in ("h2", "h3"):
        refused(laptop, laptop.push_from(1, "", [laptop.save(household(key))]))
    found = hub.store.read(lambda link: link.all("SELECT kind, dev FROM event WHERE county = ?", (COUNTY,)))
    assert found == [("fork", laptop.dev)]


def test_a_gap_is_refused_with_the_last_number(laptop: Laptop) -> None:
    laptop.does(household("h1"))
    status, refusal = refused(laptop, laptop.push_from(3, "chain", [laptop.save(household("h3"))]))
    assert (status, refusal.error, refusal.last) == (409, "gap", 1)


def test_what_overlaps_is_skipped_and_the_rest_is_taken(laptop: Laptop) -> None:
    first, second = laptop.save(household("h1")), laptop.save(household("h2"))
    laptop.ask(laptop.push(first))
    reply = laptop.ask(laptop.push(first, second))
    assert ack_of(reply).to == 2
    assert (reply.receipt or Receipt()).taken == 1


def test_a_name_that_was_given_up_is_refused_as_a_fork(hub: Hub) -> None:
    laptop = join(hub, "旧名", NORTH, state="replaced")
    assert refused(laptop, None)[1].error == "fork"


def test_an_older_and_a_newer_program_are_told_to_be_updated(laptop: Laptop) -> None:
    assert refused(laptop, None, v=9)[0] == 426
    assert refused(laptop, None, v=-9)[0] == 426


def test_a_number_below_one_is_no_number(laptop: Laptop) -> None:
    assert refused(laptop, laptop.push_from(0, "", [laptop.save(household("h1"))]))[0] == 400


def test_a_request_speaks_only_for_the_laptop_whose_token_it_is(hub: Hub, laptop: Laptop) -> None:
    other = join(hub, "别人", NORTH)
    laptop.dev, token = other.dev, laptop.dev
    with pytest.raises(Denied, match="400 unreadable"):
        hub.sync(token, laptop.request())


def test_a_wrong_clock_is_noted_and_not_refused(hub: Hub, laptop: Laptop) -> None:
    laptop.ask(laptop.push(laptop.save(household("h1"))), now=NOW + 3_600_000)
    assert devices.devices(hub.store, COUNTY)[0].skew == 3_600_000
    found = hub.store.read(lambda link: link.all("SELECT kind FROM event WHERE county = ?", (COUNTY,)))
    assert found == [("clock",)]


def test_a_stamp_from_the_future_is_brought_back_to_ten_minutes_ahead(laptop: Laptop) -> None:
    laptop.does(household("h1"), at=(NOW + 9_000_000) << 16)
    laptop.catch_up()
    assert laptop.rows["household", "h1"][1].h == (NOW + 600_000) << 16


def test_the_hub_sees_when_a_laptop_was_last_there(hub: Hub, laptop: Laptop) -> None:
    laptop.pull()
    assert devices.devices(hub.store, COUNTY)[0].seen == NOW


def test_both_sides_reckon_the_same_receipt(laptop: Laptop) -> None:
    reply = laptop.does(household("h1"))
    assert reply.receipt == laptop.receipt(reply)
    reply = laptop.pull()
    assert reply.receipt == laptop.receipt(reply)


def test_a_laptop_is_told_what_of_it_lies_in_a_backup(hub: Hub, laptop: Laptop) -> None:
    words = f'{{"{laptop.dev}": 7}}'
    hub.store.write(COUNTY, lambda link: devices.remember(link, COUNTY, "durable", words))
    assert ack_of(laptop.does(household("h1"))).durable == 7
