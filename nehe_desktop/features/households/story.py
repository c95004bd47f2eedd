"""The whole story of one household on one time line, newest first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from nehe_desktop.core.clock import moment_of
from nehe_desktop.core.fields import Field
from nehe_desktop.core.journal import OUTCOMES
from nehe_desktop.core.kinds import Ref
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.reference.codes import codes


class Happening(NamedTuple):
    """One thing that happened to a household; `table` and `id` lead to its record."""

    day: date
    kind: str
    title: str
    detail: str
    table: str
    id: str
    author: str = ""
    reason: str = ""


_EVENTS = """
SELECT m.joined_on, 'join', p.name, m.join_reason, 'membership', m.id
  FROM membership m JOIN person p ON p.id = m.person WHERE m.household = ?1
UNION ALL SELECT m.left_on, 'leave', p.name, m.leave_reason, 'membership', m.id
  FROM membership m JOIN person p ON p.id = m.person WHERE m.household = ?1 AND m.left_on IS NOT NULL
UNION ALL SELECT v.day, '走访', v.visitors || ' ' || v.kind, coalesce(v.note, ''), 'visit', v.id
  FROM visit v WHERE v.household = ?1
UNION ALL SELECT t.raised_on, '问题', t.category || '：' || t.state, t.description, 'problem', t.id
  FROM problem t WHERE t.household = ?1
UNION ALL SELECT t.closed_on, '销号', t.category, coalesce(t.result, ''), 'problem', t.id
  FROM problem t WHERE t.household = ?1 AND t.closed_on IS NOT NULL
UNION ALL SELECT c.since, '类别', '列为' || c.category, coalesce(c.doc_no, ''), 'household_category', c.id
  FROM household_category c WHERE c.household = ?1
UNION ALL SELECT c.until, '类别', '不再是' || c.category, coalesce(c.doc_no, ''), 'household_category', c.id
  FROM household_category c WHERE c.household = ?1 AND c.until IS NOT NULL
UNION ALL SELECT l.since, '结对', h.name || '开始帮扶', '', 'help_link', l.id
  FROM help_link l JOIN helper h ON h.id = l.helper WHERE l.household = ?1
UNION ALL SELECT l.until, '结对', h.name || '不再帮扶', coalesce(l.reason, ''), 'help_link', l.id
  FROM help_link l JOIN helper h ON h.id = l.helper WHERE l.household = ?1 AND l.until IS NOT NULL
"""
_EDITS = """
SELECT j.hlc, j.author, j.reason, j.tbl, j.pk, j.patch, '', j.state FROM journal j
  WHERE j.tbl = 'household' AND j.pk = ?1 AND j.op = 'U'
UNION ALL
SELECT j.hlc, j.author, j.reason, j.tbl, j.pk, j.patch, p.name, j.state FROM journal j JOIN person p ON p.id = j.pk
  WHERE j.tbl = 'person' AND j.op = 'U' AND p.id IN (
    SELECT id FROM person WHERE household = ?1 UNION SELECT person FROM membership WHERE household = ?1)
"""


def story(store: Store, household: str) -> list[Happening]:
    """Joinings, leavings, visits, problems, categories, helpers and edits of a household, newest first."""
    dated = (_happening(*row) for row in store.rows(_EVENTS, (household,)))
    edits = (_edit(*row) for row in store.rows(_EDITS, (household,)))
    return sorted([*dated, *(e for e in edits if e.detail)], key=lambda h: (h.day, h.id), reverse=True)


def _happening(day: str, kind: str, title: str, detail: str, table: str, id: str) -> Happening:
    at = date.fromisoformat(day)
    if kind == "join":
        return Happening(at, "成员增加", title, codes("joining").get(detail, detail), table, id)
    if kind == "leave":
        return Happening(at, "成员减少", title, codes("leaving").get(detail, detail), table, id)
    return Happening(at, kind, title, detail, table, id)


def _edit(
    stamp: int, author: str, reason: str, table: str, id: str, patch: str, name: str, state: str
) -> Happening:
    fields = LEDGERS[table].fields
    parts = (_part(fields[n], old, new) for n, (old, new) in json.loads(patch).items() if n in fields and old != new)
    title = f"{author or '有人'}修改{name or '户信息'}{OUTCOMES.get(state, '')}"
    return Happening(moment_of(stamp).date(), "修改", title, "；".join(_filled(parts)), table, id, author, reason)


def _part(field: Field, old: Any, new: Any) -> str:
    """A field's change in words; what is masked elsewhere is not spelt out here."""
    if isinstance(field.kind, Ref):
        return "" if field.name == "household" else f"{field.label}已更改"
    if field.private and field.private != "name":
        return f"{field.label}已更改"
    was, now = (field.kind.show(field.kind.load(value)) or "空" for value in (old, new))
    return f"{field.label}：{was} → {now}"


def _filled(parts: Iterator[str]) -> Iterator[str]:
    return (part for part in parts if part)
