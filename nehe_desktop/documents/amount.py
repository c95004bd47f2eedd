"""Amounts in capitals (大写), as payrolls and receipts must state them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")


def _group(number: int) -> str:
    """One to four digits in capitals, zeros inside said once."""
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap else "") + DIGITS[digit] + PLACES[place]
        gap = bool(text) and not digit
    return text


def _whole(number: int) -> str:
    """A whole number below 10^16 in capitals."""
    text, gap = "", False
    for index in range(3, -1, -1):
        part = number // 10 ** (4 * index) % 10000
        if part:
            text += ("零" if text and (gap or part < 1000) else "") + _group(part) + GROUPS[index]
        gap = bool(text) and (not part or part % 10 == 0)
    return text


def in_capitals(amount: Decimal) -> str:
    """An amount in yuan, to the fen (half up): 2040 → 贰仟零肆拾元整; below zero it starts with 负."""
    fen = int((abs(amount) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    yuan, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    text = _whole(yuan) + "元" if yuan else ""
    if jiao:
        text += DIGITS[jiao] + "角"
    if cents:
        text += ("零" if yuan and not jiao else "") + DIGITS[cents] + "分"
    sign = "负" if amount < 0 and fen else ""
    return sign + ((text or "零元") + ("" if cents or jiao else "整"))
