"""What a new laptop is asked, and what its answers become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from nehe_desktop.core.errors import Problem, Refused
from nehe_desktop.core.kinds import Name
from nehe_desktop.core.store import Change, Put
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.reference.codes import shipped
from nehe_desktop.features.teams.ledger import ROLES, Member, Posting, Team
from nehe_desktop.security.laptop import COUNTY, Profile

Place = Literal["village", "town", "county"]
PLACES: Mapping[Place, str] = {"village": "村里", "town": "乡镇", "county": "县里"}
"""Where a laptop stands; the county confirms it with the invitation."""

ROLES_HERE: Mapping[Place, tuple[str, ...]] = {
    "village": (*ROLES, "村干部", "扶贫专干"),
    "town": ("乡镇扶贫专干", "乡镇分管领导", "乡镇党委书记"),
    "county": ("市驻村办", "市扶贫办", "系统管理员"),
}
"""Who sits at the keyboard by place: people of a team are also entered as members."""


@dataclass(frozen=True)
class Answers:
    """What the first pages of the wizard ask."""

    township: str = ""
    village: str = ""
    person: str = ""
    role: str = ROLES[0]
    unit: str = ""
    place: Place = "village"


def townships() -> list[str]:
    """The townships of the county, in the order of their codes."""
    return [row["name"] for row in shipped("divisions") if row["level"] == "town"]


def villages(township: str) -> list[str]:
    """The villages of a township that the program knows of; the list is not complete."""
    codes = {row["name"]: row["code"] for row in shipped("divisions") if row["level"] == "town"}
    return [row["name"] for row in shipped("divisions") if row["parent"] == codes.get(township, "-")]


def problems(answers: Answers) -> Iterator[Problem]:
    """What is missing or wrong in the answers."""
    if answers.place != "county" and answers.township not in townships():
        yield Problem("township", "请选一个乡镇街道")
    if answers.place == "village" and not answers.village.strip():
        yield Problem("village", "请选村名，列表里没有就直接输入")
    elif answers.place == "village" and not answers.village.strip().endswith(("村", "社区")):
        yield Problem("village", "村名要写全，如“明星村”“西城社区”")
    try:
        if Name().read(answers.person) is None:
            yield Problem("person", "请填您的姓名")
    except Refused as refused:
        yield Problem("person", refused.sentence)


def village_of(answers: Answers, known: list[Division]) -> tuple[Division, list[Change]]:
    """The village of the answers among the stored divisions; a new one is put as not verified."""
    town = next(d for d in known if d.level == "town" and d.name == answers.township)
    name = answers.village.strip()
    found = next((d for d in known if d.parent == town.id and d.name == name), None)
    if found:
        return found, []
    kind = "社区" if name.endswith("社区") else "行政村"
    village = Division(name=name, level="village", parent=town.id, kind=kind, sort_no=999)
    return village, [Put(village)]


def beginnings(answers: Answers, known: list[Division], today: date) -> tuple[Profile, list[Change]]:
    """The profile of the laptop and the first rows: village, team, member and posting; none above the village."""
    if answers.place != "village":
        town = next((d.id for d in known if d.level == "town" and d.name == answers.township), "")
        return Profile(answers.person, office=town if answers.place == "town" else COUNTY), []
    village, changes = village_of(answers, known)
    if answers.role not in ROLES:
        return Profile(answers.person, village.id), changes
    town = answers.township.removesuffix("街道") + ("街道" if answers.township.endswith("街道") else "")
    sent_by = f"{answers.unit.strip()}驻" if answers.unit.strip() else ""
    team = Team(village=village.id, name=f"{sent_by}{town}{village.name}工作队", since=today)
    member = Member(name=answers.person, team=team.id)
    posting = Posting(team=team.id, member=member.id, role=answers.role, since=today)
    changes += [Put(team), Put(member), Put(posting)]
    return Profile(answers.person, village.id, team.id), changes
