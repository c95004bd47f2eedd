"""How full each ledger is."""

from __future__ import annotations

from nehe_desktop.core.store import Store


def rows_by_ledger(store: Store, tables: list[str]) -> dict[str, int]:
    """Rows of each ledger by its table."""
    return {table: (store.one(f"SELECT count(*) FROM [{table}]") or (0,))[0] for table in tables}
