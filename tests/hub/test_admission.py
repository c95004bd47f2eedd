"""Who gets in: over a real TLS socket, with codes that work once, keys that prove themselves, and orders that are signed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from nehe_desktop.core.store import Store
from nehe_desktop.hub import devices
from nehe_desktop.hub.devices import reborn_words
from nehe_desktop.sync import tables
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import Enrolled, Reincarnation, Token, TokenRequest
from nehe_desktop.sync.http import Connector, HttpTransport, Passes
from nehe_desktop.sync.keys import Keys, is_signed, new_keys
from nehe_desktop.sync.protocol import COUNTY, Pull, SyncReply, SyncRequest
from nehe_desktop.sync.transport import Denied, Unreachable
from tests.hub import serving
from tests.hub.serving import ServedHub, joined, wired

NORTH, SOUTH = "a1" * 16, "b2" * 16


@pytest.fixture(scope="module")
def served_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHub]:
    """One hub for all of these: each lets laptops of its own in."""
    with serving.served(tmp_path_factory.mktemp("hub"), {}) as hub:
        yield hub


def known(hub: ServedHub) -> list[str]:
    return [each.name for each in devices.devices(hub.hub.store, serving.COUNTY)]


def greet(hub: ServedHub, way: HttpTransport, dev: str) -> SyncReply:
    return way.call("/v1/sync", SyncRequest(dev, hub.hub.epoch, hub.hub.wall(), pull=Pull()), SyncReply)


def token_requests(hub: ServedHub) -> int:
    text = hub.site.metrics.text(hub.hub.store, serving.COUNTY, 0)
    found = re.search(r'requests_total{path="/v1/token",status="200"} (\d+)', text)
    return int(found[1]) if found else 0


def refusal(caught: pytest.ExceptionInfo[Denied]) -> tuple[int, str]:
    return caught.value.status, caught.value.refusal.error


def rebirth(account: Account, keys: Keys) -> Reincarnation:
    asked = Reincarnation(account.dev, keys.sign_public, keys.seal_public, 1, "")
    asked.sig = account.keys.signature(reborn_words(account.county, asked))
    return asked


def test_a_code_lets_one_laptop_into_its_village(served_hub: ServedHub) -> None:
    laptop = wired(served_hub, "明星村1号电脑", NORTH)
    assert laptop.ask().scopes == [COUNTY, NORTH]
    assert known(served_hub).count("明星村1号电脑") == 1


def test_the_same_code_does_not_let_a_second_laptop_in(served_hub: ServedHub) -> None:
    invitation = served_hub.invite("明星村1号电脑", NORTH)
    joined(invitation, "明星村1号电脑")
    with pytest.raises(Denied, match="code") as caught:
        joined(invitation, "另一台")
    assert refusal(caught) == (403, "code")
    assert "用过了" in caught.value.refusal.sentence


def test_a_laptop_whose_answer_was_lost_asks_again_and_is_the_same(served_hub: ServedHub) -> None:
    invitation, keys = served_hub.invite("明星村1号电脑", NORTH), new_keys()
    first, second = (joined(invitation, "明星村1号电脑", keys) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("words", ["明天", "2345-6789-ABCD-EFGH", ""])
def test_a_made_up_code_is_refused(served_hub: ServedHub, words: str) -> None:
    with pytest.raises(Denied, match="403 code"):
        joined(replace(served_hub.invite("甲", NORTH), code=words), "甲")


def test_a_code_is_good_for_its_days_only(served_hub: ServedHub) -> None:
    invitation = served_hub.invite("甲", NORTH, until=served_hub.hub.wall() - 1)
    with pytest.raises(Denied, match="403 code") as caught:
        joined(invitation, "甲")
    assert "过期" in caught.value.refusal.sentence


def test_a_hub_with_another_fingerprint_gets_nothing(served_hub: ServedHub) -> None:
    with pytest.raises(Unreachable, match="身份不对"):
        joined(replace(served_hub.invite("受骗的电脑", NORTH), fingerprint="0" * 64), "甲")
    assert "受骗的电脑" not in known(served_hub)


def test_keys_that_are_none_are_refused(served_hub: ServedHub) -> None:
    way = served_hub.connect(
        Account(served_hub.url, served_hub.authority.certificate, "", "", "", Keys("", ""), "", "")
    )
    code = served_hub.invite("甲", NORTH).code
    for key in ("", "短", "A" * 44):
        with pytest.raises(Denied, match="400"):
            way.call("/v1/enroll", serving.Enrolment(code, "甲", key, key), Enrolled)


def test_a_token_that_the_hub_no_longer_takes_is_renewed_unseen(served_hub: ServedHub) -> None:
    account, passes = served_hub.enrol("甲", NORTH), Passes()
    way = HttpTransport(account, passes=passes)
    greet(served_hub, way, account.dev)
    passes.tokens[account.county, account.dev] += "x"
    assert greet(served_hub, way, account.dev).scopes == [COUNTY, NORTH]
    way.close()


def test_a_token_is_kept_from_one_connection_to_the_next(served_hub: ServedHub) -> None:
    account, connect = served_hub.enrol("甲", NORTH), Connector()
    before = token_requests(served_hub)
    for _ in range(3):
        way = connect(account)
        greet(served_hub, way, account.dev)
        way.close()
    assert token_requests(served_hub) == before + 2


def test_a_token_is_kept_from_one_start_of_the_program_to_the_next(served_hub: ServedHub, store: Store) -> None:
    account = served_hub.enrol("甲", NORTH)
    tables.prepare(store)
    before = token_requests(served_hub)
    for _ in range(3):
        way = Connector(store)(account)
        greet(served_hub, way, account.dev)
        way.close()
    assert token_requests(served_hub) == before + 2


def test_a_token_ends_after_seven_days(tmp_path: serving.Path) -> None:
    shift = [0]
    with serving.served(tmp_path, {}, wall=lambda: time.time_ns() // 1_000_000 + shift[0]) as hub:
        account, passes = hub.enrol("甲", NORTH), Passes()
        way = HttpTransport(account, passes=passes)
        greet(hub, way, account.dev)
        kept = dict(passes.tokens)
        shift[0] = 7 * 86_400_000 + 1000
        greet(hub, way, account.dev)
        assert passes.tokens != kept
        way.close()


def test_a_token_is_good_for_its_own_laptop_only(served_hub: ServedHub) -> None:
    north, south = wired(served_hub, "甲", NORTH), wired(served_hub, "乙", SOUTH)
    assert north.way is not None
    north.ask()
    with pytest.raises(Denied) as caught:
        greet(served_hub, north.way, south.dev)
    assert refusal(caught) == (403, "signature")


def test_a_stranger_with_the_name_of_a_laptop_gets_no_token(served_hub: ServedHub) -> None:
    account = served_hub.enrol("甲", NORTH)
    thief = served_hub.connect(replace(account, keys=new_keys()))
    with pytest.raises(Denied) as caught:
        greet(served_hub, thief, account.dev)
    assert refusal(caught) == (403, "signature")


def test_a_nonce_that_the_hub_did_not_give_is_no_proof(served_hub: ServedHub) -> None:
    account = served_hub.enrol("甲", NORTH)
    way = served_hub.connect(account)
    nonce = f"deadbeef.{time.time_ns()}.made-up"
    proof = account.keys.signature(f"nehe token {account.county} {account.dev} {nonce}".encode())
    with pytest.raises(Denied, match="401 token"):
        way.call("/v1/token", TokenRequest(account.dev, nonce, proof), Token)


def test_a_laptop_that_nobody_let_in_is_told_so(served_hub: ServedHub) -> None:
    account = replace(served_hub.enrol("甲", NORTH), dev="f" * 16)
    with pytest.raises(Denied) as caught:
        greet(served_hub, served_hub.connect(account), account.dev)
    assert refusal(caught) == (403, "unknown")


@pytest.mark.parametrize("with_token", [True, False])
def test_a_revoked_laptop_gets_the_order_to_wipe_that_the_hub_signed(
    served_hub: ServedHub, *, with_token: bool
) -> None:
    laptop = wired(served_hub, "丢失的电脑", NORTH)
    if with_token:
        laptop.ask()
    devices.revoke(served_hub.hub.store, serving.COUNTY, laptop.dev, 5, served_hub.keys)
    with pytest.raises(Denied) as caught:
        laptop.ask()
    told = caught.value.refusal
    assert refusal(caught) == (403, "revoked")
    assert told.order == f"nehe wipe {serving.COUNTY} {laptop.dev} 5"
    assert laptop.account is not None
    assert is_signed(laptop.account.hub_sign, told.sig, told.order.encode())


def test_a_laptop_that_met_its_double_gets_a_name_of_its_own(served_hub: ServedHub) -> None:
    account, keys = served_hub.enrol("甲", NORTH), new_keys()
    way = served_hub.connect(account)
    told = way.call("/v1/reincarnate", rebirth(account, keys), Enrolled)
    with pytest.raises(Denied) as caught:
        greet(served_hub, way, account.dev)
    assert refusal(caught) == (409, "fork")
    reborn = served_hub.connect(account.reborn(told.dev, keys))
    assert greet(served_hub, reborn, told.dev).scopes == [COUNTY, NORTH]


def test_asking_for_a_new_name_again_gives_the_same_one_and_the_double_another(served_hub: ServedHub) -> None:
    account, keys = served_hub.enrol("甲", NORTH), new_keys()
    way = served_hub.connect(account)
    first, again = (way.call("/v1/reincarnate", rebirth(account, keys), Enrolled).dev for _ in range(2))
    double = way.call("/v1/reincarnate", rebirth(account, new_keys()), Enrolled).dev
    assert first == again != double


def test_a_new_name_needs_the_old_key(served_hub: ServedHub) -> None:
    account = served_hub.enrol("甲", NORTH)
    thief = replace(account, keys=new_keys())
    with pytest.raises(Denied, match="403 signature"):
        served_hub.connect(thief).call("/v1/reincarnate", rebirth(thief, new_keys()), Enrolled)
    assert greet(served_hub, served_hub.connect(account), account.dev).scopes == [COUNTY, NORTH]


def test_a_revoked_laptop_gets_no_new_name(served_hub: ServedHub) -> None:
    account = served_hub.enrol("甲", NORTH)
    devices.revoke(served_hub.hub.store, serving.COUNTY, account.dev, 5, served_hub.keys)
    with pytest.raises(Denied, match="403 revoked"):
        served_hub.connect(account).call("/v1/reincarnate", rebirth(account, new_keys()), Enrolled)


def test_a_village_given_and_taken_shows_in_the_next_answer(served_hub: ServedHub) -> None:
    laptop, store = wired(served_hub, "甲", NORTH), served_hub.hub.store
    devices.grant(store, serving.COUNTY, laptop.dev, SOUTH, 6)
    assert laptop.ask().scopes == [COUNTY, NORTH, SOUTH]
    devices.take_away(store, serving.COUNTY, laptop.dev, NORTH, 7)
    assert laptop.ask().scopes == [COUNTY, SOUTH]
