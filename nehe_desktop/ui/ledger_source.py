"""The rows of a ledger for a list of the screen."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from nehe_desktop.core.fields import Field
from nehe_desktop.core.kinds import Choice, Measure, Whole
from nehe_desktop.core.masks import COVERED, shown
from nehe_desktop.core.record import Ledger
from nehe_desktop.core.store import Store
from nehe_desktop.ui.ledger_rows import row_ids, title_column, titles, values_of
from nehe_desktop.ui.listing import Cell, Column, Row


class LedgerSource:
    """Rows of a ledger for a list: its listed fields, or the first six where none is listed; covered where private."""

    def __init__(self, store: Store, ledger: Ledger) -> None:
        self._store, self._ledger = store, ledger
        self.whole: frozenset[str] = frozenset()  # ids of the records that somebody asked to see in clear
        self._fields = ledger.listed or tuple(ledger.fields.values())[:6]
        self._named = title_column(ledger)
        self.columns: Sequence[Column] = [self._column(field) for field in self._fields]

    @property
    def covers(self) -> bool:
        """Whether some column stands covered."""
        return any(field.private in COVERED for field in self._fields)

    def ids(self, sort: str, descending: bool, wanted: Any, limit: int = 0) -> array[int]:  # noqa: FBT001
        """Row ids; `wanted` is a part of what the records are called."""
        where = f"[{self._named}] LIKE ?" if wanted else ""
        params = (f"%{wanted}%",) if wanted else ()
        return row_ids(self._store, self._ledger, sort, descending=descending, where=where, params=params, limit=limit)

    def rows(self, ids: Sequence[int]) -> Sequence[Row | None]:
        """Shown values; a reference is shown by what it is called."""
        found = values_of(self._store, self._ledger, ids)
        names = self._names([values for _, values in found.values()])
        return [self._row(*found[number], names) if number in found else None for number in ids]

    def number_of(self, record: str) -> int:
        """The row id of a record, -1 where there is none."""
        row = self._store.one(f"SELECT rowid FROM [{self._ledger.table}] WHERE id = ?", (record,))
        return int(row[0]) if row else -1

    def _column(self, field: Field) -> Column:
        number = isinstance(field.kind, Whole | Measure)
        width = min(16, max(5, len(field.label) + 2.5, field.span * 1.6))
        return Column(field.name, field.label, width, right=number, bold=field.name == self._named)

    def _names(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, str]]:
        refs = [field for field in self._fields if field.kind.editor == "ref"]
        return {
            field.name: titles(self._store, getattr(field.kind, "table", ""), list({r[field.name] for r in rows} - {None}))
            for field in refs
        }

    def _row(self, id: str, values: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> Row:
        whole = id in self.whole
        return Row(id, tuple(self._cell(field, values[field.name], names, whole=whole) for field in self._fields))

    def _cell(
        self, field: Field, value: Any, names: Mapping[str, Mapping[str, str]], *, whole: bool
    ) -> str | Cell:
        if field.name in names:
            return names[field.name].get(value, "") if value else ""
        text = shown(field, value, whole=whole)
        if type(field.kind) is Choice and text and len(field.kind.options) <= 6:
            return Cell(text, "teal")
        return text
