"""Roles of type (宋 仿宋 黑 楷 小标宋), the font that has each character, and who has none."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Literal

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from nehe_desktop.documents.repairs import mend_advances, put_right

put_right()  # before a font is loaded

Role = Literal["song", "fang", "hei", "kai", "biao", "figures"]
FOLDER = Path(__file__).resolve().parents[2] / "resources" / "fonts"
RARE = ("NeheSongExt", "NeheRareA", "NeheRareB")
CHAINS: dict[str, tuple[str, ...]] = {
    "song": ("NeheSong", *RARE),
    "figures": ("NeheSong", *RARE),  # the same type with digits on a fixed pitch
    "hei": ("NeheHei", "NeheSong", *RARE),
    "biao": ("NeheBiaoSong", "NeheSong", *RARE),
    "fang": ("NeheFang", "NeheKaiExt", "NeheSong", *RARE),
    "kai": ("NeheKai", "NeheKaiExt", "NeheSong", *RARE),
}
LATIN = {"fang": "NeheSong", "kai": "NeheSong"}  # the Latin of 仿宋 and 楷 would be a sans
INSTALLED: dict[str, tuple[str, ...]] = {
    "song": ("simsun.ttc",),
    "fang": ("simfang.ttf", "仿宋_GB2312.ttf"),
    "hei": ("simhei.ttf",),
    "kai": ("simkai.ttf", "楷体_GB2312.ttf"),
    "biao": ("FZXBSJW.TTF", "方正小标宋简体.ttf", "FZXBSK.TTF"),
}
_INVISIBLE = (
    (0x7F, 0x9F),
    (0x200B, 0x200F),
    (0x2060, 0x2064),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xE0100, 0xE01EF),
)
_ENOUGH = 0.99  # share of GB2312 that an installed font must have before it is taken


def is_invisible(character: str) -> bool:
    """Whether a character leaves no mark and is dropped: line ends, zero-width signs, variation selectors."""
    code = ord(character)
    return code < 0x20 or any(low <= code <= high for low, high in _INVISIBLE)


def is_wide(character: str) -> bool:
    """Whether a character is set on a full square (Chinese and its punctuation)."""
    code = ord(character)
    return code >= 0x2E80 or 0x2014 <= code <= 0x2026 or 0x2190 <= code < 0x2E80


_LOADING = Lock()


def load(name: str, path: Path | None = None) -> TTFont:
    """A font registered with ReportLab under its name, loaded once per process whatever thread asks."""
    with _LOADING:
        return _loaded(name, path)


@cache
def _loaded(name: str, path: Path | None) -> TTFont:
    font = TTFont(name, str(path or FOLDER / f"{name}.ttf"), asciiReadable=False, shapable=False)
    mend_advances(font)
    pdfmetrics.registerFont(font)
    return font


@cache
def _gb2312() -> frozenset[int]:
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return frozenset(ord(text) for pair in pairs if (text := pair.decode("gb2312", "ignore")))


def accepted(path: Path) -> bool:
    """Whether an installed font has TrueType outlines and nearly all of GB2312."""
    try:
        covered = TTFont("probe", str(path), shapable=False).face.charToGlyph.keys() & _gb2312()
    except (TTFError, OSError):
        return False
    return len(covered) >= _ENOUGH * len(_gb2312())


def font_folders() -> list[Path]:
    """Where Windows and the domestic desktops keep installed fonts."""
    windows, local = os.environ.get("WINDIR", "C:/Windows"), os.environ.get("LOCALAPPDATA", "")
    places = [Path(windows, "Fonts"), Path("/usr/share/fonts"), Path.home() / ".local/share/fonts"]
    return [*places, Path(local, "Microsoft/Windows/Fonts")] if local else places


def installed() -> dict[str, Path]:
    """The office's own fonts found on this computer, by role; only for a user who asks for them."""
    found: dict[str, Path] = {}
    for role, names in INSTALLED.items():
        paths = (p for folder in font_folders() for n in names for p in (folder / n, *folder.glob(f"*/{n}")))
        path = next((p for p in paths if p.is_file() and accepted(p)), None)
        if path:
            found[role] = path
    return found


class Fonts:
    """Which font shows a character in a role: the bundle's, or installed files for Chinese characters.

    Latin and digits always come from the bundle, so that changing fonts never moves a line.
    """

    def __init__(self, files: Mapping[str, Path] | None = None) -> None:
        self.files = dict(files or {})
        self.profile = "系统字体" if self.files else "自带字体"
        self._picked: dict[tuple[str, str], TTFont | None] = {}

    def _lazily(self, role: str, character: str) -> Iterator[TTFont]:
        """Candidates in order, each loaded only when the ones before it do not have the character."""
        if ord(character) < 0x7F and role in LATIN:
            yield load(LATIN[role])
        if role in self.files and is_wide(character):
            yield load(f"own-{role}", self.files[role])
        yield from map(load, CHAINS[role])

    def pick(self, role: str, character: str) -> TTFont | None:
        """The first font of the role's chain that has the character; None when there is no such font."""
        key = (role, character)
        if key not in self._picked:
            code = ord(character)
            has = (font for font in self._lazily(role, character) if code in font.face.charToGlyph)
            self._picked[key] = next(has, None)
        return self._picked[key]

    def missing(self, text: str) -> list[str]:
        """Characters of a text, each once, that no font has and that therefore cannot be printed."""
        seen = dict.fromkeys(c for c in text if not is_invisible(c))
        return [c for c in seen if self.pick("song", c) is None and self.pick("hei", c) is None]


@lru_cache(maxsize=1)
def bundled() -> Fonts:
    """The fonts that come with the program: the default, and the only ones in tests."""
    return Fonts()


def missing(text: str) -> list[str]:
    """Characters of a text that no bundled font has."""
    return bundled().missing(text)
