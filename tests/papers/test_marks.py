"""The mark of who printed it: on every internal paper, on others when wanted, in any character of a name."""

from __future__ import annotations

import pytest

from nehe_desktop.core.store import Store
from nehe_desktop.documents.preview import texts
from nehe_desktop.features.custody.marks import mark
from nehe_desktop.features.papers.catalogue import COUNTY, KINDS, Request
from nehe_desktop.features.papers.work import preview_of
from nehe_desktop.security.rights import Actor, Rights

RARE = "𬱖㛃𪚥"  # three planes of GB 18030-2022


def at_the_keyboard(store: Store, name: str, staff_no: str = "") -> None:
    store.author, store.guard = name, Rights(Actor(name, frozenset({"R2", "R8"}), frozenset(), staff_no))


def test_a_mark_is_name_last_four_of_the_staff_number_and_minute(store: Store) -> None:
    now = store.clock.now().replace(hour=9, minute=5)
    at_the_keyboard(store, "张三", "ZC20190417")
    assert mark(store, now) == f"张三 0417 {now:%Y-%m-%d} 09:05"
    at_the_keyboard(store, "李四")
    assert mark(store, now) == f"李四 {now:%Y-%m-%d} 09:05"


def test_an_internal_paper_has_the_mark_though_nobody_asked_for_it(store: Store) -> None:
    at_the_keyboard(store, RARE, "ZC20190417")
    page = "".join(texts(preview_of(store, Request("LIST", COUNTY, ledger="setting"), sample=False).pdf))
    assert f"{RARE} 0417 " in page
    assert "ZC2019" not in page


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_the_catalogue_says_which_papers_are_internal(kind: object) -> None:
    assert Request(kind.code, COUNTY).marked == (kind.code in {"D07N", "D07F", "LIST"})
    assert Request(kind.code, COUNTY, watermark=True).marked
