"""Characters as old systems wrote them: private codes of GBK made standard, invisible ones removed."""

from __future__ import annotations

import re

# What Python's table (GB 18030-2000) leaves private; their place since 2005 and 2022.
_SINCE: dict[int, int | None] = {
    **dict(
        zip(
            (0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864),
            range(0x9FB4, 0x9FBC),
            strict=True,
        )
    ),
    0xE816: 0x20087,
    0xE817: 0x20089,
    0xE818: 0x200CC,
    0xE831: 0x215D7,
    0xE83B: 0x2298F,
    0xE855: 0x241FE,
}


def _private_codes() -> dict[int, int | None]:
    """GBK put its 80 last characters (bytes FE50 to FEA0) at U+E815 to U+E864, 䶮 at U+E863."""
    seconds = (byte for byte in range(0x50, 0xA1) if byte != 0x7F)
    table: dict[int, int | None] = {}
    for private, second in zip(range(0xE815, 0xE865), seconds, strict=True):
        table[private] = ord(bytes((0xFE, second)).decode("gb18030"))
    table.update(_SINCE)
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
