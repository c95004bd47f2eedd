"""Builds resources/pinyin.tsv from the package pypinyin (MIT): a character and its toneless readings.

The usual reading stands first; surnames that are read otherwise have that reading first.
Run: python resources/build_pinyin.py
"""

from pathlib import Path

from pypinyin import Style, pinyin
from pypinyin.constants import PINYIN_DICT

SURNAMES = {
    "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "盖": "ge", "朴": "piao", "曾": "zeng", "覃": "qin",
    "区": "ou", "任": "ren", "华": "hua", "尉": "yu", "万": "wan", "缪": "miao", "翟": "zhai", "冼": "xian",
    "秘": "bi", "召": "shao", "燕": "yan", "宁": "ning", "乐": "yue", "员": "yun", "纪": "ji", "种": "chong",
    "洗": "xian", "折": "she", "黑": "he", "句": "gou", "令": "ling", "葛": "ge", "应": "ying", "洪": "hong",
}  # fmt: skip
MORE = {"𠮷": "ji"}
"""Characters of names that the package does not know."""

MOST = 3


def spoken(char: str) -> list[str]:
    """The readings of a character, the usual one first, without tones and doubles."""
    usual = pinyin(char, style=Style.NORMAL)[0]
    every = pinyin(char, style=Style.NORMAL, heteronym=True)[0]
    if char in MORE:
        return [MORE[char]]
    found = [SURNAMES.get(char, usual[0]), *usual, *every]
    plain = [reading.replace("ü", "v").replace("ê", "e") for reading in found]
    return [r for r in dict.fromkeys(plain) if r.isascii() and r.isalpha()][:MOST]


def main() -> None:
    """Writes the table."""
    lines = ["# Readings of characters, from pypinyin (MIT). Built by resources/build_pinyin.py."]
    heard = ((chr(code), spoken(chr(code))) for code in sorted({*PINYIN_DICT, *map(ord, MORE)}))
    lines.extend(f"{char}\t{' '.join(readings)}" for char, readings in heard if readings)
    Path(__file__).with_name("pinyin.tsv").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
