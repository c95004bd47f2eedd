"""Reference data: divisions, code tables and settings as they are shipped."""

from decimal import Decimal

import pytest

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.divisions import queries as divisions
from nehe_desktop.features.reference import queries
from nehe_desktop.features.reference.codes import REFERENCE, codes, standard_codes


def test_every_shipped_table_names_its_source() -> None:
    tables = list(REFERENCE.rglob("*.tsv"))
    assert len(tables) > 20
    assert all(table.read_text("utf-8").startswith("# 来源：") for table in tables)


def test_nehe_has_2_streets_11_towns_and_4_townships() -> None:
    towns = [d for d in divisions.shipped_divisions() if d.level == "town"]
    kinds = [d.kind for d in towns]
    assert [kinds.count(k) for k in ("街道", "镇", "乡", "民族乡")] == [2, 11, 3, 1]
    assert all(d.code and d.code.startswith("230281") and len(d.code) == 9 for d in towns)


def test_villages_are_shipped_as_not_yet_checked() -> None:
    villages = [d for d in divisions.shipped_divisions() if d.level == "village"]
    assert len(villages) == 39
    assert not any(d.verified or d.code for d in villages)


def test_every_shipped_record_is_well_and_has_one_id() -> None:
    records = [*divisions.shipped_divisions(), *queries.shipped_settings()]
    assert [problem for record in records for problem in record.problems()] == []
    assert len({record.id for record in records}) == len(records)


def test_a_village_is_found_with_or_without_its_last_character(store: Store) -> None:
    store.write([Put(d) for d in divisions.shipped_divisions()], "初始化")
    found = divisions.village_named(store, "学田镇", "明星")
    assert found
    assert found == divisions.village_named(store, "学田镇", "明星村")
    assert divisions.path_of(store, found) == ("讷河市", "学田镇", "明星村")
    assert divisions.village_named(store, "拉哈镇", "明星村") is None


def test_all_56_ethnic_groups_have_the_standards_codes() -> None:
    ethnic = codes("ethnic")
    assert len(ethnic) == 58
    assert [ethnic[c] for c in ("01", "31", "45", "52", "53", "56")] == [
        "汉族", "达斡尔族", "鄂温克族", "鄂伦春族", "赫哲族", "基诺族",
    ]  # fmt: skip


def test_relations_are_exported_in_the_standards_codes() -> None:
    assert (codes("relation")["01"], standard_codes("relation")["01"]) == ("户主", "02")


@pytest.fixture
def county(store: Store) -> Store:
    store.write([Put(row) for row in queries.shipped_settings()], "初始化")
    return store


def test_the_three_lines_of_2020_are_three_settings(county: Store) -> None:
    lines = [
        queries.amount(county, name, 2020) for name in ("poverty_line", "monitor_line", "insurance_line")
    ]
    assert lines == [Decimal(4000), Decimal(5000), Decimal(5000)]


def test_a_line_that_the_county_has_not_given_is_asked_for(county: Store) -> None:
    with pytest.raises(Trouble, match="2022 年的“防返贫监测线"):
        queries.amount(county, "monitor_line", 2022)


def test_a_setting_without_a_year_holds_every_year(county: Store) -> None:
    assert queries.amount(county, "stationed_days", 2024) == 240


def test_the_office_is_called_by_the_name_of_the_year(county: Store) -> None:
    names = [queries.setting_since(county, "office_poverty", year) for year in (2020, 2022, 2024)]
    assert [n.value[3:] for n in names if n] == ["扶贫开发工作办公室", "乡村振兴局", "农业农村局"]
