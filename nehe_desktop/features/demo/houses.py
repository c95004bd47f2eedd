"""What a made-up household is like: why it was poor, how it lives and what it earns (domain §1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from nehe_desktop.features.demo import details, words
from nehe_desktop.features.demo.details import Traits
from nehe_desktop.features.demo.numbers import chance
from nehe_desktop.features.demo.people import Sketch
from nehe_desktop.features.demo.persons import Common
from nehe_desktop.features.demo.plan import Village
from nehe_desktop.features.households.checks import CHRONIC, DISABLED, SERIOUS
from nehe_desktop.features.households.words import BORDERLINE, REGISTERED

REBUILT, COMPOUND, SAFE = "改造后安全", "保障住房", "鉴定安全"


@dataclass(frozen=True)
class Plot:
    """What a household of the village is to become: its number there, its kind, people and housing."""

    order: int
    base_type: str
    sketches: list[Sketch]
    traits: list[Traits]
    house_way: str = SAFE
    monitored: bool = False


def benefits(rng: Random, plot: Plot, *, unable: bool) -> tuple[str, str]:
    """低保 and 特困供养: nobody without labour is left without one of them (DQ36)."""
    alone = len(plot.sketches) == 1 and plot.sketches[0].age >= 60
    if plot.base_type == REGISTERED and alone and unable and rng.random() < 0.35:
        return "不享受", "农村"
    return ("农村" if unable or rng.random() < 0.2 else "不享受"), "不享受"


def address(rng: Random, village: Village) -> dict[str, Any]:
    """Where in the village a household lives, within a kilometre of its middle."""
    middle = chance("place", village.number)
    north, east = middle.uniform(48.05, 48.75), middle.uniform(124.5, 125.7)
    return {
        "hamlet": rng.choice(words.HAMLETS),
        "group_no": f"{rng.randint(1, 4)}组",
        "lat": Decimal(f"{north + rng.uniform(-0.01, 0.01):.6f}"),
        "lon": Decimal(f"{east + rng.uniform(-0.01, 0.01):.6f}"),
    }


def poverty(rng: Random, plot: Plot, common: Common) -> dict[str, Any]:
    """Why a household was poor, what it was registered as and when it left poverty."""
    causes = _causes(rng, plot)
    found: dict[str, Any] = {"cause_main": causes[0], "cause_other": tuple(sorted(causes[1:2]))}
    if plot.base_type != REGISTERED:
        return found
    id_year = rng.choice((2014, 2015, 2016))
    kind = (
        "低保贫困户"
        if common.dibao == "农村"
        else "特困供养贫困户"
        if common.tekun == "农村"
        else "一般贫困户"
    )
    enjoys = plot.monitored or rng.random() < 0.9
    return found | {
        "poor_attr": kind,
        "exit_status": "已脱贫（享受政策）" if enjoys else "已脱贫（不享受政策）",
        "id_standard": "01",
        "id_year": id_year,
        "exit_year": rng.randint(max(2016, id_year), 2019),
    }


def _causes(rng: Random, plot: Plot) -> list[str]:
    """Causes of poverty that the members bear out (DQ18), the weightiest first."""
    ill = {state for one in plot.traits for state in one.health}
    studying = any(one.school is not None and one.sketch.age >= 13 for one in plot.traits)
    found = ["01"] * bool(ill & {SERIOUS, CHRONIC}) + ["02"] * (DISABLED in ill) + ["03"] * studying
    if not any(one.labour in (details.COMMON, details.SKILLED) for one in plot.traits):
        found.append("08")
    return found or [rng.choice(("05", "07", "09"))]


def housing(rng: Random, village: Village, plot: Plot) -> dict[str, Any]:
    """A safe house, and how it came to be safe."""
    built = rng.randint(2014, 2019) if plot.house_way != SAFE else rng.randint(1995, 2012)
    found: dict[str, Any] = {
        "house_area": Decimal(rng.randint(40, 90)),
        "house_structure": rng.choice(("02", "03")),
        "house_built": built,
        "house_grade": "A" if built >= 2014 else "B",
        "house_graded_on": date(2019, 9, rng.randint(1, 28)),
        "house_danger": False,
        "house_way": plot.house_way,
    }
    if plot.house_way == COMPOUND:
        found["living_place"] = f"{village.town}集体大院"
    return found


def living(rng: Random) -> dict[str, Any]:
    """Land, road, electricity, water and fuel."""
    return {
        "land_farm": Decimal(rng.randint(6, 45)),
        "land_forest": Decimal(rng.choice((0, 0, 0, 2, 5))),
        "road_km": Decimal(rng.randint(1, 25)) / 10,
        "road_type": rng.choice(("02", "03", "03", "04")),
        "road_hard": True,
        "elec_prod": True,
        "elec_live": True,
        "tv_net": True,
        "toilet": rng.random() < 0.8,
        "fuel": rng.choice(("01", "01", "03", "04")),
        "water_way": "集中供水入户",
        "water_safe": True,
        "coop_join": rng.random() < 0.4,
    }


def income_of(rng: Random, plot: Plot) -> tuple[int, int]:
    """Yuan per head and year, low for monitored households, and yuan earned elsewhere."""
    workers = sum(one.work_area is not None for one in plot.traits)
    if plot.monitored or plot.base_type == BORDERLINE:
        head = rng.randint(4150, 4950)
    else:
        head = round(min(21_000, rng.lognormvariate(9.05, 0.28)))
    head = max(head, 4150)
    return head, min(workers * rng.randint(6000, 14_000), head * len(plot.traits) * 3 // 4)
