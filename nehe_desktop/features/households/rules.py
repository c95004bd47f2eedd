"""Data-quality rules over a household and its members (domain §1.10): each says number, field and value.

In these functions "error" means that the record cannot be reported (上报); it may still be stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from nehe_desktop.core.errors import Problem
from nehe_desktop.core.identity import age_on, read_id
from nehe_desktop.core.kinds import blank
from nehe_desktop.features.households import checks
from nehe_desktop.features.households.checks import CHRONIC, DISABLED, HEAD, HEALTHY, MALE, SERIOUS, SPOUSE
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.households.words import REGISTERED
from nehe_desktop.features.reference.codes import codes

BLOCKING = frozenset({"DQ01", "DQ02", "DQ03", "DQ04", "DQ05", "DQ06", "DQ07", "DQ09", "DQ16", "DQ34", "DQ35"})
"""Rules whose breach blocks reporting (severity E)."""
SCHOOL_AGES = {
    "小学": (frozenset({"03"}), 6, 14),
    "初中": (frozenset({"04", "05", "06"}), 12, 17),
    "高中或中职": (frozenset({"07", "08", "09", "10", "11", "12"}), 15, 20),
    "大专及以上": (frozenset({"13", "14", "15", "16", "17", "18", "19", "20", "21"}), 18, 200),
    "硕士": (frozenset({"22"}), 20, 200),
}
"""Usual ages of each stage of school (DQ15)."""
PRE_SCHOOL = ("01", "02")
COMPULSORY = range(6, 16)
ILL_REASONS = {"01": "因病", "02": "因残"}
LIMB, SEVERE, ORDINARY_LABOUR = "4", ("1", "2"), "01"
ILLITERATE_OR_PRIMARY = ("01", "02")


def for_report(problems: Iterable[Problem]) -> list[Problem]:
    """The problems with the severity that their rule has for reporting."""
    return [replace(p, level="error") if p.rule in BLOCKING else p for p in problems]


def person_doubts(person: Person, on: date) -> list[Problem]:
    """Everything doubtful about one person on a day: DQ01, DQ04 to DQ09, DQ15 to DQ17."""
    birth = birth_of(person, on)
    label = codes("relation").get(person.relation, person.relation)
    found = [
        *checks.identity_problems(person.id_type, person.id_no, person.sex, person.birth, on),
        *checks.relation_problems(person.relation, person.sex, label),
        *empty_problems(person),
        *checks.schooling_problems(person.edu, person.school_status, person.dropout_reason),
        *checks.medical_problems(
            resident=person.ins_res_med, employee=person.ins_emp_med, serious=person.ins_serious
        ),
        *aid_problems(person),
        *checks.labour_problems(birth, person.labour, on),
        *checks.health_problems(person.health, person.disab_grade, person.disab_no),
        *health_reason_problems(person),
        *(school_age_problems(person, age_on(birth, on)) if birth else ()),
    ]
    return for_report(found)


def birth_of(person: Person, on: date) -> date | None:
    """The birth date that was entered, else the one in a valid ID number."""
    if person.birth or not person.id_no or person.id_type not in (checks.ID_CARD, checks.DISABILITY_CARD):
        return person.birth
    try:
        return read_id(person.id_no, on).birth
    except ValueError:
        return None


def empty_problems(person: Person) -> Iterator[Problem]:
    """DQ05: ethnic group, health, labour and relation are filled."""
    for name in ("ethnic", "health", "labour", "relation"):
        value = getattr(person, name)
        if value == () or blank(value):
            yield Problem(
                name, f"{person.ledger.fields[name].label}还没有填，上报前要补上", "warning", "DQ05"
            )


def aid_problems(person: Person) -> Iterator[Problem]:
    """DQ08: serious-illness relief goes with basic medical insurance."""
    if person.aid_serious and not (person.ins_res_med or person.ins_emp_med):
        sentence = "接受大病救助填“是”，却没有参加基本医疗保险，请核对"
        yield Problem("aid_serious", sentence, "warning", "DQ08")


def school_age_problems(person: Person, age: int) -> Iterator[Problem]:
    """DQ15 and DQ16: school year and age go together; of school age and not in school needs a reason."""
    school = person.school_status
    for stage, (years, low, high) in SCHOOL_AGES.items():
        if school in years and not low <= age <= high:
            yield _school(f"{age} 岁，在校生状况是{stage}（一般 {low} 岁起），请核对")
    if school in PRE_SCHOOL and age >= 7:
        yield _school(f"{age} 岁，在校生状况还是“{codes('school')[school]}”，请核对")
    if person.edu in ILLITERATE_OR_PRIMARY and 16 <= age <= 22:
        label = codes("education")[person.edu]
        yield Problem("edu", f"{age} 岁，文化程度是“{label}”，请核对是否失学", "warning", "DQ15")
    studies = school not in (None, "", checks.NOT_A_STUDENT)
    if age in COMPULSORY and not studies and not person.dropout_reason:
        yield Problem("dropout_reason", f"{age} 岁，没有在校，也没有填失学辍学原因", "warning", "DQ16")


def _school(sentence: str) -> Problem:
    return Problem("school_status", sentence, "warning", "DQ15")


def health_reason_problems(person: Person) -> Iterator[Problem]:
    """DQ17: a healthy child does not leave school for illness; a severe limb disability limits labour."""
    if HEALTHY in person.health and person.dropout_reason in ILL_REASONS:
        reason = ILL_REASONS[person.dropout_reason]
        sentence = f"健康状况是“健康”，失学辍学原因却是“{reason}”，请核对"
        yield Problem("dropout_reason", sentence, "warning", "DQ17")
    if person.disab_cat == LIMB and person.disab_grade in SEVERE and person.labour == ORDINARY_LABOUR:
        sentence = f"肢体残疾 {person.disab_grade} 级，劳动技能却是“普通劳动力”，请核对"
        yield Problem("labour", sentence, "warning", "DQ17")


def household_doubts(household: Household, members: Sequence[Person]) -> list[Problem]:
    """Everything doubtful about a household and between its members: DQ03, DQ04, DQ18, DQ33, DQ34."""
    found = [*head_problems(household, members), *spouse_problems(members), *land_problems(household)]
    if household.base_type == REGISTERED:
        found += [*cause_problems(household, members), *condition_problems(household)]
    return for_report([*found, *household.rules()])


def head_problems(household: Household, members: Sequence[Person]) -> Iterator[Problem]:
    """DQ03: exactly one head, who is the one named; nobody left means an empty household."""
    if not members:
        yield Problem("head", "户里没有在册成员（空挂户），请补成员或改户状态", "warning", "DQ03")
        return
    heads = [person for person in members if person.relation == HEAD]
    names = "、".join(person.name for person in heads)
    if len(heads) > 1:
        yield Problem("head", f"有 {len(heads)} 个户主：{names}，只能留一个", "warning", "DQ03")
    elif not heads:
        yield Problem("head", "没有户主，请把一名成员与户主关系改为“户主”", "warning", "DQ03")
    elif household.head not in (None, heads[0].id):
        yield Problem("head", f"户主登记的不是{names}，与成员表不一致，请核对", "warning", "DQ03")


def spouse_problems(members: Sequence[Person]) -> Iterator[Problem]:
    """DQ04: a spouse is not of the head's sex."""
    head = next((person for person in members if person.relation == HEAD), None)
    for person in members:
        if head and person.relation == SPOUSE and person.sex in checks.SEX and person.sex == head.sex:
            sex = "男" if person.sex == MALE else "女"
            sentence = f"配偶{person.name}与户主{head.name}性别都是{sex}，请核对"
            yield Problem("relation", sentence, "warning", "DQ04")


def cause_problems(household: Household, members: Sequence[Person]) -> Iterator[Problem]:
    """DQ18: the cause of poverty is seen in some member."""
    causes = {household.cause_main, *household.cause_other}
    health = {code for person in members for code in person.health}
    students = any(p.school_status not in (None, "", checks.NOT_A_STUDENT) for p in members)
    if "01" in causes and not health & {CHRONIC, SERIOUS}:
        yield _cause("因病", "没有成员患慢性病或大病")
    if "02" in causes and DISABLED not in health:
        yield _cause("因残", "没有残疾成员")
    if "03" in causes and not students:
        yield _cause("因学", "没有在校生")


def _cause(cause: str, fact: str) -> Problem:
    return Problem("cause_main", f"致贫原因有“{cause}”，但{fact}，请核对", "warning", "DQ18")


def land_problems(household: Household) -> Iterator[Problem]:
    """DQ33: land and road are filled; what is unusual is said by the ledger itself."""
    for name in ("land_farm", "land_forest", "road_km"):
        if getattr(household, name) is None and household.base_type == REGISTERED:
            yield Problem(name, f"{household.ledger.fields[name].label}还没有填", "warning", "DQ33")


def condition_problems(household: Household) -> Iterator[Problem]:
    """DQ34: house, water, toilet, electricity and road are filled."""
    for name in ("house_area", "house_danger", "water_safe", "toilet", "elec_live", "road_type"):
        if getattr(household, name) is None:
            label = household.ledger.fields[name].label
            yield Problem(name, f"{label}还没有填，上报前要补上", "warning", "DQ34")


def duplicate_problem(id_no: str, places: Sequence[str]) -> Problem:
    """DQ02: one ID number active in several households, named by their heads or codes."""
    where = "、".join(places)
    return Problem("id_no", f"证件号码尾号 {id_no[-4:]} 同时在 {where} 登记，只能留一处", rule="DQ02")


def shared_phone_problem(phone: str, places: Sequence[str]) -> Problem:
    """DQ32: one telephone number in several households."""
    where = "、".join(places)
    return Problem("phone", f"电话尾号 {phone[-4:]} 同时登记在 {where}，请核对", "warning", "DQ32")
