"""D07: the household card (wall and in-house) and the cover of a household's file, from the ledgers."""

from __future__ import annotations

from datetime import date

from nehe_desktop.core.masks import masked_phone
from nehe_desktop.core.store import Store
from nehe_desktop.documents.household_card import FileCover, HouseholdCard, Income, Policy
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.features.divisions.queries import path_of
from nehe_desktop.features.households.ledger import Household, HouseholdCategory, Person
from nehe_desktop.features.households.queries import members_of
from nehe_desktop.features.households.words import BASE_TYPES
from nehe_desktop.features.reference.codes import codes
from nehe_desktop.features.teams.queries import helpers_of, members_on_duty, team_of
from nehe_desktop.features.visits.queries import last_visit

Contact = tuple[str, str, str]


def head_name(store: Store, household: Household) -> str:
    """The name of the head, or of the first member where none is chosen; 未定户主 in an empty household."""
    head = store.find(Person, household.head) if household.head else None
    people = [head] if head else members_of(store, household.id)
    return people[0].name if people else "未定户主"


def categories_on(store: Store, household: Household, day: date) -> str:
    """What the household is on a day: its dated categories, else its base type."""
    where = "household = ? AND since <= ? AND (until IS NULL OR until >= ?)"
    dated = store.all(
        HouseholdCategory, where, (household.id, day.isoformat(), day.isoformat()), "since, category"
    )
    return "、".join(dict.fromkeys(row.category for row in dated)) or BASE_TYPES[household.base_type]


def contacts(store: Store, household: Household, day: date) -> tuple[Contact, ...]:
    """Whom to call: helpers, team, family doctor; at most four, telephones as on internal prints."""
    found = [("帮扶责任人", each.name, each.phone or "") for each in helpers_of(store, household.id, day)[:2]]
    team = team_of(store, household.village)
    if team:
        duty = members_on_duty(store, team.id, day)
        found += [(f"驻村工作队{role}", each.name, each.phone or "") for each, role in duty[:1]]
    doctors = {person.doctor for person in members_of(store, household.id) if person.doctor}
    found += [("家庭医生", name, "") for name in sorted(doctors)[:1]]
    return tuple((role, name, masked_phone(number, "export")) for role, name, number in found[:4])


def policies(members: list[Person]) -> tuple[Policy, ...]:
    """The policies that the members enjoy, as the ledger of persons knows them."""
    rows: list[Policy] = []
    for field, words in (("dibao", "低保"), ("tekun", "特困供养")):
        kinds = {getattr(person, field) for person in members} - {None, "不享受"}
        rows += [Policy(f"{kind}{words}", _of(members, field, kind)) for kind in sorted(kinds)]
    for field, words in (
        ("ins_res_med", "城乡居民医保"),
        ("ins_serious", "大病保险"),
        ("pension_res", "城乡居民养老保险"),
    ):
        rows += [Policy(words, _of(members, field, True))] if _of(members, field, True) else []
    signed = [person for person in members if person.doctor_signed_on]
    if signed:
        newest = max(person.doctor_signed_on for person in signed if person.doctor_signed_on)
        rows.append(Policy("家庭医生签约", f"{len(signed)}人", "", f"{newest:%Y-%m}"))
    return tuple(rows)


def _of(members: list[Person], field: str, value: object) -> str:
    count = sum(getattr(person, field) == value for person in members)
    return f"{count}人" if count else ""


def card(
    store: Store, household: Household, stamp: Stamp, day: date, *, on_wall: bool = True
) -> HouseholdCard:
    """The card of a household; the one on the wall has neither cause nor income."""
    members = members_of(store, household.id)
    place = path_of(store, household.village)
    cause = codes("cause").get(household.cause_main or "", "")
    return HouseholdCard(
        stamp=stamp,
        village="".join(place[1:]),
        hamlet=household.hamlet,
        head=head_name(store, household),
        people=sum(person.counted for person in members),
        category=categories_on(store, household, day),
        contacts=contacts(store, household, day),
        policies=policies(members),
        cause="" if on_wall else cause,
        income=None if on_wall else _income(store, household),
        on_wall=on_wall,
    )


def _income(store: Store, household: Household) -> Income | None:
    """What the last visit was told of income."""
    visit = last_visit(store, household.id)
    if visit is None or visit.income_per_head is None:
        return None
    wages = f"{visit.wage_income:,.2f}" if visit.wage_income is not None else ""
    lines = (("工资性收入", wages), ("经营净收入", ""), ("财产性收入", ""), ("转移性收入", ""))
    return Income(str(visit.day.year), lines, f"{visit.income_per_head:,.2f}")


def cover(store: Store, household: Household, stamp: Stamp, day: date) -> FileCover:
    """The cover of a household's file."""
    county, *rest = (*path_of(store, household.village), "", "")
    helpers = helpers_of(store, household.id, day)
    return FileCover(
        stamp=stamp,
        county=county,
        township=rest[0],
        village=rest[1],
        hamlet=household.hamlet,
        head=head_name(store, household),
        number=household.local_no or household.hh_no,
        helper="、".join(helper.name for helper in helpers[:2]),
    )
