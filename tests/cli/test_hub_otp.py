"""The county gives its own laptops a phone's code, from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from nehe_desktop.cli.benches.hubs import running_hub
from nehe_desktop.documents import qr
from nehe_desktop.hub import factor
from nehe_desktop.hub.folder import HubFolder
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.transport import Denied
from tests.cli.test_hub import COUNTY, Say, county, enrolled, hub, say, scanned  # noqa: F401 - fixtures


def base32(told: str) -> str:
    found = re.search(r"secret=([A-Z2-7]{32})", told)
    assert found
    return found[1]


def test_a_new_hub_wants_codes_and_an_older_one_goes_on_without(say: Say, county: HubFolder) -> None:  # noqa: F811
    assert "要手机验证码" in say("otp")
    told = json.loads((county.path / "hub.json").read_text())
    del told["require_otp_for_county"]
    (county.path / "hub.json").write_text(json.dumps(told))
    assert "不要手机验证码" in say("otp")
    assert "要重启" in say("otp", "on")
    assert county.settings().require_otp_for_county
    say("otp", "off")
    assert not county.settings().require_otp_for_county


def test_a_hub_may_be_made_without(say: Say, tmp_path: Path) -> None:  # noqa: F811
    say("init", "--no-otp", "--folder", tmp_path / "other")
    assert not HubFolder(tmp_path / "other").settings().require_otp_for_county


@pytest.mark.usefixtures("county")
def test_an_invitation_for_the_county_says_what_comes_next(say: Say) -> None:  # noqa: F811
    assert "hub device otp 县里1" in say("device", "enrol", "--name", "县里1", "--everything")
    assert "otp" not in say("device", "enrol", "--name", "明星1", "--village", "明星村")


def test_the_secret_is_shown_once_and_read_by_a_phone(say: Say, hub: Hub, county: HubFolder) -> None:  # noqa: F811
    laptop = enrolled(say, hub, "县里1", "--everything")
    assert "没有设：hub device otp" in say("otp")
    told = say("device", "otp", "县里1")
    assert "已设" in say("otp")
    assert "有验证码" in say("device", "list")
    assert base32(told) in told.replace(" ", "").split("手工输入：")[1]
    assert "--new" in say("device", "otp", "县里1", code=1)
    assert base32(say("device", "otp", "县里1", "--new")) != base32(told)
    assert "已取消" in say("device", "otp", "县里1", "--off")
    with pytest.raises(Denied):
        factor.check(hub.store, COUNTY, county.keys(), laptop.dev, "123456", hub.wall())


def test_as_a_picture_it_is_not_on_the_screen(say: Say, hub: Hub, tmp_path: Path) -> None:  # noqa: F811
    enrolled(say, hub, "县里1", "--everything")
    picture = tmp_path / "码.png"
    assert "secret=" not in say("device", "otp", "县里1", "--qr", picture)
    assert scanned(picture).startswith("otpauth://totp/")


def test_the_picture_in_letters_is_read_by_a_camera() -> None:
    line = factor.address(bytes(20), "县里1", "讷河帮扶工作台 讷河市驻村办")
    rows = [row for text in qr.in_letters(line).splitlines() for row in _halves(text)]
    image = Image.new("L", (len(rows[0]), len(rows)))
    image.putdata([255 if light else 0 for row in rows for light in row])
    assert zxingcpp.read_barcodes(image.resize((image.width * 4, image.height * 4)))[0].text == line


def _halves(text: str) -> tuple[list[bool], list[bool]]:
    return [each in "█▀" for each in text], [each in "█▄" for each in text]


def test_the_hub_of_benches_and_of_the_tour_wants_none(tmp_path: Path) -> None:
    with running_hub(tmp_path / "hub", [["*"]]):
        assert not HubFolder(tmp_path / "hub").settings().require_otp_for_county
