"""Chance at work: laptops and a hub do everything that ever happens, in any order, and nothing is lost.

The real client on real encrypted files against the real hub; invariants I1 to I9 of the sync's design.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.identity import id_check_char
from nehe_desktop.hub import packs, quarantine
from nehe_desktop.hub.store import HubStore
from nehe_desktop.hub.store_postgres import PostgresStore
from nehe_desktop.hub.store_sqlite import SqliteStore
from nehe_desktop.sync import courier, parole
from tests.sync import office
from tests.sync.direct import KEY, NORTH, SOUTH, County, Desk, Dump, settle
from tests.sync.witness import Witness

VILLAGES = (NORTH, SOUTH)
FAULTS = st.sampled_from(["", "", "", "lost request", "lost reply", "doubled"])
WHO = st.integers(0, 5)
LONG = int(os.environ.get("NEHE_SYNC_EXAMPLES", "0"))
"""How many examples a long run has; the test run has few."""
NUMBERS = [body + id_check_char(body) for body in ("23028119600101001", "23028119700202002")]
CODES = map(str, count(230281))
"""Every example has a county of its own in the database."""


class Office(RuleBasedStateMachine):
    """Three laptops of two villages and one of the county."""

    url = ""  # of a PostgreSQL

    @initialize(seed=st.integers(0, 9999))
    def open(self, seed: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nehe-sync-"))
        self.county = County(self._store(), next(CODES))
        self.witness = Witness(self.county)
        self.work = office.Work(seed)
        plan = (("县里", 0, "*"), ("北村", -3000, NORTH), ("南村", 4200, SOUTH), ("北村二", 5, NORTH))
        self.desks = [
            Desk(self.county, self.folder / f"{n}.db", name, skew).join(scope)
            for n, (name, skew, scope) in enumerate(plan)
        ]
        self.backups: dict[int, Path] = {}
        self.sticks: list[bytes] = []
        self.answers: list[tuple[str, bytes]] = []
        self.dump: Dump | None = None
        self.restores = 0
        self.county.inspect = self.witness.sees_only_its_own
        for desk, village in zip(self.desks[1:], (NORTH, SOUTH, NORTH), strict=True):
            self.witness.saw(desk, self.work.new_home(desk, village))
            self.witness.saw(desk, self.work.visit(desk, 0))
        settle(self.desks)

    def _store(self) -> HubStore:
        return PostgresStore(self.url) if self.url else SqliteStore(self.folder / "hub.db", KEY)

    def desk(self, number: int) -> Desk:
        return self.desks[number % len(self.desks)]

    # -- work --------------------------------------------------------------------------------------

    @rule(who=WHO, village=st.sampled_from(VILLAGES))
    def registers_a_household(self, who: int, village: str) -> None:
        desk = self.desk(who)
        self.witness.saw(desk, self.work.new_home(desk, village))

    @rule(who=WHO, pick=st.integers(0, 99))
    def visits(self, who: int, pick: int) -> None:
        self.witness.saw(self.desk(who), self.work.visit(self.desk(who), pick))

    @rule(who=WHO, pick=st.integers(0, 99), what=st.integers(0, 99), rows=st.integers(1, 3))
    def corrects(self, who: int, pick: int, what: int, rows: int) -> None:
        self.witness.saw(self.desk(who), self.work.correct(self.desk(who), pick, what, rows))

    @rule(who=WHO, other=WHO, pick=st.integers(0, 99), what=st.integers(0, 99))
    def two_correct_the_same(self, who: int, other: int, pick: int, what: int) -> None:
        self.corrects(who, pick, what, 1)
        self.corrects(other, pick, what, 1)

    @rule(who=WHO, other=WHO, pick=st.integers(0, 99), what=st.integers(0, 99))
    def one_removes_what_another_corrects(self, who: int, other: int, pick: int, what: int) -> None:
        self.corrects(who, pick, pick % 3 + 3 * what, 1)
        self.removes(other, pick)

    @rule(who=WHO, pick=st.integers(0, 99))
    def removes(self, who: int, pick: int) -> None:
        self.witness.saw(self.desk(who), self.work.remove(self.desk(who), pick))

    @rule(who=WHO, back=st.integers(0, 3))
    def takes_back(self, who: int, back: int) -> None:
        self.witness.saw(self.desk(who), self.work.undo(self.desk(who), back))

    @rule(who=WHO, village=st.sampled_from(VILLAGES))
    def imports_a_list(self, who: int, village: str) -> None:
        """A save so large that it travels in parts."""
        self.witness.saw(self.desk(who), self.work.import_list(self.desk(who), village))

    @rule(who=WHO, pick=st.integers(0, 99), village=st.sampled_from(VILLAGES))
    def moves_a_household(self, who: int, pick: int, village: str) -> None:
        self.witness.saw(self.desk(who), self.work.move(self.desk(who), pick, village))

    @rule(who=WHO, pick=st.integers(0, 99))
    def takes_a_picture(self, who: int, pick: int) -> None:
        self.witness.saw(self.desk(who), self.work.photograph(self.desk(who), pick))

    @rule(who=WHO, other=WHO, pick=st.integers(0, 99), number=st.sampled_from(NUMBERS))
    def two_enter_the_same_identity_number(self, who: int, other: int, pick: int, number: str) -> None:
        self.witness.saw(self.desk(who), self.work.identify(self.desk(who), pick, number))
        self.witness.saw(self.desk(other), self.work.identify(self.desk(other), pick + 1, number))

    @rule(who=WHO, pick=st.integers(0, 99), side=st.sampled_from(["came", "stood"]))
    def decides_a_conflict(self, who: int, pick: int, side: str) -> None:
        self.witness.saw(self.desk(who), self.work.decide(self.desk(who), pick, side))

    @rule(who=WHO, pick=st.integers(0, 99))
    def makes_one_of_two(self, who: int, pick: int) -> None:
        self.witness.saw(self.desk(who), self.work.merge(self.desk(who), pick))

    # -- the way to the hub ------------------------------------------------------------------------

    @rule(who=WHO, faults=st.lists(FAULTS, max_size=4))
    def synchronises(self, who: int, faults: list[str]) -> None:
        self.county.watch.pass_by(minutes=1)
        try:
            self.desk(who).sync(*faults)
        except Trouble:
            assert set(faults) & {"lost request", "lost reply"}

    @rule(who=WHO)
    def is_cut_off_after_sending(self, who: int) -> None:
        """Everything arrives and no answer comes back."""
        desk = self.desk(who)
        desk.faults.always = "lost reply"
        with pytest.raises(Trouble):
            desk.sync()
        desk.faults.always = ""

    @precondition(lambda self: self.county.sent)
    @rule(number=st.integers(0, 999))
    def hears_an_old_request_again(self, number: int) -> None:
        """I3: whatever comes twice changes nothing."""
        kept = ("record", "head", "departure", "tx", "natural_key", "blob_ref", "given_set")
        before = self.county.dump(*kept)
        self.county.again(number)
        assert self.county.dump(*kept) == before

    @rule(who=WHO)
    def writes_a_package(self, who: int) -> None:
        """A stick goes to the county, some day."""
        desk = self.desk(who)
        if not parole.is_reborn(desk.store):
            self.sticks.append(courier.make_up(desk.store, self.folder).read_bytes())

    @precondition(lambda self: self.sticks)
    @rule(pick=st.integers(0, 99), keep=st.booleans())
    def brings_a_package(self, pick: int, keep: bool) -> None:  # noqa: FBT001 - drawn by chance
        """Perhaps late, perhaps a second time; the answer goes back with it, perhaps."""
        package = self.sticks[pick % len(self.sticks)]
        answer = packs.answered(self.county.hub, self.county.keys, package, self.county.watch)
        if not keep:
            self.sticks.remove(package)
        self.answers.append((answer.dev, answer.package))

    @precondition(lambda self: self.answers)
    @rule(pick=st.integers(0, 99), keep=st.booleans())
    def takes_an_answer_home(self, pick: int, keep: bool) -> None:  # noqa: FBT001 - drawn by chance
        dev, package = self.answers[pick % len(self.answers)]
        if not keep:
            self.answers.remove((dev, package))
        for desk in self.desks:
            if desk.dev == dev:
                desk.take_stick(package)

    @rule(pick=st.integers(0, 99), accept=st.booleans())
    def decides_on_what_was_set_aside(self, pick: int, accept: bool) -> None:  # noqa: FBT001 - drawn by chance
        waiting = quarantine.waiting(self.county.store, self.county.code)
        if waiting:
            each = waiting[pick % len(waiting)]
            if accept:
                quarantine.accept(self.county.hub, each.dev, each.seq)
            else:
                quarantine.drop(self.county.hub, each.dev, each.seq, "不是本村的")

    # -- disks -------------------------------------------------------------------------------------

    @rule(who=WHO)
    def keeps_a_backup_of_a_laptop(self, who: int) -> None:
        number = who % len(self.desks)
        self.backups[number] = self.folder / f"backup{number}.db"
        self.desks[number].keep(self.backups[number])

    @rule(who=WHO)
    def restores_a_laptop(self, who: int) -> None:
        number = who % len(self.desks)
        if number in self.backups:
            self.witness.loses_its_disk(self.desks[number], self.desks)
            self.desks[number].put_back(self.backups[number])
            self.witness.lives_on(self.desks)

    @precondition(lambda self: len(self.desks) < 6)
    @rule(who=WHO)
    def clones_a_laptop(self, who: int) -> None:
        copy = self.desk(who).copy(self.folder / f"{len(self.desks)}.db")
        self.desks.append(copy)

    @rule()
    def keeps_a_backup_of_the_hub(self) -> None:
        self.dump = self.county.dump()

    @precondition(lambda self: self.dump is not None and self.restores < 2)
    @rule()
    def restores_the_hub(self) -> None:
        assert self.dump is not None
        self.restores += 1
        self.county.watch.pass_by(minutes=1)
        self.county.restore(self.dump)
        self.witness.hub_was_restored()
        self.dump = None

    # -- scopes ------------------------------------------------------------------------------------

    @rule(who=WHO, village=st.sampled_from(VILLAGES))
    def is_given_a_village(self, who: int, village: str) -> None:
        if self.county.knows(self.desk(who).dev):
            self.county.grant(self.desk(who).dev, village)

    @rule(who=WHO, village=st.sampled_from(VILLAGES))
    def loses_a_village(self, who: int, village: str) -> None:
        desk = self.desk(who)
        if self.county.holds(desk.dev, village):
            self.witness.loses_its_disk(desk, self.desks)
            self.county.take_away(desk.dev, village)

    # -- what holds --------------------------------------------------------------------------------

    @invariant()
    def numbers_never_go_back(self) -> None:
        """I5."""
        if hasattr(self, "witness"):
            self.witness.numbers_go_on()

    def teardown(self) -> None:
        if not hasattr(self, "desks"):
            return
        try:
            settle(self.desks)
            self.witness.check(self.desks, restored=self.restores > 0)
            self._a_new_laptop_reads_the_same()
        finally:
            for desk in self.desks:
                desk.close()
            self.county.store.close()
            shutil.rmtree(self.folder)

    def _a_new_laptop_reads_the_same(self) -> None:
        """I9: what is read from the beginning is what was read bit by bit."""
        new = Desk(self.county, self.folder / "new.db", "新").join("*")
        new.sync()
        assert new.values() == self.county.records()
        new.close()


def chance(examples: int, steps: int) -> settings:
    return settings(
        max_examples=LONG or examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=tuple(HealthCheck),  # pyright: ignore[reportArgumentType]
        print_blob=True,
        phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
        database=None,
    )


def test_whatever_happens_nothing_is_lost_on_the_embedded_engine() -> None:
    run_state_machine_as_test(Office, settings=chance(25, 40))


def test_whatever_happens_nothing_is_lost_on_postgresql(postgres_dsn: str) -> None:
    machine: Any = type("OfficeOnPostgres", (Office,), {"url": postgres_dsn})
    run_state_machine_as_test(machine, settings=chance(5, 30))
