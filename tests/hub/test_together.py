"""Jobs that are committed together: each keeps its own result, and one that fails spoils nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from nehe_desktop.hub.store import HubStore, Link
from nehe_desktop.hub.together import Together
from tests.hub.laptops import COUNTY

_KEEP = "INSERT INTO meta (county, k, v) VALUES (?, ?, 'x')"
_KEPT = "SELECT k FROM meta WHERE county = ? AND k >= 'job' AND k < 'joc' ORDER BY k"


class Held:
    """A store that waits with its first transaction until others stand in line."""

    def __init__(self) -> None:
        self.go, self.began = threading.Event(), threading.Event()
        self.jobs = 0

    def transact(self, job: Callable[[object], object]) -> object:
        self.began.set()
        assert self.go.wait(10)
        self.jobs += 1
        return job(None)


def test_what_waits_is_done_at_once():
    held = Held()
    together = Together(held.transact)
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(together.run, lambda _: 0)
        assert held.began.wait(10)
        rest = [pool.submit(together.run, lambda _, number=number: number) for number in range(1, 6)]
        while len(together._line) < 5:
            threading.Event().wait(0.001)
        held.go.set()
        assert [each.result(10) for each in (first, *rest)] == [0, 1, 2, 3, 4, 5]
    assert held.jobs == 2


def test_a_job_that_fails_leaves_the_others_alone(hub_store: HubStore):
    start = threading.Barrier(8)

    def one(number: int) -> int:
        def job(link: Link) -> int:
            link.run(_KEEP, (COUNTY, f"job {number}"))
            if number % 3 == 0:
                raise ValueError(str(number))
            return number

        start.wait(10)
        return hub_store.write(COUNTY, job)

    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(one, number) for number in range(8)]
        for number, each in enumerate(jobs):
            if number % 3:
                assert each.result(20) == number
            else:
                with pytest.raises(ValueError, match=str(number)):
                    each.result(20)
    kept = [name for (name,) in hub_store.read(lambda link: link.all(_KEPT, (COUNTY,)))]
    assert kept == [f"job {number}" for number in (1, 2, 4, 5, 7)]
