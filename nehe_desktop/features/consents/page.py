"""同意书: the ledger's page with the form to print."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from nehe_desktop.features.consents.ledger import Consent
from nehe_desktop.features.papers.page_links import by_head
from nehe_desktop.features.papers.queries import household_titles, households_like
from nehe_desktop.ui.ledger_page import LedgerPage
from nehe_desktop.ui.ledger_rows import row_ids
from nehe_desktop.ui.ledger_source import LedgerSource
from nehe_desktop.ui.page import Desk
from nehe_desktop.ui.widgets import button


class ConsentSource(LedgerSource):
    """Consents by their households, which are known and found by their heads."""

    def ids(self, sort: str, descending: bool, wanted: Any, limit: int = 0) -> array[int]:  # noqa: FBT001
        """Row ids; `wanted` is a name, pinyin or number of a household or of one of its people."""
        homes = [id for id, _ in households_like(self._store, wanted)] if wanted else []
        where = f"household IN ({','.join('?' * len(homes))})" if wanted else ""
        return row_ids(
            self._store, self._ledger, sort, descending=descending, where=where, params=homes, limit=limit
        )

    def _names(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, str]]:
        homes = household_titles(self._store, list({row["household"] for row in rows}))
        return {**super()._names(rows), "household": homes}


class ConsentsPage(LedgerPage):
    """List and form of consents; a household is found by its head."""

    help_topic = "consents"
    nothing = "还没有同意书。先点“打印同意书”请农户签字，再新增一条，把签字页拍进来"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Consent, ConsentSource(desk.store, Consent.ledger))
        self.links = by_head(desk)

    def tools(self) -> list[Any]:
        """Before the ledger's own: the empty form to print."""
        form = button("打印同意书", lambda: self.desk.go("papers", kind="CONSENT"), icon="signature")
        return [form, *super().tools()]
