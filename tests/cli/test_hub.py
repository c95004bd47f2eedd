"""The hub from the command line, step by step as the operator's guide tells it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from nehe_desktop.cli import main
from nehe_desktop.cli.hub_command import _STEPS
from nehe_desktop.features import ledgers
from nehe_desktop.features.divisions.queries import shipped_divisions
from nehe_desktop.hub import devices, folder, serving, witness
from nehe_desktop.hub.folder import HubFolder
from nehe_desktop.hub.service import Hub
from nehe_desktop.security.envelope import Cost
from nehe_desktop.sync import invitation
from nehe_desktop.sync.admission import Enrolment
from nehe_desktop.sync.keys import new_keys
from nehe_desktop.sync.package import Parcel, letter, open_parcel, seal
from nehe_desktop.sync.protocol import Pull, SyncRequest
from nehe_desktop.sync.rules import rules_of
from tests.hub.laptops import Laptop, new

COUNTY = "230281"
BRIGHT = next(each.id for each in shipped_divisions() if each.name == "明星村")
Say = Callable[..., str]
"""Runs a step of the hub and gives what it prints; the exit code is checked against `code`."""


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Say:
    monkeypatch.setenv("NEHE_HUB_HOME", str(tmp_path / "hub"))
    monkeypatch.delenv("NEHE_HUB_DATABASE", raising=False)
    monkeypatch.setattr(folder, "Cost", lambda: Cost(memory=1024, passes=1, lanes=1))

    def run(*words: str | Path, code: int = 0) -> str:
        capsys.readouterr()
        assert main(["hub", *map(str, words)]) == code
        said = capsys.readouterr()
        return said.out + said.err

    return run


@pytest.fixture
def county(say: Say) -> HubFolder:
    """A county's hub that was just made."""
    say("init", "--name", "讷河市驻村办", "--host", "127.0.0.1")
    return folder.HubFolder(folder.hub_home())


@pytest.fixture
def hub(county: HubFolder) -> Iterator[Hub]:
    store = county.open()
    devices.introduce(store, COUNTY, county.keys())
    yield Hub(store, COUNTY, rules_of(ledgers.ALL))
    store.close()


def laptop_of(hub: Hub, line: str, name: str) -> Laptop:
    told, keys = invitation.read(line), new_keys()
    asked = Enrolment(told.code, name, keys.sign_public, keys.seal_public)
    return Laptop(hub, devices.enrol(hub.store, COUNTY, asked, hub.wall).dev, keys, name)


def enrolled(say: Say, hub: Hub, name: str, *words: str) -> Laptop:
    return laptop_of(hub, say("device", "enrol", "--name", name, *words).splitlines()[1], name)


def scanned(path: Path) -> str:
    return zxingcpp.read_barcodes(Image.open(path))[0].text


@pytest.mark.parametrize("step", _STEPS)
def test_every_step_says_how_it_is_used(step: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["hub", step, "--help"])
    assert end.value.code == 0
    assert _STEPS[step][0] in capsys.readouterr().out


@pytest.mark.parametrize("step", ["serve", "status", "backup", "device list", "address", "move --to sqlite"])
def test_where_nobody_made_a_hub_every_step_says_what_to_do(say: Say, step: str) -> None:
    assert "还没有同步服务。请先运行 python3 main.py hub init" in say(*step.split(), code=3)


def test_a_hub_is_made_once_and_shows_its_recovery_code(say: Say) -> None:
    said = say(
        "init", "--name", "讷河市驻村办", "--host", "hub.nehe.example", "--host", "10.0.0.5", "--port", "9443"
    )
    assert "https://hub.nehe.example:9443" in said
    assert len(re.findall(r"^    \w{4} \w{4}$", said, re.MULTILINE)) == 5
    assert "已经有同步服务" in say("init", code=3)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--county", "2302"), "6 位"),
        (("--host", "https://hub"), "不要写 https"),
        (("--port", "0"), "端口"),
        (("--database", "mysql://x"), "postgresql://"),
        (("--database", "postgresql://user:secret@host/db"), "口令不要写在命令里"),
    ],
)
def test_what_a_hub_cannot_be_made_with_is_refused(say: Say, words: tuple[str, ...], told: str) -> None:
    assert told in say("init", *words, code=1)
    assert folder.HubFolder(folder.hub_home()).is_new


@pytest.mark.usefixtures("county")
def test_its_files_are_for_its_owner_only() -> None:
    for path in folder.hub_home().rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_an_invitation_lets_a_laptop_into_its_village(say: Say, hub: Hub) -> None:
    said = say("device", "enrol", "--name", "明星村1号电脑", "--village", "明星村")
    assert "明星村1号电脑（学田镇明星村）的邀请码" in said
    told = invitation.read(said.splitlines()[1])
    assert (told.url, told.hub_sign) == (
        "https://127.0.0.1:8443",
        HubFolder(folder.hub_home()).keys().sign_public,
    )
    laptop = laptop_of(hub, said.splitlines()[1], "明星村1号电脑")
    assert laptop.ask().scopes == ["county", BRIGHT]
    assert "明星村1号电脑\t在用\t学田镇明星村" in say("device", "list")


def test_an_invitation_as_a_picture(say: Say, county: HubFolder, tmp_path: Path) -> None:
    said = say("device", "enrol", "--name", "县", "--everything", "--qr", tmp_path / "qr.png")
    assert (tmp_path / "qr.png").read_bytes().startswith(b"\x89PNG")
    assert scanned(tmp_path / "qr.png") == said.splitlines()[1]
    assert county.settings().county == COUNTY


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("words", ["明星村", "明星", "学田镇明星村", "学田镇/明星", BRIGHT])
def test_a_village_is_found_by_what_people_call_it(say: Say, words: str) -> None:
    assert "（学田镇明星村）" in say("device", "enrol", "--name", "甲", "--village", words)


def test_a_village_of_the_countys_own_list_is_found_and_a_name_of_two_is_not(say: Say, hub: Hub) -> None:
    office = enrolled(say, hub, "县里", "--everything")
    towns = [each.id for each in shipped_divisions() if each.level == "town"][:2]
    for number, town in enumerate(towns):
        values = {"name": "前进村", "level": "village", "parent": town, "code": f"23028110120{number}"}
        office.does(new("division", f"{number:032x}", "county", **values))
    assert "有 2 个村叫“前进”，请写全：雨亭街道前进村、通江街道前进村" in say(
        "device", "enrol", "--name", "甲", "--village", "前进", code=1
    )
    assert "（通江街道前进村）" in say("device", "enrol", "--name", "甲", "--village", "230281101201")


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "--village"),
        (("--village", "明星村", "--everything"), "--village"),
        (("--village", "没有的村"), "没有叫“没有的村”的村"),
        (("--everything", "--days", "0"), "有效天数"),
    ],
)
def test_an_invitation_that_says_too_little_is_refused(say: Say, words: tuple[str, ...], told: str) -> None:
    assert told in say("device", "enrol", "--name", "甲", *words, code=1)


def test_a_lost_laptop_is_revoked_only_when_told_twice(say: Say, hub: Hub) -> None:
    laptop = enrolled(say, hub, "丢失的电脑", "--village", "明星村")
    assert "确定就加 --yes" in say("device", "revoke", "丢失的电脑")
    assert laptop.ask().scopes
    assert "已停用" in say("device", "revoke", laptop.dev, "--yes")
    assert "已停用" in say("device", "list")
    assert witness.kept(HubFolder(folder.hub_home())).revoked.keys() == {laptop.dev}


def test_a_laptop_that_nobody_knows_or_that_two_are_called(say: Say, hub: Hub) -> None:
    for _ in range(2):
        enrolled(say, hub, "同名", "--village", "明星村")
    assert "没有叫“不在”的电脑" in say("device", "revoke", "不在", code=1)
    assert "有 2 台叫“同名”" in say("device", "revoke", "同名", code=1)


def test_villages_are_given_and_taken(say: Say, hub: Hub) -> None:
    enrolled(say, hub, "甲", "--village", "明星村")
    assert say("scope", "list", "甲") == "甲：学田镇明星村\n"
    other = next(each for each in shipped_divisions() if each.level == "village" and each.name != "明星村")
    assert f"{other.name}" in say("scope", "grant", "甲", "--village", other.id)
    assert say("scope", "revoke", "甲", "--village", other.id) == "甲：学田镇明星村\n"
    assert "本来就没有" in say("scope", "revoke", "甲", "--village", other.id, code=1)
    assert say("scope", "grant", "甲", "--everything").startswith("甲：全县")


def test_what_was_set_aside_is_listed_and_decided(say: Say, hub: Hub) -> None:
    laptop = enrolled(say, hub, "甲", "--village", "明星村")
    for key in "ab":
        laptop.does(
            new("division", key * 32, "county", name="新村", level="village"), by="王队长", why="登记"
        )
    assert say("quarantine", "list").count("县里的公共数据\t王队长\t登记\t行政区划") == 2
    assert "已接受" in say("quarantine", "accept", laptop.dev, "1")
    assert "已丢弃" in say("quarantine", "drop", laptop.dev, "2", "--note", "重复")
    assert "没有暂存" in say("quarantine", "list")
    assert "没有做成" in say("quarantine", "drop", laptop.dev, "2", code=1)


def test_a_stick_is_taken_and_answered(say: Say, hub: Hub, county: HubFolder, tmp_path: Path) -> None:
    laptop = enrolled(say, hub, "明星村1号电脑", "--village", "明星村")
    push = laptop.push(laptop.save(new("division", "a" * 32, "county", name="x")))
    request = SyncRequest(laptop.dev, hub.epoch, hub.wall(), push=push, pull=Pull())
    parcel = Parcel(COUNTY, laptop.dev, COUNTY, hub.wall(), "up", (letter(request),))
    stick = tmp_path / "甲 送县.nhpkg"
    stick.write_bytes(seal(parcel, laptop.keys, county.keys().seal_public))
    said = say("pack", stick, "--out", tmp_path)
    assert "明星村1号电脑，上传 1 笔" in said
    back = next(path for path in tmp_path.glob("*.nhpkg") if path != stick)
    assert open_parcel(back.read_bytes(), laptop.keys, lambda _: county.keys().sign_public).kind == "down"
    stick.write_bytes(b"nothing")
    assert "没有做成" in say("pack", stick, code=1)
    assert "U 盘" in say("pack", tmp_path / "gone.nhpkg", code=3)


def test_a_copy_is_tried_and_restored(say: Say, hub: Hub, tmp_path: Path) -> None:
    enrolled(say, hub, "甲", "--village", "明星村")
    assert "读到底核对过" in say("backup", "--to", tmp_path / "U盘")
    assert "读到底核对过" in say("backup")
    assert "县库备份-" in say("backup", "--list", "--to", tmp_path / "U盘")
    copy = next((tmp_path / "U盘").glob("*.nhhub"))
    epoch = hub.epoch
    assert "没有改动" in say("restore", copy)
    hub.store.close()
    said = say("restore", "--yes")
    assert "开始新的一代" in said
    assert epoch not in said
    assert "甲\t在用" in say("device", "list")
    assert "恢复备份，开始新的一代" in say("status")


def test_a_copy_goes_to_another_computer_with_the_recovery_code(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = re.findall(r"^    (\w{4} \w{4})$", say("init"), re.MULTILINE)
    say("backup", "--to", tmp_path)
    copy = next(tmp_path.glob("*.nhhub"))
    there = ("restore", copy, "--folder", tmp_path / "new")
    monkeypatch.setenv("NEHE_HUB_CODE", "\n".join(lines[:4]))
    assert "没有做成" in say(*there, "--yes", code=1)
    monkeypatch.setenv("NEHE_HUB_CODE", "\n".join(lines))
    assert "已恢复" in say(*there, "--yes")
    assert HubFolder(tmp_path / "new").papers() == HubFolder(folder.hub_home()).papers()


def test_a_restore_done_otherwise_is_confirmed(say: Say, hub: Hub) -> None:
    epoch = hub.epoch
    assert "已确认，开始新的一代" in say("restore", "--confirm")
    assert hub.epoch != epoch


def test_nothing_to_restore(say: Say, county: HubFolder) -> None:
    assert f"{county.backups} 里没有备份" in say("restore", code=3)


def test_a_running_hub_is_not_restored_or_moved(say: Say, county: HubFolder) -> None:
    say("backup")
    with witness.alone(county):
        assert "正在运行" in say("restore", "--yes", code=3)
        assert "正在运行" in say("move", "--to", "postgresql://127.0.0.1/x", code=3)
        assert "正在运行" in say("serve", code=3)
        assert "，正在运行" in say("status")
    assert "，没有运行" in say("status")


def test_a_hub_moves_to_postgresql(
    say: Say, hub: Hub, postgres_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(say, hub, "甲", "--village", "明星村")
    hub.store.close()
    assert "写明搬到哪里" in say("move", code=1)
    monkeypatch.setenv("NEHE_HUB_DATABASE", postgres_dsn)
    assert "核对一致" in say("move")
    monkeypatch.delenv("NEHE_HUB_DATABASE")
    assert "库：postgresql" in say("status")
    assert "甲\t在用" in say("device", "list")
    assert "核对一致" in say("move", "--to", "sqlite")
    assert "库：sqlite" in say("status")


def test_the_address_is_changed_without_new_keys(say: Say, county: HubFolder) -> None:
    before = county.authority()
    assert "https://127.0.0.1:8443" in say("address")
    assert "https://hub.nehe.example:9443" in say("address", "hub.nehe.example", "--port", "9443")
    assert county.authority() == before
    assert json.loads((county.path / "hub.json").read_bytes())["hosts"] == ["hub.nehe.example"]


def test_a_hub_with_an_older_database_does_not_serve(say: Say, county: HubFolder) -> None:
    say("status")
    county.witness.write_text('{"epoch": "0000000000000000", "heads": {}, "revoked": {}}')
    assert "hub restore --confirm" in say("serve", code=3)


def test_a_port_that_is_taken_is_told(say: Say, county: HubFolder) -> None:
    with serving.listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        assert f"{port} 端口" in say("serve", "--host", "127.0.0.1", "--port", str(port), code=3)
    assert not county.is_new
