"""What self-check and diagnosis need of this program: its fonts, versions and counts."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from pathlib import Path

from nehe_desktop import VERSION
from nehe_desktop.core.clock import Clock
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.security import check, log
from nehe_desktop.security.check import Finding, Place
from nehe_desktop.security.laptop import Laptop

_FONTS = Path(__file__).resolve().parents[3] / "resources" / "fonts"


def look(store: Store, here: Laptop) -> tuple[Finding, ...]:
    """The self-check of this laptop; repairs what can be made anew."""
    return check.check(store, Place(here.vault, tuple(sorted(_FONTS.glob("*.ttf"))), Clock().now()))


def bundle(store: Store, here: Laptop, found: Iterable[Finding]) -> str:
    """The diagnosis: versions, counts, findings and the log's end, without personal data."""
    counts = {ledger.title: store.count(ledger.cls) for ledger in LEDGERS.values()}
    versions = {"Python": platform.python_version(), "系统": platform.platform()}
    logs = here.logs / "nehe.log"
    lines = [finding.line for finding in found]
    return log.diagnosis(VERSION, versions, counts, lines, logs if logs.exists() else None, Clock().now())
