"""The county helps a laptop whose people forgot every PIN: once, that laptop only, with all its unsent work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nehe_desktop.core.clock import Clock
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features import ledgers
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.hub import devices, escrow
from nehe_desktop.hub.dump import DECLARED
from nehe_desktop.hub.store import HubStore
from nehe_desktop.security import envelope, rekeying, vault
from nehe_desktop.security import escrow as asking
from nehe_desktop.security.envelope import Cost, Key
from nehe_desktop.security.recovery import RecoverySheet
from nehe_desktop.sync import escrow as deposits
from nehe_desktop.sync.admission import Deposit, Deposited
from nehe_desktop.sync.client import Client, account_of, enrol
from nehe_desktop.sync.http import Connector, first_contact
from nehe_desktop.sync.rules import rules_of
from nehe_desktop.sync.transport import Denied
from tests.hub.serving import COUNTY, ServedHub, now_ms, served

CHEAP = Cost(memory=8, passes=1, lanes=1)
PIN, NEW = "805172", "730164"
NORTH = "a1" * 16


@dataclass
class Laptop:
    """A laptop of the north village: vault, file, and who uses it."""

    hub: ServedHub
    folder: Path
    name: str
    sheet: RecoverySheet
    key: Key

    @property
    def vault(self) -> Path:
        return self.folder / f"{self.name}.vault"

    def opened(self, key: Key) -> Store:
        return Store.open(self.folder / f"{self.name}.nhdb", key, "李建国", Clock())

    def works_unheard(self) -> str:
        """Joins and synchronises; then somebody enters a household, and nobody sends it."""
        store = self.opened(self.key)
        enrol(store, self.hub.invite(self.name, NORTH), self.name, first_contact)
        Client(store, Connector()).sync()
        store.write([Put(Household(village=NORTH, base_type="01", hamlet="没有上传的户"))], "登记")
        account = account_of(store)
        assert account is not None
        assert deposits.last(store) is not None
        store.close()
        return account.dev

    def asks(self) -> str:
        return "\n".join(asking.ask(self.vault, "李建国", NEW, cost=CHEAP).lines())

    def takes(self, answer: tuple[str, ...]) -> Key:
        return asking.take(self.vault, "\n".join(answer), NEW, cost=CHEAP)[0]

    def holds_its_work(self, key: Key) -> bool:
        store = self.opened(key)
        try:
            waits = store.one("SELECT count(*) FROM journal WHERE state = 'pending'")
            return [each.hamlet for each in store.all(Household)] == ["没有上传的户"] and bool(
                waits and waits[0]
            )
        finally:
            store.close()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[ServedHub]:
    with served(tmp_path, rules_of(ledgers.ALL)) as made:
        yield made


def laptop(hub: ServedHub, folder: Path, name: str) -> Laptop:
    key, sheet = vault.create(folder / f"{name}.vault", "李建国", PIN, cost=CHEAP)
    return Laptop(hub, folder, name, sheet, key)


def answered(hub: ServedHub, dev: str, request: str) -> tuple[str, ...]:
    openers = hub.recovery.openers(hub.keys)
    return escrow.answer(hub.hub.store, COUNTY, openers, dev, asking.read_request(request), now_ms())


def test_the_county_opens_a_laptop_with_its_unsent_work(hub: ServedHub, tmp_path: Path) -> None:
    one = laptop(hub, tmp_path, "1号")
    dev = one.works_unheard()
    key = one.takes(answered(hub, dev, one.asks()))
    assert one.holds_its_work(key)
    assert vault.unlock(one.vault, "李建国", NEW) == key == one.key
    with pytest.raises(Refused):
        vault.unlock(one.vault, "李建国", PIN)
    assert ("recovered", dev) in hub.hub.store.read(
        lambda link: link.all("SELECT kind, dev FROM event WHERE county = ?", (COUNTY,))
    )


def test_the_printed_sheet_opens_a_laptop_with_its_unsent_work(hub: ServedHub, tmp_path: Path) -> None:
    one = laptop(hub, tmp_path, "1号")
    one.works_unheard()
    key = vault.recover(one.vault, "\n".join(one.sheet.lines), "李建国", NEW, cost=CHEAP)
    assert one.holds_its_work(key)


def test_after_a_change_of_the_key_the_next_sync_leaves_the_new_one(hub: ServedHub, tmp_path: Path) -> None:
    one = laptop(hub, tmp_path, "1号")
    dev = one.works_unheard()
    key = rekeying.change(tmp_path / "1号.nhdb", one.vault, one.key)
    with pytest.raises(Refused, match="用恢复码"):
        answered(hub, dev, one.asks())
    store = one.opened(key)
    assert deposits.last(store) is None
    Client(store, Connector()).sync()
    assert deposits.last(store) is not None
    store.close()
    assert one.takes(answered(hub, dev, one.asks())) == key != one.key


def test_an_answer_opens_no_other_laptop_and_no_second_time(hub: ServedHub, tmp_path: Path) -> None:
    one, two = laptop(hub, tmp_path, "1号"), laptop(hub, tmp_path, "2号")
    dev, other = one.works_unheard(), two.works_unheard()
    request, _ = one.asks(), two.asks()
    with pytest.raises(Refused, match="不是这台电脑"):
        answered(hub, other, request)
    answer = answered(hub, dev, request)
    with pytest.raises(Refused, match="另一台"):
        two.takes(answer)
    one.takes(answer)
    with pytest.raises(Refused, match="只能用一次"):
        one.takes(answer)
    one.asks()
    with pytest.raises(Refused, match="以前一次"):
        one.takes(answer)


def test_a_request_outlives_the_program_and_needs_the_pin_of_who_asked(
    hub: ServedHub, tmp_path: Path
) -> None:
    one = laptop(hub, tmp_path, "1号")
    dev, request = one.works_unheard(), one.asks()
    found = asking.waiting(one.vault)
    assert found is not None
    assert (found[0], "\n".join(found[1].lines())) == ("李建国", request)
    with pytest.raises(Refused, match="新口令"):
        asking.take(one.vault, "\n".join(answered(hub, dev, request)), "914736", cost=CHEAP)


def test_a_stolen_laptop_gets_no_answer(hub: ServedHub, tmp_path: Path) -> None:
    one = laptop(hub, tmp_path, "1号")
    dev = one.works_unheard()
    devices.revoke(hub.hub.store, COUNTY, dev, now_ms(), hub.keys)
    with pytest.raises(Refused, match="停用"):
        answered(hub, dev, one.asks())


def test_a_letter_typed_wrong_is_told_by_its_line(hub: ServedHub, tmp_path: Path) -> None:
    request = laptop(hub, tmp_path, "1号").asks().splitlines()
    request[4] = ("1" if request[4][0] == "0" else "0") + request[4][1:]
    with pytest.raises(Refused, match="第 5 行"):
        asking.read_request("\n".join(request))
    answer = asking.answer(asking.Request(bytes(8), bytes(8), envelope.new_pair()[1]), Key(bytes(32)))
    with pytest.raises(Refused, match="不是请求"):
        asking.read_request("\n".join(answer))


def test_either_engine_keeps_the_last_keys_of_a_laptop_and_copies_carry_them(hub_store: HubStore) -> None:
    box = {name: envelope.text_of(bytes(size)) for name, size in (("sender", 32), ("nonce", 12), ("box", 48))}
    for at in range(5):
        escrow.keep(hub_store, COUNTY, Deposit("1号", f"{at:016x}", box), at)
    sql = "SELECT fingerprint FROM escrow WHERE county = ? ORDER BY at"
    assert [row[0][-1] for row in hub_store.read(lambda link: link.all(sql, (COUNTY,)))] == ["2", "3", "4"]
    assert hub_store.read(lambda link: escrow.deposited(link, COUNTY)) == {"1号": 4}
    assert "escrow" in DECLARED
    with pytest.raises(Denied, match="unreadable"):
        escrow.keep(hub_store, COUNTY, Deposit("1号", "f" * 16, dict.fromkeys(box, "")), 9)


def test_what_the_hub_keeps_shows_nothing_of_the_key(hub: ServedHub, tmp_path: Path) -> None:
    one = laptop(hub, tmp_path, "1号")
    one.works_unheard()
    kept = hub.hub.store.read(lambda link: link.all("SELECT * FROM escrow WHERE county = ?", (COUNTY,)))
    assert len(kept) == 1
    assert envelope.text_of(one.key) not in str(kept)
    assert one.key.hex() not in str(kept)


def test_nobody_leaves_a_key_for_another_laptop_or_very_often(hub: ServedHub) -> None:
    box = {name: envelope.text_of(bytes(size)) for name, size in (("sender", 32), ("nonce", 12), ("box", 48))}
    mine, other = hub.enrol("甲", NORTH), hub.enrol("乙", NORTH)
    way = hub.connect(mine)
    with pytest.raises(Denied, match="403"):
        way.call("/v1/escrow", Deposit(other.dev, "0" * 16, box), Deposited)
    with pytest.raises(Denied, match="429"):
        [way.call("/v1/escrow", Deposit(mine.dev, "0" * 16, box), Deposited) for _ in range(20)]
