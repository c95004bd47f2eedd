"""Whole numbers leave only with a right, a reason, a PIN, and above a number of people a second person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import pyzipper

from nehe_desktop.core.clock import fixed
from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.custody import clear
from nehe_desktop.features.custody.actors import admit
from nehe_desktop.features.custody.audit import breaks
from nehe_desktop.features.custody.clear import Asking, look, release
from nehe_desktop.features.custody.ledger import Account, AuditEntry
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.households.ledger import Person
from nehe_desktop.features.intake.export import Export, export, export_whole
from nehe_desktop.security import laptop as laptops
from nehe_desktop.security import vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop, Profile, tell
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.spreadsheets.sealing import checked_password, new_password
from tests.conftest import NOW

CHEAP = Cost(memory=8, passes=1, lanes=1)
PIN, OTHER = "辽河 2020 春耕", "松花江 2020 秋收"
NUMBER = "11010519491231002X"  # printed in GB 11643-1999 itself
WHY = Asking("核对身份", PIN)


@pytest.fixture
def here(tmp_path: Path) -> Laptop:
    """A laptop that three people open."""
    made = Laptop(tmp_path / "laptop")
    made.vault.parent.mkdir(parents=True)
    key, _ = vault.create(made.vault, "李工", PIN, cost=CHEAP)
    for name in ("王书记", "赵队员"):
        vault.add_person(made.vault, key, name, OTHER, cost=CHEAP)
    return made


@pytest.fixture
def village(here: Laptop) -> Iterator[Store]:
    """Its store, with the leader 李工 at the keyboard."""
    store = laptops.open_store(here, vault.unlock(here.vault, "李工", PIN), "李工", fixed(NOW))
    store.write([Put(Division(id="v1", name="国兴村", level="village"))], "区划")
    tell(store, Profile(person="李工", village="v1"))
    roles = {"李工": "R2", "王书记": "R4", "赵队员": "R1"}
    store.write([Put(Account(name=name, role=role, village="v1")) for name, role in roles.items()], "人员")
    store.write([Put(Person(id="p1", name="张桂兰", relation="01", id_no=NUMBER))], "农户")
    admit(store, "李工", here)
    yield store
    store.close()


def entries(store: Store) -> list[AuditEntry]:
    return store.all(AuditEntry, "", (), "number")


def refused(store: Store) -> AuditEntry:
    last = entries(store)[-1]
    assert last.kind == "被拒绝"
    return last


def test_a_look_is_written_down_before_anything_is_shown(village: Store, here: Laptop) -> None:
    look(village, here, "person", ["p1"], WHY)
    entry = entries(village)[-1]
    assert (entry.kind, entry.tbl, entry.row, entry.reason, entry.person) == (
        "查看完整号码", "person", "p1", "核对身份", "李工",
    )  # fmt: skip
    assert not breaks(village)


@pytest.mark.parametrize("reason", ["", "  ", "看", "张桂兰要办证", f"查{NUMBER}"])
def test_without_a_reason_that_may_stand_in_the_log_nothing_is_shown(
    village: Store, here: Laptop, reason: str
) -> None:
    with pytest.raises(Refused):
        look(village, here, "person", ["p1"], Asking(reason, PIN))
    written = refused(village)
    assert not written.reason
    assert "张桂兰" not in written.detail
    assert NUMBER not in written.detail


def test_a_wrong_pin_counts_as_at_the_log_in(village: Store, here: Laptop) -> None:
    with pytest.raises(Refused, match="口令不对"):
        look(village, here, "person", ["p1"], Asking("核对身份", "不是这个口令"))
    assert next(each for each in vault.people(here.vault) if each.name == "李工").wrong == 1
    assert refused(village).row == "p1"


def test_who_has_no_right_is_not_even_asked_for_his_pin(village: Store, here: Laptop) -> None:
    village.write([Put(Account(name="周审计", role="R3"))], "人员")
    admit(village, "周审计", here)
    with pytest.raises(Refused, match="不能查看完整号码"):
        look(village, here, "person", ["p1"], WHY)


def test_made_up_people_need_no_pin_but_a_reason(village: Store, here: Laptop) -> None:
    sample = Laptop(here.folder, "village")
    look(village, sample, "person", ["p1"], Asking("办理业务"))
    with pytest.raises(Refused, match="为什么"):
        look(village, sample, "person", ["p1"], Asking(""))


def test_two_hundred_people_need_one_person_and_one_more_needs_two(village: Store, here: Laptop) -> None:
    assert release(village, here, "export", "person", 200, WHY).second == ""
    with pytest.raises(Refused, match=r"201 人.*另一位"):
        release(village, here, "export", "person", 201, WHY)
    both = Asking("办理业务", PIN, "王书记", OTHER)
    assert release(village, here, "export", "person", 201, both).second == "王书记"


@pytest.mark.parametrize(
    ("second", "pin", "why"),
    [
        ("李工", PIN, "另一个人"),
        ("赵队员", OTHER, "没有确认的权限"),
        ("孙外人", OTHER, "从名单中选择"),
        ("王书记", PIN, "口令不对"),
    ],
)
def test_the_second_person_is_another_one_with_a_role_and_his_own_pin(
    village: Store, here: Laptop, second: str, pin: str, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        release(village, here, "export", "person", 201, Asking("办理业务", PIN, second, pin))
    assert "另一人确认" in refused(village).detail


def test_the_window_offers_only_who_may_confirm(village: Store, here: Laptop) -> None:
    assert clear.seconds(village, here) == ["王书记"]


def test_a_release_is_for_one_ledger_and_so_many_people(village: Store, here: Laptop) -> None:
    given = release(village, here, "export", "person", 1, WHY)
    with pytest.raises(Refused):
        given.covers("household", 1)
    with pytest.raises(Refused):
        given.covers("person", 201)


def test_whole_numbers_lie_in_the_archive_and_nowhere_else(
    village: Store, here: Laptop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, password = tmp_path / "人.zip", new_password()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    given = release(village, here, "export", "person", 1, WHY)
    assert export_whole(village, Export("person", out, masked=False), given, password) == 1
    with pyzipper.AESZipFile(out) as archive:
        archive.setpassword(password.encode())
        inside = tmp_path / "inside.xlsx"
        content = archive.read(archive.namelist()[0])
        assert archive.infolist()[0].wz_aes_strength == 3  # 256 bits
    found = [path for path in tmp_path.rglob("*") if path.is_file() and NUMBER.encode() in path.read_bytes()]
    assert (found, list(scratch.iterdir())) == ([], [])
    inside.write_bytes(content)
    assert NUMBER in {cell for row in open_workbook(inside).sheets[0].rows for cell in row}
    entry = entries(village)[-1]
    assert (entry.kind, entry.count, entry.reason, entry.target) == ("导出", 1, "核对身份", "人.zip")
    assert password not in str(entries(village))


def test_the_wrong_password_opens_nothing(village: Store, here: Laptop, tmp_path: Path) -> None:
    given = release(village, here, "export", "person", 1, WHY)
    export_whole(village, Export("person", tmp_path / "人.zip", masked=False), given, new_password())
    with pyzipper.AESZipFile(tmp_path / "人.zip") as archive:
        archive.setpassword(b"AAAA-AAAA-AAAA-AAAA-AAAA")
        with pytest.raises(RuntimeError, match="password"):
            archive.read(archive.namelist()[0])


def test_a_list_outside_an_archive_is_always_covered(village: Store, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="加密"):
        export(village, Export("person", tmp_path / "人.xlsx", masked=False))
    export(village, Export("person", tmp_path / "人.xlsx"))
    assert NUMBER not in {c for row in open_workbook(tmp_path / "人.xlsx").sheets[0].rows for c in row}
    assert (entries(village)[-1].kind, entries(village)[-1].detail) == ("导出", "打码")


def test_who_may_not_export_gets_no_file(village: Store, here: Laptop, tmp_path: Path) -> None:
    admit(village, "赵队员", here)
    with pytest.raises(Refused, match="不能导出"):
        export(village, Export("person", tmp_path / "人.xlsx"))
    assert not (tmp_path / "人.xlsx").exists()


@pytest.mark.parametrize("typed", ["", "123456", "202020202020", "aaaaaaaaaaaaaa"])
def test_a_password_that_is_soon_guessed_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        checked_password(typed)
