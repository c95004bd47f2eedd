"""Names for records, made on the laptop: UUID version 7 (RFC 9562), which sorts by time."""

from __future__ import annotations

import os
import threading
import time

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A new UUIDv7 as 32 hexadecimal digits; later ones of this process are always larger."""
    global _last
    with _lock:
        stamp = max(time.time_ns() // 1000, _last + 1)  # microseconds keep the order within a millisecond
        _last = stamp
    millis, micros = divmod(stamp, 1000)
    noise = int.from_bytes(os.urandom(8), "big") & (2**62 - 1)
    sub = micros * 4095 // 999  # 12 bits of the millisecond's fraction (RFC 9562, method 3)
    return f"{millis:012x}7{sub:03x}{(0b10 << 62) | noise:016x}"
