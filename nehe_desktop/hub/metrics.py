"""What the hub counts, as Prometheus reads it: numbers and the hub's own words, nothing of anybody."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator

from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.sync.protocol import SyncReply, SyncRequest

_BOUNDS = (0.005, 0.025, 0.1, 0.5, 2.0, 10.0)  # seconds
_DAY = 86_400_000  # milliseconds
_CHANGE = b'{"t":'  # how each change begins; within a text the quotation marks would be escaped
_HELP = {
    "requests_total": ("counter", "answers by path and status"),
    "seconds": ("histogram", "how long answers took, by path"),
    "bytes_total": ("counter", "bytes of bodies, in and out"),
    "pushes_total": ("counter", "requests that brought transactions"),
    "transactions_total": ("counter", "transactions that were taken"),
    "changes_total": ("counter", "changes of records in them"),
    "rows_total": ("counter", "rows that were handed out"),
    "conflicts_total": ("counter", "conflicts found"),
    "quarantined_total": ("counter", "transactions set aside"),
    "devices": ("gauge", "devices by state"),
    "devices_seen": ("gauge", "devices that came in the last 24 hours"),
    "doubles": ("gauge", "doubles found, decided or not"),
    "set_aside": ("gauge", "transactions that wait for an administrator"),
    "rows": ("gauge", "rows held"),
    "epoch_era": ("gauge", "how many lives the hub has had"),
    "backup_age_seconds": ("gauge", "age of the newest backup elsewhere; -1 without one"),
}

Labels = tuple[tuple[str, str], ...]


class Metrics:
    """Counters of one run of the hub."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, Labels], float] = defaultdict(int)
        self._lock = threading.Lock()

    def answered(self, path: str, status: int, seconds: float, came: int, went: int) -> None:
        """Notes one answer."""
        buckets = [*(str(bound) for bound in _BOUNDS if seconds <= bound), "+Inf"]
        with self._lock:
            self._counts["requests_total", (("path", path), ("status", str(status)))] += 1
            self._counts["bytes_total", (("way", "in"),)] += came
            self._counts["bytes_total", (("way", "out"),)] += went
            self._counts["seconds_sum", (("path", path),)] += round(seconds, 6)
            self._counts["seconds_count", (("path", path),)] += 1
            for bucket in buckets:
                self._counts["seconds_bucket", (("path", path), ("le", bucket))] += 1

    def synced(self, request: SyncRequest, reply: SyncReply) -> str:
        """Notes what one round trip brought; the same in a few words for the log."""
        sent = len(request.push.txs) if request.push else 0
        changes = sum(bytes(each).count(_CHANGE) for each in request.push.txs) if request.push else 0
        rows = sum(len(page.rows) for page in reply.pages.values())
        kinds = Counter(result.k for result in reply.ack.res) if reply.ack else Counter[str]()
        with self._lock:
            self._counts["pushes_total", ()] += bool(request.push)
            self._counts["transactions_total", ()] += sent
            self._counts["changes_total", ()] += changes
            self._counts["rows_total", ()] += rows
            self._counts["conflicts_total", ()] += kinds["conflict"]
            self._counts["quarantined_total", ()] += kinds["quarantined"]
        return f"txs={sent} changes={changes} rows={rows} conflicts={kinds['conflict']} quarantined={kinds['quarantined']} "

    def text(self, store: HubStore, county: str, now: int) -> str:
        """Everything, in the text format of Prometheus (version 0.0.4); `now` in milliseconds."""
        with self._lock:
            counts = dict(self._counts)
        held = store.read(lambda link: _held(link, county, now))
        return "\n".join([*_lines({**counts, **held}), ""])


def _held(link: Link, county: str, now: int) -> dict[tuple[str, Labels], float]:
    def number(sql: str, *params: object) -> int:
        found = link.one(sql, (county, *params))
        return int(found[0] or 0) if found else 0

    states = link.all("SELECT state, count(*) FROM device WHERE county = ? GROUP BY state", (county,))
    saved = number("SELECT v FROM meta WHERE county = ? AND k = 'saved'")
    return {
        **{("devices", (("state", state),)): count for state, count in states},
        ("devices_seen", ()): number("SELECT count(*) FROM device WHERE county = ? AND seen > ?", now - _DAY),
        ("doubles", ()): number(
            "SELECT count(*) FROM record WHERE county = ? AND tbl = 'double' AND gone = 0"
        ),
        ("set_aside", ()): number("SELECT count(*) FROM tx WHERE county = ? AND state = 'quarantined'"),
        ("rows", ()): number("SELECT count(*) FROM record WHERE county = ? AND gone = 0"),
        ("epoch_era", ()): number("SELECT max(era) FROM epoch WHERE county = ?"),
        ("backup_age_seconds", ()): (now - saved) // 1000 if saved else -1,
    }


def _lines(counts: dict[tuple[str, Labels], float]) -> Iterator[str]:
    for name, (kind, words) in _HELP.items():
        yield f"# HELP nehe_hub_{name} {words}"
        yield f"# TYPE nehe_hub_{name} {kind}"
        parts = {name, *(f"{name}_{part}" for part in ("bucket", "sum", "count") if kind == "histogram")}
        for (each, labels), value in sorted(counts.items(), key=lambda item: item[0]):
            if each in parts:
                inside = ",".join(f'{label}="{word}"' for label, word in labels)
                yield f"nehe_hub_{each}{{{inside}}} {value}" if inside else f"nehe_hub_{each} {value}"
