"""The county is heard before anybody sits down, where it was not for long: by the network, or by a package."""

from __future__ import annotations

from pathlib import Path

from nehe_desktop.core.store import Store
from nehe_desktop.features.custody.expiry import lift_by_network, lift_by_stick
from nehe_desktop.features.exchange.network import Network


def hear(store: Store, package: Path | None) -> str:
    """What still stands in the way after hearing the county; for a worker. Raises Refused and Trouble."""
    return lift_by_stick(store, package) if package is not None else lift_by_network(store, Network(store))
