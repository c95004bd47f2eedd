"""A list of any one ledger is imported by the ledger's key, and every ledger goes out and comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds import Photos, Ref
from nehe_desktop.core.record import LEDGERS, Ledger
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.intake.apply import apply_plan
from nehe_desktop.features.intake.compare import plan_households
from nehe_desktop.features.intake.lists import write_household_template, write_ledger, write_ledger_template
from nehe_desktop.features.intake.plan import Options, Plan
from nehe_desktop.features.intake.single import plan_ledger
from nehe_desktop.features.ledgers import ALL
from nehe_desktop.features.reference.ledger import Setting
from nehe_desktop.features.teams.ledger import Helper, Unit
from nehe_desktop.spreadsheets.reading import open_workbook
from tests.intake.lists import TOWN, VILLAGE, home, sentences, with_divisions
from tests.samples import sample
from tests.spreadsheets.office import xlsx

each = pytest.mark.parametrize("ledger", [each for each in ALL if not each.by_program], ids=lambda ledger: ledger.table)


def plan_rows(store: Store, folder: Path, cls: Any, rows: list[list[Any]], **options: Any) -> Plan:
    return plan_ledger(store, cls.ledger, open_workbook(xlsx(folder / "a.xlsx", rows)), Options(**options))


def test_villages_come_from_a_list_of_townships_and_names(store: Store, tmp_path: Path) -> None:
    with_divisions(store)
    rows = [
        ["序号", "乡镇", "行政村", "区划代码"],
        [1, "学田镇", "国兴村", 230281103200.0],
        [2, "学田镇", "增产村", ""],
    ]
    apply_plan(store, plan_rows(store, tmp_path, Division, rows))
    known = store.find(Division, VILLAGE)
    [made] = store.all(Division, "name = '增产村'")
    assert known
    assert (known.code, made.parent, made.level) == ("230281103200", TOWN, "village")


def test_a_whole_tree_of_divisions_comes_in_one_list(store: Store, tmp_path: Path) -> None:
    rows = [
        ["名称", "层级", "上级"],
        ["讷河市", "县（市）", ""],
        ["学田镇", "乡镇街道", "讷河市"],
        ["国兴村", "行政村", "学田镇"],
    ]
    apply_plan(store, plan_rows(store, tmp_path, Division, rows))
    [village] = store.all(Division, "level = 'village'")
    [town] = store.all(Division, "level = 'town'")
    assert village.parent == town.id


def test_a_setting_is_matched_by_name_and_year(store: Store, tmp_path: Path) -> None:
    store.write([Put(Setting(name="poverty_line", year=2020, value="4000", unit="元"))], "参数")
    rows = [["参数", "年度", "值"], ["poverty_line", 2020, "4200"], ["poverty_line", 2021, "4400"]]
    plan = plan_rows(store, tmp_path, Setting, rows)
    apply_plan(store, plan)
    assert plan.rows == {"changed": 1, "new": 1}
    assert [(s.year, s.value, s.unit) for s in store.all(Setting, order="year")] == [
        (2020, "4200", "元"),
        (2021, "4400", ""),
    ]


def test_words_for_other_records_are_found(store: Store, tmp_path: Path) -> None:
    with_divisions(store)
    store.write([Put(Unit(id="u1", name="市水务局"))], "单位")
    rows = [
        ["姓名", "单位", "联系电话", "乡镇", "所在村"],
        ["王五", "市水务局", "13812345678", "学田镇", "国兴村"],
    ]
    labels = {name: field.label for name, field in Helper.ledger.fields.items()}
    rows[0] = [labels["name"], labels["unit"], labels["phone"], "乡镇", labels["village"]]
    apply_plan(store, plan_rows(store, tmp_path, Helper, rows))
    [helper] = store.all(Helper)
    assert (helper.unit, helper.village) == ("u1", VILLAGE)


def test_a_word_that_nobody_knows_is_refused(store: Store, tmp_path: Path) -> None:
    label = Helper.ledger.fields["unit"].label
    plan = plan_rows(store, tmp_path, Helper, [["姓名", label], ["王五", "没有的局"]])
    assert "里没有“没有的局”" in sentences(plan)[0]


def test_the_same_row_twice_is_refused(store: Store, tmp_path: Path) -> None:
    plan = plan_rows(store, tmp_path, Setting, [["参数", "值"], ["a", "1"], ["a", "2"]])
    assert "与第 2 行重复" in sentences(plan)[0]


def test_a_row_without_what_is_required_is_refused(store: Store, tmp_path: Path) -> None:
    plan = plan_rows(store, tmp_path, Setting, [["参数", "值"], ["", "1"]])
    assert sentences(plan) == ["“Sheet1”第 2 行“参数”：参数还没有填"]


@each
def test_every_ledger_comes_back_from_its_own_list_unchanged(
    store: Store, ledger: Ledger, tmp_path: Path
) -> None:
    store.write([Put(record) for record in _with_what_it_refers_to(ledger)], "登记")
    write_ledger(store, ledger, tmp_path / "a.xlsx")
    plan = plan_ledger(store, ledger, open_workbook(tmp_path / "a.xlsx"), Options(local_wins=frozenset()))
    assert (sentences(plan), plan.differences, plan.empty) == ([], [], True)
    assert plan.rows["same"] >= 1


def _with_what_it_refers_to(ledger: Ledger, seen: tuple[str, ...] = ()) -> list[Any]:
    kinds = {field.kind.table for field in ledger.fields.values() if isinstance(field.kind, Ref)}
    tables = [table for table in kinds if table not in (*seen, ledger.table)]
    before = [r for table in tables for r in _with_what_it_refers_to(LEDGERS[table], (*seen, ledger.table))]
    return [*before, sample(ledger)]


@each
def test_every_ledger_has_a_template_that_imports_as_nothing(
    store: Store, ledger: Ledger, tmp_path: Path
) -> None:
    write_ledger_template(ledger, tmp_path / "a.xlsx")
    plan = plan_ledger(store, ledger, open_workbook(tmp_path / "a.xlsx"))
    columns = [name for name, field in ledger.fields.items() if not isinstance(field.kind, Photos)]
    assert plan.empty
    assert not plan.rows
    assert sorted(plan.sheets[0].columns.values()) == sorted(columns)


@pytest.mark.parametrize("table", ["audit_log", "printed_paper"])
def test_what_the_program_writes_down_itself_is_not_imported(store: Store, tmp_path: Path, table: str) -> None:
    write_ledger_template(LEDGERS[table], tmp_path / "a.xlsx")
    with pytest.raises(Refused, match="由程序自己记，不能导入"):
        plan_ledger(store, LEDGERS[table], open_workbook(tmp_path / "a.xlsx"))


def test_the_template_for_households_is_understood_by_the_import(store: Store, tmp_path: Path) -> None:
    write_household_template(tmp_path / "a.xlsx")
    plan = plan_households(store, open_workbook(tmp_path / "a.xlsx"))
    assert (plan.sheets[0].unknown, plan.sheets[0].offered, plan.rows) == ((), {}, {})


def test_households_go_out_with_village_and_head_in_words(store: Store, tmp_path: Path) -> None:
    from nehe_desktop.features.households.ledger import Household

    with_divisions(store)
    rows = [["乡镇", "行政村", "户编号", "姓名", "证件号码", "与户主关系", "户类别", "户联系电话"], *home()]
    apply_plan(store, plan_households(store, open_workbook(xlsx(tmp_path / "a.xlsx", rows))))
    write_ledger(store, Household.ledger, tmp_path / "b.csv")
    heading, row = open_workbook(tmp_path / "b.csv").sheets[0].rows
    values = dict(zip(heading, row, strict=True))
    assert (values["所在村"], values["户主"], values["户编号"]) == ("学田镇国兴村", "张三", "23020001")
