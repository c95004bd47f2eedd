"""“没找到，您是不是要找…”: names that sound or look like what was typed."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from nehe_desktop.core.pinyin import spellings
from nehe_desktop.core.search import search
from nehe_desktop.core.store import Store
from nehe_desktop.features.households.screen_queries import names

_ALIKE = 60  # per cent of letters in common


def similar_names(store: Store, text: str, village: str = "", limit: int = 3) -> list[str]:
    """Names that sound the same first, then names that share most of their characters."""
    typed = text.strip()
    if not typed:
        return []
    sounding = [
        hit.title for way in spellings(typed) for hit in search(store, "".join(way), limit, ("person",))
    ]
    looking = process.extract(
        typed, names(store, village), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=limit
    )
    return list(dict.fromkeys([*sounding, *(found[0] for found in looking)]))[:limit]
