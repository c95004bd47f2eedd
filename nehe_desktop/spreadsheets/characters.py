"""Characters as old systems wrote them: private codes of GBK made standard, invisible ones removed."""

from __future__ import annotations

import re

# The eight that Python's table (GB 18030-2005) leaves private; their place in the 2022 table.
_SINCE_2022: dict[int, int | None] = dict(
    zip((0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864), range(0x9FB4, 0x9FBC), strict=True)
)


def _private_codes() -> dict[int, int | None]:
    """GBK put its 80 last characters (bytes FE50 to FEA0) at U+E815 to U+E864, 䶮 at U+E863."""
    seconds = (byte for byte in range(0x50, 0xA1) if byte != 0x7F)
    table: dict[int, int | None] = {}
    for private, second in zip(range(0xE815, 0xE865), seconds, strict=True):
        table[private] = ord(bytes((0xFE, second)).decode("gb18030"))
    table.update(_SINCE_2022)
    table.update(dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD)))
    return table


_TABLE = _private_codes()
_TOUCHED = re.compile("[" + "".join(map(chr, _TABLE)) + "]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


def standard(text: str) -> str:
    """The text with the private codes of GBK made standard characters and invisible characters gone."""
    return text.translate(_TABLE) if _TOUCHED.search(text) else text


def private_character(text: str) -> str:
    """The first character that only the sender's font can show, or nothing."""
    match = _PRIVATE.search(text)
    return match[0] if match else ""
