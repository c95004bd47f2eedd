"""A village of four households with visits, a helper and a monitored household."""

from __future__ import annotations

from datetime import date

import pytest

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.households.ledger import Household, HouseholdCategory, Membership, Person
from nehe_desktop.features.teams.ledger import Helper, HelpLink
from nehe_desktop.features.visits.ledger import Visit
from tests.ui.conftest import bugs, look, tasks, troubles, window_of  # noqa: F401

WOMAN, MAN = "11010519491231002X", "440524188001010014"  # printed in GB 11643-1999
TOWN = Division(id="town", name="学田镇", level="town")
VILLAGE = Division(id="village", name="明星村", level="village", parent="town")


def house(number: int, base_type: str = "01") -> Household:
    return Household(id=f"h{number}", village="village", base_type=base_type, hh_no=f"2302050000{number:04d}",
                     hamlet="二屯", head=f"p{number}")  # fmt: skip


def person(id: str, household: str, name: str, relation: str = "01", **more: object) -> Person:
    return Person(id=id, household=household, name=name, relation=relation, **more)  # type: ignore[arg-type]


@pytest.fixture
def village(store: Store) -> Store:
    """宋桂兰 and her son, 赵永贵, 李凤云 (边缘户), 周玉华 (一般户); it is 20 October 2020."""
    records = [
        TOWN, VILLAGE, house(1), house(2), house(3, "02"), house(4, "03"),
        person("p1", "h1", "宋桂兰", id_no=WOMAN, sex="2", birth=date(1949, 12, 31), phone="13800002203"),
        person("p1b", "h1", "王秋生", "03", sex="1", birth=date(1975, 5, 1)),
        person("p2", "h2", "赵永贵", sex="1"), person("p3", "h3", "李凤云", sex="2"), person("p4", "h4", "周玉华"),
        Membership(id="m1", household="h1", person="p1", relation="01", joined_on=date(2014, 1, 1)),
        Membership(id="m1b", household="h1", person="p1b", relation="03", joined_on=date(2014, 1, 1)),
        HouseholdCategory(household="h1", category="脱贫监测户", since=date(2020, 3, 1)),
        Helper(id="helper", name="李工", phone="13900139000"),
        HelpLink(household="h1", helper="helper", since=date(2018, 3, 1)),
        Visit(household="h1", day=date(2020, 10, 12), visitors="李工", medical="有问题", medical_note="药费没报销"),
        Visit(household="h2", day=date(2020, 8, 1), visitors="李工"),
    ]  # fmt: skip
    store.write([Put(record) for record in records], "导入台账")
    return store
