"""Whatever laptops send, in whatever order: the hub's books balance, and everybody is told the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, count
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import HubStore, open_store
from nehe_desktop.sync.proofs import digest_text, mark
from nehe_desktop.sync.protocol import Change, Pull
from tests.hub.laptops import EAST, NORTH, RULES, SOUTH, Laptop, Wall, ack_of, contents, join

VILLAGES = (NORTH, SOUTH, EAST)
KEYS = {"household": ("h1", "h2"), "person": ("p1", "p2", "p3"), "visit": ("v1",), "unit": ("u1",)}
FIELDS = {
    "household": ("phone", "kind", "tags", "amount", "year"),
    "person": ("id_number", "phone"),
    "visit": ("phone",),
    "unit": ("phone",),
}
OPERATIONS: tuple[Literal["I", "U", "D"], ...] = ("I", "I", "U", "U", "D")
COUNTIES = count(1)

stored = st.sampled_from([None, "", "1", "2", "a,b", "b,c", 0, 1, True])
identities = st.sampled_from([None, "7", "7", "8"])
homes = st.sampled_from(KEYS["household"])
places = st.sampled_from([None, *VILLAGES])


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """A change of one of a few rows, with old values that are right, stale or nonsense."""
    table = draw(st.sampled_from(list(KEYS)))
    names = draw(st.sets(st.sampled_from(FIELDS[table])))
    patch = {
        name: (draw(stored), draw(identities if name == "id_number" else stored)) for name in sorted(names)
    }
    if table == "household" and draw(st.booleans()):
        patch["village"] = (draw(places), draw(places))
    if table in ("person", "visit") and draw(st.booleans()):
        patch["household"] = (draw(homes), draw(homes))
    scope = draw(st.sampled_from([*VILLAGES, "county"]))
    return Change(table, draw(st.sampled_from(KEYS[table])), scope, draw(st.sampled_from(OPERATIONS)), patch)


saves = st.lists(changes(), min_size=1, max_size=3)
steps = st.tuples(
    st.integers(0, 3),  # whose
    st.booleans(),  # whether it was written before all the others
    st.lists(saves, min_size=1, max_size=3),
    st.sampled_from([0, 0, 1, 400]),  # how much is pulled afterwards
)


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubStore]:
    """One store for a county of every history."""
    store = open_store(str(Path(tmp_path_factory.mktemp("hub")) / "hub.db"), bytes(32))
    yield store
    store.close()


def staff(store: HubStore) -> list[Laptop]:
    """A county of its own with four laptops; the last one is the county's."""
    hub = Hub(store, f"county{next(COUNTIES)}", RULES, Wall())
    scopes = {"北村": (NORTH,), "两村": (NORTH, SOUTH), "东村": (EAST,), "县里": ("*",)}
    laptops = [join(hub, name, *held) for name, held in scopes.items()]
    for number, laptop in enumerate(laptops):
        laptop.tick = number * 1000
    return laptops


def lines(hub: Hub, sql: str) -> list[Any]:
    return hub.store.read(lambda link: link.all(sql, (hub.county,)))


def check_books(hub: Hub) -> None:
    """Digests are sums over the rows, numbers are unique and end at the head, natural keys are those of live rows."""
    sums: dict[str, int] = defaultdict(int)
    used: dict[str, list[int]] = defaultdict(list)
    sql = "SELECT scope, tbl, pk, rev, hseq, gone, given FROM record WHERE county = ?"
    for scope, table, pk, rev, hseq, gone, shipped in lines(hub, sql):
        sums[scope] += 0 if gone or shipped else mark(table, pk, rev)
        used[scope].append(hseq)
    for scope, hseq in lines(hub, "SELECT scope, hseq FROM departure WHERE county = ?"):
        used[scope].append(hseq)
    heads = lines(hub, "SELECT scope, hseq, digest FROM head WHERE county = ?")
    assert {scope for scope, _, _ in heads} == set(used)
    for scope, hseq, digest in heads:
        assert digest == digest_text(sums[scope])
        assert len(set(used[scope])) == len(used[scope])
        assert max(used[scope]) == hseq


def check_doubles(county: Laptop) -> None:
    """Two live persons of one number are a case, in each village that holds one of them; no others are."""
    live = [
        (table, key, scope, row.f) for (table, key), (scope, row) in sorted(county.rows.items()) if row.g == 0
    ]
    people = [
        (key, scope, str(f["id_number"]))
        for table, key, scope, f in live
        if table == "person" and "id_number" in f
    ]
    wanted = set()
    for (one, here, mine), (other, there, theirs) in combinations(people, 2):
        if mine == theirs:
            wanted |= {(here, one, other)} if here == there else {(here, one, ""), (there, other, "")}
    cases = {(scope, f["first"], f.get("second", "")) for table, _, scope, f in live if table == "double"}
    assert cases == wanted


def check_places(county: Laptop) -> None:
    """What belongs to a household lies where the household lies; a conflict where its row lies."""
    for (table, _), (scope, row) in county.rows.items():
        above = county.rows.get(("household", str(row.f.get("household"))))
        if table in ("person", "visit") and above:
            assert scope == above[0]
        about = county.rows.get((str(row.f.get("tbl")), str(row.f.get("pk"))))
        if table == "conflict" and about:
            assert (scope, row.f.get("village", "county")) == (about[0], about[0])


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(steps, min_size=1, max_size=12))
def test_the_books_balance_and_everybody_is_told_the_same(shared_store: HubStore, history: list[Any]) -> None:
    laptops = staff(shared_store)
    hub, county = laptops[0].hub, laptops[3]
    sent: dict[str, list[bytes]] = defaultdict(list)
    for who, early, work, limit in history:
        laptop = laptops[who]
        bodies = [laptop.save(*save, at=number if early else None) for number, save in enumerate(work)]
        heads = ack_of(laptop.send(*bodies)).heads
        sent[laptop.dev] += bodies
        assert set(heads) == set(laptop.ask(None, Pull(limit=0)).scopes)
        if limit:
            laptop.catch_up(limit)
    check_books(hub)
    told = contents(hub)
    for laptop in laptops:
        if sent[laptop.dev]:
            laptop.ask(laptop.push_from(1, "", sent[laptop.dev]))
    assert contents(hub) == told
    for laptop in laptops:
        fresh = join(hub, f"核对{laptop.name}", *(["*"] if laptop is county else laptop.pull().scopes[1:]))
        laptop.catch_up()
        fresh.catch_up()
        assert laptop.state() == fresh.state()
        pages = laptop.pull(check=True).pages
        assert {scope: page.digest for scope, page in pages.items()} == {
            scope: laptop.digest(scope) for scope in pages
        }
    check_doubles(county)
    check_places(county)
