"""What of a ledger may hang on a wall or stand on the web: columns come only through an audience (domain §1.9).

Nothing private gets here: a column is taken only where its kind cannot hold it, or its audience may see it.
Free words are never posted, except where the declaration says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.fields import Field
from nehe_desktop.core.identity import age_on, read_id
from nehe_desktop.core.kinds import Choice, Choices, Day, Flag, Measure, Month, Name, Ref, Text, Whole, Year
from nehe_desktop.core.masks import masked, masked_child, masked_name
from nehe_desktop.core.record import Ledger
from nehe_desktop.core.store import Store
from nehe_desktop.features.papers.posting_queries import Posted, heads, people
from nehe_desktop.security.rights import object_of
from nehe_desktop.ui.ledger_rows import among, row_ids, titles, values_of

Public = Literal["board", "web"]
AUDIENCES: Mapping[str, str] = {"internal": "内部", "board": "村内公示", "web": "网上公开"}
"""For whom a list is printed, in words."""

OF_AGE = 14
"""Below this nobody is named in public (PIPL art. 31, domain §1.9)."""

_PLAIN = (Choice, Choices, Flag, Day, Month, Year, Whole, Measure)
_CALLED = {"division", "household", "person", "member", "team", "unit", "helper"}
_OFFICE = {"account", "log", "case", "paper"}
_UNNAMED = "未成年人"
_PAGE = 400


@dataclass(frozen=True)
class Posting:
    """A public list: its headings and its rows, for one audience; made by `posting_of` alone."""

    ledger: Ledger
    audience: Public
    columns: tuple[Field, ...]
    ids: Sequence[int]
    store: Store

    @property
    def is_headed(self) -> bool:
        """Whether each row begins with the head of the household, who is no column of its own."""
        return self.ledger.table == "household" and all(field.name != "head" for field in self.columns)

    @property
    def headings(self) -> tuple[str, ...]:
        """What stands above the columns."""
        first = ("户主",) if self.is_headed else ()
        return (*first, *(field.label for field in self.columns))

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The cells of each row, as the audience may see them."""
        for start in range(0, len(self.ids), _PAGE):
            part = self.ids[start : start + _PAGE]
            found = values_of(self.store, self.ledger, part)
            call = _caller(self.store, self.ledger, self.columns, list(found.values()), self.audience)
            for at in part:
                if at in found:
                    yield self._cells(*found[at], call)

    def _cells(self, id: str, values: Mapping[str, Any], call: Caller) -> tuple[str, ...]:
        first = (call("household", id),) if self.is_headed else ()
        return (*first, *(self._cell(field, id, values[field.name], call) for field in self.columns))

    def _cell(self, field: Field, id: str, value: Any, call: Caller) -> str:
        if self.ledger.table == "person" and field.name == "name":
            return call("person", id)
        if isinstance(field.kind, Ref):
            return call(field.kind.table, value) if value else ""
        shown = field.kind.show(value)
        if isinstance(field.kind, Name) and field.private:
            return masked_name(shown, "web")  # whose age nobody knows
        return masked(field.private, shown, self.audience)


Caller = Callable[[str, str], str]


def posted_columns(ledger: Ledger, audience: Public) -> tuple[Field, ...]:
    """The columns of a ledger that an audience may see; raises Refused where it is not for the public at all."""
    fields = () if object_of(ledger.table) in _OFFICE or ledger.table == "consent" else ledger.listed
    found = tuple(field for field in fields if _is_posted(field, audience))
    if not found:
        raise Refused(f"“{ledger.title}”里没有可以公开的内容，只能内部打印")
    return found


def posting_of(
    store: Store, ledger: Ledger, audience: Public, *, village: str = "", rows: Sequence[str] = (), most: int = 0
) -> Posting:
    """The public list of a ledger, of one village or of some rows where they are named, `most` the first so many."""
    where, params = among(village, rows)
    ids = row_ids(store, ledger, where=where, params=params)
    ids.reverse()  # in the order of entry
    return Posting(ledger, audience, posted_columns(ledger, audience), ids[:most] if most else ids, store)


def _is_posted(field: Field, audience: Public) -> bool:
    kind = field.kind
    if isinstance(kind, Name):
        return field.private in ("", "name")
    if field.private:
        return field.private == "income" and audience == "board" and isinstance(kind, Measure)
    if isinstance(kind, Ref):
        return kind.table in _CALLED
    return type(kind) in _PLAIN or isinstance(kind, Measure) or (type(kind) is Text and field.posted)


def _caller(
    store: Store,
    ledger: Ledger,
    fields: Sequence[Field],
    rows: Sequence[tuple[str, Mapping[str, Any]]],
    audience: Public,
) -> Caller:
    """What records are called for an audience: people by age and audience, households by their heads."""
    wanted: dict[str, set[str]] = {ledger.table: {id for id, _ in rows}}
    for field in fields:
        if isinstance(field.kind, Ref):
            wanted.setdefault(field.kind.table, set()).update(v[field.name] for _, v in rows if v[field.name])
    first = heads(store, sorted(wanted.get("household", ())))
    known = people(store, sorted({*wanted.get("person", ()), *first.values()}))
    today = store.clock.today()
    others = _CALLED - {"household", "person"}
    names = {table: titles(store, table, sorted(ids)) for table, ids in wanted.items() if table in others}

    def call(table: str, id: str) -> str:
        if table == "person":
            return _named(known[id], audience, today) if id in known else ""
        if table == "household":
            head = known.get(first.get(id, ""))
            return (_named(head, audience, today) or _UNNAMED) if head else ""
        return names.get(table, {}).get(id, "")

    return call


def _named(person: Posted, audience: Public, today: date) -> str:
    """A grown person by name, a child by the head of its household, who is named only if he is grown himself."""
    if _is_of_age(person.birth, person.id_no, today):
        return masked_name(person.name, audience)
    grown = _is_of_age(person.head_birth, person.head_id_no, today)
    return masked_child(person.head if grown else _UNNAMED, "女" if person.sex in ("2", "女") else "男", audience)


def _is_of_age(birth: str, id_no: str, today: date) -> bool:
    """Whether somebody is known to be of age; of whom nothing is known counts as a child."""
    born = date.fromisoformat(birth) if birth else None
    if born is None and id_no:
        try:
            born = read_id(id_no, today).birth
        except Refused:
            born = None
    return born is not None and age_on(born, today) >= OF_AGE
