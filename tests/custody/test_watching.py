"""What is done to accounts, consents and decisions is in the log once, by whatever hand it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Semaphore

import pytest

from nehe_desktop.core.store import Put, Remove, Store
from nehe_desktop.features.consents.ledger import Consent
from nehe_desktop.features.consents.wording import PHONE, PHOTO
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.custody.watching import watch
from nehe_desktop.features.exchange.ledger import Conflict
from nehe_desktop.features.exchange.resolving import answered, resolve
from nehe_desktop.features.households.ledger import Household
from tests.samples import sample

GIVEN = Consent(id="c", household="household-1", kind=PHOTO, signed_on=date(2020, 9, 1), scan=("a" * 64,))


@pytest.fixture
def logged(store: Store) -> Iterator[Callable[[], list[tuple[str, int, str, str]]]]:
    """The next entry of the log, waited for: kind, count, row, words."""
    noted, seen = Semaphore(0), [0]
    watch(store)
    watch(store)
    store.listen(lambda tables: noted.release() if "audit_log" in tables else None)

    def newest() -> list[tuple[str, int, str, str]]:
        assert noted.acquire(timeout=10)
        found = store.all(AuditEntry, "number > ?", (seen[0],), "number")
        seen[0] += len(found)
        return [(each.kind, each.count, each.row, each.detail) for each in found]

    yield newest
    assert audit.breaks(store) == []


def test_a_consent_is_logged_when_it_is_given_taken_back_given_again_and_removed(
    store: Store, logged: Callable[[], list[tuple[str, int, str, str]]]
) -> None:
    store.write([Put(GIVEN)], "登记")
    assert logged() == [("同意书", 1, "c", f"登记 {PHOTO}，2020-09-01 签字")]
    receipt = store.write([Put(replace(GIVEN, withdrawn_on=date(2020, 10, 12)))], "撤回")
    assert logged() == [("同意书", 1, "c", f"撤回 {PHOTO} 2020-10-12")]
    store.undo(receipt.tx)
    assert logged() == [("同意书", 1, "c", f"撤销：取消撤回 {PHOTO}")]
    store.write([Put(replace(GIVEN, note="原件在村委会"))], "补充")
    assert logged() == [("同意书", 1, "c", f"修改（备注） {PHOTO}")]
    store.write([Remove(Consent, "c")], "删除")
    assert logged() == [("同意书", 1, "c", f"删除 {PHOTO}")]


def test_a_list_of_consents_that_is_brought_in_is_one_entry(
    store: Store, logged: Callable[[], list[tuple[str, int, str, str]]]
) -> None:
    rows = [replace(GIVEN, id=f"c{n}", kind=kind) for n, kind in enumerate((PHOTO, PHONE, PHONE))]
    store.write([Put(row) for row in rows], "导入")
    signed = "，2020-09-01 签字"
    assert logged() == [("同意书", 3, "", f"登记 {PHOTO}{signed}；登记 {PHONE}{signed}")]


def test_a_decision_about_a_conflict_that_is_undone_is_logged_too(
    store: Store, logged: Callable[[], list[tuple[str, int, str, str]]]
) -> None:
    home = replace(sample(Household.ledger), head=None, hamlet="一屯")
    found = Conflict(
        id="k", tbl="household", pk=home.id, fields="hamlet", came='{"hamlet": "二屯"}', stood='{"hamlet": "一屯"}'
    )
    store.write([Put(home), Put(found)], "登记")
    receipt = resolve(store, [answered(found, "came")])
    assert [kind for kind, *_ in logged()] == ["冲突处理"]
    store.undo(receipt.tx)
    assert logged() == [("冲突处理", 1, "k", "撤销：处理过的又改回待处理")]


@pytest.mark.parametrize("_time", range(20))
def test_what_is_done_last_before_the_file_closes_is_logged(tmp_path: Path, _time: int) -> None:
    here, key = tmp_path / "x.nhdb", bytes(range(32))
    store = Store.open(here, key)
    watch(store)
    store.write([Put(GIVEN)], "登记")
    store.close()
    store = Store.open(here, key)
    assert store.count(AuditEntry) == 1
    store.close()
