"""A hub moves to another engine with everything: the same rows, numbers and epoch, so that no laptop notices."""

from __future__ import annotations

from datetime import datetime

from nehe_desktop.core.errors import Refused
from nehe_desktop.hub import dump
from nehe_desktop.hub.folder import HubFolder
from nehe_desktop.hub.store import Link

EMBEDDED = "sqlite"
"""The engine in the hub's own folder."""


def move(folder: HubFolder, to: str, now: datetime) -> int:
    """Copies everything and works there from now on; how many rows. Nobody else may use the hub meanwhile.

    Raises Refused where the hub is there already or the other place has this county.
    """
    source, target = folder.kept_url(), str(folder.database) if to == EMBEDDED else to
    if source == target:
        raise Refused("已经在用这个库")
    if to == EMBEDDED:
        _put_aside(folder, now)
    county = folder.settings().county
    before, after = folder.open(source), folder.open(target)
    try:
        if after.read(lambda link: _has(link, county)):
            raise Refused("那个库里已经有这个县的数据，请换一个空的库")
        copied = dump.copy(before, after, county)
    finally:
        before.close()
        after.close()
    folder.move_to("" if to == EMBEDDED else to)
    if to != EMBEDDED:
        _put_aside(folder, now)
    return copied.total()


def _has(link: Link, county: str) -> bool:
    return link.one("SELECT 1 FROM epoch WHERE county = ?", (county,)) is not None


def _put_aside(folder: HubFolder, now: datetime) -> None:
    """The file that is no longer the hub's, out of the way of one that will be."""
    if folder.database.exists():
        folder.database.replace(folder.path / f"搬走前-{now:%Y%m%d-%H%M%S}.nhdb")
