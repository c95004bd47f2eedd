"""Every declared ledger passes through every face: stored, shown, typed, refused, searched, undone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nehe_desktop.core import kinds
from nehe_desktop.core.draft import Draft
from nehe_desktop.core.errors import Invalid, Trouble
from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.record import LEDGERS, Ledger
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.ledgers import ALL

from .samples import sample

each = pytest.mark.parametrize("ledger", ALL, ids=lambda ledger: ledger.table)


@each
def test_a_record_is_kept_as_it_was(store: Store, ledger: Ledger) -> None:
    record = sample(ledger)
    store.write([Put(record)], "登记")
    assert store.find(ledger.cls, record.id) == record


@each
def test_what_is_shown_is_read_back_the_same(ledger: Ledger) -> None:
    record = sample(ledger)
    for name, field in ledger.fields.items():
        if not isinstance(field.kind, kinds.Photos | kinds.Moment):
            shown = field.kind.show(getattr(record, name))
            assert field.kind.read(shown) in (getattr(record, name), None), field.label


@each
def test_a_form_typed_by_hand_makes_the_same_record(ledger: Ledger) -> None:
    record = sample(ledger)
    draft = Draft(ledger.cls)
    for name, field in ledger.fields.items():
        draft.set(
            name, field.kind.show(getattr(record, name)) if _typed(field.kind) else getattr(record, name)
        )
    typed = replace(draft.finished(), id=record.id)
    assert {n for n in ledger.fields if getattr(typed, n) != getattr(record, n) and draft.shown(n)} == set()


def _typed(kind: kinds.Kind) -> bool:
    return not isinstance(kind, kinds.Photos | kinds.Moment)


@each
def test_an_empty_form_is_refused_beside_the_required_fields(ledger: Ledger) -> None:
    required = {n for n, f in ledger.fields.items() if f.required}
    with pytest.raises(Invalid) as refusal:
        Draft(ledger.cls).finished()
    assert {p.field for p in refusal.value.problems} >= required
    assert required, "a ledger without a required field cannot be told from an empty row"


@each
def test_storing_it_twice_and_undoing_leaves_no_trace(store: Store, ledger: Ledger) -> None:
    receipt = store.write([Put(sample(ledger))], "登记")
    assert store.write([Put(sample(ledger))], "登记").tables == frozenset()
    if ledger.append_only:
        with pytest.raises(Trouble):
            store.undo(receipt.tx)
        return
    store.undo(receipt.tx)
    assert store.count(ledger.cls) == 0


@each
def test_its_declaration_makes_sense(ledger: Ledger) -> None:
    assert ledger.listed, "nothing to show in a list"
    assert set(ledger.key) <= ledger.fields.keys()
    assert {name for group in ledger.together for name in group} <= ledger.fields.keys()
    for field in ledger.fields.values():
        assert field.label
        assert 1 <= field.span <= 12
        assert not isinstance(field.kind, Ref) or field.kind.table in LEDGERS


@each
def test_its_scope_ends_at_a_village(ledger: Ledger) -> None:
    here = ledger
    for step in ledger.scope.split(".") if ledger.scope != "county" else ():
        kind = here.fields[step].kind
        assert isinstance(kind, Ref)
        here = LEDGERS[kind.table]
    assert ledger.scope == "county" or here.table == "division"


@each
def test_every_write_stands_in_the_journal(store: Store, ledger: Ledger) -> None:
    record = sample(ledger)
    store.write([Put(record)], "登记")
    noted = {n: new for n, (_, new) in store.history(ledger.cls, record.id)[-1].patch.items()}
    assert noted == {n: v for n, v in record.stored().items() if v not in (None, "")}
