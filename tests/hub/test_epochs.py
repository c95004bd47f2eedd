"""The hub is restored from a backup: what it lost comes back from the laptops, and nothing is overwritten in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from nehe_desktop.hub import epochs
from nehe_desktop.hub.service import Hub
from nehe_desktop.hub.store import HubStore, open_store
from nehe_desktop.hub.store_sqlite import SqliteStore
from nehe_desktop.sync.protocol import Fork, Pull, Refusal, Row
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import COUNTY, NORTH, NOW, RULES, SOUTH, Laptop, Wall, ack_of, edit, join, new, removal

Restore = Callable[[], Hub]


@pytest.fixture
def backup(hub: Hub, tmp_path: Path) -> Iterator[Callable[[], Restore]]:
    """Makes a copy of the hub; what it gives restores it."""
    opened: list[HubStore] = []
    numbers = count()

    def copy() -> Restore:
        assert isinstance(hub.store, SqliteStore)
        path = tmp_path / f"copy{next(numbers)}.db"
        hub.store.database.backup(path)

        def restore() -> Hub:
            store = open_store(str(path), bytes(32))
            opened.append(store)
            epochs.new_epoch(store, COUNTY, NOW)
            return Hub(store, COUNTY, RULES, Wall())

        return restore

    yield copy
    for store in opened:
        store.close()


def refusal_of(laptop: Laptop, cursors: dict[str, int] | None = None) -> Refusal:
    with pytest.raises(Denied, match="409 epoch") as denied:
        laptop.ask(None, Pull(cursors or dict(laptop.cursors)), epoch=laptop.epoch)
    return denied.value.refusal


def moved(laptop: Laptop, hub: Hub) -> Laptop:
    """The laptop, which speaks to the restored hub now."""
    laptop.epoch = laptop.epoch or laptop.hub.epoch
    laptop.hub = hub
    return laptop


def test_a_hub_begins_with_an_epoch_and_keeps_it(hub: Hub) -> None:
    assert Hub(hub.store, COUNTY, RULES, Wall()).epoch == hub.epoch


def test_a_restored_hub_tells_from_where_on_it_may_differ(hub: Hub, backup: Callable[[], Restore]) -> None:
    laptop = join(hub, "北村", NORTH)
    laptop.does(new("household", "h1", NORTH, village=NORTH))
    restored = backup()()
    laptop.does(new("household", "h2", NORTH, village=NORTH))
    refusal = refusal_of(moved(laptop, restored))
    assert refusal.epoch == restored.epoch != hub.epoch
    assert refusal.last == 1
    assert refusal.lineage == [Fork(restored.epoch, hub.epoch, {NORTH: 1})]


def test_two_restores_are_told_oldest_first(hub: Hub, backup: Callable[[], Restore]) -> None:
    laptop = join(hub, "北村", NORTH)
    laptop.does(new("household", "h1", NORTH, village=NORTH))
    restored = backup()()
    first = restored.epoch
    second = epochs.new_epoch(restored.store, COUNTY, NOW)
    assert [fork.epoch for fork in refusal_of(moved(laptop, restored), {NORTH: 1}).lineage] == [first, second]


def test_a_life_that_was_given_up_is_told_with_its_own_beginning(
    hub: Hub, backup: Callable[[], Restore]
) -> None:
    laptop = join(hub, "北村", NORTH)
    laptop.does(new("household", "h1", NORTH, village=NORTH))
    early = backup()
    laptop.does(new("household", "h2", NORTH, village=NORTH))
    late = backup()()
    again = early()
    lives = late.store.read(lambda link: list(epochs.forks(link, COUNTY).values()))
    epochs.remember(again.store, COUNTY, lives, NOW)
    laptop.epoch = late.epoch
    assert refusal_of(moved(laptop, again), {NORTH: 2}).lineage == [
        Fork(late.epoch, hub.epoch, {NORTH: 2}),
        Fork(again.epoch, hub.epoch, {NORTH: 1}),
    ]


def test_with_an_unknown_life_nothing_is_agreed_on(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    laptop.epoch = "unknown"
    assert refusal_of(laptop).lineage == [Fork(hub.epoch, "unknown", {})]


def test_a_laptop_that_is_ahead_stops_the_hub_until_somebody_confirms(either_hub: Hub) -> None:
    laptop, other = join(either_hub, "北村", NORTH), join(either_hub, "南村", SOUTH)
    laptop.epoch = other.epoch = either_hub.epoch
    assert refusal_of(laptop, {NORTH: 5}).epoch == either_hub.epoch
    assert refusal_of(other, {}).lineage == []
    kinds = either_hub.store.read(
        lambda link: link.all("SELECT kind, dev FROM event WHERE county = ?", (COUNTY,))
    )
    assert kinds == [("behind", laptop.dev)]
    epochs.new_epoch(either_hub.store, COUNTY, NOW)
    assert [fork.epoch for fork in refusal_of(laptop, {NORTH: 5}).lineage] == [either_hub.epoch]
    other.epoch = ""
    assert other.pull()


def test_rows_that_the_hub_lost_come_back_from_who_has_them(hub: Hub, backup: Callable[[], Restore]) -> None:
    author, reader = join(hub, "作者", NORTH), join(hub, "读者", NORTH)
    restore = backup()
    author.does(
        new("household", "h1", NORTH, village=NORTH, phone="1"), new("person", "p1", NORTH, household="h1")
    )
    reader.catch_up()
    rows = [row for _, row in reader.rows.values()]
    moved(reader, restore()).epoch = ""
    reader.salvages({NORTH: rows})
    third = join(reader.hub, "第三", NORTH)
    third.catch_up()
    assert (third.sees("household", "h1") or {})["phone"] == "1"
    assert third.rows["household", "h1"][1].u == "作者"
    assert third.pull(check=True).pages[NORTH].digest == third.digest(NORTH)


@pytest.fixture
def reader(either_hub: Hub) -> Laptop:
    """A laptop of a hub that was just restored; a household with a phone is there."""
    laptop = join(either_hub, "读者", NORTH)
    laptop.does(new("household", "h1", NORTH, village=NORTH, phone="1"))
    epochs.new_epoch(either_hub.store, COUNTY, NOW)
    return laptop


def lost(number: int, kind: int = 0, **values: object) -> dict[str, list[Row]]:
    return {
        NORTH: [
            Row(
                "household",
                "h1",
                9,
                number,
                kind,
                {"village": NORTH, **values} if not kind else {},
                "别人",
                1,
            )
        ]
    }


def seen(laptop: Laptop) -> dict[str, object] | None:
    other = join(laptop.hub, f"看{laptop.tick}{len(laptop.rows)}", NORTH)
    other.catch_up()
    laptop.rows = other.rows
    return other.sees("household", "h1")


def test_a_salvaged_value_takes_the_place_of_what_the_backup_had(reader: Laptop) -> None:
    reader.salvages(lost(5, phone="2"))
    assert seen(reader) == {"village": NORTH, "phone": "2"}
    assert not reader.all("conflict")


def test_an_older_salvaged_row_never_takes_the_place_of_a_newer(reader: Laptop) -> None:
    reader.salvages(lost(6, phone="3"))
    reader.salvages(lost(5, phone="2"))
    assert (seen(reader) or {})["phone"] == "3"


def test_what_was_written_since_the_restore_is_kept_and_both_are_shown(reader: Laptop) -> None:
    reader.does(edit("household", "h1", NORTH, phone=("1", "9")))
    reader.salvages(lost(5, phone="2"))
    assert (seen(reader) or {})["phone"] == "9"
    (conflict,) = reader.all("conflict")
    assert (conflict["kind"], conflict["came"], conflict["stood"], conflict["state"]) == (
        "salvage",
        '{"phone":"2"}',
        '{"phone":"9"}',
        "待处理",
    )


def test_the_dead_stay_dead_over_a_restore(reader: Laptop) -> None:
    reader.salvages(lost(5, kind=1))
    assert seen(reader) is None
    reader.salvages(lost(4, phone="2"))
    assert seen(reader) is None


def test_a_removal_that_was_lost_does_not_undo_what_was_written_since(reader: Laptop) -> None:
    reader.does(edit("household", "h1", NORTH, phone=("1", "9")))
    reader.salvages(lost(5, kind=1))
    assert (seen(reader) or {})["phone"] == "9"
    assert [conflict["kind"] for conflict in reader.all("conflict")] == ["salvage"]


def test_what_is_sent_again_is_skipped_where_a_salvaged_row_has_it_already(reader: Laptop) -> None:
    save = reader.save(edit("household", "h1", NORTH, phone=("1", "2")))
    reader.salvages(lost(6, phone="3"))  # which somebody had made of it afterwards
    reader.send(save, resend={2: {NORTH: 5}})
    assert (seen(reader) or {})["phone"] == "3"
    assert not reader.all("conflict")


def test_what_is_sent_again_is_done_where_no_salvaged_row_has_it(reader: Laptop) -> None:
    reader.salvages(lost(4, phone="2"))
    reader.send(reader.save(edit("household", "h1", NORTH, phone=("2", "3"))), resend={2: {NORTH: 5}})
    assert (seen(reader) or {})["phone"] == "3"
    assert not reader.all("conflict")


def test_what_is_sent_again_counts_as_written_before_the_restore(reader: Laptop) -> None:
    reader.send(reader.save(edit("household", "h1", NORTH, phone=("1", "2"))), resend={2: {NORTH: 5}})
    reader.salvages(lost(6, phone="3"))
    assert (seen(reader) or {})["phone"] == "3"
    assert not reader.all("conflict")


def test_a_row_that_only_a_laptop_has_is_brought_back_by_salvage_alone(
    hub: Hub, backup: Callable[[], Restore]
) -> None:
    author, reader = join(hub, "作者", NORTH), join(hub, "读者", NORTH)
    restore = backup()
    author.does(new("household", "h1", NORTH, village=NORTH))
    reader.catch_up()
    moved(reader, restore()).epoch = ""
    author.seq, author.chain = 0, ""  # the author's laptop was restored from an old backup as well
    moved(author, reader.hub).epoch = ""
    assert ack_of(author.does(new("household", "h2", NORTH, village=NORTH))).to == 1
    reader.salvages({NORTH: [row for _, row in reader.rows.values()]})
    author.catch_up()
    assert author.sees("household", "h1")


def test_salvage_from_another_life_is_refused(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    laptop.epoch = "before"
    with pytest.raises(Denied, match="409 epoch"):
        laptop.salvages({})


def test_salvage_brings_nothing_back_that_only_the_county_may_write(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    laptop.salvages(
        {
            "county": [
                Row("division", SOUTH, 3, 3, f={"name": "改名"}),
                Row("unit", "u1", 1, 4, f={"name": "教育局"}),
            ]
        }
    )
    laptop.catch_up()
    assert set(laptop.rows) == {("unit", "u1")}
    events = hub.store.read(
        lambda link: link.all("SELECT kind, words FROM event WHERE county = ?", (COUNTY,))
    )
    assert events == [("salvage", "1")]


def test_removed_rows_that_the_hub_never_had_stay_removed(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    laptop.salvages(lost(3, kind=1))
    laptop.does(removal("household", "h1", NORTH, village=NORTH))
    assert seen(laptop) is None
