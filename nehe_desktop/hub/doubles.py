"""Doubles: two live rows that say they are the same person or the same half-day, as a case for people.

The fields are those of the ledger `double` (features/exchange/ledger.py). Two rows of one scope make one
case; two rows of different scopes make one in each, which does not name the other row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from nehe_desktop.hub.findings import HUB
from nehe_desktop.hub.places import DOUBLE, move
from nehe_desktop.hub.working import NEW, Working, parts
from nehe_desktop.sync.merge import OPEN, RowState
from nehe_desktop.sync.proofs import double_ids
from nehe_desktop.sync.protocol import COUNTY

_INSERT = "INSERT INTO natural_key (county, tbl, words, pk) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_DELETE = "DELETE FROM natural_key WHERE county = ? AND tbl = ? AND words = ? AND pk = ?"

Pair = tuple[str, str]
"""The keys of two rows of one ledger, the smaller first."""


@dataclass(frozen=True)
class _Turn:
    """A row whose natural key or scope is another one now; words are empty where it has none."""

    pk: str
    old: str
    new: str


def settle(work: Working) -> None:
    """Brings natural keys to what the rows are now, and makes and closes cases; before the rows are written."""
    turned: dict[str, list[_Turn]] = {}
    for (table, pk), row in work.changed.items():
        if not work.rule(table).unique:
            continue
        before, new = work.before.get((table, pk), NEW), work.words(table, row)
        if before.words != new or (new and before.scope != row.scope):
            turned.setdefault(table, []).append(_Turn(pk, before.words, new))
    for table, turns in turned.items():
        _settle(work, table, turns)


def _settle(work: Working, table: str, turns: list[_Turn]) -> None:
    county = work.county
    shared = _sharing(work, table, {words for turn in turns for words in (turn.old, turn.new) if words})
    pairs = {_pair(turn.pk, other) for turn in turns for other in _others(shared, turn)}
    work.link.many(_DELETE, [(county, table, t.old, t.pk) for t in turns if t.old and t.old != t.new])
    work.link.many(_INSERT, [(county, table, t.new, t.pk) for t in turns if t.new and t.old != t.new])
    if not pairs:
        return
    work.load((table, pk) for pk in chain(*pairs))
    work.load((DOUBLE, id) for pair in pairs for id in double_ids(table, pair))
    for pair in sorted(pairs):
        _judge(work, table, pair)


def _sharing(work: Working, table: str, words: Iterable[str]) -> dict[str, set[str]]:
    """The rows that have or had these words: those of the store and those of this transaction."""
    found: dict[str, set[str]] = {each: set() for each in words}
    for part, marks in parts(sorted(found)):
        sql = f"SELECT words, pk FROM natural_key WHERE county = ? AND tbl = ? AND words IN ({marks})"
        for each, pk in work.link.all(sql, (work.county, table, *part)):
            found[each].add(pk)
    for (other, pk), row in work.changed.items():
        if other == table:
            found.get(work.words(table, row), set()).add(pk)
    return found


def _others(shared: dict[str, set[str]], turn: _Turn) -> set[str]:
    return (shared.get(turn.old, set()) | shared.get(turn.new, set())) - {turn.pk}


def _judge(work: Working, table: str, pair: Pair) -> None:
    """Makes the cases that two rows are now, closes those that they were; what was decided stays decided."""
    wanted = dict(_cases(work, table, pair))
    present = {id: row for id in double_ids(table, pair) if (row := work.rows.get((DOUBLE, id))) is not None}
    for id, row in present.items():
        if id in wanted and row.scope != wanted[id].scope:
            move(work, (DOUBLE, id), row, wanted[id].scope)
    if any(row.data.get("state") != OPEN for row in present.values() if not row.gone):
        return
    for id, row in present.items():
        if row.gone != (id not in wanted):
            row.gone = not row.gone
            _written(work, id, row)
    for id, row in wanted.items():
        if id not in present:
            _written(work, id, row)


def _cases(work: Working, table: str, pair: Pair) -> Iterator[tuple[str, RowState]]:
    first, second = (work.rows.get((table, pk)) for pk in pair)
    if first is None or second is None:
        return
    words = work.words(table, first)
    if not words or words != work.words(table, second):
        return
    together, mine, theirs = double_ids(table, pair)
    if first.scope == second.scope:
        yield together, _case(work, table, first.scope, *pair)
        return
    yield mine, _case(work, table, first.scope, pair[0])
    yield theirs, _case(work, table, second.scope, pair[1])


def _case(work: Working, table: str, scope: str, first: str, second: str = "") -> RowState:
    data = {
        "village": "" if scope == COUNTY else scope,
        "tbl": table,
        "first": first,
        "second": second,
        "fields": ",".join(work.rule(table).unique),
        "found_at": work.now << 16,
        "state": OPEN,
    }
    return RowState(scope, data={name: value for name, value in data.items() if value != ""})


def _written(work: Working, id: str, row: RowState) -> None:
    row.stamp, row.who, row.era = work.now << 16, HUB, work.era
    work.keep((DOUBLE, id), row)


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
