"""What happens to a laptop itself leaves a trace too: a new name, the county left, a village taken away, a wipe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.sync import denials, membership
from nehe_desktop.sync.client import Wiped
from tests.sync.direct import NORTH, SOUTH, Desk, household, settle, sqlite_county


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A laptop of two villages that is in step with its county."""
    county = sqlite_county(tmp_path)
    made = Desk(county, tmp_path / "desk.db", "北村").join(NORTH, SOUTH)
    made.save(household(NORTH), household(SOUTH))
    settle([made])
    yield made
    made.close()
    county.close()


def told(desk: Desk) -> list[str]:
    """What the log says that happened by itself, but for the key that the county has taken."""
    audit.catch_up(desk.store).result()
    found = desk.store.all(AuditEntry, "kind = '同步设备' AND person = ''", (), "number")
    return [each.detail for each in found if "恢复钥匙" not in each.detail]


def test_a_laptop_that_was_given_a_new_name_says_which_it_was_and_is(desk: Desk, tmp_path: Path) -> None:
    desk.keep(tmp_path / "copy.db")
    desk.save(household(NORTH))
    settle([desk])
    before = desk.dev
    desk.put_back(tmp_path / "copy.db")
    desk.save(household(NORTH))
    settle([desk])
    (words,) = told(desk)
    assert f"已换用新的编号 {desk.dev}（原来是 {before}）" in words


def test_leaving_the_county_and_joining_it_anew_are_told(desk: Desk) -> None:
    before = desk.dev
    membership.leave(desk.store)
    assert told(desk) == [f"已离开县里的网（{before}）"]


def test_a_village_that_was_taken_away_and_a_hub_that_was_restored_are_told(desk: Desk) -> None:
    backup = desk.county.dump()
    desk.save(household(NORTH))
    settle([desk])
    desk.county.restore(backup)
    settle([desk])
    desk.county.take_away(desk.dev, SOUTH)
    settle([desk])
    restored, taken = told(desk)
    assert restored.startswith("县里的服务从备份恢复过")
    assert taken.startswith("本机不再负责一个村")


def test_the_order_to_empty_the_laptop_is_entered_before_it_is_done(desk: Desk) -> None:
    desk.county.revoke(desk.dev)
    with pytest.raises(Wiped):
        desk.sync()
    assert told(desk) == [denials.ORDERED]


def test_nothing_is_entered_twice_and_the_chain_holds(desk: Desk) -> None:
    membership.leave(desk.store)
    assert told(desk) == told(desk)
    before = desk.store.count(AuditEntry)
    audit.note(desk.store, "退出").result()
    assert audit.breaks(desk.store) == []
    assert desk.store.count(AuditEntry) == before + 1
