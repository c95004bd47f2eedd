"""An entry of the log that is missing, changed or doubled is found, and the others are not suspected."""

from __future__ import annotations

from typing import Any

import pytest

from nehe_desktop.core.store import Store
from nehe_desktop.features.custody import audit
from nehe_desktop.security.chain import Break, breaks, mark_of


def chain(count: int, device: str = "一号") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number in range(1, count + 1):
        before = found[-1]["mark"] if found else ""
        entry = {
            "device": device,
            "number": number,
            "at": f"2020-10-20T09:{number:02}",
            "kind": "打印",
            "before": before,
        }
        found.append({**entry, "mark": mark_of(entry)})
    return found


def test_a_whole_chain_and_two_of_them_hold() -> None:
    assert list(breaks([*chain(5), *chain(3, "二号")])) == []


def test_a_missing_entry_is_counted() -> None:
    one, two, three, four = chain(4)
    assert list(breaks([one, four])) == [Break("一号", 4, "前面缺 2 条")]
    assert list(breaks([three, four])) == [Break("一号", 3, "前面缺 2 条")]
    assert list(breaks([one, two])) == []


def test_a_restore_that_says_how_many_it_dropped_explains_so_many_and_no_more() -> None:
    entries = chain(6)
    told = {**entries[4], "kind": "恢复", "count": 2}
    entries[4] = {**told, "mark": mark_of(told)}
    assert list(breaks([*entries[:2], entries[4]])) == []
    assert list(breaks([entries[0], entries[4]])) == [Break("一号", 5, "前面缺 3 条")]


@pytest.mark.parametrize("name", ["at", "person", "kind", "row", "count", "target"])
def test_a_changed_word_is_found(name: str) -> None:
    entries = chain(3)
    entries[1] = {**entries[1], name: "别的"}
    assert list(breaks(entries)) == [Break("一号", 2, "这一条的内容被改过")]


def test_an_entry_that_was_replaced_and_sealed_anew_does_not_fit_the_next() -> None:
    entries = chain(3)
    other = {**entries[1], "kind": "登录"}
    entries[1] = {**other, "mark": mark_of(other)}
    assert list(breaks(entries)) == [Break("一号", 3, "和前一条接不上，前一条被换过")]


def test_a_copied_laptop_shows_as_a_doubled_number() -> None:
    one, two = chain(2)
    assert next(breaks([one, two, {**two, "kind": "导出"}])).sentence.startswith("这个序号有两条")


def test_what_the_program_notes_holds_also_after_the_village_took_the_countys_id(store: Store) -> None:
    for number in range(3):
        audit.note(store, "打印", count=number, reason="核对").result()
    store.database.write(lambda db: db.execute("UPDATE audit_log SET village = 'north'")).result()
    assert audit.breaks(store) == []
    store.database.write(lambda db: db.execute("UPDATE audit_log SET count = 9 WHERE number = 2")).result()
    assert [each.number for each in audit.breaks(store)] == [2]
