"""Bytes on the wire: what a change costs in a request, alone and among a hundred."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean

from nehe_desktop.cli.benches.measure import Measure
from nehe_desktop.cli.benches.pushing import Sender
from nehe_desktop.cli.benches.traffic import Traffic
from nehe_desktop.cli.benches.workshop import Workshop
from nehe_desktop.sync import wire
from nehe_desktop.sync.keys import new_keys

_VILLAGE = "18289a2d06ef539399a78e9ed9ea7708"
_DEVICE, _EPOCH = "5a07c1f2d3e4b596", "9f6b2c8d1e4a7035"


def measure(_: Workshop) -> Iterator[Measure]:
    """A fifth new persons, the rest visits and corrections, each a save of its own, in whole signed requests."""
    plain = _bytes(100, dictionary=False)
    yield Measure(
        "同步", "每处改动，一百处一批，整个请求平摊", _bytes(100), "B", 80, _bytes(100) / plain, "不用词典"
    )
    yield Measure(
        "同步",
        "每处改动，单独一处，整个请求",
        _bytes(1),
        "B",
        None,
        _bytes(1) / _bytes(1, dictionary=False),
        "不用词典",
    )


def _bytes(count: int, *, dictionary: bool = True) -> float:
    """Bytes a change in requests of so many."""
    traffic, sender = Traffic(_VILLAGE), Sender("230281", _DEVICE, new_keys(), _EPOCH)
    sender.saw({"county": 88, _VILLAGE: 5310})
    traffic.take(300)  # who is corrected later is already there
    sizes = (
        len(wire.pack(sender.push(traffic.take(count), 65_536), dictionary=dictionary)) for _ in range(10)
    )
    return mean(sizes) / count
