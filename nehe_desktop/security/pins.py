"""Which PINs are good enough, and how long to wait after wrong ones."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from nehe_desktop.core.errors import Refused

SHORTEST = 6
LONGEST = 64
DELAYS = (0, 1, 2, 5, 15, 60, 300, 900, 900, 900)  # seconds to wait after so many wrong PINs
LOCKED_AFTER = 10  # wrong PINs in a row, domain §11.3 (9)

_WELL_KNOWN = re.compile(
    "passw[o0]rd|qwerty(uiop)?|asdfgh(jkl)?|zxcvbn(m)?|1q2w3e(4r)?|qazwsx|1qaz2wsx|abc123|a123456|123456a"
    "|woaini|iloveyou|admin123|147258(369)?|147852|159357|258369|741852|5201314"
)
_RUNS = ("01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba")


def checked(pin: str, person: str = "") -> str:
    """The PIN in its one spelling; Refused says why it is too easy to guess."""
    pin = spelling(pin)
    if problem := _weakness(pin, person):
        raise Refused(problem)
    return pin


def spelling(pin: str) -> str:
    """Full-width and half-width typing of one PIN made the same."""
    return unicodedata.normalize("NFKC", pin).strip()


def same(one: str, other: str) -> bool:
    """Whether two typings are one PIN, in full width or half."""
    return spelling(one) == spelling(other)


def delay(wrong: int) -> int:
    """Seconds to wait before the next try after `wrong` wrong PINs in a row."""
    return DELAYS[min(wrong, len(DELAYS) - 1)]


def _weakness(pin: str, person: str) -> str:
    low = pin.lower()
    rules = (
        (len(pin) < SHORTEST, f"口令至少 {SHORTEST} 位。"),
        (len(pin) > LONGEST, f"口令最多 {LONGEST} 位。"),
        (re.fullmatch(r"(.{1,3})\1+", low), "口令不能是同样的字符反复出现，例如 111111、123123。"),
        (_WELL_KNOWN.fullmatch(low) or _in_a_run(low), "口令不能是 123456 这样连着的数字、字母或常见口令。"),
        (_looks_like_birthday(pin), "口令像一个日期（如生日），容易被猜到，请换一个。"),
        (re.fullmatch(r"1[3-9]\d{9}", pin), "口令不能是手机号码。"),
        (person and person in pin, "口令里不能有本人姓名。"),
    )
    return next((sentence for broken, sentence in rules if broken), "")


def _in_a_run(pin: str) -> bool:
    return any(pin in run for run in _RUNS)


def _looks_like_birthday(pin: str) -> bool:
    """Whether digits read as yymmdd, yyyymm, yyyymmdd or mmddyyyy of a living person's years."""
    if re.fullmatch(r"\d{8}", pin):
        return _is_day(pin[:4], pin[4:6], pin[6:]) or _is_day(pin[4:], pin[:2], pin[2:4])
    if not re.fullmatch(r"\d{6}", pin):
        return False
    short = (_is_day(century + pin[:2], pin[2:4], pin[4:]) for century in ("19", "20"))
    return any(short) or _is_day(pin[:4], pin[4:], "01")


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        return date(1920, 1, 1) <= date(int(year), int(month), int(day)) <= date(2050, 12, 31)
    except ValueError:
        return False
