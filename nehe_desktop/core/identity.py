"""Numbers that identify people, units and households, and what can be read from them (domain §1.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from nehe_desktop.core.errors import Refused

PROVINCES = frozenset(
    str(code)
    for block in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(block[0], block[1] + 1)
)
"""First two digits of GB/T 2260, with 83 for residence permits of Taiwan residents."""
OLDEST = 120
"""Years of age above which a birth date is taken for a slip."""

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Identity:
    """What an ID number or disability card says of its holder."""

    number: str
    birth: date
    sex: str  # 1 male, 2 female (GB/T 2261.1)
    disability: str = ""  # category 1 to 7 of a disability card
    grade: str = ""  # grade 1 to 4 of a disability card
    doubt: str = ""  # a sentence for the person who typed it, where something is odd but allowed


def local_today() -> date:
    """The calendar day on this machine; a test hands in its own day instead."""
    return datetime.now().astimezone().date()


def age_on(birth: date, day: date) -> int:
    """Full years of age on a day; somebody born on 29 February grows older on 1 March (domain §1.8)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def id_check_char(body: str) -> str:
    """The check character of the first 17 digits (GB 11643-1999)."""
    return _ID_CHECKS[sum(int(d) * w for d, w in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def read_id(raw: str, today: date | None = None) -> Identity:
    """The holder of an ID number (18) or disability card (20, 22); raises Refused with what to do."""
    number = raw.strip().upper()
    _refuse_length(number)
    if not re.fullmatch(r"\d{17}[\dX]", number[:18]):
        raise Refused("证件号码前 17 位要是数字，第 18 位是数字或 X，请对照证件核对")
    if number.startswith("999999"):
        raise Refused("证件号码前 6 位是 999999，这是系统占位号，请录入真实号码")
    birth = _birth(number[6:14], today or local_today())
    if number[17] != id_check_char(number[:17]):
        raise Refused("证件号码校验位不对，可能录错了一位，请对照证件逐位核对")
    card = _card(number[18:])
    doubt = "" if number[:2] in PROVINCES else f"证件号码前两位 {number[:2]} 不是省份代码，请再核对"
    return Identity(number, birth, "1" if int(number[16]) % 2 else "2", *card, doubt=doubt)


def _refuse_length(number: str) -> None:
    if len(number) == 15 and number.isdigit():
        raise Refused("这是 15 位旧身份证号，请升位后再录（18 位）")
    if len(number) == 17:
        raise Refused("身份证号要 18 位，现在 17 位，少了 1 位，请对照证件补全")
    if len(number) not in (18, 20, 22):
        raise Refused(f"身份证号要 18 位（残疾人证 20 或 22 位），现在 {len(number)} 位")


def _birth(digits: str, today: date) -> date:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise Refused(f"证件号码里的出生日期 {digits} 不存在，请核对第 7 到 14 位") from None
    if birth > today:
        raise Refused(f"证件号码里的出生日期 {birth} 在今天之后，请核对第 7 到 14 位")
    if age_on(birth, today) > OLDEST:
        raise Refused(f"证件号码里的出生日期 {birth} 距今超过 {OLDEST} 年，请核对第 7 到 14 位")
    return birth


def _card(tail: str) -> tuple[str, str]:
    """Category and grade behind the 18 digits of a disability card; B and a digit mark a re-issue."""
    if not tail:
        return "", ""
    match = re.fullmatch(r"([1-7])([1-4])(B\d)?", tail)
    if match is None:
        raise Refused("残疾人证第 19 位是类别 1 到 7，第 20 位是等级 1 到 4，补发的后面加 B 和次数，请核对")
    return match[1], match[2]


def check_uscc(raw: str) -> str:
    """A unified social credit code, upper case (GB 32100-2015); raises Refused."""
    code = raw.strip().upper()
    if len(code) != 18:
        raise Refused(f"统一社会信用代码要 18 位，现在 {len(code)} 位")
    wrong = next((c for c in code if c not in _USCC_DIGITS), None)
    if wrong is not None:
        raise Refused(f"统一社会信用代码里不会有“{wrong}”，请对照证照核对")
    total = sum(_USCC_DIGITS.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    if code[17] != _USCC_DIGITS[-total % 31]:
        raise Refused("统一社会信用代码校验位不对，请对照证照逐位核对")
    return code


def mod_37_36(body: str) -> str:
    """The check character of letters and digits (ISO 7064 MOD 37,36); other characters are skipped."""
    product = 36
    for char in body.upper():
        if char in _ALPHANUMERIC:
            total = (product + _ALPHANUMERIC.index(char)) % 36 or 36
            product = total * 2 % 37
    return _ALPHANUMERIC[(37 - product) % 36]


def household_code(town: int, village: int, number: int) -> str:
    """The code under a household's QR label: NH-<town 2>-<village 3>-<number 4>-<check 1>."""
    if not (0 <= town <= 99 and 0 <= village <= 999 and 0 <= number <= 9999):
        raise Refused("户码的乡镇要在 0 到 99、村在 0 到 999、序号在 0 到 9999 之间")
    body = f"NH-{town:02d}-{village:03d}-{number:04d}"
    return f"{body}-{mod_37_36(body)}"


def check_household_code(raw: str) -> str:
    """A household code as it is printed; raises Refused for a slip of the pen."""
    code = raw.strip().upper()
    if not re.fullmatch(r"NH-\d{2}-\d{3}-\d{4}-[0-9A-Z]", code):
        raise Refused("户码要写成 NH-01-002-0003-X 这样")
    if code[-1] != mod_37_36(code[:-2]):
        raise Refused("户码的校验位不对，请对照户码牌核对")
    return code
