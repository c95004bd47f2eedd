"""The printed recovery code: 40 characters that open the data when every PIN is forgotten.

Five lines of two groups of four. Seven characters of a line are random, the eighth is its check:
a weighted sum over GF(32) that starts with the line's number, so one wrong character, two swapped
characters and two swapped lines are each found in the line where they are.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from nehe_desktop.core.errors import Refused

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O, U
LINES = 5
LINE_LENGTH = 8
_MISREAD = str.maketrans("OILU", "011V", " -—–_·.\t\r\n")
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)

ADVICE = (
    "忘记口令，或重装系统、换电脑以后口令打不开时，在登录页点“忘了口令”，逐行输入上面的字符，再设新口令。",
    "字符中没有字母 I、L、O、U；看起来像的都是数字 1、0 或字母 V。",
    "打印两份，装入信封封存：一份交驻村办，一份由队长保管；不要拍照，不要存入电脑。",
    "换队、换人或怀疑泄露时，在“设置—钥匙和恢复”里重新打印，旧的一份随即作废。",
)


@dataclass(frozen=True)
class RecoverySheet:
    """What is printed once and sealed: the code in lines, which laptop it opens, what to do with it."""

    number: str
    laptop: str
    made_on: date
    lines: tuple[str, ...] = field(repr=False)
    title: str = "数据恢复码"
    advice: tuple[str, ...] = ADVICE


def new_lines() -> tuple[str, ...]:
    """A fresh code of 175 random bits, as the five lines to print."""
    return tuple(_line(number) for number in range(1, LINES + 1))


def read_code(text: str) -> str:
    """The code as typed, made plain; Refused names every line with a typing error."""
    lines = _lines_of(text)
    wrong = [line_problem(number, line) for number, line in enumerate(lines, 1)]
    if any(wrong):
        raise Refused("".join(filter(None, wrong)))
    if len(lines) != LINES:
        raise Refused(f"恢复码共 {LINES} 行，现在只有 {len(lines)} 行。")
    return "".join(plain(line) for line in lines)


def lined(data: bytes) -> tuple[str, ...]:
    """Bytes in letters that can be read out and typed: lines of seven, each with its check; see `unlined`."""
    count = -(-len(data) * 8 // 5)
    value = int.from_bytes(data) << count * 5 - len(data) * 8
    letters = "".join(ALPHABET[value >> 5 * at & 31] for at in reversed(range(count)))
    body = LINE_LENGTH - 1
    letters += "0" * (-count % body)
    return tuple(_checked(at // body + 1, letters[at : at + body]) for at in range(0, len(letters), body))


def unlined(text: str) -> bytes:
    """The bytes of `lined`, perhaps with zeros at the end; Refused names every line with a typing error."""
    typed = (plain(line) for line in text.splitlines() if not line.startswith("#"))
    lines = [
        line[at : at + LINE_LENGTH] for line in typed for at in range(0, len(line), LINE_LENGTH)
    ]  # several may stand side by side
    wrong = [line_problem(number, line) for number, line in enumerate(lines, 1)]
    if any(wrong) or not lines:
        raise Refused("".join(filter(None, wrong)) or "还没有内容，请填写。")
    letters = "".join(plain(line)[:-1] for line in lines)
    value = 0
    for letter in letters:
        value = value << 5 | ALPHABET.index(letter)
    count = len(letters) * 5 // 8
    return (value >> len(letters) * 5 - count * 8).to_bytes(count)


def line_problem(number: int, text: str) -> str:
    """What is wrong with one typed line (counted from 1), or an empty string."""
    line = plain(text)
    strange = sorted(set(line) - set(ALPHABET))
    if strange:
        return f"第 {number} 行有恢复码里没有的字符“{''.join(strange)}”。"
    if len(line) != LINE_LENGTH:
        return f"第 {number} 行应为 {LINE_LENGTH} 个字符，现在是 {len(line)} 个。"
    if _check(number, line[:-1]) != line[-1]:
        return f"第 {number} 行有输错的字符，请对照纸面再看一遍。"
    return ""


def plain(text: str) -> str:
    """Characters of a code without spaces and dashes, in capitals, look-alikes made digits."""
    return unicodedata.normalize("NFKC", text).upper().translate(_MISREAD)


def _lines_of(text: str) -> list[str]:
    typed = [line for line in text.splitlines() if plain(line)]
    if len(typed) > 1:
        return typed
    run = plain(text)
    return [run[start : start + LINE_LENGTH] for start in range(0, len(run), LINE_LENGTH)]


def _line(number: int) -> str:
    return _checked(number, "".join(secrets.choice(ALPHABET) for _ in range(LINE_LENGTH - 1)))


def _checked(number: int, body: str) -> str:
    whole = body + _check(number, body)
    return f"{whole[:4]} {whole[4:]}"


def _check(number: int, body: str) -> str:
    total = number
    for character in body:
        total = _doubled(total) ^ ALPHABET.index(character)
    return ALPHABET[_doubled(total)]


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ _POLYNOMIAL if value & 0b100000 else value
