"""Lists made by hand, and the divisions that they name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.intake.apply import apply_plan
from nehe_desktop.features.intake.compare import plan_households
from nehe_desktop.features.intake.plan import Options, Plan
from nehe_desktop.spreadsheets.reading import open_workbook
from tests.spreadsheets.office import lines, saved, xlsx

MAN, WOMAN = "110105194912310011", "440524188001010014"
HEADINGS = ["乡镇", "行政村", "户编号", "姓名", "证件号码", "与户主关系", "户类别", "户联系电话"]
TOWN, VILLAGE, OTHER = "t1", "v1", "v2"


def number(birth: str, order: int) -> str:
    """An ID number of a county part that was never assigned; an odd order is a man."""
    from nehe_desktop.core.identity import id_check_char

    body = f"230290{birth}{order:03d}"
    return body + id_check_char(body)


HEAD, WIFE, SON = number("19500101", 1), number("19520203", 2), number("19800808", 3)


def with_divisions(store: Store) -> None:
    """A county, a township and two villages."""
    county = Division(id="c1", name="讷河市", level="county")
    town = Division(id=TOWN, name="学田镇", level="town", parent="c1", kind="镇")
    villages = [
        Division(id=i, name=n, level="village", parent=TOWN)
        for i, n in ((VILLAGE, "国兴村"), (OTHER, "丰产村"))
    ]
    store.write([Put(division) for division in (county, town, *villages)], "区划")


def home(number: str = "23020001", *people: tuple[str, str, str], village: str = "国兴村") -> list[list[Any]]:
    """The rows of a household; people as name, ID number and relation."""
    people = people or (("张三", HEAD, "户主"), ("李四", WIFE, "配偶"))
    return [["学田镇", village, number, *person, "建档立卡户", "13812345678"] for person in people]


def plan_of(
    store: Store, folder: Path, rows: list[list[Any]], headings: list[str] | None = None, **options: Any
) -> Plan:
    """The plan of a list with our usual headings."""
    path = xlsx(folder / "名单.xlsx", [headings or HEADINGS, *rows])
    return plan_households(store, open_workbook(path), Options(**options))


def plan_of_text(store: Store, folder: Path, rows: list[list[str]], **options: Any) -> Plan:
    """The plan of a list in GB 18030 text."""
    return plan_households(store, open_workbook(saved(folder / "名单.csv", lines(rows))), Options(**options))


def import_rows(store: Store, folder: Path, rows: list[list[Any]], **options: Any) -> Plan:
    """Imports a list and gives its plan."""
    plan = plan_of(store, folder, rows, **options)
    apply_plan(store, plan)
    return plan


def sentences(plan: Plan) -> list[str]:
    """Why rows were refused."""
    return [str(reason) for reason in plan.refused]
