"""Sets of rows that are shipped with the program: a set's name is what is in it, so that nobody can ship another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def content_of(values: Mapping[str, Any]) -> str:
    """BLAKE2b-128 over the fields of a row that hold something, in the order of their names."""
    said = {name: value for name, value in sorted(values.items()) if value not in (None, "")}
    return _digest(said)


def name_of(rows: Iterable[tuple[str, str, Mapping[str, Any]]]) -> str:
    """The name of a set by its rows: ledger, id and values of each, in any order."""
    return _digest(sorted((table, id, content_of(values)) for table, id, values in rows))


def _digest(what: Any) -> str:
    packed = json.dumps(what, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(packed.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
