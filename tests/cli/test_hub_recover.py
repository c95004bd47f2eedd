"""A cadre who forgot the PIN on a laptop with unsent work: the county's command opens it, and the work arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from nehe_desktop.cli import main
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.administration import keys
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.seating import recovered
from nehe_desktop.features.entry.intake import begin
from nehe_desktop.features.entry.rules import Answers
from nehe_desktop.security import escrow, vault
from nehe_desktop.security import laptop as laptops
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.sync import courier, invitation
from nehe_desktop.sync.client import Client, enrol
from nehe_desktop.sync.http import Connector, first_contact
from tests.cli.hubs import running
from tests.cli.test_hub_whole import Office, household, office  # noqa: F401 - a fixture

CHEAP = Cost(memory=8, passes=1, lanes=1)
WHO, PIN, NEW = "李建国", "805172", "730164"
NAME = "明星村1号电脑"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Laptop:
    """The laptop of the leader of a village."""
    monkeypatch.setattr(escrow, "STRONG", CHEAP)
    made = Laptop(tmp_path / "laptop")
    made.vault.parent.mkdir(parents=True)
    key, _ = vault.create(made.vault, WHO, PIN, cost=CHEAP)
    store = laptops.open_store(made, key, WHO)
    begin(store, Answers("学田镇", "明星村", WHO, "队长", "市财政局"))
    store.close()
    return made


def joins(store: Store, told: Office) -> None:
    said = told.says("device", "enrol", "--name", NAME, "--village", "明星村")
    enrol(store, invitation.read(said.splitlines()[1]), NAME, first_contact)
    Client(store, Connector()).sync()


def test_the_county_opens_the_laptop_and_the_unsent_work_arrives(
    office: Office,  # noqa: F811
    here: Laptop,
    tmp_path: Path,
) -> None:
    with running(office.folder):
        store = laptops.open_store(here, vault.unlock(here.vault, WHO, PIN), WHO)
        joins(store, office)
        store.write([Put(household("101"))], "登记")
        store.close()
        request, answer = tmp_path / "请求.txt", tmp_path / "答复.txt"
        request.write_text("# 请求\n" + "\n".join(escrow.ask(here.vault, WHO, NEW).lines()), "utf-8")
        assert "已寄存钥匙" in office.says("device", "list")
        assert "只能用一次" in office.says("device", "recover", NAME, "--request", f"@{request}", "--out", answer)
        assert "答复了忘记口令的请求" in office.says("status")
        _, store = recovered(here, answer.read_text("utf-8"), WHO, NEW)
        assert ("钥匙", WHO) in [(each.kind, each.person) for each in store.all(AuditEntry)]
        assert Client(store, Connector()).sync().sent > 0
        store.close()
    assert main(["hub", "device", "recover", NAME, "--request", "ABCD", "--folder", str(office.folder)]) == 1


def by_stick(office: Office, store: Store, stick: Path, package: Path) -> None:  # noqa: F811
    """A package goes to the county, which reads it, and its answer comes back."""
    said = office.says("pack", package, "--out", stick)
    courier.take_down(store, Path(said.splitlines()[-1].partition("：")[2]))


def test_a_laptop_that_knows_sticks_only_is_opened_by_the_county_and_its_work_goes_there_afterwards(
    office: Office,  # noqa: F811
    here: Laptop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    line = office.says("device", "enrol", "--name", NAME, "--village", "明星村").splitlines()[1]
    store = laptops.open_store(here, vault.unlock(here.vault, WHO, PIN), WHO)
    by_stick(office, store, stick, courier.make_enrolment(store, invitation.read(line), NAME, stick))
    package = courier.make_up(store, stick)
    assert "还不算数" in keys.kept_words(store)
    by_stick(office, store, stick, package)
    assert "县里已存钥匙" in keys.kept_words(store)
    assert "已寄存钥匙\n" in office.says("recovery", "show") + "\n"
    store.write([Put(household("101"))], "登记")
    store.close()

    monkeypatch.setenv("NEHE_NEW_PIN", NEW)
    request, answer, locked_away = stick / "请求.txt", stick / "答复.txt", tmp_path / "恢复私钥"
    assert main(["keys", "--data", str(here.folder), "ask", str(request)]) == 0
    office.says("recovery", "take", locked_away, "--yes")
    words = ["device", "recover", NAME, "--request", f"@{request}", "--out", str(answer)]
    assert main(["hub", *words, "--folder", str(office.folder)]) == 1
    assert "--key" in capsys.readouterr().err
    office.says(*words, "--key-file", locked_away)
    assert main(["keys", "--data", str(here.folder), "answer", str(answer)]) == 0
    assert "没有送到县里" in capsys.readouterr().out

    store = laptops.open_store(here, vault.unlock(here.vault, WHO, NEW), WHO)
    by_stick(office, store, stick, courier.make_up(store, stick))
    assert store.one("SELECT count(*) FROM journal WHERE tbl = 'household' AND state = 'pending'") == (0,)
    assert "0 笔上传" not in office.says("status")
    store.close()


def test_a_new_recovery_key_and_the_old_one_brought_back(office: Office, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "恢复私钥"
    before = office.says("recovery", "show").split()[1]
    assert "--yes" in office.says("recovery", "take", file)
    assert not file.exists()
    office.says("recovery", "take", file, "--yes")
    assert "私钥不在这台机器上" in office.says("recovery", "show")
    assert not (office.folder / "recovery.keys").exists()
    office.says("recovery", "bring", file)
    assert "私钥在这台机器上" in office.says("recovery", "show")
    office.says("recovery", "new", "--yes")
    assert office.says("recovery", "show").split()[1] != before
    assert "移走了恢复私钥" in (told := office.says("status"))
    assert "恢复私钥：在这台机器上" in told
    file.write_text("不是私钥", "utf-8")
    assert main(["hub", "recovery", "bring", str(file), "--folder", str(office.folder)]) == 1


def test_a_hub_of_an_older_program_makes_its_recovery_key_at_the_first_start(office: Office) -> None:  # noqa: F811
    for name in ("recovery.keys", "recovery-keys.json"):
        (office.folder / name).unlink()
    assert "私钥在这台机器上" in office.says("recovery", "show")
    assert (office.folder / "recovery.keys").stat().st_mode & 0o077 == 0
    first = office.says("recovery", "show")
    assert office.says("recovery", "show") == first


def test_after_a_change_of_the_key_the_next_stick_leaves_the_new_one(
    office: Office,  # noqa: F811
    here: Laptop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    line = office.says("device", "enrol", "--name", NAME, "--village", "明星村").splitlines()[1]
    store = laptops.open_store(here, vault.unlock(here.vault, WHO, PIN), WHO)
    by_stick(office, store, tmp_path, courier.make_enrolment(store, invitation.read(line), NAME, tmp_path))
    by_stick(office, store, tmp_path, courier.make_up(store, tmp_path))
    store.close()
    monkeypatch.setenv("NEHE_PIN", PIN)
    assert main(["keys", "--data", str(here.folder), "change", "--yes"]) == 0
    key = vault.unlock(here.vault, WHO, PIN)
    store = laptops.open_store(here, key, WHO)
    assert "还没有" in keys.kept_words(store)
    by_stick(office, store, tmp_path, courier.make_up(store, tmp_path))
    assert "县里已存钥匙" in keys.kept_words(store)
    store.close()
    request, answer = tmp_path / "请求.txt", tmp_path / "答复.txt"
    request.write_text("\n".join(escrow.ask(here.vault, WHO, NEW).lines()), "utf-8")
    office.says("device", "recover", NAME, "--request", f"@{request}", "--out", answer)
    assert escrow.take(here.vault, answer.read_text("utf-8"), NEW)[0] == key
