"""Words that mean harm, in every text of every ledger: kept as typed or refused beside the field, never done."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from nehe_desktop.core import kinds
from nehe_desktop.core.draft import Draft
from nehe_desktop.core.record import Ledger
from nehe_desktop.core.search import search
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.intake.apply import apply_plan
from nehe_desktop.features.intake.lists import write_ledger
from nehe_desktop.features.intake.plan import Options
from nehe_desktop.features.intake.single import plan_ledger
from nehe_desktop.features.ledgers import ALL
from nehe_desktop.features.teams.ledger import Unit
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import open_store
from nehe_desktop.spreadsheets.reading import open_workbook
from nehe_desktop.sync.rules import rules_of
from tests.hub.laptops import COUNTY, NORTH, Wall, contents, join, new
from tests.samples import sample
from tests.spreadsheets.office import xlsx

WORDS = {
    "SQL": "'); DROP TABLE person; --",
    "SQL with quotes": '"]; DELETE FROM journal; /*',
    "a union": "x' UNION SELECT v FROM kept --",
    "format": "%s%n%(name)s{}{0.__class__}${x}",
    "a mark of the search": 'a* OR b" NEAR ( name:x )',
    "a nothing": "前\0后",
    "right to left": "\u202e乙甲\u2066",
    "no width": "李\u200b工\u200d\ufeff",
    "four bytes": "𠮷𬍛🙂",
    "joined": "e\u0301\u0323",
    "half a character": "前\ud800后",
    "ten thousand": "长" * 10_000,
    "markup": "<b>x</b><img src=file:///etc/passwd>&amp;",
    "a path": "../../../etc/passwd",
    **{f"formula {mark!r}": f"{mark}cmd|'/c calc'!A1" for mark in "=+-@\t\r"},
}
FORMULAS = [word for name, word in WORDS.items() if name.startswith("formula")]
each = pytest.mark.parametrize("ledger", ALL, ids=lambda ledger: ledger.table)


def texts(ledger: Ledger) -> list[str]:
    """The fields into which somebody types words."""
    typed = kinds.Text | kinds.Note | kinds.Name | kinds.IdNumber | kinds.Phone
    return [name for name, field in ledger.fields.items() if isinstance(field.kind, typed)]


def shape(store: Store) -> list[tuple[object, ...]]:
    """Every table, index and trigger."""
    return store.rows("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")


def typed(ledger: Ledger) -> Iterator[tuple[str, str, Draft]]:
    """(field, words, the form with these words in the field) of what the form takes."""
    record = sample(ledger)
    for name in texts(ledger):
        for words in WORDS.values():
            draft = Draft(ledger.cls, record)
            draft.set(name, words)
            if draft.shown(name) and not any(problem.field == name for problem in draft.errors()):
                yield name, words, draft


def same(words: str, kept: str) -> bool:
    """Whether something was kept as typed, but for the ends, line breaks, and characters that nobody sees."""

    def plain(text: str) -> str:
        seen = (
            char
            for char in unicodedata.normalize("NFKC", text)
            if unicodedata.category(char) not in ("Cc", "Cf", "Cs")
        )
        return "".join("".join(seen).split())

    return plain(kept).casefold() == plain(words).casefold()


@each
def test_what_a_form_takes_is_kept_and_found_as_typed(store: Store, ledger: Ledger) -> None:
    before, number = shape(store), 0
    for name, words, draft in typed(ledger):
        number += 1
        record = replace(draft.finished(), id=f"{ledger.table}-{number}") if not draft.errors() else None
        if record is None:
            continue  # another field's rule speaks against it, beside that field
        store.write([Put(record)], words[:100])
        found = store.find(ledger.cls, record.id)
        assert found == record
        assert same(words, getattr(found, name) or ""), name
    for words in WORDS.values():
        search(store, words[:200])
    assert shape(store) == before
    assert store.database.check() == []


@each
def test_what_goes_into_a_sheet_is_text_there(store: Store, ledger: Ledger, tmp_path: Path) -> None:
    kept = [replace(draft.finished(), id=f"{ledger.table}-{n}") for n, (_, words, draft) in enumerate(typed(ledger))
            if words in FORMULAS and not draft.errors()]  # fmt: skip
    store.write([Put(record) for record in kept or [sample(ledger)]], "登记")
    write_ledger(store, ledger, tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert page
    assert "f" not in {cell.data_type for row in page.iter_rows() for cell in row}
    write_ledger(store, ledger, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "@", "\t", "\r", "+cmd", "-cmd"))] == []


def test_a_list_with_such_words_is_taken_in_as_words(store: Store, tmp_path: Path) -> None:
    before = shape(store)
    title = Unit.ledger.fields["name"].label
    words = [word for word in WORDS.values() if "\ud800" not in word and "\0" not in word]
    rows = [["统一社会信用代码", title], *(["", word] for word in words)]
    workbook = open_workbook(xlsx(tmp_path / "a.xlsx", rows))
    plan = plan_ledger(store, Unit.ledger, workbook, Options())
    if not plan.empty:
        apply_plan(store, plan)
    kept = [unit.name for unit in store.all(Unit)]
    refused = {reason.row for reason in plan.refused}
    assert len(kept) + len(refused) >= len(words)
    assert all(any(same(word, name) for word in words) for name in kept)
    assert shape(store) == before


def test_the_hub_keeps_and_tells_such_words_as_they_came(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "hub.db"), bytes(32))
    hub = Hub(store, COUNTY, rules_of(ALL), Wall())
    laptop, other = join(hub, "李工", NORTH), join(hub, "王工", NORTH)
    words = [word for word in WORDS.values() if "\ud800" not in word]
    laptop.does(
        *(new("household", f"h{n}", NORTH, village=NORTH, hamlet=word) for n, word in enumerate(words))
    )
    tables = sorted(contents(hub))
    other.catch_up()
    told = {(other.sees("household", f"h{n}") or {}).get("hamlet") for n in range(len(words))}
    assert told == {word.replace("\0", "") for word in words}
    assert sorted(contents(hub)) == tables
    store.close()
