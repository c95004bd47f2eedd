"""What two laptops wrote differently in the sample village, and a person entered twice: something to decide."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from nehe_desktop.core.record import Record
from nehe_desktop.features.demo.homes import Home
from nehe_desktop.features.demo.numbers import ids
from nehe_desktop.features.demo.plan import DEMO_TODAY
from nehe_desktop.features.demo.words import HAMLETS
from nehe_desktop.features.exchange.ledger import Conflict, Double
from nehe_desktop.features.households.ledger import Person
from nehe_desktop.features.visits.ledger import Visit
from nehe_desktop.security.laptop import SAMPLE_PERSON
from nehe_desktop.sync.proofs import double_ids

_VISITED, _CALLED, _DECIDED, _TWICE = 0, 3, 6, 8
"""Which households: one with a visit in two versions, one with a telephone, one decided already, one entered twice."""
_OURS = "教会本人用手机报医药费，帮助整理了门诊票据，下周陪同到镇卫生院申请医疗救助。"
_THEIRS = "已联系镇卫生院，慢病门诊可以按月取药；医疗救助申请表已经代为提交。"
_TOWN = "学田镇 1 号电脑"
_CHINA = timezone(timedelta(hours=8))


def disputes(
    village: str, homes: Sequence[Home], visits: Sequence[Visit], helper_of: Mapping[str, str]
) -> Iterator[Record]:
    """Three conflicts that wait, one that was decided by itself, and one double with its second row."""
    new = ids("disputes", 0)
    home, last = homes[_VISITED].household.id, _last_visit(visits, homes[_VISITED])
    income = last.income_per_head or Decimal(9600)
    visit = {"village": village, "tbl": "visit", "pk": last.id, "came_by": helper_of[home]}
    yield _conflict(new(), visit, {"income_per_head": (_fen(income - 600), _fen(income - 300), _fen(income))}, 40)
    yield replace(last, measures=_OURS)
    yield _conflict(new(), visit, {"measures": (last.measures, _THEIRS, _OURS)}, 41)
    called = homes[_CALLED].household
    told = {"village": village, "tbl": "household", "pk": called.id, "came_by": helper_of[called.id]}
    yield _conflict(new(), told, {"phone": ("19900000203", "19900000871", called.phone)}, 55)
    decided = homes[_DECIDED].household
    told = {"village": village, "tbl": "household", "pk": decided.id, "came_by": helper_of[decided.id]}
    automatic = _conflict(new(), told, {"hamlet": (None, decided.hamlet, _elsewhere(decided.hamlet))}, 30)
    yield replace(automatic, state="自动", used="came")
    again = _entered_again(new(), homes[_TWICE].head)
    yield again
    first, second = sorted((homes[_TWICE].head.id, again.id))
    yield Double(
        id=double_ids("person", (first, second))[0],
        village=village,
        tbl="person",
        first=first,
        second=second,
        fields="id_no",
        found_at=_stamp(58),
    )


def _last_visit(visits: Sequence[Visit], home: Home) -> Visit:
    own = (visit for visit in visits if visit.household == home.household.id and visit.income_per_head)
    return max(own, key=lambda visit: visit.day)


def _conflict(id: str, about: Mapping[str, Any], values: Mapping[str, tuple[Any, Any, Any]], minute: int) -> Conflict:
    """One field: what it was, what came from the town, what 李建国 wrote here."""
    base, came, stood = ({name: each[at] for name, each in values.items()} for at in range(3))
    return Conflict(
        id=id,
        fields=",".join(values),
        base=_packed(base),
        came=_packed(came),
        stood=_packed(stood),
        came_at=_stamp(minute),
        came_dev=_TOWN,
        stood_by=SAMPLE_PERSON,
        stood_at=_stamp(minute - 25),
        reason="电话核实",
        **about,
    )


def _elsewhere(hamlet: str) -> str:
    return next(name for name in HAMLETS if name != hamlet)


def _packed(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _fen(amount: Decimal) -> int:
    return int(amount * 100)


def _stamp(minute: int) -> int:
    """The stamp of a minute after four in the afternoon of the day before."""
    at = datetime(DEMO_TODAY.year, DEMO_TODAY.month, DEMO_TODAY.day - 1, 16, tzinfo=_CHINA)
    return int((at + timedelta(minutes=minute)).timestamp() * 1000) << 16


def _entered_again(id: str, head: Person) -> Person:
    """The same person as another laptop entered him, not on the roll yet."""
    return replace(head, id=id, present=False, counted=False, phone="19900000366", person_no="", doctor="",
                   doctor_signed_on=None)  # fmt: skip
