"""一周: every laptop of the county works for a week, in one process; at the end all of them show the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from nehe_desktop.cli.benches.measure import Measure, seconds
from nehe_desktop.cli.benches.near_hub import COUNTY, NearHub
from nehe_desktop.cli.benches.workshop import KEY, Workshop
from nehe_desktop.core.record import LEDGERS, Record
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.visits.ledger import Visit
from nehe_desktop.hub.store import Link
from nehe_desktop.sync.client import Client, enrol

_HOMES = 12  # households of a village at the beginning of the week
_SHARED = 0.3  # of the corrections go to the one household that everybody of a village is at
Say = Callable[[str], object]


@dataclass(frozen=True)
class Plan:
    """How many laptops work on how many days, and how many edits they make in all; the same for the same seed."""

    laptops: int = 171
    days: int = 5
    edits: int = 35_700
    seed: int = 171


@dataclass(frozen=True)
class Outcome:
    """What a week came to: edits, conflicts, rows of the hub, laptops that show something else, values lost."""

    edits: int
    conflicts: int
    rows: int
    differing: tuple[str, ...]
    lost: int


def measure(workshop: Workshop) -> Iterator[Measure]:
    """Prints how far it is; the whole county takes some minutes."""
    plan = Plan(4, 2, 200) if workshop.sizes.small else Plan()
    found: list[Outcome] = []
    took = seconds(
        lambda: found.append(work(workshop.folder, plan, lambda text: print(f"# {text}", flush=True)))
    )
    (outcome,) = found
    words = f"{plan.laptops} 台电脑一周，{outcome.edits:,} 处改动，冲突 {outcome.conflicts}"
    yield Measure("一周", words, took, "s")
    yield Measure("一周", "数据与县里不一致的电脑", len(outcome.differing), "台", 0)
    yield Measure("一周", "没有下落的改动", outcome.lost, "处", 0)


def work(folder: Path, plan: Plan, say: Say) -> Outcome:
    """Lets everybody work day by day, some of them without a network for days, and settles at the end."""
    with ExitStack() as stack:
        hub = NearHub(folder / "week hub.db", KEY)
        stack.callback(hub.store.close)
        laptops = [
            stack.enter_context(closing(Laptop(hub, folder, number, plan))) for number in range(plan.laptops)
        ]
        _together(laptops, say, "开始")
        for day in range(plan.days):
            edits = sum(laptop.works(day) for laptop in laptops)
            say(f"第 {day + 1} 天：{edits:,} 处改动")
        rounds = _settled(laptops, say)
        say(f"周末同步 {rounds} 轮")
        differing = tuple(laptop.name for laptop in laptops if laptop.differs())
        edits = sum(laptop.edits for laptop in laptops)
        return Outcome(edits, *hub.store.read(_totals), differing, hub.store.read(_lost))


class Laptop:
    """One laptop: every third village has two, every tenth laptop is the county's own and sees all."""

    def __init__(self, hub: NearHub, folder: Path, number: int, plan: Plan) -> None:
        self.name, self.edits = f"{number + 1} 号", 0
        self._hub, self._plan, self._rng = hub, plan, Random(f"{plan.seed} {number}")
        self._village = f"{number - number % 3 // 2:032x}"
        self._store = Store.open(folder / f"laptop {number}.db", KEY, self.name)
        self._client = Client(self._store, hub.connect)
        self._scopes = ("*",) if number % 10 == 9 else (self._village,)
        enrol(self._store, hub.invitation(self.name, *self._scopes), self.name, hub.reach)
        self._away = self._rng.random() < 0.15  # without a network until the weekend
        self._first = number % 3 < 2
        if self._first:
            homes = [Household(village=self._village, hamlet="前屯", base_type="03") for _ in range(_HOMES)]
            self._store.write(map(Put, homes), "登记")

    def works(self, day: int) -> int:
        """A day's edits, in small saves; in between it synchronises if it can."""
        share = self._plan.edits / self._plan.laptops / self._plan.days
        wanted = round(share * (day + 1)) - round(share * day)
        for left in range(wanted):
            self._edit()
            if not self._away and self._rng.random() < 3 / wanted:
                self.syncs()
            self.edits += left < wanted
        return wanted

    def syncs(self) -> int:
        """Rows that came and saves that went."""
        report = self._client.sync()
        return report.sent + report.came

    def differs(self) -> bool:
        """Whether it shows anything else than the hub has in its scopes, or has something left to send."""
        scopes = [scope for (scope,) in self._store.rows("SELECT scope FROM sync_cursor")]
        told = self._hub.store.read(lambda link: _records(link, scopes))
        left = self._store.one("SELECT count(*) FROM journal WHERE state IN ('pending', 'acked')")
        return self._shown() != told or left != (0,)

    def close(self) -> None:
        """Closes the file."""
        self._store.close()

    def _edit(self) -> None:
        chance, rng = self._rng.random(), self._rng
        homes = [id for (id,) in self._store.rows("SELECT id FROM household ORDER BY id")]
        if not homes:
            self._store.write([Put(Household(village=self._village, hamlet="前屯", base_type="03"))], "登记")
        elif chance < 0.45:
            visit = Visit(
                household=rng.choice(homes), day=date(2020, 10, 19), visitors="李建国", note=self._words()
            )
            self._store.write([Put(visit)], "走访登记")
        elif chance < 0.65:
            self._store.write(
                [Put(Person(household=rng.choice(homes), relation="01", name="佟立民"))], "登记"
            )
        else:
            shared = rng.random() < _SHARED
            self._correct(
                Household,
                homes[0] if shared else rng.choice(homes),
                rng.choice(("hamlet", "note", "door_no")),
            )

    def _correct(self, cls: type[Record], id: str, field: str) -> None:
        found = self._store.find(cls, id)
        if found is not None:
            changed: dict[str, Any] = {field: self._words()}
            self._store.write([Put(replace(found, **changed))], "改正")

    def _words(self) -> str:
        return f"{self.name}{self._rng.randrange(10**9)}"

    def _shown(self) -> dict[tuple[str, str], dict[str, Any]]:
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for table, ledger in LEDGERS.items():
            names = ", ".join(f"[{name}]" for name in ledger.fields)
            for id, *values in self._store.rows(f"SELECT id, {names} FROM [{table}]"):
                row = zip(ledger.fields, values, strict=True)
                found[table, id] = {name: value for name, value in row if value not in (None, "")}
        return found


def _together(laptops: Iterable[Laptop], say: Say, words: str) -> int:
    moved = sum(laptop.syncs() for laptop in laptops)
    say(f"{words}：{moved:,} 笔来往")
    return moved


def _settled(laptops: list[Laptop], say: Say) -> int:
    """Rounds until nothing moves any more."""
    rounds = 1
    while _together(laptops, say, f"同步第 {rounds} 轮"):
        rounds += 1
    return rounds


def _records(link: Link, scopes: Iterable[str]) -> dict[tuple[str, str], dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    sql = "SELECT tbl, pk, data FROM record WHERE county = ? AND scope = ? AND gone = 0"
    for scope in scopes:
        found.update({(table, pk): json.loads(data) for table, pk, data in link.all(sql, (COUNTY, scope))})
    return found


def _totals(link: Link) -> tuple[int, int]:
    """Conflicts and rows."""
    sql = "SELECT sum(tbl = 'conflict'), count(*) FROM record WHERE county = ? AND gone = 0"
    conflicts, rows = link.one(sql, (COUNTY,)) or (0, 0)
    return int(conflicts or 0), int(rows)


def _lost(link: Link) -> int:
    """Values that somebody sent which are neither there, nor in a conflict, nor were seen by who overwrote them."""
    sent: set[tuple[str, str, str, Any]] = set()
    known: set[tuple[str, str, str, Any]] = set()
    for (body,) in link.all("SELECT body FROM tx WHERE county = ?", (COUNTY,)):
        for change in json.loads(bytes(body))["c"]:
            for name, (old, new) in change["f"].items():
                known.add((change["t"], change["k"], name, old))
                sent.add((change["t"], change["k"], name, new))
    for table, pk, data in link.all("SELECT tbl, pk, data FROM record WHERE county = ?", (COUNTY,)):
        row = json.loads(data)
        known.update((table, pk, name, value) for name, value in row.items())
        for part in ("base", "came", "stood") if table == "conflict" else ():
            told = json.loads(row.get(part, "{}"))
            known.update((row["tbl"], row["pk"], name, value) for name, value in told.items())
    return len({value for value in sent - known if value[3] not in (None, "")})
