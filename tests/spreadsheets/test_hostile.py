"""Workbooks that mean harm: they are refused with a sentence before they cost memory."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from nehe_desktop.cli.benches.measure import resident
from nehe_desktop.core.errors import Trouble
from nehe_desktop.spreadsheets.reading import open_workbook
from tests.spreadsheets.office import PEOPLE, xlsx

SHEET = "xl/worksheets/sheet1.xml"
EVIL = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
MOST = 150  # megabytes


def rewritten(
    path: Path, change: Callable[[str, bytes], tuple[str, bytes]], *more: tuple[str, bytes]
) -> Path:
    """The same package with every part's name and content changed, and with more parts."""
    with zipfile.ZipFile(path) as package:
        parts = [change(name, package.read(name)) for name in package.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (*parts, *more):
            package.writestr(name, content)
    return path


def lying(path: Path, name: str, told: int) -> Path:
    """A package whose directory says that a part is small."""
    data = bytearray(path.read_bytes())
    at = data.rindex(name.encode()) - 46  # its entry in the directory at the end
    assert data[at : at + 4] == b"PK\x01\x02"
    data[at + 24 : at + 28] = struct.pack("<I", told)
    path.write_bytes(data)
    return path


def refused(path: Path) -> str:
    """The sentence of the refusal; the memory stays as it was."""
    had = resident()
    with pytest.raises(Trouble) as trouble:
        open_workbook(path)
    assert resident() - had < MOST
    return trouble.value.sentence


def test_a_bomb_that_says_what_it_is_is_refused(tmp_path: Path) -> None:
    path = rewritten(xlsx(tmp_path / "a.xlsx", PEOPLE), lambda name, old: (name, old))
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package,
        package.open("xl/media/x.bin", "w") as part,
    ):
        for _ in range(1100):
            part.write(bytes(1 << 20))
    assert path.stat().st_size < 4 << 20
    assert "太大" in refused(path)


@pytest.mark.parametrize("name", [SHEET, "xl/sharedStrings.xml"])
def test_a_bomb_that_says_it_is_small_is_refused(tmp_path: Path, name: str) -> None:
    path = xlsx(tmp_path / "a.xlsx", PEOPLE)
    rewritten(path, lambda part, old: (part, old + b" " * (300 << 20) if part == name else old))
    assert "损坏" in refused(lying(path, name, 2000))


def test_a_package_of_a_hundred_thousand_parts_is_refused(tmp_path: Path) -> None:
    more = [(f"xl/media/{number}.bin", b"") for number in range(20_000)]
    assert "太大" in refused(
        rewritten(xlsx(tmp_path / "a.xlsx", PEOPLE), lambda name, old: (name, old), *more)
    )


def test_a_package_inside_a_package_is_never_opened(tmp_path: Path) -> None:
    bomb = xlsx(tmp_path / "b.xlsx", PEOPLE)
    path = xlsx(tmp_path / "a.xlsx", PEOPLE)
    rewritten(path, lambda name, old: (name, old), ("xl/embeddings/b.xlsx", bomb.read_bytes()))
    assert len(open_workbook(path).sheets) == 1


def test_entities_in_a_part_of_another_name_are_refused(tmp_path: Path) -> None:
    def renamed(name: str, old: bytes) -> tuple[str, bytes]:
        if name == SHEET:
            return "xl/worksheets/sheet1.dat", EVIL + old.split(b"?>", 1)[1]
        return name, old.replace(b"sheet1.xml", b"sheet1.dat")

    assert "不安全" in refused(rewritten(xlsx(tmp_path / "a.xlsx", PEOPLE), renamed))


def test_entities_in_another_alphabet_are_refused(tmp_path: Path) -> None:
    def widened(name: str, old: bytes) -> tuple[str, bytes]:
        text = '<?xml version="1.0" encoding="UTF-16"?>' + (EVIL + old).decode().split("?>", 1)[1]
        return (name, text.encode("utf-16")) if name == SHEET else (name, old)

    assert refused(rewritten(xlsx(tmp_path / "a.xlsx", PEOPLE), widened))


@pytest.mark.parametrize("part", ["../../../x.xml", "C:\\x.xml", "/etc/x.xml", "CON", "a" * 3000])
def test_a_path_in_a_package_leads_nowhere(tmp_path: Path, part: str) -> None:
    (tmp_path / "in").mkdir()
    path = rewritten(xlsx(tmp_path / "in" / "a.xlsx", PEOPLE), lambda name, old: (name, old), (part, b"<x/>"))
    open_workbook(path)
    assert [each.name for each in tmp_path.rglob("*") if each.is_file()] == ["a.xlsx"]
