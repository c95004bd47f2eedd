"""How editors look records up where a household is known by its head."""

from __future__ import annotations

from nehe_desktop.features.papers.queries import household_titles, households_like
from nehe_desktop.ui.editors import Links
from nehe_desktop.ui.ledger_page import links
from nehe_desktop.ui.page import Desk


def by_head(desk: Desk) -> Links:
    """What editors need, with households by head, hamlet and number."""
    store, plain = desk.store, links(desk)
    return Links(
        desk.tasks,
        lambda table, text: households_like(store, text) if table == "household" else plain.search(table, text),
        lambda table, id: household_titles(store, [id]).get(id, "") if table == "household" else plain.title(table, id),
        plain.keep,
    )
