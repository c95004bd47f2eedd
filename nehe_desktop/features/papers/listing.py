"""LIST: the generic listing of any ledger on paper."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nehe_desktop.core.fields import Field
from nehe_desktop.core.kinds import Choice, Day, Flag, Measure, Ref, Whole
from nehe_desktop.core.masks import Audience, masked
from nehe_desktop.core.record import Ledger
from nehe_desktop.core.store import Store
from nehe_desktop.documents.listing import Count, Listing
from nehe_desktop.documents.paper import Stamp
from nehe_desktop.documents.table import Column
from nehe_desktop.features.board.queries import term
from nehe_desktop.features.papers.hanging import matter_of
from nehe_desktop.features.papers.posting import Posting
from nehe_desktop.features.papers.queries import household_titles
from nehe_desktop.ui.ledger_rows import among, row_ids, titles, values_of

_PAGE = 400  # rows read at a time, so that a long ledger does not stand in memory
_MOST_COLUMNS = 14


def ledger_listing(
    store: Store,
    ledger: Ledger,
    stamp: Stamp,
    *,
    village: str = "",
    place: str = "",
    rows: Sequence[str] = (),
    hide: bool = True,
    most: int = 0,
) -> Listing:
    """The listing of a ledger's listed fields; `village` or `rows` keep to some, `most` to the first so many."""
    fields = (ledger.listed or tuple(ledger.fields.values()))[:_MOST_COLUMNS]
    where, params = among(village, rows)
    ids = row_ids(store, ledger, where=where, params=params)
    ids.reverse()  # in the order of entry
    ids = ids[:most] if most else ids
    private = any(field.private for field in fields)
    return Listing(
        stamp=stamp,
        title=f"{ledger.title}清单",
        columns=(Column("序号", 10, role="figures"), *(_column(field) for field in fields)),
        rows=_rows(store, ledger, fields, ids, hide=hide, audience="screen" if stamp.on_screen else "internal"),
        subtitle=place,
        counts=(Count("共 {} 条"),),
        notice="内部资料　严禁外传" if private else "",
    )


def public_listing(posting: Posting, stamp: Stamp, *, place: str = "") -> Listing:
    """The list of a ledger that may hang on a wall or stand on the web; nothing but a posting gets on it."""
    columns = [Column("户主", 0, "left")] if posting.is_headed else []
    numbered = ((str(at), *cells) for at, cells in enumerate(posting.rows(), 1))
    return Listing(
        stamp=stamp,
        title=f"{posting.ledger.title}{'公示' if posting.audience == 'board' else '公开'}清单",
        columns=(Column("序号", 10, role="figures"), *columns, *(_column(field) for field in posting.columns)),
        rows=numbered,
        subtitle=_subtitle(posting, place),
        counts=(Count("共 {} 条"),),
    )


def _subtitle(posting: Posting, place: str) -> str:
    """The place; on the board also how long it hangs and to whom one objects (domain §9, D05)."""
    if posting.audience != "board":
        return place
    least = term(posting.store, matter_of(posting.ledger.table), posting.store.clock.today())
    days = f"不少于 {least.days} 天" if least else ""
    return f"{place}　公示{days}（　　月　　日起），如有异议，请向村民委员会反映"


def _column(field: Field) -> Column:
    kind = field.kind
    if isinstance(kind, Whole | Measure):
        return Column(field.label, 0, "right", "figures")
    if isinstance(kind, Day | Flag | Choice):
        return Column(field.label, 0)
    return Column(field.label, 0, "left")


def _rows(
    store: Store, ledger: Ledger, fields: tuple[Field, ...], ids: array[int], *, hide: bool, audience: Audience
) -> Iterator[tuple[str, ...]]:
    number = 0
    for start in range(0, len(ids), _PAGE):
        part = ids[start : start + _PAGE]
        found = values_of(store, ledger, part)
        names = _names(store, fields, [values for _, values in found.values()])
        for each in part:
            if each in found:
                number += 1
                values = found[each][1]
                cells = (_cell(field, values[field.name], names, hide=hide, audience=audience) for field in fields)
                yield (str(number), *cells)


def _names(
    store: Store, fields: tuple[Field, ...], rows: list[dict[str, Any]]
) -> dict[str, Mapping[str, str]]:
    refs = [(field.name, field.kind.table) for field in fields if isinstance(field.kind, Ref)]
    return {name: _called(store, table, list({row[name] for row in rows} - {None})) for name, table in refs}


def _called(store: Store, table: str, ids: list[str]) -> Mapping[str, str]:
    """A household is known by its head, everything else by its own name."""
    return household_titles(store, ids) if table == "household" else titles(store, table, ids)


def _cell(
    field: Field, value: Any, names: Mapping[str, Mapping[str, str]], *, hide: bool, audience: Audience
) -> str:
    if field.name in names:
        return names[field.name].get(value, "") if value else ""
    shown = field.kind.show(value)
    return masked(field.private, shown, audience) if hide and field.private != "name" else shown
