"""A laptop is lost: the county gives it up, it is refused, it is emptied at its next contact; its log stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.custody import audit
from nehe_desktop.features.households.ledger import Household
from nehe_desktop.hub import devices, packs, trail
from nehe_desktop.security import laptop, vault, wiping
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop, Profile, tell
from nehe_desktop.sync import courier
from nehe_desktop.sync.client import Client, Wiped, account_of, enrol
from nehe_desktop.sync.http import Connector, first_contact
from nehe_desktop.sync.protocol import Pull, SyncReply, SyncRequest
from nehe_desktop.sync.transport import Denied
from tests.hub.serving import COUNTY, ServedHub

NORTH = "a1" * 16
PIN = "kx83mm2"


class Lost:
    """A laptop with its vault, its file and a backup, which is about to be lost."""

    def __init__(self, hub: ServedHub, folder: Path) -> None:
        self.hub, self.here = hub, Laptop(folder)
        self.key, _ = laptop.set_up(self.here, "李工", PIN)
        self.store = self.opened()
        tell(self.store, Profile("李工", NORTH))
        enrol(self.store, hub.invite("丢了的电脑", NORTH), "丢了的电脑", first_contact)
        self.here.backups.mkdir()
        (self.here.backups / "copy.nhbak").write_bytes(b"sealed")

    def opened(self) -> Store:
        return laptop.open_store(self.here, self.key, "李工")

    def works(self, hamlet: str) -> None:
        self.store.write([Put(Household(village=NORTH, base_type="01", hamlet=hamlet))], "登记")
        audit.note(self.store, "打印", tbl="household", count=1, reason="核对").result()

    def syncs(self) -> None:
        Client(self.store, Connector(self.store)).sync()

    @property
    def dev(self) -> str:
        account = account_of(self.store)
        assert account is not None
        return account.dev


@pytest.fixture
def lost(served_hub: ServedHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lost]:
    create, cheap = vault.create, Cost(memory=8, passes=1, lanes=1)
    monkeypatch.setattr(vault, "create", lambda *a, **k: create(*a, **{**k, "cost": cheap}))
    made = Lost(served_hub, tmp_path / "laptop")
    yield made
    made.store.close()


def log_of(lost: Lost) -> trail.Trail:
    (found,) = trail.trails(lost.hub.hub.store, COUNTY, lost.dev)
    return found


def give_up(lost: Lost) -> None:
    devices.revoke(lost.hub.hub.store, COUNTY, lost.dev, lost.hub.site.wall(), lost.hub.keys)


def test_a_lost_laptop_is_refused_emptied_and_its_log_stays(lost: Lost) -> None:
    lost.works("前屯")
    lost.works("后屯")
    lost.syncs()
    assert (log_of(lost).count, log_of(lost).breaks) == (2, ())
    lost.works("没有传上的屯")
    give_up(lost)
    with pytest.raises(Wiped, match="要求清除本机数据"):
        lost.syncs()
    lost.store.close()
    emptied = wiping.wipe(lost.here)
    assert emptied.left == ()
    assert lost.here.is_new
    assert not [path for path in lost.here.folder.rglob("*") if path.is_file()]
    (left,) = trail.trails(lost.hub.hub.store, COUNTY)
    assert (left.count, left.breaks) == (2, ())


def test_nothing_works_with_what_it_still_has(lost: Lost) -> None:
    """The finder asks with the token that was good a moment ago, and by every door."""
    lost.syncs()
    account = account_of(lost.store)
    assert account is not None
    way = lost.hub.connect(account)
    request = SyncRequest(account.dev, lost.hub.hub.epoch, lost.hub.site.wall(), pull=Pull())
    assert way.call("/v1/sync", request, SyncReply)
    give_up(lost)
    fresh = lost.hub.connect(account)
    for ask in (
        lambda: way.call("/v1/sync", request, SyncReply),
        lambda: fresh.call("/v1/sync", request, SyncReply),
        lambda: way.fetch(f"/v1/snapshot/{NORTH}@1", 0, 10),
        lambda: way.put("0" * 64, 0, 1, b"x"),
    ):
        with pytest.raises(Denied, match="403 revoked"):
            ask()


def test_a_laptop_without_a_network_is_emptied_by_the_stick_that_comes_back(
    lost: Lost, tmp_path: Path
) -> None:
    lost.works("前屯")
    up = courier.make_up(lost.store, tmp_path)
    give_up(lost)
    hub = lost.hub
    down = tmp_path / "带回.nhpkg"
    down.write_bytes(packs.answered(hub.hub, hub.keys, up.read_bytes(), hub.site.wall).package)
    with pytest.raises(Wiped):
        courier.take_down(lost.store, down)
    assert trail.trails(hub.hub.store, COUNTY, lost.dev) == [], (
        "what comes after it was given up is not taken"
    )


def test_nobody_but_the_county_can_order_a_laptop_emptied(lost: Lost) -> None:
    lost.hub.hub.store.write(
        COUNTY,
        lambda link: link.run(
            "UPDATE device SET state = 'revoked' WHERE county = ? AND dev = ?", (COUNTY, lost.dev)
        ),
    )
    with pytest.raises(Exception, match="停用") as told:
        lost.syncs()
    assert not isinstance(told.value, Wiped)
    assert not lost.here.is_new
