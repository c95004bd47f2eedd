"""People come to a laptop with a role and a PIN of their own, and leave it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Invalid, Refused
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.administration import people
from nehe_desktop.features.custody.actors import admit
from nehe_desktop.features.custody.ledger import Account, AuditEntry
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.security import laptop, vault
from nehe_desktop.security.envelope import Cost, Key
from nehe_desktop.security.laptop import Laptop, Profile, tell
from nehe_desktop.security.rights import ROLES

PIN, HIS = "沙河子七号仓房", "老莱河边二道岗"


@dataclass(frozen=True)
class Village:
    """A village's laptop with its leader at the keyboard."""

    store: Store
    here: Laptop
    key: Key

    def add(self, name: str, role: str = "R1", pin: str = HIS) -> None:
        people.add(self.store, self.here, self.key, name, role, date(2099, 12, 31), pin)

    @property
    def holders(self) -> list[str]:
        return [each.name for each in vault.people(self.here.vault)]

    @property
    def logged(self) -> list[str]:
        return [each.detail for each in self.store.all(AuditEntry, order="number")]


@pytest.fixture
def village(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Village]:
    cheap = Cost(memory=8, passes=1, lanes=1)
    monkeypatch.setattr(vault.add_person, "__kwdefaults__", {**(vault.add_person.__kwdefaults__ or {}), "cost": cheap})
    here = Laptop(tmp_path)
    here.vault.parent.mkdir(parents=True)
    key, _ = vault.create(here.vault, "李队长", PIN, cost=cheap)
    store = laptop.open_store(here, key, "李队长")
    tell(store, Profile("李队长", "v1"))
    admit(store, "李队长", here)
    yield Village(store, here, key)
    store.close()


def test_a_colleague_comes_with_a_role_a_last_day_and_his_own_pin(village: Village) -> None:
    village.add("张三")
    assert vault.unlock(village.here.vault, "张三", HIS) == village.key
    [_, other] = people.people_of(village.store, village.here)
    assert other.words == "驻村工作队队员 · 到 2099-12-31"
    assert village.logged == ["设口令：驻村工作队队员"]


def test_a_weak_pin_leaves_neither_a_role_nor_a_way_in(village: Village) -> None:
    with pytest.raises(Refused):
        village.add("张三", pin="123456")
    assert (village.store.count(Account), village.holders) == (0, ["李队长"])


def test_a_village_offers_and_gives_no_role_of_the_county(village: Village) -> None:
    assert list(people.roles_here(village.store)) == ["R1", "R2", "R4"]
    with pytest.raises(Invalid, match="由县里的电脑给和收回"):
        village.add("张三", "R8")
    assert (village.store.count(Account), village.holders) == (0, ["李队长"])


def test_a_member_adds_removes_and_resets_nobody(village: Village) -> None:
    village.add("张三")
    admit(village.store, "张三", village.here)
    for work in (
        lambda: village.add("王五"),
        lambda: people.new_pin(village.store, village.here, village.key, "李队长", HIS),
        lambda: people.remove(village.store, village.here, village.key, "李队长"),
    ):
        with pytest.raises(Refused, match="张三（驻村工作队队员）不能"):
            work()
    assert village.holders == ["李队长", "张三"]


def test_who_is_locked_out_gets_a_new_pin(village: Village) -> None:
    village.add("张三")
    people.new_pin(village.store, village.here, village.key, "张三", PIN + "甲")
    assert vault.unlock(village.here.vault, "张三", PIN + "甲") == village.key
    assert village.logged[-1] == "重设口令"


def test_who_leaves_opens_nothing_and_his_time_is_over(village: Village) -> None:
    village.add("张三")
    people.remove(village.store, village.here, village.key, "张三")
    [account] = village.store.all(Account)
    assert (account.until, village.holders) == (village.store.clock.today(), ["李队长"])


def test_nobody_is_added_twice(village: Village) -> None:
    village.add("张三")
    with pytest.raises(Refused, match="已经能登录"):
        village.add("张三", "R2")


@pytest.fixture
def township(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Village]:
    """A township's laptop, to which the county has given 周敏 a role."""
    cheap = Cost(memory=8, passes=1, lanes=1)
    monkeypatch.setattr(vault.add_person, "__kwdefaults__", {**(vault.add_person.__kwdefaults__ or {}), "cost": cheap})
    here = Laptop(tmp_path)
    here.vault.parent.mkdir(parents=True)
    key, _ = vault.create(here.vault, "郑爱民", PIN, cost=cheap)
    store = laptop.open_store(here, key, "郑爱民")
    given = Account(name="周敏", role="R5", village="t1")
    store.write([Put(Division(id="t1", name="学田镇", level="town")), Put(given)], "县里下发")
    tell(store, Profile("郑爱民", office="t1"))
    admit(store, "郑爱民", here)
    yield Village(store, here, key)
    store.close()


def test_a_township_lets_in_whom_the_county_named_and_gives_nobody_a_role(township: Village) -> None:
    assert people.roles_here(township.store) == {"R5": ROLES["R5"]}
    township.add("周敏", "R5")
    assert vault.unlock(township.here.vault, "周敏", HIS) == township.key
    assert township.store.count(Account) == 1
    with pytest.raises(Refused, match="乡镇的角色由县里给"):
        township.add("赵六", "R5")
    assert "赵六" not in township.holders


def test_a_member_lets_nobody_in_not_even_one_who_has_a_role(village: Village) -> None:
    village.add("张三")
    village.store.write([Put(Account(name="王五", role="R2", village="v1"))], "登记")
    admit(village.store, "张三", village.here)
    with pytest.raises(Refused, match="不能登记使用人员和权限"):
        village.add("王五", "R2")
    assert "王五" not in village.holders


def test_who_has_a_role_already_gets_only_the_pin(village: Village) -> None:
    village.store.write([Put(Account(name="王五", role="R1", village="v1"))], "登记")
    village.add("王五")
    assert village.store.count(Account, "name = '王五'") == 1
