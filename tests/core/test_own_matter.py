"""Nobody decides his own matter, in no ledger that decides anything and by no hand (domain §11.2)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nehe_desktop.core.deciding import led_to
from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Invalid, Refused, Trouble
from nehe_desktop.core.guard import UNGUARDED, Guard
from nehe_desktop.core.record import LEDGERS, Ledger, Record, apart_of
from nehe_desktop.core.refusing import look_in
from nehe_desktop.core.store import Put, Remove, Store
from nehe_desktop.features.intake.single import plan_ledger
from nehe_desktop.features.ledgers import ALL
from nehe_desktop.security.rights import ROLES, Actor, Rights
from nehe_desktop.spreadsheets.reading import open_workbook
from tests.samples import sample

DECIDING = [ledger for ledger in ALL if ledger.apart]
each = pytest.mark.parametrize("ledger", DECIDING, ids=lambda ledger: ledger.table)


def decision(ledger: Ledger, **more: Any) -> Record:
    """A decision of a ledger that is more than a confirmation; what it is about has the ids of the samples."""
    record = sample(ledger)
    name, confirms = ledger.confirming or ("", "")
    if name:
        options = [code for code, _ in ledger.fields[name].kind.options if code != confirms]  # type: ignore[attr-defined]
        more = {name: options[0], **more}
    return replace(record, **more)


def whose(store: Store, ledger: Ledger) -> list[str]:
    """Writes what a decision is about, and gives those whose matter it is."""
    apart = apart_of(ledger)
    assert apart is not None
    tables = dict.fromkeys(table for path in apart.others for table, _ in path.hops)
    store.write([Put(replace(sample(LEDGERS[table]), id=f"{table}-1")) for table in tables], "登记")
    values = decision(ledger).stored()
    return store.database.write(
        lambda writing: [led_to(path, values, look_in(writing)) for path in apart.others]
    ).result()


def hands(name: str) -> list[Guard]:
    """The program itself, and the person with any role or with all of them."""
    return [
        UNGUARDED,
        *(Rights(Actor(name, frozenset(roles))) for roles in (*((role,) for role in ROLES), tuple(ROLES))),
    ]


@each
def test_no_hand_decides_its_own_matter(store: Store, ledger: Ledger) -> None:
    for name in whose(store, ledger):
        assert name
        for guard in hands(name):
            store.author, store.guard = name, guard
            for by in (name, f" {name}　", " ".join(name)):
                with pytest.raises((Invalid, Refused)):
                    store.write([Put(replace(decision(ledger), **{ledger.apart[0]: by}))], "审批")
        store.guard = UNGUARDED
    assert store.count(ledger.cls) == 0


@each
def test_a_form_that_was_typed_is_no_other_hand(store: Store, ledger: Ledger) -> None:
    (name, *_) = whose(store, ledger)
    draft = Draft(ledger.cls, **{**decision(ledger).values(), ledger.apart[0]: name})
    with pytest.raises(Invalid):
        store.write([Put(draft.finished())], "登记")


@each
def test_nobody_signs_with_the_name_of_another(store: Store, ledger: Ledger) -> None:
    (name, *_) = whose(store, ledger)
    store.author, store.guard = name, Rights(Actor(name, frozenset(ROLES)))
    with pytest.raises((Invalid, Refused)):
        store.write([Put(replace(decision(ledger), **{ledger.apart[0]: "周主任"}))], "审批")


@each
def test_a_decision_is_neither_imported_nor_changed_nor_taken_back(
    store: Store, ledger: Ledger, tmp_path: Path
) -> None:
    whose(store, ledger)
    made = decision(ledger, **{ledger.apart[0]: "周主任"})
    receipt = store.write([Put(made)], "审批")
    with pytest.raises(Trouble):
        store.undo(receipt.tx)
    for change in (Put(replace(made, **{ledger.apart[0]: "李工"})), Remove(ledger.cls, made.id)):
        with pytest.raises(Invalid, match="只能添加"):
            store.write([change], "改")
    path = tmp_path / "审批.csv"
    path.write_text("说明,时间\n同意,2020-08-10\n", "utf-8")
    with pytest.raises(Refused, match="不能导入"):
        plan_ledger(store, ledger, open_workbook(path))
    assert store.all(ledger.cls) == [made]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gaps=st.lists(st.sampled_from(["", " ", "　", "\t", "\u00a0"]), min_size=4, max_size=4))
def test_no_way_of_writing_a_name_makes_another_person(store: Store, gaps: list[str]) -> None:
    for ledger in DECIDING:
        store.guard = UNGUARDED
        (name, *_) = whose(store, ledger)
        written = "".join(letter + gap for letter, gap in zip(name, [*gaps, *[""] * len(name)], strict=False))
        with pytest.raises((Invalid, Refused)):
            store.write([Put(replace(decision(ledger), **{ledger.apart[0]: written}))], "审批")
