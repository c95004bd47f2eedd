"""A laptop that begins gets a whole village as one file, in pieces that can be fetched again."""

from __future__ import annotations

import hashlib

import msgspec
import pytest
import zstandard

from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import COUNTY as REFERENCE
from nehe_desktop.sync.protocol import Pull, Row, SnapshotNote
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import NORTH, Laptop, ack_of, edit, join, new, removal, set_of


@pytest.fixture
def clerk(either_hub: Hub) -> Laptop:
    """The laptop on which a village of four hundred was entered; it had pulled before and so gets pages."""
    laptop = join(either_hub, "录入", NORTH)
    laptop.does(new("household", "h1", NORTH, village=NORTH))
    laptop.catch_up()
    people = (new("person", f"p{number}", NORTH, household="h1", name="王" * 9) for number in range(400))
    laptop.does(*people)
    laptop.does(removal("person", "p7", NORTH, household="h1", name="王" * 9))
    return laptop


def fetched(laptop: Laptop, note: SnapshotNote, piece: int = 700) -> bytes:
    starts = range(0, note.size, piece)
    return b"".join(laptop.hub.snapshot(laptop.dev, NORTH, note.at, start, piece) for start in starts)


def fill(laptop: Laptop) -> SnapshotNote:
    """Takes the offered file in, as a laptop does."""
    note = laptop.pull().snapshots[NORTH]
    content = fetched(laptop, note)
    assert hashlib.sha256(content).hexdigest() == note.sha256
    lines = zstandard.ZstdDecompressor().stream_reader(content).read()
    for row in msgspec.json.Decoder(Row).decode_lines(lines):
        laptop.rows[row.t, row.k] = (NORTH, row)
    laptop.cursors[NORTH] = note.at
    return note


def test_a_file_holds_what_the_pages_tell(clerk: Laptop) -> None:
    newcomer = join(clerk.hub, "新来的", NORTH)
    note = fill(newcomer)
    clerk.catch_up()
    assert newcomer.state() == clerk.state()
    assert note.size < 20_000


def test_what_came_since_is_pulled_behind_it(clerk: Laptop) -> None:
    newcomer = join(clerk.hub, "新来的", NORTH)
    clerk.does(edit("person", "p1", NORTH, phone=(None, "1")))
    fill(newcomer)
    clerk.does(edit("person", "p2", NORTH, phone=(None, "2")))
    newcomer.catch_up()
    assert [(newcomer.sees("person", key) or {})["phone"] for key in ("p1", "p2")] == ["1", "2"]
    assert newcomer.pull(check=True).pages[NORTH].digest == newcomer.digest(NORTH)


def test_an_offered_scope_comes_without_a_page(clerk: Laptop) -> None:
    reply = join(clerk.hub, "新来的", NORTH).pull()
    assert (list(reply.snapshots), list(reply.pages)) == ([NORTH], [])


def test_who_sends_something_with_the_first_request_is_told_to_ask_again_for_the_file(clerk: Laptop) -> None:
    newcomer = join(clerk.hub, "新来的", NORTH)
    push = newcomer.push(newcomer.save(edit("person", "p1", NORTH, name=("别的", "张"))))
    reply = newcomer.ask(push, Pull())
    assert [result.k for result in ack_of(reply).res] == ["conflict"]
    assert (reply.snapshots, reply.pages[NORTH].more, reply.pages[NORTH].rows) == ({}, True, [])
    assert list(newcomer.pull().snapshots) == [NORTH]


def test_a_small_scope_comes_in_pages(hub: Hub) -> None:
    laptop = join(hub, "北村", NORTH)
    laptop.does(new("household", "h1", NORTH, village=NORTH))
    reply = laptop.pull()
    assert (list(reply.snapshots), list(reply.pages)) == ([], [NORTH])


def test_a_file_stays_the_same_until_much_has_changed(clerk: Laptop) -> None:
    one, other, third = (join(clerk.hub, name, NORTH) for name in ("甲", "乙", "丙"))
    first = one.pull().snapshots[NORTH]
    clerk.does(edit("person", "p1", NORTH, phone=(None, "1")))
    assert other.pull().snapshots[NORTH] == first
    clerk.does(*(edit("person", f"p{number}", NORTH, phone=(None, "2")) for number in range(10, 350)))
    assert third.pull().snapshots[NORTH].at > first.at


def test_a_download_that_has_begun_can_end_after_a_newer_file_was_made(clerk: Laptop) -> None:
    newcomer, other = join(clerk.hub, "慢", NORTH), join(clerk.hub, "快", NORTH)
    note = newcomer.pull().snapshots[NORTH]
    clerk.does(*(edit("person", f"p{number}", NORTH, phone=(None, "2")) for number in range(10, 350)))
    assert other.pull().snapshots[NORTH].at > note.at
    assert hashlib.sha256(fetched(newcomer, note)).hexdigest() == note.sha256


def test_a_file_that_is_kept_no_longer_is_gone(clerk: Laptop) -> None:
    newcomer = join(clerk.hub, "慢", NORTH)
    with pytest.raises(Denied, match="410 gone"):
        clerk.hub.snapshot(newcomer.dev, NORTH, 3, 0, 10)


def test_reference_rows_never_come_as_a_file(clerk: Laptop) -> None:
    shipped = [new("workday", f"d{number}", REFERENCE, name="班") for number in range(400)]
    join(clerk.hub, "县里", "*").does(*shipped, g=set_of(*shipped))
    newcomer = join(clerk.hub, "新来的", NORTH)
    reply = newcomer.pull()
    assert list(reply.snapshots) == [NORTH]
    assert reply.pages[REFERENCE].rows


def test_a_whole_county_comes_as_files_over_several_answers(
    clerk: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    south = join(clerk.hub, "南村", "b2" * 16)
    south.does(*(new("household", f"s{number}", "b2" * 16, village="b2" * 16) for number in range(301)))
    monkeypatch.setattr("nehe_desktop.hub.snapshots._MOST", 1)
    county = join(clerk.hub, "县里", "*")
    first = county.pull()
    assert list(first.snapshots) == [NORTH]
    assert [(page.rows, page.more, page.cur) for page in first.pages.values()] == [([], True, 0)]
    assert list(county.pull().snapshots) == [NORTH, "b2" * 16]
