"""What a person wants of one file: what kind of list it is, what he put right, what he leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from nehe_desktop.core.fields import Field
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Store
from nehe_desktop.features.intake import apply, compare, queries, single, targets
from nehe_desktop.features.intake.places import Places
from nehe_desktop.features.intake.plan import Options, Plan
from nehe_desktop.spreadsheets.headers import Target
from nehe_desktop.spreadsheets.sheets import Cancelled, Cell, Progress, Sheet, Workbook

HOUSEHOLDS = ""
"""The kind of list that holds households with their members."""
_IN_HOUSEHOLDS = {"household", "person", "membership"}
_ASKS = "在导入设置里选"  # what a refusal says that a setting of the import would lift

Place = tuple[str, int, int]
"""Sheet, row from 1, column from 0."""


@dataclass(frozen=True)
class Errand:
    """An import as far as a person has decided it."""

    table: str = HOUSEHOLDS
    options: Options = field(default_factory=Options)
    fixes: Mapping[Place, str] = field(default_factory=dict)
    left: frozenset[tuple[str, int]] = frozenset()  # rows that are left out by hand


def kinds() -> dict[str, str]:
    """What may be imported: table → title, households with their members first."""
    own = {table: ledger.title for table, ledger in LEDGERS.items() if not (ledger.by_program or table in _IN_HOUSEHOLDS)}
    return {HOUSEHOLDS: "农户和家庭成员", **own}


def targets_of(table: str) -> tuple[Target, ...]:
    """What a column of such a list can mean."""
    return targets.ledger_targets(LEDGERS[table]) if table else targets.household_targets()


def field_at(table: str, key: str) -> Field | None:
    """The declared field behind a key, None for the words that find a village or a head."""
    if table:
        return LEDGERS[table].fields.get(key)
    return targets.field_of(key) if key.split(".", maxsplit=1)[0] in LEDGERS else None


def prepare(
    store: Store,
    workbook: Workbook,
    errand: Errand,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Plan:
    """The plan of the errand; nothing is stored. Raises Trouble, Stopped."""
    book = corrected(workbook, errand)
    if errand.table:
        ledger = LEDGERS[errand.table]
        return single.plan_ledger(store, ledger, book, errand.options, progress, cancelled)
    return compare.plan_households(store, book, errand.options, progress, cancelled)


def corrected(workbook: Workbook, errand: Errand) -> Workbook:
    """The workbook with the cells that were put right, and without the rows that are left out."""
    if not errand.fixes and not errand.left:
        return workbook
    return replace(workbook, sheets=tuple(_corrected(sheet, errand) for sheet in workbook.sheets))


def _corrected(sheet: Sheet, errand: Errand) -> Sheet:
    rows = list(sheet.rows)
    for (name, number, column), text in errand.fixes.items():
        if name == sheet.name:
            rows[number - 1] = _with(rows[number - 1], column, text)
    for name, number in errand.left:
        if name == sheet.name:
            rows[number - 1] = ()
    return replace(sheet, rows=rows)


def _with(row: tuple[Cell, ...], column: int, text: str) -> tuple[Cell, ...]:
    filled = row + (None,) * (column + 1 - len(row))
    return (*filled[:column], text or None, *filled[column + 1 :])


def learn(store: Store, errand: Errand) -> None:
    """Remembers what columns and villages mean, so that it is asked only once."""
    if errand.options.mapping:
        name = single.memory_name(LEDGERS[errand.table]) if errand.table else compare.MEMORY
        apply.learn(store, name, dict(errand.options.mapping))
    if errand.options.villages:
        apply.learn_villages(store, errand.options.villages)


def open_columns(plan: Plan) -> int:
    """How many columns nobody has given a meaning."""
    return sum(len(sheet.offered) + len(sheet.unknown) for sheet in plan.sheets)


def asks_settings(plan: Plan) -> bool:
    """Whether rows are refused only as the file says no village or no kind of household."""
    return any(_ASKS in reason.sentence for reason in plan.refused)


def villages(store: Store) -> dict[str, str]:
    """Every village of the laptop: id → township and name."""
    places = Places(queries.divisions(store))
    return dict(sorted(((id, places.names[id]) for id in places.villages.values()), key=lambda pair: pair[1]))


def changing(plan: Plan) -> dict[str, str]:
    """The fields of stored records that the plan would change: key → label."""
    found: dict[str, str] = {}
    for update in plan.updates:
        ledger = update.cls.ledger
        for name in update.values:
            found[f"{ledger.table}.{name}"] = ledger.fields[name].label
    return found


def without_columns(errand: Errand, unwanted: frozenset[str]) -> Errand:
    """The errand that leaves some fields (as `changing` names them) of stored records alone."""
    if not unwanted:
        return replace(errand, options=replace(errand.options, columns=None))
    tables = (errand.table,) if errand.table else ("household", "person")
    names = [f"{table}.{name}" for table in tables for name in LEDGERS[table].fields]
    kept = {name for name in names if name not in unwanted}
    columns = frozenset(name.split(".")[1] if errand.table else name for name in kept)
    return replace(errand, options=replace(errand.options, columns=columns))
