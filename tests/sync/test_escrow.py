"""The key of a laptop reaches the county by itself, whatever the county's hub was through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import escrow as hub_escrow
from nehe_desktop.hub import packs
from nehe_desktop.hub.recovery_keys import RecoveryKeys
from nehe_desktop.security import envelope
from nehe_desktop.security.escrow import Request
from nehe_desktop.sync import courier, escrow
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import RecoveryKey
from nehe_desktop.sync.keys import new_keys
from nehe_desktop.sync.membership import account_of
from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.standing import log
from nehe_desktop.sync.transport import Denied
from tests.sync.direct import NORTH, County, Desk, sqlite_county


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    made = sqlite_county(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(county: County, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(county, tmp_path / "one.nhdb", "明星村1号电脑").join(NORTH)
    yield made
    made.close()


def kept(county: County, desk: Desk) -> int:
    return len(county.rows("SELECT 1 FROM escrow WHERE county = ? AND dev = ?", desk.dev))


def test_the_key_is_left_at_the_first_sync_and_not_again(county: County, desk: Desk) -> None:
    assert escrow.last(desk.store) is None
    desk.sync()
    assert kept(county, desk) == 1
    assert sum("收下了这台电脑的恢复钥匙" in line.sentence for line in log(desk.store, 50)) == 1
    when = escrow.last(desk.store)
    county.watch.pass_by(minutes=5)
    desk.sync()
    assert escrow.last(desk.store) == when


def test_a_hub_restored_from_an_older_copy_gets_it_anew(county: County, desk: Desk) -> None:
    older = county.dump()
    desk.sync()
    county.restore(older)
    assert kept(county, desk) == 0
    desk.sync()
    assert kept(county, desk) == 1


def test_an_older_hub_that_keeps_no_keys_does_not_stop_the_sync(
    county: County, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = county.answer

    def older(path: str, dev: str, body: bytes) -> bytes:
        if path == "/v1/escrow":
            raise Denied(404, Refusal("nothing"))
        return known(path, dev, body)

    monkeypatch.setattr(county, "answer", older)
    desk.sync()
    assert escrow.last(desk.store) is None


def account(desk: Desk) -> Account:
    """Who the laptop is to the county."""
    found = account_of(desk.store)
    assert found is not None
    return found


def has_recovery_key(county: County, before: RecoveryKeys | None = None) -> RecoveryKeys:
    """A recovery key of the hub, which the store is told of."""
    made = (before or RecoveryKeys()).begun(county.watch())
    hub_escrow.introduce(county.store, county.code, county.keys, made)
    return made


def opens(county: County, desk: Desk, openers: dict[str, str]) -> bool:
    """Whether somebody with these private halves can answer for the laptop."""
    fingerprint = desk.store.database.with_key(envelope.fingerprint)
    asked = Request(bytes(8), bytes.fromhex(fingerprint), envelope.new_pair()[1])
    return bool(hub_escrow.answer(county.store, county.code, openers, desk.dev, asked, county.watch()))


def to_the_county(county: County, stick: Path, package: Path) -> Path:
    """The county reads a package and writes the one that goes back."""
    back = stick / f"{package.stem} 带回.nhpkg"
    back.write_bytes(packs.answered(county.hub, county.keys, package.read_bytes(), county.watch).package)
    return back


def test_a_stick_takes_the_key_along_and_it_counts_once_the_county_has_answered(
    county: County, desk: Desk, tmp_path: Path
) -> None:
    there = courier.make_up(desk.store, tmp_path)
    assert escrow.last(desk.store) is None
    assert escrow.keeping(desk.store).carried is not None
    back = to_the_county(county, tmp_path, there)
    assert kept(county, desk) == 1
    assert escrow.last(desk.store) is None
    courier.take_down(desk.store, back)
    assert escrow.last(desk.store) is not None
    assert escrow.due(desk.store, account(desk)) is None


def test_a_stick_that_was_lost_takes_nothing_away_from_the_next(county: County, desk: Desk, tmp_path: Path) -> None:
    courier.make_up(desk.store, tmp_path).unlink()
    assert escrow.due(desk.store, account(desk)) is not None
    courier.take_down(desk.store, to_the_county(county, tmp_path, courier.make_up(desk.store, tmp_path)))
    assert escrow.last(desk.store) is not None


def test_the_key_is_sealed_to_the_recovery_key_and_not_to_the_key_of_packages(county: County, desk: Desk) -> None:
    recovery = has_recovery_key(county)
    desk.sync()
    assert opens(county, desk, recovery.openers(county.keys))
    with pytest.raises(Refused, match="--key"):
        opens(county, desk, recovery.without_private().openers(county.keys))


def test_what_an_older_program_left_still_opens_and_is_left_anew(county: County, desk: Desk) -> None:
    desk.sync()
    assert opens(county, desk, RecoveryKeys().openers(county.keys))
    recovery = has_recovery_key(county)
    assert opens(county, desk, recovery.openers(county.keys))
    desk.sync()
    assert kept(county, desk) == 1
    with pytest.raises(Refused, match="--key"):
        opens(county, desk, RecoveryKeys().openers(county.keys))
    assert opens(county, desk, recovery.openers(county.keys))


def test_a_laptop_without_a_network_hears_of_a_new_recovery_key_by_stick(
    county: County, desk: Desk, tmp_path: Path
) -> None:
    first = has_recovery_key(county)
    for _ in range(2):  # the first stick brings the key's name, the second takes the deposit
        courier.take_down(desk.store, to_the_county(county, tmp_path, courier.make_up(desk.store, tmp_path)))
    second = has_recovery_key(county, first)
    for _ in range(2):
        courier.take_down(desk.store, to_the_county(county, tmp_path, courier.make_up(desk.store, tmp_path)))
    newest = RecoveryKeys(second.made, second.private[-1:])
    assert opens(county, desk, newest.openers(county.keys))


def test_a_recovery_key_that_the_hub_did_not_sign_is_not_believed(county: County, desk: Desk) -> None:
    stranger = RecoveryKeys().begun(county.watch())
    false = stranger.announced(new_keys(), county.code)
    escrow.hear(desk.store, account(desk), false, county.watch())
    of_another_county = stranger.announced(county.keys, "230200")
    escrow.hear(desk.store, account(desk), of_another_county, county.watch())
    escrow.hear(desk.store, account(desk), RecoveryKey("x", 1, "y"), county.watch())
    assert escrow.knows(desk.store) == ""
    assert "签名不对" in log(desk.store, 1)[0].sentence


def test_an_answer_that_lay_on_a_stick_brings_no_older_recovery_key_back(county: County, desk: Desk) -> None:
    first = has_recovery_key(county)
    old = first.announced(county.keys, county.code)
    at = county.watch()
    county.watch.pass_by(minutes=5)
    has_recovery_key(county, first)
    desk.sync()
    knows = escrow.knows(desk.store)
    escrow.hear(desk.store, account(desk), old, at)
    assert escrow.knows(desk.store) == knows


def test_a_deposit_to_a_key_that_the_county_never_had_is_refused(county: County, desk: Desk) -> None:
    stranger = RecoveryKeys().begun(county.watch())
    escrow.hear(desk.store, account(desk), stranger.announced(county.keys, county.code), county.watch())
    desk.sync()
    assert kept(county, desk) == 0
    assert escrow.last(desk.store) is None
