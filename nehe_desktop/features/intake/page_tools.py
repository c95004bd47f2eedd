"""What other pages hand over: the records of a list that shall go out as a file."""

from __future__ import annotations

from collections.abc import Callable

from nehe_desktop.core.record import Record

Tool = Callable[[type[Record], tuple[str, ...]], None]


def export_tool(go: Callable[..., None]) -> Tool:
    """`tools["export"]`: opens the export for a ledger and its ticked records; `go` is the window's."""
    return lambda cls, ids: go("import", export=cls.ledger.table, ids=ids)
