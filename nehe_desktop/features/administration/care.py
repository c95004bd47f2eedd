"""What self-check and diagnosis need of this program: its fonts, versions and counts."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from pathlib import Path

from nehe_desktop import VERSION
from nehe_desktop.core.clock import Clock
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.custody.audit import breaks, device_of
from nehe_desktop.features.custody.log_queries import count_all
from nehe_desktop.features.custody.rules import state_words
from nehe_desktop.security import check, log
from nehe_desktop.security.check import Finding, Place
from nehe_desktop.security.laptop import Laptop

_FONTS = Path(__file__).resolve().parents[3] / "resources" / "fonts"


def look(store: Store, here: Laptop) -> tuple[Finding, ...]:
    """The self-check of this laptop; repairs what can be made anew."""
    found = check.check(store, Place(here.vault, tuple(sorted(_FONTS.glob("*.ttf"))), Clock().now()))
    return (*found, _log_kept(store))


def _log_kept(store: Store) -> Finding:
    """Whether the log of who did what is whole."""
    found = breaks(store)
    words = state_words(count_all(store), found, device_of(store))
    return Finding("操作日志", "bad" if found else "good", f"{words}。")


def bundle(store: Store, here: Laptop, found: Iterable[Finding]) -> str:
    """The diagnosis: versions, counts, findings and the log's end, without personal data."""
    counts = {ledger.title: store.count(ledger.cls) for ledger in LEDGERS.values()}
    versions = {"Python": platform.python_version(), "系统": platform.platform()}
    logs = here.logs / "nehe.log"
    lines = [finding.line for finding in found]
    return log.diagnosis(VERSION, versions, counts, lines, logs if logs.exists() else None, Clock().now())
