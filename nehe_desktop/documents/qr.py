"""The code on every paper: `NH1:<type>:<number>:<check>`, no personal data, drawn as a path."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image

from nehe_desktop.documents.document import Document

_HALVES = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
"""Upper and lower half of a letter, light or dark."""

_PAYLOAD = re.compile(r"NH1:([A-Z0-9]+):([A-Z0-9 $%*+./-]+):([0-9A-F]{4})")


def _check(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:4].upper()


def payload(kind: str, number: str) -> str:
    """Text of the code of a paper; upper case keeps the symbol small."""
    body = f"NH1:{kind}:{number}".upper()
    return f"{body}:{_check(body)}"


def read_payload(text: str) -> tuple[str, str] | None:
    """Kind and number in a scanned code; None when it is not ours or damaged."""
    found = _PAYLOAD.fullmatch(text.strip())
    if not found or _check(text.strip().rsplit(":", 1)[0]) != found[3]:
        return None
    return found[1], found[2]


def path(text: str) -> tuple[str, int]:
    """Rectangles of a QR symbol in module units from the bottom left, and its side in modules."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels: Any = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    image = memoryview(pixels)
    side = image.shape[0] if image.shape else 0
    cells, parts = image.tobytes(), []
    for row in range(side):
        line = cells[row * side : (row + 1) * side]
        parts += [
            f"{m.start()} {side - 1 - row} {m.end() - m.start()} 1 re" for m in re.finditer(rb"\x00+", line)
        ]
    return " ".join(parts), side


def save(text: str, target: Path) -> None:
    """Writes a QR symbol as a PNG picture that a phone or a camera reads from the screen or from paper."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    pixels: Any = zxingcpp.write_barcode_to_image(barcode, scale=6, add_quiet_zones=True)
    image = memoryview(pixels)
    Image.frombytes("L", (image.shape[1], image.shape[0]), image.tobytes()).save(target)


def in_letters(text: str) -> str:
    """A QR symbol for a dark terminal: two rows of it in one of text, with its quiet zone."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="L")
    pixels: Any = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=True)
    image = memoryview(pixels)
    width = image.shape[1] if image.shape else 0
    cells = image.tobytes()
    rows = [cells[at : at + width] for at in range(0, len(cells), width)]
    rows += [b"\xff" * width] * (len(rows) % 2)
    pairs = zip(rows[::2], rows[1::2], strict=True)
    return "\n".join("".join(_HALVES[bool(a), bool(b)] for a, b in zip(*pair, strict=True)) for pair in pairs)


def draw_qr(document: Document, text: str, x: float, y: float, side: float) -> None:
    """A QR symbol with its lower left corner at (x, y) and a side in points; leave 4 modules around it."""
    operators, modules = path(text)
    scale = side / modules
    document.put(f"q {scale:.4f} 0 0 {scale:.4f} {x:.2f} {y:.2f} cm {operators} f Q")
