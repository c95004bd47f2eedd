"""A laptop whose program was altered: what it signs of others is set aside and counted, and it is told nothing of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from nehe_desktop.features import ledgers
from nehe_desktop.hub import quarantine
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import Change, Pull, encode
from nehe_desktop.sync.rules import rules_of
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import COUNTY, NORTH, SOUTH, Laptop, ack_of, contents, edit, join, new, removal
from tests.hub.serving import ServedHub, wired

SECRET = "南村的秘密"
PHOTO = b"a photo of the south"
NAME = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def hub(hub: Hub) -> Hub:
    """A hub with the real ledgers: the south has a household with a photo, the county an account and a log."""
    real = Hub(hub.store, COUNTY, rules_of(ledgers.ALL), hub.wall)
    south, county = join(real, "南村", SOUTH), join(real, "县里", "*")
    south.does(new("household", "s1", SOUTH, village=SOUTH, hamlet=SECRET))
    south.does(new("visit", "sv", SOUTH, household="s1", note=SECRET, photos=f'["{NAME}"]'))
    south.does(
        new("audit_log", "sl", SOUTH, village=SOUTH, device=south.dev, number=1, kind="打印", mark="m")
    )
    county.does(new("account", "boss", "office", name="县主管", role="R7"))
    assert real.put(south.dev, NAME, 0, len(PHOTO), PHOTO) == len(PHOTO)
    return real


@pytest.fixture
def laptop(hub: Hub) -> Laptop:
    made = join(hub, "北村", NORTH)
    made.does(new("household", "n1", NORTH, village=NORTH))
    made.does(new("account", "me", NORTH, village=NORTH, name="李工", role="R1"))
    made.does(
        new("audit_log", "n-log", NORTH, village=NORTH, device=made.dev, number=1, kind="导出", mark="m")
    )
    return made


def rows(hub: Hub) -> list[str]:
    """Every row that laptops are told, and every departure."""
    found = contents(hub)
    return [*found["record"], *found["departure"], *found["natural_key"], *found["blob_ref"]]


WRONG: dict[str, tuple[str, Callable[[], list[Change]]]] = {
    "a row in another village": ("scope", lambda: [new("household", "x", SOUTH, village=SOUTH)]),
    "a row of another village under an own name": (
        "scope",
        lambda: [edit("household", "s1", NORTH, hamlet=("", "改"))],
    ),
    "taking a row of another village": (
        "scope",
        lambda: [edit("household", "s1", NORTH, village=(SOUTH, NORTH))],
    ),
    "removing a row of another village": (
        "scope",
        lambda: [removal("household", "s1", SOUTH, hamlet=SECRET)],
    ),
    "a visit at another village's household": ("scope", lambda: [new("visit", "x", NORTH, household="s1")]),
    "another village's photo made one's own": (
        "scope",
        lambda: [edit("visit", "sv", NORTH, household=("s1", "n1"), photos=(None, f'["{NAME}"]'))],
    ),
    "a county role": ("rights", lambda: [new("account", "x", NORTH, village=NORTH, name="李工", role="R7")]),
    "raising oneself to the county": ("rights", lambda: [edit("account", "me", NORTH, role=("R1", "R12"))]),
    "lowering the county's own": ("rights", lambda: [edit("account", "boss", "office", role=("R7", "R1"))]),
    "rewriting one's own log": ("rights", lambda: [edit("audit_log", "n-log", NORTH, kind=("导出", "登录"))]),
    "removing from the log": ("rights", lambda: [removal("audit_log", "n-log", NORTH, device="x", number=1)]),
    "writing an entry twice": (
        "rights",
        lambda: [new("audit_log", "n-log", NORTH, village=NORTH, kind="登录")],
    ),
    "rewriting another's log": ("rights", lambda: [edit("audit_log", "sl", SOUTH, mark=("m", "n"))]),
    "the county's list of villages": ("county", lambda: [new("division", SOUTH, "county", name="北村的")]),
    "a good row beside a bad one": (
        "scope",
        lambda: [new("household", "good", NORTH, village=NORTH), new("household", "x", SOUTH, village=SOUTH)],
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_not_his_to_change_is_set_aside_whole_and_counted(
    hub: Hub, laptop: Laptop, what: str
) -> None:
    why, changes = WRONG[what]
    before, had = rows(hub), len(quarantine.waiting(hub.store, COUNTY))
    reply = laptop.does(*changes())
    assert [result.why for result in ack_of(reply).res if result.k == "quarantined"] == [why]
    assert rows(hub) == before
    assert len(quarantine.waiting(hub.store, COUNTY)) == had + 1
    assert SECRET not in encode(reply).decode()


def reserved() -> list[tuple[str, str, str]]:
    """(ledger, field, value) of everything that only the county decides."""
    found = rules_of(ledgers.ALL)
    return [(table, name, value) for table, rule in sorted(found.items())
            for name, values in sorted(rule.reserved.items()) for value in sorted(values)]  # fmt: skip


@pytest.mark.parametrize(("table", "name", "value"), reserved())
def test_no_laptop_gives_itself_what_the_county_decides(
    laptop: Laptop, table: str, name: str, value: str
) -> None:
    rule = laptop.hub.rules[table]
    place = {rule.via: NORTH} if rule.via and not rule.parent else {rule.via: "n1"} if rule.via else {}
    reply = laptop.does(new(table, "x", NORTH, **place, **{name: value}))
    assert [result.why for result in ack_of(reply).res] == ["rights"]
    laptop.catch_up()
    assert laptop.sees(table, "x") is None


def answer(laptop: Laptop, wish: Pull) -> str:
    """What the hub says to a wish, be it a refusal."""
    try:
        return encode(laptop.ask(None, wish)).decode()
    except Denied as denied:
        return encode(denied.refusal).decode()


@pytest.mark.parametrize(
    "scope", [SOUTH, "*", "office", "county", "", "s1", NORTH.upper(), f"{NORTH} OR 1=1", "%"]
)
def test_no_wish_brings_a_row_of_another_village(laptop: Laptop, scope: str) -> None:
    wishes = [Pull({scope: 0}, check=True), Pull({NORTH: 0, scope: -1}), Pull({scope: 2**62}, limit=1 << 26)]
    told = "".join(answer(laptop, wish) for wish in wishes)
    assert [word for word in (SECRET, '"s1"', '"sv"', '"sl"', "县主管", NAME) if word in told] == []


@pytest.mark.parametrize("scope", [SOUTH, "*", "office", "", NORTH + "@1", "../" + SOUTH])
def test_no_snapshot_of_another_scope_is_given(laptop: Laptop, scope: str) -> None:
    with pytest.raises(Denied, match=r"40[34]"):
        laptop.hub.snapshot(laptop.dev, scope, 1, 0, 1 << 20)


def test_over_the_network_no_address_tells_of_another_village(served_hub: ServedHub) -> None:
    south, north = wired(served_hub, "南村", SOUTH), wired(served_hub, "北村", NORTH)
    south.does(new("household", "s1", SOUTH, village=SOUTH, hamlet=SECRET))
    assert north.way is not None
    for path in (f"/v1/snapshot/{SOUTH}@1", "/v1/snapshot/*@1", f"/v1/blob/{NAME}", "/v1/log", "/v1/devices"):
        with pytest.raises(Denied) as denied:
            north.way.fetch(path, 0, 1 << 20)
        assert denied.value.status in (403, 404, 405)
        assert SECRET not in encode(denied.value.refusal).decode()
