"""Pictures without what a phone wrote into them: place, camera, owner, notes, small pictures behind the picture.

Lossless and without a library, for it stands where every picture goes into the file (domain §11.3 (6)).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from nehe_desktop.core.errors import Refused

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_DRAWN = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs", b"IDAT", b"IEND"}
)
"""The chunks of a PNG that say what is drawn and how large; every other one is left behind."""
_TABLES = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xE0)}) - {0xC8}
"""The segments of a JPEG without which it cannot be drawn."""
_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
_TURNED = range(2, 9)
_BROKEN = "这张照片不完整，打不开，请换一张"
_HEIC = "这是 HEIC 格式的照片，台账里存不了：请在手机“设置 → 相机 → 格式”里选“兼容性最佳”再拍，或另存为 JPEG"


def refusal(content: bytes) -> str:
    """Why a picture of this format is not taken in; empty for JPEG, PNG and what is no picture."""
    if content[4:8] == b"ftyp" and content[8:12] in (
        b"heic",
        b"heix",
        b"hevc",
        b"heim",
        b"heis",
        b"mif1",
        b"msf1",
        b"avif",
    ):
        return _HEIC
    others = (b"II*\0", b"MM\0*", b"GIF8", b"BM" + len(content).to_bytes(4, "little"))
    if content.startswith(others) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return "台账里只存 JPEG 和 PNG 格式的照片，请另存为 JPEG 再添加"
    return ""


def bare(content: bytes) -> bytes:
    """The same picture with nothing but what is drawn and which side is up; raises Refused where it is broken."""
    if said := refusal(content):
        raise Refused(said)
    if content.startswith(_JPEG):
        return _bare_jpeg(content)
    return _bare_png(content) if content.startswith(_PNG) else content


def is_turned(content: bytes) -> bool:
    """Whether a bare picture says that it has to be turned before it is shown."""
    return _EXIF in content[:64] or b"eXIf" in content[:64]


# -- JPEG --------------------------------------------------------------------------------------------

_EXIF = b"Exif\0\0"


def _bare_jpeg(content: bytes) -> bytes:
    turn, kept = 1, []
    for marker, segment in _segments(content):
        if marker == 0xE1 and segment[4:10] == _EXIF:
            turn = _turn(segment[10:])
        elif marker == 0xE0 and segment[4:9] == b"JFIF\0" and len(segment) >= 16:
            kept.append(b"\xff\xe0\0\x10" + segment[4:16] + b"\0\0")  # without its thumbnail
        elif marker in _TABLES or (marker == 0xEE and segment[4:9] == b"Adobe" and len(segment) == 16):
            kept.append(segment)
    said = [b"\xff\xe1\0\x22" + _EXIF + _tiff(turn)] if turn in _TURNED else []
    return b"".join([_JPEG[:2], *said, *kept, b"\xff\xd9"])


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment up to the end of the picture, a scan with its pixels; what follows is none."""
    at = 2
    while True:
        found = _MARKER.match(content, at)
        if found is None:
            raise Refused(_BROKEN)
        marker, at = found[1][0], found.end()
        if marker == 0xD9:
            return
        end = at + int.from_bytes(content[at : at + 2])
        if end < at + 2 or end > len(content):
            raise Refused(_BROKEN)
        if marker == 0xDA:
            following = _MARKER.search(content, end)
            end = following.start() if following else len(content)
        yield marker, bytes((0xFF, marker)) + content[at:end]
        if marker == 0xDA and end == len(content):
            return
        at = end


def _turn(tiff: bytes) -> int:
    """How a picture stands, 1 to 8, by the first directory of its EXIF."""
    order = "little" if tiff[:2] == b"II" else "big"
    first = int.from_bytes(tiff[4:8], order)
    for each in range(int.from_bytes(tiff[first : first + 2], order)):
        entry = tiff[first + 2 + 12 * each :][:12]
        if int.from_bytes(entry[:2], order) == 0x0112:
            return int.from_bytes(entry[8:10], order)
    return 1


def _tiff(turn: int) -> bytes:
    """EXIF that says how a picture stands and nothing else."""
    return b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0" + bytes((turn, 0, 0, 0)) + bytes(4)


# -- PNG ---------------------------------------------------------------------------------------------


def _bare_png(content: bytes) -> bytes:
    turn, kept = 1, []
    for name, chunk in _chunks(content):
        if name == b"eXIf":
            turn = _turn(chunk[8:-4])
        elif name in _DRAWN:
            kept.append(chunk)
    if turn in _TURNED:
        kept.insert(1, _chunk(b"eXIf", _tiff(turn)))  # after the head
    return b"".join([_PNG, *kept])


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and bytes of each chunk up to the end of the picture."""
    at, name = len(_PNG), b""
    while name != b"IEND":
        name = content[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(content[at : at + 4])
        if len(name) < 4 or end > len(content):
            raise Refused(_BROKEN)
        yield name, content[at:end]
        at = end


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)
