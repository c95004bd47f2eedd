"""Whether the log still has what the anchor beside the file says it had, and the anchor kept up with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nehe_desktop.core import local
from nehe_desktop.core.database import Writing
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody.queries import device_of, is_empty, mark_at, tail_of
from nehe_desktop.security import anchor
from nehe_desktop.security.anchor import Tail, Tails, Written
from nehe_desktop.security.chain import Break

_SETTING = "audit_anchor"
LOST = "电脑上库外的日志记号不见了或对不上，前面缺没缺说不准；从这一条起重新记"
"""What an entry says that begins a new anchor because the one that should be there is not."""

LOST_WORDS = "电脑上库外的日志记号不见了或对不上，这一条后面缺没缺说不准"
"""The same of the last entry while nothing was entered after it."""


@dataclass(frozen=True)
class Anchor:
    """The anchor of a file as it is now: where it lies, what it is sealed with (empty before the first), what it says.

    `written` is None where there is none that belongs to the file.
    """

    path: Path
    secret: str
    written: Written | None

    @property
    def tails(self) -> Tails:
        """How far each chain had come."""
        return self.written.tails if self.written else {}


def anchor_of(store: Store) -> Anchor:
    """The anchor of an open file."""
    path, secret = anchor.path_beside(store.database.path), str(store.recall(_SETTING, ""))
    return Anchor(path, secret, anchor.read(path, secret) if secret else None)


def is_lost(store: Store, here: Anchor) -> bool:
    """Whether an anchor should be there and none is that belongs to this file, or one is there before its time."""
    return here.written is None if here.secret else here.path.exists() and not is_empty(store)


def prepare(store: Store, writing: Writing, here: Anchor) -> None:
    """Makes the secret of a file that has none, and its anchor."""
    if not here.secret:
        secret = anchor.new_secret()
        anchor.write(here.path, secret, {}, None)
        local.put(writing, "setting", _SETTING, secret, store.clock.now())


def cut_off(store: Store, here: Anchor) -> Iterator[Break]:
    """What the anchor has and the log no longer has, for each name of this laptop."""
    for device, kept in here.tails.items():
        last = tail_of(store, device).number
        if last < kept.number:
            yield Break(device, last, f"后面缺 {kept.number - last} 条，是从末尾整段去掉的")
        elif mark_at(store, device, kept.number) not in (kept.mark, None):  # a gap is the chain's to tell
            yield Break(device, kept.number, "这一条和电脑上库外的记号对不上，被换过")
    if is_lost(store, here):
        own = device_of(store)
        yield Break(own, tail_of(store, own).number, LOST_WORDS)


def dropped(store: Store) -> int:
    """How many entries the log has lost at its end, of all names of this laptop."""
    kept = anchor_of(store).tails.items()
    return sum(max(0, each.number - tail_of(store, device).number) for device, each in kept)


def goes_on_behind(store: Store, here: Anchor, device: str, last: Tail) -> Tail:
    """The entry that the next one follows: the anchor's where the log has less, so that the gap stays seen."""
    kept = here.tails.get(device)
    if kept is None or kept == last or mark_at(store, device, kept.number) == kept.mark:
        return last
    return Tail(max(kept.number, last.number), kept.mark)


def keep(store: Store, device: str, *, alone: bool = False) -> None:
    """Brings the anchor up to the log; never back, but for what a restore left behind (`alone`)."""
    here, tail = anchor_of(store), tail_of(store, device)
    known = here.tails.get(device, Tail(0, ""))
    if here.secret and tail.number and (alone or known.number < tail.number):
        others = {} if alone else {name: each for name, each in here.tails.items() if name != device}
        anchor.write(here.path, here.secret, {**others, device: tail}, here.written)


@dataclass(frozen=True)
class Anchoring:
    """A listener of a store that keeps the anchor up; two are no more than one."""

    store: Store

    def __call__(self, tables: frozenset[str]) -> None:
        """Called on the writer thread after each commit."""
        if "audit_log" in tables:
            keep(self.store, device_of(self.store))
