"""What can be wrong with one household or one person, on plain values (domain §1.2, §1.3, §1.10).

"error" keeps the record from being stored; what only keeps it from being reported is a warning here
and carries the number of its rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from nehe_desktop.core.errors import Problem, Refused
from nehe_desktop.core.identity import OLDEST, age_on, check_household_code, local_today, read_id

ID_CARD = "居民身份证"
DISABILITY_CARD = "残疾人证"
MALE, FEMALE = "1", "2"
SEX = {MALE: "男", FEMALE: "女"}
HEAD, SPOUSE = "01", "02"
MALE_RELATIONS = frozenset({"03", "06", "07", "09", "11", "13", "15", "17", "19"})
FEMALE_RELATIONS = frozenset({"04", "05", "08", "10", "12", "14", "16", "18", "20"})
HEALTHY, CHRONIC, SERIOUS, DISABLED = "01", "02", "03", "04"
NO_LABOUR = "05"
NOT_A_STUDENT = "00"


def name_problems(name: str | None) -> Iterator[Problem]:
    """A name of one character is rare."""
    if name and len(name) == 1:
        yield Problem("name", f"姓名：“{name}”只有一个字，请再核对", "warning")


def identity_problems(
    id_type: str | None, id_no: str | None, sex: str | None, birth: date | None, today: date | None = None
) -> Iterator[Problem]:
    """The number must be one and agree with sex and birth (DQ01)."""
    if not id_no:
        yield Problem("id_no", "证件号码：还没有填，上报前要补录", "warning", "DQ01")
        return
    if id_type not in (None, ID_CARD, DISABILITY_CARD):
        return
    try:
        holder = read_id(id_no, today)
    except Refused as refused:
        yield Problem("id_no", f"证件号码：{refused.sentence}", rule="DQ01")
        return
    if holder.doubt:
        yield Problem("id_no", holder.doubt, "warning", "DQ01")
    if sex in SEX and sex != holder.sex:
        number, own = SEX[holder.sex], SEX[sex]
        yield Problem("sex", f"性别填的是{own}，证件号码第 17 位是{number}，请核对哪个对", rule="DQ01")
    if birth and birth != holder.birth:
        yield Problem(
            "birth", f"出生日期填的是 {birth}，证件号码里是 {holder.birth}，请核对哪个对", rule="DQ01"
        )


def birth_problems(birth: date | None, today: date | None = None) -> Iterator[Problem]:
    """Born by today and at most 120 years ago."""
    now = today or local_today()
    if birth and birth > now:
        yield Problem("birth", f"出生日期 {birth} 在今天之后，请核对")
    elif birth and age_on(birth, now) > OLDEST:
        yield Problem("birth", f"出生日期 {birth} 距今超过 {OLDEST} 年，请核对")


def relation_problems(relation: str, sex: str | None, label: str) -> Iterator[Problem]:
    """Sons are men and daughters women (DQ04)."""
    expected = MALE if relation in MALE_RELATIONS else FEMALE if relation in FEMALE_RELATIONS else None
    if expected and sex in SEX and sex != expected:
        yield Problem(
            "relation", f"与户主关系是“{label}”，性别却是{SEX[sex or '']}，请核对", "warning", "DQ04"
        )


def health_problems(health: tuple[str, ...], grade: str | None, card: str) -> Iterator[Problem]:
    """健康 stands alone; a disability has a grade and a card (DQ17)."""
    if HEALTHY in health and len(health) > 1:
        yield Problem("health", "健康状况选了“健康”就不能再选别的，请去掉一项")
    if DISABLED in health and not (grade and card):
        yield Problem("disab_no", "健康状况有“残疾”，还没有残疾等级或残疾人证号", "warning", "DQ17")


def schooling_problems(edu: str | None, school: str | None, dropout: str | None) -> Iterator[Problem]:
    """Exactly one of education, school year and reason for not attending is filled (DQ06)."""
    filled = [label for label, value in _schooling(edu, school, dropout) if value]
    if not filled:
        yield Problem("edu", "文化程度、在校生状况、失学原因都空着，要填一项", "warning", "DQ06")
    elif len(filled) > 1:
        yield Problem("edu", f"{'和'.join(filled)}只能填一项，请去掉多余的", "warning", "DQ06")


def _schooling(edu: str | None, school: str | None, dropout: str | None) -> tuple[tuple[str, bool], ...]:
    student = school not in (None, "", NOT_A_STUDENT)
    return ("文化程度", bool(edu)), ("在校生状况", student), ("失学辍学原因", bool(dropout))


def medical_problems(
    *, resident: bool | None, employee: bool | None, serious: bool | None
) -> Iterator[Problem]:
    """One basic medical insurance, not two; serious-illness insurance answered (DQ07)."""
    if resident and employee:
        yield Problem("ins_emp_med", "城乡居民医保和城镇职工医保不能都参加，请核对", "warning", "DQ07")
    if not resident and not employee:
        yield Problem("ins_res_med", "城乡居民医保和城镇职工医保都没有参加，请核对", "warning", "DQ07")
    if serious is None:
        yield Problem("ins_serious", "是否参加大病保险还没有填", "warning", "DQ07")


def labour_problems(birth: date | None, labour: str | None, on: date | None = None) -> Iterator[Problem]:
    """Who is under 16 has no labour (DQ09)."""
    if birth and labour and labour != NO_LABOUR:
        age = age_on(birth, on or local_today())
        if age < 16:
            yield Problem("labour", f"只有 {age} 岁，不满 16 岁的劳动技能要填“无劳动力”", "warning", "DQ09")


def code_problems(local_no: str) -> Iterator[Problem]:
    """The household code must carry its check character."""
    if not local_no:
        return
    try:
        check_household_code(local_no)
    except Refused as refused:
        yield Problem("local_no", f"户码：{refused.sentence}")


def in_nehe(lat: float | Decimal, lon: float | Decimal) -> bool:
    """Whether WGS-84 degrees lie in the city's bounding box (domain §1.2)."""
    return 47.85 <= float(lat) <= 48.94 and 124.30 <= float(lon) <= 125.99
