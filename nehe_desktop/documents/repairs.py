"""What ReportLab 5.1.0 gets wrong for Chinese names and for archiving."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, ttfonts

_ENTRIES_PER_BLOCK = 100  # the limit of one beginbfchar block in a CMap


def _utf16(code: int) -> str:
    """Hex of a code point as ToUnicode wants it: two bytes, or a surrogate pair above U+FFFF."""
    return "FFFD" if 0xD800 <= code < 0xE000 else chr(code).encode("utf-16-be").hex().upper()


def to_unicode_map(name: str, subset: Sequence[int]) -> str:
    """The CMap from which readers copy and search; ReportLab's own breaks every character above U+FFFF."""
    entries = [f"<{index:02X}> <{_utf16(code)}>" for index, code in enumerate(subset)]
    lines = [
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap", "/CIDSystemInfo",
        f"<< /Registry ({name})", f"/Ordering ({name})", "/Supplement 0", ">> def",
        f"/CMapName /{name} def", "/CMapType 2 def",
        "1 begincodespacerange", f"<00> <{len(subset) - 1:02X}>", "endcodespacerange",
    ]  # fmt: skip
    for start in range(0, len(entries), _ENTRIES_PER_BLOCK):
        block = entries[start : start + _ENTRIES_PER_BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*lines, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])


def _set_page_transition(page: pdfdoc.PDFPage, transition: dict[str, object] | None) -> None:
    """Leave out the empty /Trans that PDF/A forbids."""
    page.Trans = pdfdoc.PDFDictionary(transition) if transition else None


def mend_advances(font: ttfonts.TTFont) -> None:
    """Give the last glyphs of a font whose em is not 1000 units their raw advance, not the scaled one."""
    face = font.face
    count = int.from_bytes(face.get_table("hhea")[-2:], "big")
    advance = face.hmetrics[count - 1][0]
    face.hmetrics[count:] = [(advance, bearing) for _, bearing in face.hmetrics[count:]]


def put_right() -> None:
    """Replace the faulty parts of ReportLab in this process; the version is pinned."""
    ttfonts.makeToUnicodeCMap = to_unicode_map
    setattr(pdfdoc.PDFPage, "setPageTransition", _set_page_transition)  # noqa: B010
    rl_config.useA85 = 0  # binary streams: a fifth smaller
