"""Build the bundled fonts from their packages: `python resources/build_fonts.py [work folder]`.

Needs npm, apt-get and dpkg; takes some minutes. The result is committed, so nobody runs this at start.
Why each font and what it covers: ReportLab embeds TrueType outlines only, so CFF fonts are converted here.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
import tarfile
from bz2 import open as open_bz2
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

HERE = Path(__file__).resolve().parent / "fonts"
DROPPED = ("GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "DSIG", "kern", "STAT", "gasp", "MATH")
LIMITS = (
    "TwilightPoints Storage FunctionDefs InstructionDefs StackElements SizeOfInstructions ComponentElements "
    "Points Contours CompositePoints CompositeContours ComponentDepth"
)
WORST_CURVE_ERROR = 1.0  # of 1000 units in an em, when cubic curves become quadratic ones


@dataclass(frozen=True)
class Package:
    """Where fonts and their licence come from: a package of npm or Debian at one version."""

    name: str
    version: str
    kind: str
    licence: str
    licence_file: str
    written_as: str


@dataclass(frozen=True)
class Face:
    """One font of the bundle: its source file and the characters kept from it."""

    name: str
    family: str
    role: str
    package: str
    source: str
    kept: str


PACKAGES = {
    p.name: p
    for p in (
        Package("@expo-google-fonts/noto-serif-sc", "0.4.3", "npm", "OFL-1.1", "package/LICENSE_FONT",
                "LICENCE-NotoSerifSC.txt"),
        Package("@expo-google-fonts/noto-sans-sc", "0.4.3", "npm", "OFL-1.1", "package/LICENSE_FONT",
                "LICENCE-NotoSansSC.txt"),
        Package("fonts-lxgw-wenkai", "1.250+repack-1", "debian", "OFL-1.1",
                "usr/share/doc/fonts-lxgw-wenkai/copyright", "LICENCE-LXGWWenKai.txt"),
        Package("fonts-hanazono", "20170904-2.1", "debian", "Hanazono or OFL-1.1",
                "usr/share/doc/fonts-hanazono/copyright", "LICENCE-Hanazono.txt"),
        Package("texlive-lang-chinese", "2022.20230122-1", "debian", "GPL-3 with font exception",
                "usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz", "LICENCE-Fandol.txt"),
        Package("unicode-data", "15.0.0-1", "debian", "Unicode", "", ""),
    )
}  # fmt: skip
FANDOL = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/"
SERIF, SANS = "@expo-google-fonts/noto-serif-sc", "@expo-google-fonts/noto-sans-sc"
FACES = (
    Face("NeheSong", "Nehe Song", "song", SERIF, "package/400Regular/NotoSerifSC_400Regular.ttf", "level2"),
    Face("NeheSongExt", "Nehe Song Ext", "song", SERIF, "package/400Regular/NotoSerifSC_400Regular.ttf", "rest"),
    Face("NeheHei", "Nehe Hei", "hei", SANS, "package/500Medium/NotoSansSC_500Medium.ttf", "gbk"),
    Face("NeheBiaoSong", "Nehe Biao Song", "biao", SERIF,
         "package/600SemiBold/NotoSerifSC_600SemiBold.ttf", "gbk"),
    Face("NeheFang", "Nehe Fang", "fang", "texlive-lang-chinese", FANDOL + "FandolFang-Regular.otf", "all"),
    Face("NeheKai", "Nehe Kai", "kai", "texlive-lang-chinese", FANDOL + "FandolKai-Regular.otf", "all"),
    Face("NeheKaiExt", "Nehe Kai Ext", "kai", "fonts-lxgw-wenkai",
         "usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Light.ttf", "level2 without gb2312"),
    Face("NeheRareA", "Nehe Rare A", "rare", "fonts-hanazono",
         "usr/share/fonts/truetype/hanazono/HanaMinA.ttf", "level3 without song"),
    Face("NeheRareB", "Nehe Rare B", "rare", "fonts-hanazono",
         "usr/share/fonts/truetype/hanazono/HanaMinB.ttf", "level3 without song"),
)  # fmt: skip


def symbols() -> set[int]:
    """Latin, punctuation, arrows, mathematics, enclosed and full-width signs an office types."""
    spans = ((0x20, 0x17F), (0x2000, 0x2070), (0x2100, 0x22FF), (0x2460, 0x2500), (0x25A0, 0x2640),
             (0x3000, 0x3040), (0xFF00, 0xFFF0))  # fmt: skip
    return {code for low, high in spans for code in range(low, high)}


def decoded(codec: str, rows: Iterable[int], cells: Iterable[int]) -> Iterator[int]:
    """Ideographs that a two-byte Chinese code assigns."""
    columns = tuple(cells)
    for row in rows:
        for cell in columns:
            text = bytes((row, cell)).decode(codec, "ignore")
            if len(text) == 1 and 0x3400 <= ord(text) <= 0xFA2F and not 0xE000 <= ord(text) <= 0xF8FF:
                yield ord(text)


def general_table(unihan: Path) -> set[int]:
    """The 8,105 characters of 通用规范汉字表 (Unihan field kTGH)."""
    with open_bz2(unihan, "rt", encoding="utf-8") as lines:
        return {int(m[1], 16) for line in lines if (m := re.match(r"U\+([0-9A-F]+)\tkTGH\t", line))}


def character_sets(unihan: Path) -> dict[str, set[int]]:
    """Sets of ideographs by name; the levels are those of GB 18030-2022."""
    general = general_table(unihan)
    unified = set(range(0x4E00, 0x9FF0)) | set(range(0x3400, 0x4DB6))
    level1 = unified | {0xFA00 + n for n in (14, 15, 17, 19, 20, 31, 33, 35, 36, 39, 40, 41)}
    spans = (
        (0x20000, 0x2A6D7),
        (0x2A700, 0x2B735),
        (0x2B740, 0x2B81E),
        (0x2B820, 0x2CEA2),
        (0x2CEB0, 0x2EBE1),
    )
    level3 = level1.union(*(range(low, high) for low, high in spans))
    return {
        "gb2312": set(decoded("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))),
        "general8105": general,
        "gbk": set(decoded("gbk", range(0x81, 0xFF), range(0x40, 0xFF))),
        "level1": level1,
        "level2": level1 | general,
        "level3": level3 | general,
    }


def kept_characters(face: Face, sets: dict[str, set[int]], song: set[int]) -> set[int]:
    """Characters of the source that go into the bundle."""
    wide = sets["level2"] | sets["gbk"] | symbols()
    return {
        "level2": wide,
        "gbk": sets["general8105"] | sets["gbk"] | symbols(),
        "all": sets["level3"] | symbols(),
        "rest": (sets["level3"] & song) - wide,  # a few components of characters, beyond level 2
        "level2 without gb2312": wide - sets["gb2312"],
        "level3 without song": sets["level3"] - song,
    }[face.kept]


def run(*words: str, folder: Path) -> None:
    """Run a program of the search path in a folder."""
    subprocess.run(words, cwd=folder, check=True)


def fetch(package: Package, work: Path) -> Path:
    """Unpacked folder of the package, fetched by its own client when not there yet."""
    folder = work / package.name.replace("/", "-").lstrip("@")
    if folder.exists():
        return folder
    folder.mkdir(parents=True)
    if package.kind == "npm":
        run("npm", "pack", "--silent", f"{package.name}@{package.version}", folder=folder)
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
    else:
        run("apt-get", "download", f"{package.name}={package.version}", folder=folder)
        run("dpkg", "-x", str(next(folder.glob("*.deb"))), str(folder), folder=folder)
    return folder


def subset_font(path: Path, characters: set[int]) -> TTFont:
    """The font with these characters only, unhinted and without layout tables."""
    font = TTFont(path, recalcTimestamp=False)
    options = Options(layout_features=[], hinting=False, glyph_names=False, notdef_outline=True,
                      desubroutinize=True, name_IDs=[0, 1, 2, 3, 4, 6, 13, 14])  # fmt: skip
    options.drop_tables += list(DROPPED)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters & set(font.getBestCmap()))
    subsetter.subset(font)
    return font


def to_quadratic(font: TTFont) -> None:
    """Turn CFF outlines into glyf outlines in place."""
    glyph_set, outlines = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, WORST_CURVE_ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = font.getGlyphOrder(), outlines
    del font["CFF "]
    for name, glyph in outlines.items():
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (font["hmtx"][name][0], glyph.xMin if glyph.numberOfContours else 0)
    font["maxp"].tableVersion, font["maxp"].maxZones = 0x00010000, 1
    for limit in LIMITS.split():
        setattr(font["maxp"], f"max{limit}", 0)
    font["post"].formatType, font["head"].glyphDataFormat, font.sfntVersion = 3.0, 0, "\x00\x01\x00\x00"


def rename(font: TTFont, face: Face) -> None:
    """Give the font its own name, as the licences with reserved names ask, and a plain weight."""
    table = font["name"]
    table.names = [n for n in table.names if n.nameID in (0, 13, 14)]
    texts = {1: face.family, 2: "Regular", 3: f"{face.family} 1.0", 4: face.family, 6: face.name}
    for number, text in texts.items():
        table.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass, font["OS/2"].fsSelection, font["head"].macStyle = 400, 0x40, 0


def build(face: Face, folder: Path, sets: dict[str, set[int]], song: set[int]) -> dict[str, object]:
    """Write one font of the bundle and return its line of the manifest."""
    package, target = PACKAGES[face.package], HERE / f"{face.name}.ttf"
    font = subset_font(folder / face.source, kept_characters(face, sets, song))
    if "CFF " in font:
        to_quadratic(font)
    rename(font, face)
    font.save(target)
    codes = set(font.getBestCmap())
    return {
        "name": face.name, "file": target.name, "family": face.family, "role": face.role,
        "source": Path(face.source).name, "package": package.name, "version": package.version,
        "licence": package.licence, "licence_file": package.written_as, "bytes": target.stat().st_size,
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(), "glyphs": font["maxp"].numGlyphs,
        "characters": len(codes), "coverage": {name: len(codes & wanted) for name, wanted in sets.items()},
    }  # fmt: skip


def copy_licence(package: Package, folder: Path) -> None:
    """Put the licence of a package beside the fonts made from it."""
    content = (folder / package.licence_file).read_bytes()
    text = gzip.decompress(content) if package.licence_file.endswith(".gz") else content
    (HERE / package.written_as).write_bytes(text)


def main(work: Path) -> None:
    """Build every font and write `fonts.json`."""
    folders = {name: fetch(package, work) for name, package in PACKAGES.items()}
    HERE.mkdir(parents=True, exist_ok=True)
    for name, package in PACKAGES.items():
        if package.licence_file:
            copy_licence(package, folders[name])
    sets = character_sets(folders["unicode-data"] / "usr/share/unicode/Unihan_OtherMappings.txt.bz2")
    song = set(TTFont(folders[SERIF] / FACES[0].source, lazy=True).getBestCmap())
    with ProcessPoolExecutor(2) as pool:
        jobs = [pool.submit(build, face, folders[face.package], sets, song) for face in FACES]
        lines = [job.result() for job in jobs]
    manifest = {"sets": {name: len(codes) for name, codes in sets.items()}, "fonts": lines}
    (HERE / "fonts.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/fonts").resolve())
