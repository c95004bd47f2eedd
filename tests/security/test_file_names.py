"""A name that somebody gave becomes a file in the folder that was meant, or none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.documents.job import file_name
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import open_store
from nehe_desktop.sync import courier
from nehe_desktop.sync.keys import new_keys
from nehe_desktop.sync.package import Parcel, open_parcel, seal
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import COUNTY, NORTH, NOW, RULES, Wall, join, new

PATHS = ("../../x", "..\\..\\x", "C:\\x", "/etc/x", ".")
NAMES = (*PATHS, "a\0b", "CON", "NUL.txt", "长" * 400, "\u202etxt.exe", "x\n\ty", "半\ud800")


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_laptop_names_a_file_on_the_stick(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    path = courier._written(folder, f"{name} 送县 20200810", b"x")
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]
    assert path.parent == folder
    assert not set(path.name) & set('\\/:*?"<>|\0\n\t\u202e')


@pytest.mark.parametrize("name", NAMES)
def test_the_number_of_a_paper_names_a_file_in_the_folder(name: str) -> None:
    class Numbered:
        stamp = Stamp("D01", name, 1)

    made = file_name(Numbered())  # type: ignore[arg-type]
    assert Path(made).name == made
    assert made.endswith(".pdf")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    store = open_store(str(tmp_path / "hub.db"), bytes(32))
    yield Hub(store, COUNTY, RULES, Wall())
    store.close()


@pytest.mark.parametrize("name", ["../../x", "C:\\x", "a\0b", "CON", "0" * 63, "0" * 65, "G" * 64])
def test_an_attachment_has_no_name_but_its_digest(hub: Hub, name: str) -> None:
    laptop = join(hub, "李工", NORTH)
    laptop.does(
        new("household", "h1", NORTH, village=NORTH),
        new("visit", "v", NORTH, household="h1", photos=f'["{name}"]'),
    )
    with pytest.raises(Denied):
        hub.put(laptop.dev, name, 0, 3, b"abc")


def test_a_package_cannot_carry_an_attachment_under_another_name() -> None:
    sender, receiver = new_keys(), new_keys()
    parcel = Parcel("c", "d", "c", NOW, "up", (), {hashlib.sha256(b"x").hexdigest(): b"y"})
    with pytest.raises(Refused, match="编号"):
        open_parcel(seal(parcel, sender, receiver.seal_public), receiver, lambda _: sender.sign_public)
