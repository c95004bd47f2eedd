"""Villages by name or code: from the hub's own divisions, or the ones that are shipped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from nehe_desktop.core.errors import Refused
from nehe_desktop.features.divisions.queries import shipped_divisions
from nehe_desktop.hub.scopes import TOWN
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import COUNTY, EVERY

_TAILS = ("村", "社区")


@dataclass(frozen=True)
class Place:
    """A division: its id, which is the scope of a village, its name, code, level and the one above."""

    id: str
    name: str
    code: str
    level: str
    parent: str


def places(hub: Hub) -> dict[str, Place]:
    """Every division by id; what the county changed counts, the shipped ones fill in."""
    sql = "SELECT pk, data FROM record WHERE county = ? AND tbl = 'division' AND gone = 0"
    rows = hub.store.read(lambda link: link.all(sql, (hub.county,)))
    found = {
        each.id: Place(each.id, each.name, each.code or "", each.level, each.parent or "")
        for each in shipped_divisions()
    }
    for id, packed in rows:
        data = json.loads(packed)
        told = (str(data.get(name) or "") for name in ("name", "code", "level", "parent"))
        found[id] = Place(id, *told)
    return found


def scope_named(hub: Hub, words: str) -> str:
    """The scope of a village by its name (明星村, 明星, 学田镇明星村), code or id; raises Refused."""
    known = places(hub)
    wanted = words.strip().replace("/", "").replace(" ", "")
    if wanted in known:
        return wanted
    villages = [each for each in known.values() if each.level == "village"]
    found = [each for each in villages if wanted in _words_for(each, known)]
    if len(found) == 1:
        return found[0].id
    if found:
        listed = "、".join(_full(each, known) for each in found)
        raise Refused(f"有 {len(found)} 个村叫“{words}”，请写全：{listed}")
    raise Refused(f"没有叫“{words}”的村；名单以县里“行政区划”台账为准，可写村名、乡镇加村名或区划代码")


def town_named(hub: Hub, words: str) -> list[str]:
    """What a township's laptop holds: the township itself, its villages, and its level; raises Refused."""
    known, wanted = places(hub), words.strip()
    found = [each for each in known.values() if each.level == "town" and wanted in (each.id, each.name, each.code)]
    if len(found) != 1:
        raise Refused(f"没有叫“{words}”的乡镇；名单以县里“行政区划”台账为准，可写名称或区划代码")
    town = found[0].id
    return [town, *(each.id for each in known.values() if each.level == "village" and each.parent == town), TOWN]


def scope_title(hub: Hub) -> dict[str, str]:
    """What people call each scope."""
    known = places(hub)
    named = {each.id: _full(each, known) for each in known.values()}
    return {**named, EVERY: "全县", COUNTY: "县里的公共数据", TOWN: "乡镇一级"}


def shown_scopes(hub: Hub, scopes: Sequence[str]) -> str:
    """What a laptop holds in words; a township whose villages it all holds is one word."""
    known, titles = places(hub), scope_title(hub)
    towns = [each for each in scopes if each in known and known[each].level == "town"]
    below = {each for each in scopes if each in known and known[each].parent in towns}
    words = [f"{titles[each]}（{sum(known[one].parent == each for one in below)} 个村）" for each in towns]
    rest = [titles.get(each, each) for each in scopes if each not in (*towns, *below, TOWN)]
    return "、".join([*words, *rest])


def _words_for(place: Place, known: dict[str, Place]) -> set[str]:
    names = {place.name, *(place.name.removesuffix(tail) for tail in _TAILS)}
    town = known.get(place.parent)
    return {*names, *(f"{town.name}{name}" for name in names if town), *([place.code] if place.code else [])}


def _full(place: Place, known: dict[str, Place]) -> str:
    town = known.get(place.parent)
    return f"{town.name}{place.name}" if town and place.level == "village" else place.name
