"""A cadre who forgot the PIN on a laptop with unsent work: the county's command opens it, and the work arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from nehe_desktop.cli import main
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.seating import recovered
from nehe_desktop.features.entry.intake import begin
from nehe_desktop.features.entry.rules import Answers
from nehe_desktop.security import escrow, vault
from nehe_desktop.security import laptop as laptops
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.sync import invitation
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
