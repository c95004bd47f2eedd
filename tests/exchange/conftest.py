"""The village of four households, with conflicts and doubles as the hub would send them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.exchange.cases import Case, Me
from nehe_desktop.features.exchange.ledger import Conflict, Double
from nehe_desktop.features.exchange.queries import open_cases
from tests.households.conftest import village  # noqa: F401
from tests.ui.conftest import bugs, look, tasks, troubles, window_of  # noqa: F401

HERE = Me("李工", "李工的电脑")


def stamp(moment: str) -> int:
    """The stamp of a local time in October 2020, such as 19 09:12."""
    day, clock = moment.split()
    return int(datetime.fromisoformat(f"2020-10-{day}T{clock}:00+08:00").timestamp() * 1000) << 16


def conflict(table: str, pk: str, base: Mapping[str, Any], came: Mapping[str, Any], stood: Mapping[str, Any],
             **more: Any) -> Conflict:  # fmt: skip
    """A conflict that waits: 王敏 changed it at the town at 9:12, 李工 here at 8:50."""
    told = {
        "came_by": "王敏", "came_at": stamp("19 09:12"), "came_dev": "镇里的电脑", "reason": "电话核实",
        "stood_by": "李工", "stood_at": stamp("19 08:50"), "village": "village",
        "fields": ",".join(came or stood), **more,
    }  # fmt: skip
    packed = {name: json.dumps(each, ensure_ascii=False) for name, each in
              (("base", base), ("came", came), ("stood", stood))}  # fmt: skip
    return Conflict(tbl=table, pk=pk, **packed, **told)


def plant(store: Store, *rows: Conflict | Double) -> None:
    """Stores rows as if they had been pulled."""
    store.write([Put(row) for row in rows], "县里发来", "县里")


@pytest.fixture
def hamlets(village: Store) -> Store:  # noqa: F811
    """宋桂兰户's hamlet and telephone were changed on two laptops; her son's phone, too."""
    plant(
        village,
        conflict("household", "h1", {"hamlet": "一屯"}, {"hamlet": "三屯"}, {"hamlet": "二屯"}, id="c1"),
        conflict("household", "h1", {}, {"phone": "13800001111"}, {"phone": None}, id="c2",
                 came_at=stamp("19 09:13")),
        conflict("person", "p2", {"name": "赵永贵"}, {"name": "赵永桂"}, {"name": "赵永贵"}, id="c3"),
    )  # fmt: skip
    return village


def texts(widget: QWidget) -> str:
    """Everything that can be read in a part of the window."""
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def cut_off(page: QWidget) -> list[str]:
    """What stands out of the page or has less room than its words need."""
    seen = [*page.findChildren(QPushButton), *page.findChildren(QLabel)]
    return [
        each.text()
        for each in seen
        if each.isVisible() and (_right(each, page) > page.width() or _needs(each) > each.width())
    ]


def _right(widget: QWidget, page: QWidget) -> int:
    return widget.mapTo(page, widget.rect().topRight()).x()


def _needs(widget: QWidget) -> int:
    wraps = isinstance(widget, QLabel) and (widget.wordWrap() or not widget.text())
    return 0 if wraps else widget.minimumSizeHint().width()


def only(store: Store, key: str = "") -> Case:
    """The case of a record, or the only one."""
    found = [case for case in open_cases(store, HERE) if key in ("", case.key)]
    assert len(found) == 1
    return found[0]
