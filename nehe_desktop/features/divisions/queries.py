"""Questions about divisions, and the ones that are shipped."""

from __future__ import annotations

import uuid
from typing import Any

from nehe_desktop.core.store import Store
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.reference.codes import shipped

_NAMES = uuid.UUID("6f6b7d5c-6a54-5c6e-9d0f-230281000002")  # the same place has the same id on every laptop


def shipped_divisions() -> list[Division]:
    """Nehe, its 17 townships and the villages whose names are known; names not checked have verified=0."""
    return [_division(number, row) for number, row in enumerate(shipped("divisions"))]


def _division(number: int, row: dict[str, str]) -> Division:
    values: dict[str, Any] = {key: row[key] or None for key in ("code", "kind")}
    return Division(
        id=_id(row["code"] or f"{row['parent']}/{row['name']}"),
        name=row["name"],
        level=row["level"],
        parent=_id(row["parent"]) if row["parent"] else None,
        verified=row["verified"] == "1",
        sort_no=number,
        **values,
    )


def _id(key: str) -> str:
    return uuid.uuid5(_NAMES, key).hex


def towns(store: Store) -> list[Division]:
    """The townships and streets in the office's order."""
    return store.all(Division, "level = 'town'", (), "sort_no, code")


def villages_of(store: Store, town: str) -> list[Division]:
    """The villages of a township."""
    return store.all(Division, "level = 'village' AND parent = ?", (town,), "sort_no, name")


_PATH = """
WITH RECURSIVE up (id, name, parent, depth) AS (
  SELECT id, name, parent, 0 FROM division WHERE id = ?
  UNION ALL SELECT d.id, d.name, d.parent, up.depth + 1 FROM division d JOIN up ON d.id = up.parent
  WHERE up.depth < 5)
SELECT name FROM up ORDER BY depth DESC
"""


def path_of(store: Store, division: str) -> tuple[str, ...]:
    """Names from the county down to a division, such as 讷河市, 学田镇, 明星村."""
    return tuple(row[0] for row in store.rows(_PATH, (division,)))


_VILLAGE = """
SELECT v.id FROM division v JOIN division t ON t.id = v.parent
WHERE v.level = 'village' AND t.name = ?1 AND v.name IN (?2, ?2 || '村', ?2 || '社区')
"""


def village_named(store: Store, town: str, village: str) -> str | None:
    """The id of a village by the names of township and village; 明星 finds 明星村."""
    row = store.one(_VILLAGE, (town.strip(), village.strip()))
    return row[0] if row else None
