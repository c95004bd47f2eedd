"""Copies of the hub and the way back: proved, sealed, a new epoch, and nobody let in or turned away is forgotten."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.hub import backups, certificates, devices, dump, folder, moving, restoring, serving, witness
from nehe_desktop.hub.folder import HubFolder, Settings
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import Link
from nehe_desktop.hub.upkeep import Upkeep
from nehe_desktop.security.envelope import Cost
from nehe_desktop.sync.admission import Enrolment
from nehe_desktop.sync.keys import new_keys
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import NORTH, NOW, RULES, SOUTH, Laptop, edit, join, new

COUNTY = "230281"
CHEAP = Cost(memory=1024, passes=1, lanes=1)
MORNING = datetime(2020, 10, 20, 9, tzinfo=UTC)
EVENING = MORNING + timedelta(hours=9)


@dataclass
class Office:
    """A county's hub in its folder; it can be shut and opened again."""

    folder: HubFolder
    code: str
    hub: Hub

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Nobody serves as long as the block lasts."""
        self.hub.store.close()
        yield
        self.hub = opened(self.folder)

    def restore(self, copy: Path, code: str = "") -> restoring.Restored:
        with self.shut():
            return restoring.restore(self.folder, copy, code, EVENING)

    def copy(self, target: Path | None = None, now: datetime = MORNING) -> Path:
        return backups.make(self.hub.store, self.folder, target or self.folder.backups, now)

    def revoke(self, laptop: Laptop) -> None:
        devices.revoke(self.hub.store, COUNTY, laptop.dev, NOW, self.folder.keys())


def opened(place: HubFolder) -> Hub:
    store = place.open()
    devices.introduce(store, COUNTY, place.keys())
    return Hub(store, COUNTY, RULES, lambda: NOW)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    place = HubFolder(tmp_path / "hub")
    lines = folder.initialise(place, Settings(COUNTY, "驻村办", ("127.0.0.1",)), MORNING, CHEAP)
    made = Office(place, "\n".join(lines), opened(place))
    yield made
    made.hub.store.close()


def everything(hub: Hub) -> dict[str, list[str]]:
    """Every row of every table that is carried, without PostgreSQL's row to lock a county by."""

    def job(link: Link) -> dict[str, list[str]]:
        return {
            name: sorted(repr(row) for row in dump.rows_of(link, COUNTY, table) if "lock" not in row)
            for name, table in dump.DECLARED.items()
        }

    return hub.store.read(job)


def busy(office: Office) -> Laptop:
    """A laptop that has done a little of everything."""
    laptop = join(office.hub, "甲", NORTH)
    laptop.does(new("household", "h1", NORTH, village=NORTH, head="钱守田"))
    laptop.does(edit("household", "h1", NORTH, head=("别人", "孙桂兰")))
    laptop.does(new("household", "h2", SOUTH, village=SOUTH))
    laptop.does(
        new("household", "h3", NORTH, village=NORTH),
        new("visit", "v1", NORTH, household="h3", photos="a" * 64),
    )
    office.hub.put(laptop.dev, "a" * 64, 0, 9, b"abc")
    laptop.catch_up()
    return laptop


def refused(laptop: Laptop) -> str:
    with pytest.raises(Denied) as caught:
        laptop.ask()
    return caught.value.refusal.error


def test_a_copy_of_a_running_hub_holds_everything_and_is_read_back(office: Office) -> None:
    busy(office)
    path = office.copy()
    proof = backups.prove(path, office.folder.keys().seal)
    assert proof.counts == +office.hub.store.read(lambda link: dump.counts(link, COUNTY))
    assert proof.sentence.endswith("的备份，读到底核对过：4 条记录、1 台电脑、4 笔上传")
    assert backups.copies(office.folder.backups) == [path]


def test_a_copy_shows_nothing_of_anybody_without_the_key(office: Office) -> None:
    busy(office)
    content = office.copy().read_bytes()
    assert not [word for word in ("钱守田", "household", NORTH) if word.encode() in content]
    with pytest.raises(Refused):
        backups.prove(office.copy(), new_keys().seal)


@pytest.mark.parametrize("harm", ["flipped", "cut", "longer", "headless", "empty"])
def test_a_copy_that_was_damaged_is_refused(office: Office, harm: str) -> None:
    busy(office)
    path = office.copy()
    whole = path.read_bytes()
    flipped = whole[:-200] + bytes([whole[-200] ^ 1]) + whole[-199:]
    harmed = {
        "flipped": flipped,
        "cut": whole[:-20],
        "longer": whole + b"x",
        "headless": whole[9:],
        "empty": b"",
    }
    path.write_bytes(harmed[harm])
    before = everything(office.hub)
    with pytest.raises(Refused):
        office.restore(path)
    assert everything(opened(office.folder)) == before


def test_after_a_restore_everything_is_as_it_was_and_a_new_life_begins(office: Office) -> None:
    laptop = busy(office)
    path, epoch, before = office.copy(), office.hub.epoch, everything(office.hub)
    laptop.does(new("household", "h9", NORTH, village=NORTH))
    done = office.restore(path)
    after = everything(office.hub)
    own = ("meta", "epoch", "event")
    assert {name: rows for name, rows in after.items() if name not in own} == {
        name: rows for name, rows in before.items() if name not in own
    }
    assert done.epoch == office.hub.epoch != epoch
    assert done.rows == 4
    assert done.before is not None
    assert done.before.exists()


def test_laptops_learn_from_where_on_the_restored_hub_differs(office: Office) -> None:
    laptop = busy(office)
    path, epoch = office.copy(), office.hub.epoch
    office.restore(path)
    laptop.hub, laptop.epoch = office.hub, epoch
    with pytest.raises(Denied) as caught:
        laptop.ask()
    told = caught.value.refusal
    assert (told.error, told.epoch, told.last) == ("epoch", office.hub.epoch, 4)
    assert [(fork.epoch, fork.parent, fork.heads[NORTH]) for fork in told.lineage] == [
        (office.hub.epoch, epoch, laptop.cursors[NORTH])
    ]


def test_whoever_joined_after_the_copy_is_still_known(office: Office) -> None:
    path = office.copy()
    code = devices.invite(office.hub.store, COUNTY, "乙", [SOUTH], NOW + 9)
    keys = new_keys()
    told = devices.enrol(
        office.hub.store, COUNTY, Enrolment(code, "乙", keys.sign_public, keys.seal_public), lambda: NOW
    )
    newcomer = Laptop(office.hub, told.dev, keys, "乙")
    newcomer.does(new("household", "h1", SOUTH, village=SOUTH))
    office.restore(path)
    newcomer.hub, newcomer.seq, newcomer.chain = office.hub, 0, ""
    assert newcomer.does(new("household", "h1", SOUTH, village=SOUTH)).scopes == ["county", SOUTH]
    with pytest.raises(Denied, match="code"):
        devices.enrol(
            office.hub.store, COUNTY, Enrolment(code, "丙", keys.seal_public, keys.sign_public), lambda: NOW
        )


def test_whoever_was_turned_away_after_the_copy_stays_out(office: Office) -> None:
    stolen, moved = join(office.hub, "甲", NORTH), join(office.hub, "乙", NORTH, SOUTH)
    path = office.copy()
    office.revoke(stolen)
    devices.take_away(office.hub.store, COUNTY, moved.dev, SOUTH, NOW)
    office.restore(path)
    stolen.hub = moved.hub = office.hub
    assert refused(stolen) == "revoked"
    assert moved.ask().scopes == ["county", NORTH]


def test_a_stolen_laptop_stays_out_also_where_the_database_was_lost(office: Office) -> None:
    stolen = join(office.hub, "甲", NORTH)
    path = office.copy()
    office.revoke(stolen)
    witness.note(office.hub.store, office.folder, COUNTY)
    with office.shut():
        office.folder.database.write_bytes(b"the disk is broken" * 1000)
        done = restoring.restore(office.folder, path, "", EVENING)
    stolen.hub = office.hub
    assert refused(stolen) == "revoked"
    assert done.before is not None
    assert done.before.read_bytes().startswith(b"the disk is broken")


def test_a_restore_that_breaks_off_leaves_the_hub_as_it_was(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy(office)
    path, before = office.copy(), everything(office.hub)

    def full(*_: object) -> None:
        raise Trouble("磁盘满了")

    monkeypatch.setattr(dump, "load", full)
    with pytest.raises(Trouble, match="磁盘满了"):
        office.restore(path)
    assert everything(opened(office.folder)) == before
    assert not list(office.folder.path.glob("hub.restoring*"))


def test_on_another_computer_the_recovery_code_opens_the_copy_and_laptops_know_the_hub(
    office: Office, tmp_path: Path
) -> None:
    busy(office)
    path, new_place = office.copy(tmp_path / "U盘"), HubFolder(tmp_path / "new computer")
    with pytest.raises(Refused, match="恢复码"):
        restoring.restore(new_place, path, "", EVENING)
    with pytest.raises(Refused, match="恢复码不对"):
        restoring.restore(new_place, path, "\n".join(folder.recovery.new_lines()), EVENING)
    restoring.restore(new_place, path, office.code, EVENING)
    assert new_place.papers() == office.folder.papers()
    assert certificates.fingerprint(new_place.authority().certificate)
    store = new_place.open()
    assert store.read(lambda link: dump.counts(link, COUNTY))["record"] == 4
    store.close()
    assert oct(new_place.path.stat().st_mode)[-3:] == "700"


def test_the_copy_of_another_county_is_refused(office: Office, tmp_path: Path) -> None:
    other = HubFolder(tmp_path / "other")
    folder.initialise(other, Settings("230282", "邻县", ("127.0.0.1",)), MORNING, CHEAP)
    with pytest.raises(Refused, match="不是本县的"):
        restoring.restore(other, office.copy(), office.code, EVENING)


def test_laptops_may_forget_only_what_a_copy_elsewhere_holds(office: Office, tmp_path: Path) -> None:
    laptop = busy(office)

    def durable() -> int:
        reply = laptop.does(new("household", f"n{laptop.seq}", NORTH, village=NORTH))
        assert reply.ack is not None
        return reply.ack.durable

    office.copy()
    assert durable() == 0
    office.copy(tmp_path / "U盘")
    assert (laptop.seq, durable()) == (5, 5)


def test_a_copy_is_made_once_a_day_here_and_elsewhere_and_old_ones_go(office: Office, tmp_path: Path) -> None:
    context = serving.tls(office.folder.certificate, office.folder.certificate_key)
    chores = Upkeep(office.hub, office.folder, context, tmp_path / "elsewhere")
    for day in range(17):
        for hour in (0, 5, 23):
            chores.once(MORNING + timedelta(days=day, hours=hour))
    for place in (office.folder.backups, tmp_path / "elsewhere"):
        days = [backups.made_at(path).date() for path in backups.copies(place)]
        assert len(days) == len(set(days)) == 14


def test_what_a_broken_off_copy_left_goes_when_it_is_a_day_old(office: Office) -> None:
    path = office.copy()
    fresh, stale = (path.with_name(f"县库备份-2020101{day}-090000.nhhub.writing") for day in (1, 2))
    for each in (fresh, stale):
        each.touch()
    os.utime(stale, (0, 0))
    backups.prune(office.folder.backups)
    assert set(office.folder.backups.iterdir()) == {path, fresh}


def test_the_certificate_is_renewed_before_its_end_and_shown_to_newcomers(office: Office) -> None:
    context = serving.tls(office.folder.certificate, office.folder.certificate_key)
    before = office.folder.certificate.read_text()
    chores = Upkeep(office.hub, office.folder, context)
    chores.once(MORNING + timedelta(days=600))
    assert office.folder.certificate.read_text() == before
    chores.once(MORNING + timedelta(days=645))
    after = office.folder.certificate.read_text()
    assert after != before
    assert not certificates.is_near_end(after, MORNING + timedelta(days=645))


def test_a_certificate_names_the_addresses_that_were_told(office: Office) -> None:
    settings = replace(office.folder.settings(), hosts=("hub.nehe.example", "10.1.2.3"))
    office.folder.tell(settings)
    assert office.folder.certify(settings.hosts, MORNING)
    assert not office.folder.certify(settings.hosts, MORNING)
    assert set(settings.hosts) <= set(certificates.hosts_of(office.folder.certificate.read_text()))
    assert settings.url == "https://hub.nehe.example:8443"


def test_an_older_database_in_the_place_of_the_hubs_is_noticed(office: Office, tmp_path: Path) -> None:
    laptop = busy(office)
    with office.shut():
        shutil.copy(office.folder.database, tmp_path / "old.nhdb")
    laptop.hub = office.hub
    laptop.does(new("household", "h9", NORTH, village=NORTH))
    witness.note(office.hub.store, office.folder, COUNTY)
    assert not witness.is_older(office.hub.store, office.folder, COUNTY)
    with office.shut():
        shutil.copy(tmp_path / "old.nhdb", office.folder.database)
    assert witness.is_older(office.hub.store, office.folder, COUNTY)
    restoring.begin_anew(office.hub.store, office.folder, COUNTY, EVENING)
    assert not witness.is_older(office.hub.store, office.folder, COUNTY)


def test_a_database_from_before_the_last_restore_is_noticed(office: Office, tmp_path: Path) -> None:
    busy(office)
    path = office.copy()
    with office.shut():
        shutil.copy(office.folder.database, tmp_path / "old.nhdb")
    office.restore(path)
    with office.shut():
        shutil.copy(tmp_path / "old.nhdb", office.folder.database)
    assert witness.is_older(office.hub.store, office.folder, COUNTY)


def test_only_one_hub_works_in_a_folder(office: Office) -> None:
    with witness.alone(office.folder), pytest.raises(Trouble, match="正在运行"), witness.alone(office.folder):
        pass
    with witness.alone(office.folder):
        pass


def test_a_hub_moves_to_postgresql_and_back_with_everything(office: Office, postgres_dsn: str) -> None:
    laptop = busy(office)
    before, epoch = everything(office.hub), office.hub.epoch
    with office.shut():
        moving.move(office.folder, postgres_dsn, EVENING)
    assert (office.hub.store.kind, everything(office.hub), office.hub.epoch) == ("postgresql", before, epoch)
    laptop.hub = office.hub
    laptop.does(new("household", "h9", NORTH, village=NORTH))
    before = everything(office.hub)
    with office.shut():
        moving.move(office.folder, moving.EMBEDDED, EVENING)
    assert (office.hub.store.kind, everything(office.hub)) == ("sqlite", before)


def test_a_hub_does_not_move_into_a_database_that_has_the_county(office: Office, postgres_dsn: str) -> None:
    busy(office)
    with office.shut():
        shutil.copytree(office.folder.path, office.folder.path.with_name("copy"))
        moving.move(office.folder, postgres_dsn, EVENING)
        with pytest.raises(Refused, match="已经有这个县"):
            moving.move(HubFolder(office.folder.path.with_name("copy")), postgres_dsn, EVENING)
        with pytest.raises(Refused, match="已经在用"):
            moving.move(office.folder, postgres_dsn, EVENING)


def test_a_copy_goes_from_either_engine_to_the_other(
    office: Office, postgres_dsn: str, tmp_path: Path
) -> None:
    laptop = busy(office)
    embedded = office.copy(tmp_path)
    with office.shut():
        moving.move(office.folder, postgres_dsn, EVENING)
    laptop.hub = office.hub
    laptop.does(new("household", "h9", NORTH, village=NORTH))
    from_postgres = office.copy(tmp_path, EVENING)
    office.restore(embedded)
    assert office.hub.store.read(lambda link: dump.counts(link, COUNTY))["record"] == 4
    with office.shut():
        office.folder.move_to("")
    done = office.restore(from_postgres)
    assert (office.hub.store.kind, done.rows) == ("sqlite", 5)
