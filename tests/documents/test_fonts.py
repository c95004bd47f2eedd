"""The bundle of fonts is what its manifest says."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from nehe_desktop.documents.fonts import CHAINS, FOLDER, Fonts, accepted, bundled, load

MANIFEST = json.loads((FOLDER / "fonts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("font", MANIFEST["fonts"], ids=lambda font: font["name"])
def test_each_font_is_the_one_in_the_manifest_with_its_licence(font: dict[str, str]) -> None:
    assert hashlib.sha256((FOLDER / font["file"]).read_bytes()).hexdigest() == font["sha256"]
    assert (FOLDER / font["licence_file"]).stat().st_size > 500


def test_the_fonts_together_cover_all_of_gb18030() -> None:
    covered = set().union(*(load(font["name"]).face.charToGlyph for font in MANIFEST["fonts"]))
    spans = ((0x4E00, 0x9FF0), (0x3400, 0x4DB6), (0x20000, 0x2A6D7), (0x2A700, 0x2B735), (0x2CEB0, 0x2EBE1))
    assert not [code for low, high in spans for code in range(low, high) if code not in covered]


def test_every_chain_names_fonts_of_the_bundle() -> None:
    assert {name for chain in CHAINS.values() for name in chain} <= {
        font["name"] for font in MANIFEST["fonts"]
    }


def test_latin_in_fangsong_is_a_serif() -> None:
    font = bundled().pick("fang", "A")
    assert font is not None
    assert font.fontName == "NeheSong"


def test_an_installed_font_shows_chinese_but_never_moves_latin() -> None:
    own = Fonts({"song": FOLDER / "NeheKai.ttf"})
    names = [font.fontName for character in "讷A𬍛" if (font := own.pick("song", character))]
    assert names == ["own-song", "NeheSong", "NeheSong"]


def test_a_font_without_chinese_is_not_accepted(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"OTTO")
    assert accepted(FOLDER / "NeheFang.ttf")
    assert not accepted(FOLDER / "NeheRareA.ttf")
    assert not accepted(tmp_path / "broken.ttf")
