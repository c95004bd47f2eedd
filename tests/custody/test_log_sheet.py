"""The auditor takes away just what he asked for, on paper or as a list, and that is noted too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.store import Store
from nehe_desktop.documents.preview import texts
from nehe_desktop.features.custody import audit, log_sheet
from nehe_desktop.features.custody.log_queries import Wanted, entries
from nehe_desktop.features.papers import work
from nehe_desktop.features.papers.catalogue import CHOSEN, Request
from nehe_desktop.security.rights import OBJECTS, ROLES, Actor, Rights, allows

TUESDAY = date(2020, 10, 20)
LISTS = Wanted(kinds=("打印",), tbl="household", since=TUESDAY, until=TUESDAY)
"""Who printed a list of households on that Tuesday."""


def as_role(store: Store, name: str, role: str) -> None:
    store.author, store.guard = name, Rights(Actor(name, frozenset({role})))


@pytest.fixture
def filled(store: Store) -> Store:
    """Two lists were printed on a Tuesday and one was exported; the auditor sits at the keyboard."""
    for name, kind, table in (
        ("张三", "打印", "household"),
        ("李四", "导出", "household"),
        ("王五", "打印", "household"),
        ("王五", "打印", "visit"),
    ):
        as_role(store, name, "R1")
        audit.note(store, kind, tbl=table, count=86, detail="=1+1", target="一号打印机").result()
    as_role(store, "周审计", "R13")
    return store


def rows_of(path: Path) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()]


def test_a_list_for_excel_has_the_filtered_rows_and_no_other(filled: Store, tmp_path: Path) -> None:
    assert log_sheet.save(filled, LISTS, tmp_path / "日志.xlsx") == 2
    title, head, *rows = [row for row in rows_of(tmp_path / "日志.xlsx") if any(row)]
    assert "2020-10-20　打印　" in title[0]
    assert head[:6] == ["时间", "谁", "角色", "事项", "台账", "条数"]
    assert [(row[1], row[3], row[4], row[7]) for row in rows] == [
        (name, "打印", "农户", "=1+1") for name in ("张三", "王五")
    ]


def test_taking_the_list_away_is_noted_with_what_was_asked_for_but_no_typed_word(filled: Store, tmp_path: Path) -> None:
    wanted = Wanted(person="王五", words="某个字", kinds=("打印",))
    log_sheet.save(filled, wanted, tmp_path / "日志.csv")
    noted = entries(filled, Wanted(person="周审计"))[0]
    assert (noted.kind, noted.tbl, noted.detail, noted.target) == ("导出", "audit_log", "打印", "日志.csv")


def test_a_member_takes_nothing_away(filled: Store, tmp_path: Path) -> None:
    as_role(filled, "张三", "R1")
    with pytest.raises(Refused, match="不能导出操作日志"):
        log_sheet.save(filled, Wanted(), tmp_path / "日志.xlsx")
    assert not (tmp_path / "日志.xlsx").exists()


def test_the_paper_has_the_filtered_rows_their_day_and_is_noted(filled: Store, tmp_path: Path) -> None:
    ids = tuple(each.id for each in entries(filled, LISTS))
    request = Request("LIST", CHOSEN, ledger="audit_log", chosen=ids, chosen_of="audit_log")
    made = work.ready(filled, request, sample=False)
    work.note(filled, made, work.to_file(made, tmp_path / "日志.pdf"), "存为 PDF")
    text = "".join("".join(texts(tmp_path / "日志.pdf")).split())
    assert all(each in text for each in ("操作日志清单", "2020-10-20", "张三", "王五", "农户", "共2条"))
    assert "李四" not in text
    assert entries(filled, Wanted(person="周审计"))[0].kind == "打印"


@pytest.mark.parametrize("role", ROLES)
def test_whoever_may_print_anything_may_enter_it_into_the_register(role: str) -> None:
    actor = Actor("某人", frozenset({role}))
    prints = any(allows(actor, "print", table) for table in (*OBJECTS, "measure"))
    assert allows(actor, "create", "printed_paper") or not prints
