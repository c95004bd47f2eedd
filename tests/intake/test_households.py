"""Lists of households and members are attached to the right household, or refused with the reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.households.ledger import Household, Membership, Person
from nehe_desktop.features.intake.apply import (
    apply_plan,
    imported_before,
    imports,
    learn,
    learn_villages,
    undo_import,
)
from nehe_desktop.features.intake.compare import MEMORY, plan_households
from nehe_desktop.features.intake.give_back import write_back
from nehe_desktop.features.intake.plan import CREATE
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.spreadsheets.sheets import Stopped
from tests.intake.lists import (
    HEAD,
    HEADINGS,
    OTHER,
    SON,
    TOWN,
    VILLAGE,
    WIFE,
    home,
    import_rows,
    number,
    plan_of,
    plan_of_text,
    sentences,
    with_divisions,
)
from tests.spreadsheets.office import html, lines, saved, xlsx, xml


@pytest.fixture
def village(store: Store) -> Store:
    """A store that knows two villages."""
    with_divisions(store)
    return store


def person(store: Store, name: str) -> Person:
    [found] = store.all(Person, "name = ?", (name,))
    return found


def test_a_household_and_its_members_are_stored_together(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    [stored] = village.all(Household)
    assert (stored.village, stored.base_type, stored.head) == (VILLAGE, "01", person(village, "张三").id)
    assert [(m.household, m.relation) for m in village.all(Membership)] == [
        (stored.id, "01"),
        (stored.id, "02"),
    ]


def test_sex_and_birth_come_from_the_number(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    assert (person(village, "李四").sex, str(person(village, "李四").birth)) == ("2", "1952-02-03")


def test_members_go_to_the_household_of_their_number_not_of_a_heads_name(
    village: Store, tmp_path: Path
) -> None:
    other = number("19600101", 5)
    rows = home("23020001", ("张三", HEAD, "户主")) + home(
        "23020002", ("张三", other, "户主"), ("李四", WIFE, "配偶")
    )
    import_rows(village, tmp_path, rows)
    [second] = village.all(Household, "hh_no = '23020002'")
    assert person(village, "李四").household == second.id


def test_a_heads_name_alone_attaches_nobody(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    headings = ["乡镇", "行政村", "户主姓名", "姓名", "证件号码", "与户主关系"]
    plan = plan_of(village, tmp_path, [["学田镇", "国兴村", "张三", "张小", SON, "之子"]], headings)
    assert plan.empty
    assert "只凭户主姓名不能归户" in sentences(plan)[0]


def test_the_heads_number_attaches_a_member(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    headings = ["乡镇", "行政村", "户主证件号码", "姓名", "证件号码", "与户主关系"]
    apply_plan(
        village, plan_of(village, tmp_path, [["学田镇", "国兴村", HEAD, "张小", SON, "之子"]], headings)
    )
    assert person(village, "张小").household == person(village, "张三").household


def test_a_person_of_another_household_is_refused_naming_where(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    rows = home("23020002", ("王五", number("19700101", 7), "户主"), ("李四", WIFE, "配偶"), village="丰产村")
    plan = plan_of(village, tmp_path, rows)
    assert "学田镇国兴村 户主 张三（户编号 23020001）" in sentences(plan)[0]
    assert (plan.rows["new"], plan.rows["refused"]) == (1, 1)


def test_the_same_person_twice_in_a_file_is_refused_naming_the_first_row(
    village: Store, tmp_path: Path
) -> None:
    rows = home() + home("23020002", ("王五", number("19700101", 7), "户主"), ("李四", WIFE, "配偶"))
    assert "与第 3 行（李四）重复" in sentences(plan_of(village, tmp_path, rows))[0]


def test_a_second_head_is_refused(village: Store, tmp_path: Path) -> None:
    plan = plan_of(village, tmp_path, home("23020001", ("张三", HEAD, "户主"), ("李四", WIFE, "户主")))
    assert sentences(plan) == ["“Sheet1”第 3 行“与户主关系”：这一户第 2 行已有户主，一户只能有一个户主"]


def test_a_head_beside_the_stored_one_is_refused(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    plan = plan_of(village, tmp_path, home("23020001", ("王五", number("19700101", 7), "户主")))
    assert "户主是 张三" in sentences(plan)[0]


def test_the_head_may_change_when_the_file_says_what_became_of_the_old_one(
    village: Store, tmp_path: Path
) -> None:
    import_rows(village, tmp_path, home())
    import_rows(village, tmp_path, home("23020001", ("张三", HEAD, "配偶"), ("李四", WIFE, "户主")))
    [stored] = village.all(Household)
    assert (stored.head, person(village, "张三").relation) == (person(village, "李四").id, "02")


def test_a_household_without_head_is_doubted(village: Store, tmp_path: Path) -> None:
    plan = plan_of(village, tmp_path, home("23020001", ("李四", WIFE, "配偶")))
    assert any("DQ03" in reason.sentence for reason in plan.warnings)
    assert plan.rows["new"] == 1


def test_changed_fields_are_shown_before_and_after(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    plan = plan_of(village, tmp_path, home("23020001", ("张三", HEAD, "户主"), ("李四", WIFE, "其他")))
    [found] = plan.differences
    assert (found.row, found.who, found.label, found.before, found.after) == (
        3,
        "李四",
        "与户主关系",
        "配偶",
        "其他",
    )
    assert plan.rows == {"same": 1, "changed": 1}


def test_an_empty_cell_never_clears_a_stored_value(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    rows = home()
    rows[0][7] = rows[1][7] = None
    assert plan_of(village, tmp_path, rows).empty


def test_the_local_telephone_stays_and_is_shown(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    rows = home()
    rows[0][7] = rows[1][7] = "13900000000"
    plan = plan_of(village, tmp_path, rows)
    assert plan.empty
    assert [(d.label, d.kept) for d in plan.differences] == [("户联系电话", True)]


def test_the_telephone_of_the_list_is_taken_when_told(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    rows = home()
    rows[0][7] = rows[1][7] = "13900000000"
    import_rows(village, tmp_path, rows, local_wins=frozenset())
    assert village.all(Household)[0].phone == "13900000000"


def test_only_new_leaves_what_is_stored_alone(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    rows = home("23020001", ("张三", HEAD, "户主"), ("李四", WIFE, "其他"), ("张小", SON, "之子"))
    import_rows(village, tmp_path, rows, only_new=True)
    assert (person(village, "李四").relation, person(village, "张小").relation) == ("02", "03")


def test_only_chosen_columns_change(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    rows = home("23020001", ("张三丰", HEAD, "户主"), ("李四", WIFE, "其他"))
    import_rows(village, tmp_path, rows, columns=frozenset({"person.name"}))
    assert (person(village, "张三丰").relation, person(village, "李四").relation) == ("01", "02")


def test_what_changed_between_plan_and_storing_is_kept(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    plan = plan_of(village, tmp_path, home("23020001", ("张三", HEAD, "户主"), ("李四", WIFE, "其他")))
    village.write([Put(replace(person(village, "李四"), phone="13700000000"))], "走访")
    apply_plan(village, plan)
    assert (person(village, "李四").relation, person(village, "李四").phone) == ("99", "13700000000")


def test_another_number_for_a_known_name_is_refused(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    plan = plan_of(
        village, tmp_path, home("23020001", ("张三", HEAD, "户主"), ("李四", number("19520203", 4), "配偶"))
    )
    assert "已有 李四，证件号码与表中不同" in sentences(plan)[0]


def test_a_missing_number_is_filled_in_later(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home("23020001", ("张三", HEAD, "户主"), ("李四", "", "配偶")))
    import_rows(village, tmp_path, home())
    assert (person(village, "李四").id_no, village.count(Person)) == (WIFE, 2)


def test_a_dead_person_does_not_come_back(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    village.write([Put(replace(person(village, "李四"), died_on=village.clock.now().date()))], "去世")
    assert "已登记死亡" in sentences(plan_of(village, tmp_path, home()))[0]


def test_a_household_in_another_village_is_refused(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    plan = plan_of(village, tmp_path, home(village="丰产村"))
    assert "库里属于 学田镇国兴村" in sentences(plan)[0]
    assert plan.empty


@pytest.mark.parametrize(
    "words",
    [("学田", "国兴"), ("学田镇人民政府", "国兴村委会"), ("", "国兴村"), ("学田镇", "国兴村民委员会")],
)
def test_a_village_is_known_by_its_usual_names(
    village: Store, tmp_path: Path, words: tuple[str, str]
) -> None:
    rows = [[*words, *row[2:]] for row in home()]
    import_rows(village, tmp_path, rows)
    assert village.all(Household)[0].village == VILLAGE


def test_an_unknown_village_is_asked_for_once(village: Store, tmp_path: Path) -> None:
    plan = plan_of(village, tmp_path, home(village="国新村"))
    assert plan.unknown_villages == {("学田镇", "国新村"): 2}
    assert plan.empty
    import_rows(village, tmp_path, home(village="国新村"), villages={("学田镇", "国新村"): OTHER})
    assert village.all(Household)[0].village == OTHER


def test_an_unknown_village_is_made_when_told(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home(village="国新村"), villages={("学田镇", "国新村"): CREATE})
    [made] = village.all(Division, "name = '国新村'")
    assert (made.parent, made.level, made.verified) == (TOWN, "village", False)


def test_a_list_that_says_no_type_asks_for_one(village: Store, tmp_path: Path) -> None:
    rows = [[*row[:6], None, row[7]] for row in home()]
    assert "在导入设置里选" in sentences(plan_of(village, tmp_path, rows))[0]
    assert plan_of(village, tmp_path, rows, base_type="03").rows == {"new": 2}


def test_a_refused_optional_cell_leaves_only_itself_out(village: Store, tmp_path: Path) -> None:
    rows = home()
    rows[0][7] = "1381234"
    plan = plan_of(village, tmp_path, rows)
    assert [(r.row, r.heading) for r in plan.refused] == [(2, "户联系电话")]
    assert plan.rows == {"new": 2}


def test_household_cells_merged_over_the_members_are_filled(village: Store, tmp_path: Path) -> None:
    rows = home()
    rows[1][:3] = [None, None, None]
    path = xlsx(tmp_path / "a.xlsx", [HEADINGS, *rows], [(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2)])
    plan = plan_households(village, open_workbook(path))
    assert (plan.rows, plan.households) == ({"new": 2}, {"new": 1})


def test_words_of_other_systems_are_understood(village: Store, tmp_path: Path) -> None:
    headings = [*HEADINGS, "性别", "民族", "文化程度", "健康状况", "享受低保政策情况"]
    rows = [[*home()[0], "男性", "汉", "大专及以上", "慢性病，残疾", "是"]]
    apply_plan(village, plan_of(village, tmp_path, rows, headings))
    found = person(village, "张三")
    assert (found.ethnic, found.edu, found.health, found.dibao) == ("01", "05", ("02", "04"), "农村")


def test_a_people_by_number_is_refused(village: Store, tmp_path: Path) -> None:
    plan = plan_of(village, tmp_path, [[*home()[0], 42]], [*HEADINGS, "民族"])
    assert "不能按编号导入" in sentences(plan)[0]


def test_a_sex_that_contradicts_the_number_is_refused(village: Store, tmp_path: Path) -> None:
    plan = plan_of(village, tmp_path, [[*home()[0], "女"]], [*HEADINGS, "性别"])
    assert (plan.rows["refused"], plan.refused[0].heading) == (1, "性别")


@pytest.mark.parametrize("dress", ["html", "xml", "tsv", "gb18030"])
def test_a_list_in_any_dress_is_the_same_list(village: Store, tmp_path: Path, dress: str) -> None:
    rows = [HEADINGS, *home("23020001", ("汤䶮", HEAD, "户主"), ("乔𬍛", WIFE, "配偶"))]
    dressed = {"html": html(rows), "xml": xml(rows), "tsv": lines(rows, "\t"), "gb18030": lines(rows)}[dress]
    path = saved(tmp_path / "名单.xls", dressed, "utf-8" if dress == "xml" else "gb18030")
    apply_plan(village, plan_households(village, open_workbook(path)))
    assert [p.name for p in village.all(Person, order="relation")] == ["汤䶮", "乔𬍛"]


def test_titles_totals_feet_and_notes_are_no_people(village: Store, tmp_path: Path) -> None:
    foot = [["合计", "", "2"], ["填表人：王五", "审核人："]]
    plan = plan_of_text(village, tmp_path, [["讷河市名单"], ["2020年"], [""], HEADINGS, *home(), *foot])
    assert (plan.rows, plan.skipped) == ({"new": 2}, {"合计行": 1, "表尾": 1})


def test_an_unknown_column_is_learned_once(village: Store, tmp_path: Path) -> None:
    headings = ["乡镇", "行政村", "户编号", "当家人和家属", "证件号码", "与户主关系", "户类别", "户联系电话"]
    plan = plan_of(village, tmp_path, home(), headings)
    assert (plan.sheets[0].unknown, plan.rows) == ((3,), {"refused": 2})
    assert "哪一列是姓名" in sentences(plan)[0]
    learn(village, MEMORY, {"当家人和家属": "person.name"})
    assert plan_of(village, tmp_path, home(), headings).people == {"new": 2}


def test_the_list_of_imports_tells_file_time_counts_and_step(village: Store, tmp_path: Path) -> None:
    plan = import_rows(village, tmp_path, home())
    [entry] = imports(village)
    assert (entry["file"], entry["rows"], entry["sha256"]) == ("名单.xlsx", {"new": 2}, plan.sha256)
    assert imported_before(village, plan) == entry


def test_an_import_taken_back_may_be_done_again(village: Store, tmp_path: Path) -> None:
    plan = import_rows(village, tmp_path, home())
    undo_import(village, imports(village)[0]["tx"])
    assert imported_before(village, plan) is None
    import_rows(village, tmp_path, home())
    assert village.count(Person) == 2


def test_stopping_while_storing_leaves_no_trace(village: Store, tmp_path: Path) -> None:
    plan = plan_of(village, tmp_path, home())
    with pytest.raises(Stopped):
        apply_plan(village, plan, cancelled=lambda: True)
    assert (village.count(Household), imports(village)) == (0, [])


def test_a_list_of_something_else_says_what_was_looked_for(village: Store, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as trouble:
        plan_of(village, tmp_path, [["1", "2"]], ["甲", "乙"])
    assert "户编号" in trouble.value.advice


def test_planning_stores_nothing(village: Store, tmp_path: Path) -> None:
    plan_of(village, tmp_path, home(), create_villages=True)
    assert (village.count(Household), village.count(Division)) == (0, 4)


def test_a_household_known_without_number_takes_it_from_the_national_list(
    village: Store, tmp_path: Path
) -> None:
    rows = [["学田镇", "国兴村", "张三", HEAD]]
    apply_plan(
        village, plan_of(village, tmp_path, rows, ["乡镇", "村", "户主姓名", "身份证号"], base_type="01")
    )
    import_rows(village, tmp_path, list(reversed(home())))
    [stored] = village.all(Household)
    assert (stored.hh_no, person(village, "李四").household) == ("23020001", stored.id)


def test_a_household_that_left_does_not_come_back(village: Store, tmp_path: Path) -> None:
    import_rows(village, tmp_path, home())
    [stored] = village.all(Household)
    gone = replace(stored, status="整户迁出", status_on=village.clock.now().date())
    village.write([Put(gone)], "迁出")
    plan = plan_of(village, tmp_path, home("23020001", ("张三", HEAD, "户主"), ("张小", SON, "之子")))
    assert plan.empty
    assert "整户迁出" in sentences(plan)[0]


def test_a_village_that_was_chosen_is_known_the_next_time(village: Store, tmp_path: Path) -> None:
    learn_villages(village, {("学田镇", "国新村"): OTHER})
    import_rows(village, tmp_path, home(village="国新村"))
    assert village.all(Household)[0].village == OTHER


def test_a_doubt_is_written_beside_the_row_and_paints_no_cell(village: Store, tmp_path: Path) -> None:
    write_back(plan_of(village, tmp_path, home("23020001", ("李四", WIFE, "配偶"))), tmp_path / "b.xlsx")
    page = openpyxl.load_workbook(tmp_path / "b.xlsx").active
    assert page
    assert (page["I2"].value, page["F2"].comment) == ("新增", None)
    assert "DQ03" in str(page["J2"].value)


def test_no_empty_household_is_made_of_people_who_are_elsewhere(village: Store, tmp_path: Path) -> None:
    plan = plan_of(village, tmp_path, home() + home("23020002"))
    assert (plan.households, plan.people) == ({"new": 1, "refused": 1}, {"new": 2, "refused": 2})
