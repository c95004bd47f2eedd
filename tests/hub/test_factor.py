"""The county's own laptops show the code of a phone: once, in its half minute, and not by trying."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.features import ledgers
from nehe_desktop.hub import auth, devices, factor
from nehe_desktop.hub.devices import reborn_words
from nehe_desktop.hub.limits import Limits
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import HubStore
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import Enrolled, Reincarnation
from nehe_desktop.sync.client import Client, CodeNeeded, enrol
from nehe_desktop.sync.http import Connector, first_contact
from nehe_desktop.sync.keys import Keys, new_keys
from nehe_desktop.sync.package import Parcel, letter, message_of, open_parcel, seal
from nehe_desktop.sync.protocol import Pull, Refusal, SyncReply, SyncRequest
from nehe_desktop.sync.rules import rules_of
from nehe_desktop.sync.standing import standing
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import COUNTY as TOWN
from tests.hub.laptops import Laptop, join
from tests.hub.serving import COUNTY, ServedHub, served
from tests.hub.test_admission import rebirth

NORTH = "a1" * 16
STEP = 30_000


class Wall:
    """The hub's clock, at the beginning of a half minute."""

    def __init__(self) -> None:
        self.now = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now


@dataclass
class Office:
    """A served hub that wants codes, a clock, and the phone of whoever works at a county laptop."""

    hub: ServedHub
    wall: Wall
    seconds: list[float] = field(default_factory=lambda: [0.0])

    def phone(self, account: Account) -> bytes:
        return factor.enrol(self.hub.hub.store, COUNTY, self.hub.keys, account.dev, self.wall())

    def greets(self, account: Account, code: str = "") -> SyncReply:
        connect = Connector()
        if code:
            connect.give(code)
        way = connect(account)
        self.hub.opened.append(way)
        request = SyncRequest(account.dev, self.hub.hub.epoch, self.wall(), pull=Pull())
        return way.call("/v1/sync", request, SyncReply)

    def said(self, account: Account, code: str = "") -> str:
        with pytest.raises(Denied, match="403 otp") as caught:
            self.greets(account, code)
        return caught.value.refusal.sentence


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    wall, seconds = Wall(), [0.0]
    limits = Limits(clock=lambda: seconds[0])
    with served(tmp_path, rules_of(ledgers.ALL), wall=wall, limits=limits, otp_for_county=True) as hub:
        yield Office(hub, wall, seconds)


@pytest.fixture
def laptop(office: Office) -> Account:
    return office.hub.enrol("县里1", "*")


@pytest.fixture
def phone(office: Office, laptop: Account) -> bytes:
    return office.phone(laptop)


def test_a_county_laptop_without_a_phone_gets_nothing(office: Office, laptop: Account) -> None:
    assert "hub device otp" in office.said(laptop)


def test_a_village_laptop_needs_none(office: Office) -> None:
    assert office.greets(office.hub.enrol("明星1", NORTH)).scopes == ["county", NORTH]


def test_the_code_of_the_phone_lets_it_in_for_seven_days(
    office: Office, laptop: Account, phone: bytes
) -> None:
    assert office.said(laptop) == "需要验证码"
    connect = Connector()
    connect.give(factor.code_at(phone, office.wall()))
    way = connect(laptop)
    office.hub.opened.append(way)
    for days in (0, 6):
        office.wall.now += days * 86_400_000
        assert way.call(
            "/v1/sync", SyncRequest(laptop.dev, office.hub.hub.epoch, office.wall(), pull=Pull()), SyncReply
        )
    office.wall.now += 2 * 86_400_000
    with pytest.raises(Denied, match="403 otp"):
        way.call(
            "/v1/sync", SyncRequest(laptop.dev, office.hub.hub.epoch, office.wall(), pull=Pull()), SyncReply
        )


@pytest.mark.parametrize("away", [-1, 0, 1])
def test_half_a_minute_to_either_side_is_taken(
    office: Office, laptop: Account, phone: bytes, away: int
) -> None:
    assert office.greets(laptop, factor.code_at(phone, office.wall() + away * STEP))


@pytest.mark.parametrize("away", [-4, 4, 100])
def test_a_right_code_at_a_wrong_time_is_told_as_that_and_not_taken(
    office: Office, laptop: Account, phone: bytes, away: int
) -> None:
    assert "时间调准" in office.said(laptop, factor.code_at(phone, office.wall() + away * STEP))


@pytest.mark.parametrize("code", ["000000", "12345", "1234567", "abcdef", "１２３４５６", "12 345", "-12345"])
def test_what_is_not_the_code_is_refused(office: Office, laptop: Account, phone: bytes, code: str) -> None:
    assert factor.code_at(phone, office.wall()) != code
    assert office.said(laptop, code)


def test_a_code_with_a_space_in_the_middle_is_the_code(office: Office, laptop: Account, phone: bytes) -> None:
    code = factor.code_at(phone, office.wall())
    assert office.greets(laptop, f"{code[:3]} {code[3:]}")


def test_a_code_that_was_overheard_is_worth_nothing(office: Office, laptop: Account, phone: bytes) -> None:
    code = factor.code_at(phone, office.wall())
    office.greets(laptop, code)
    assert "用过了" in office.said(laptop, code)
    assert "用过了" in office.said(laptop, factor.code_at(phone, office.wall() - STEP))
    office.wall.now += STEP
    assert office.greets(laptop, factor.code_at(phone, office.wall()))


def test_a_phone_whose_clock_slowly_goes_wrong_is_followed(
    office: Office, laptop: Account, phone: bytes
) -> None:
    for week in range(1, 9):
        office.wall.now += 7 * 86_400_000
        assert office.greets(laptop, factor.code_at(phone, office.wall() + week * STEP))


def test_it_is_not_followed_for_ever(office: Office, laptop: Account, phone: bytes) -> None:
    for week in range(1, 12):
        office.wall.now += 7 * 86_400_000
        office.greets(laptop, factor.code_at(phone, office.wall() + week * STEP))
    office.wall.now += 7 * 86_400_000
    assert "时间调准" in office.said(laptop, factor.code_at(phone, office.wall() + 12 * STEP))


def test_trying_codes_ends_after_five_and_stops_nobody_else(
    office: Office, laptop: Account, phone: bytes
) -> None:
    other = office.hub.enrol("县里2", "*")
    others = office.phone(other)
    right = factor.code_at(phone, office.wall())
    wrong = [f"{(int(right) + number) % 1_000_000:06}" for number in range(1, 6)]
    told = [office.said(laptop, code) for code in wrong]
    assert not any("太多" in each for each in told)
    assert "验证码错得太多" in office.said(laptop, right)
    sql = "SELECT dev FROM event WHERE county = ? AND kind = 'otp-wrong'"
    assert office.hub.hub.store.read(lambda link: link.all(sql, (COUNTY,))) == [(laptop.dev,)]
    assert office.greets(other, factor.code_at(others, office.wall()))
    office.seconds[0] += 301
    assert office.greets(laptop, right)


def test_who_has_not_the_key_of_the_laptop_cannot_even_try(
    office: Office, laptop: Account, phone: bytes
) -> None:
    thief = Account(**{**vars(laptop), "keys": new_keys()})
    with pytest.raises(Denied, match="403 signature"):
        office.greets(thief, factor.code_at(phone, office.wall()))
    assert office.greets(laptop, factor.code_at(phone, office.wall()))


def test_a_token_without_a_code_dies_when_the_laptop_gets_the_whole_county(office: Office) -> None:
    account = office.hub.enrol("镇里1", NORTH)
    way = office.hub.connect(account)
    request = SyncRequest(account.dev, office.hub.hub.epoch, office.wall(), pull=Pull())
    way.call("/v1/sync", request, SyncReply)
    devices.grant(office.hub.hub.store, COUNTY, account.dev, "*", office.wall())
    with pytest.raises(Denied, match="403 otp"):
        way.call("/v1/sync", request, SyncReply)
    with pytest.raises(Denied, match="403 otp"):
        way.fetch(f"/v1/snapshot/{NORTH}@1", 0, 10)


def test_a_village_laptop_that_was_given_a_factor_needs_it_too(office: Office) -> None:
    account = office.hub.enrol("明星1", NORTH)
    office.greets(account)
    secret = office.phone(account)
    assert office.said(account) == "需要验证码"
    assert office.greets(account, factor.code_at(secret, office.wall()))


def test_a_name_of_its_own_anew_needs_the_same_phone(office: Office, laptop: Account, phone: bytes) -> None:
    keys = new_keys()
    told = office.hub.connect(laptop).call("/v1/reincarnate", rebirth(laptop, keys), Enrolled)
    again = laptop.reborn(told.dev, keys)
    assert office.said(again) == "需要验证码"
    assert office.greets(again, factor.code_at(phone, office.wall()))


def test_a_new_phone_ends_the_old_one(office: Office, laptop: Account, phone: bytes) -> None:
    store = office.hub.hub.store
    with pytest.raises(Refused, match="--new"):
        factor.enrol(store, COUNTY, office.hub.keys, laptop.dev, office.wall())
    fresh = factor.enrol(store, COUNTY, office.hub.keys, laptop.dev, office.wall(), anew=True)
    assert office.said(laptop, factor.code_at(phone, office.wall()))
    assert office.greets(laptop, factor.code_at(fresh, office.wall()))


def test_taking_it_away_does_not_open_a_county_laptop(office: Office, laptop: Account, phone: bytes) -> None:
    assert phone
    factor.remove(office.hub.hub.store, COUNTY, laptop.dev, office.wall())
    assert "没有给这台电脑设验证码" in office.said(laptop)


def sent_by(account: Account, hub: ServedHub, now: int) -> bytes:
    message = letter(SyncRequest(account.dev, hub.hub.epoch, now, pull=Pull()))
    return seal(
        Parcel(COUNTY, account.dev, COUNTY, now, "up", (message,)), account.keys, hub.keys.seal_public
    )


def test_a_package_over_the_network_is_no_way_around_it(
    office: Office, laptop: Account, phone: bytes
) -> None:
    assert phone
    package = sent_by(laptop, office.hub, office.wall())
    client = office.hub.connect(laptop)._opened()
    back = open_parcel(
        client.post("/v1/pack", content=package).content, laptop.keys, lambda _: laptop.hub_sign
    )
    answers = [message_of(each) for each in back.messages]
    assert [each.error for each in answers if isinstance(each, Refusal)] == ["otp"]
    assert not [each for each in answers if isinstance(each, SyncReply)]


def test_the_secret_does_not_lie_in_the_database(hub_store: HubStore) -> None:
    keys = new_keys()
    secret = factor.enrol(hub_store, TOWN, keys, "d1", 0)
    (row,) = hub_store.read(lambda link: link.all("SELECT * FROM factor WHERE county = ?", (TOWN,)))
    assert factor.typed(secret).replace(" ", "") not in str(row)
    assert secret.hex() not in str(row)
    assert secret == factor._unseal(keys, TOWN, row[2])
    with pytest.raises(InvalidTag):
        factor._unseal(Keys(new_keys().sign, keys.seal), TOWN, row[2])


def test_the_code_is_the_one_of_the_standard() -> None:
    """RFC 6238, appendix B, the last six of eight digits."""
    known = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}
    assert {at: factor.code_at(b"12345678901234567890", at * 1000) for at in known} == known
    told = factor.address(b"12345678901234567890", "县里1", "讷河")
    assert told.startswith("otpauth://totp/")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in told


def test_a_person_is_told_and_nothing_is_lost(office: Office, store: Store) -> None:
    enrol(store, office.hub.invite("县里1", "*"), "县里1", first_contact)
    connect = Connector(store)
    client = Client(store, connect, lambda: office.wall() / 1000)
    with pytest.raises(CodeNeeded, match="hub device otp"):
        client.sync()
    dev = devices.devices(office.hub.hub.store, COUNTY)[-1].dev
    secret = factor.enrol(office.hub.hub.store, COUNTY, office.hub.keys, dev, office.wall())
    with pytest.raises(CodeNeeded) as caught:
        client.sync()
    assert (caught.value.sentence, standing(store).trouble) == ("需要验证码", "需要验证码")
    connect.give(factor.code_at(secret, office.wall()))
    client.sync()
    assert standing(store).trouble == ""
    Client(store, Connector(store), lambda: office.wall() / 1000).sync()  # the token outlives the program


def test_the_door_is_the_same_on_either_engine(either_hub: Hub) -> None:
    """What served hubs show on the embedded engine, by the statements themselves."""
    store, keys, now = either_hub.store, new_keys(), 1_800_000_000_000
    village, county = join(either_hub, "村", NORTH), join(either_hub, "县", "*")

    def enters(laptop: Laptop, *, twofold: bool = False) -> bool:
        try:
            store.read(
                lambda link: auth.admitted(link, TOWN, laptop.dev, twofold=twofold, otp_for_county=True)
            )
        except Denied as denied:
            return denied.refusal.error != "token"
        return True

    assert (enters(village), enters(county), enters(county, twofold=True)) == (True, False, True)
    secret = factor.enrol(store, TOWN, keys, village.dev, now)
    assert not enters(village)
    factor.check(store, TOWN, keys, village.dev, factor.code_at(secret, now), now)
    with pytest.raises(Denied, match="otp"):
        factor.check(store, TOWN, keys, village.dev, factor.code_at(secret, now), now)
    reborn = new_keys()
    asked = Reincarnation(village.dev, reborn.sign_public, reborn.seal_public, 1, "")
    asked.sig = village.keys.signature(reborn_words(TOWN, asked))
    told = devices.reincarnate(store, TOWN, asked, lambda: now)
    factor.check(store, TOWN, keys, told.dev, factor.code_at(secret, now + STEP), now + STEP)
    factor.remove(store, TOWN, told.dev, now)
    assert not store.read(lambda link: factor.is_set(link, TOWN, told.dev))
