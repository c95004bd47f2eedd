"""Photos come in pieces under the SHA-256 of their bytes; a broken line costs only the last piece."""

from __future__ import annotations

import hashlib

import pytest

from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.protocol import LIVE, Row
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import NORTH, SOUTH, Laptop, edit, join, new, removal

PHOTO = bytes(range(256)) * 20
NAME = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def laptop(either_hub: Hub) -> Laptop:
    """A laptop with a visit that names a photo."""
    found = join(either_hub, "北村", NORTH)
    found.does(
        new("household", "h1", NORTH, village=NORTH),
        new("visit", "v1", NORTH, household="h1", photos=f'["{NAME}"]'),
    )
    return found


def put(laptop: Laptop, start: int, content: bytes, size: int = len(PHOTO)) -> int:
    return laptop.hub.put(laptop.dev, NAME, start, size, content)


def test_a_photo_comes_in_pieces_and_is_read_in_pieces(laptop: Laptop) -> None:
    assert laptop.hub.have(laptop.dev, NAME) == 0
    assert put(laptop, 0, PHOTO[:2000]) == 2000
    assert laptop.hub.have(laptop.dev, NAME) == 2000
    assert put(laptop, 2000, PHOTO[2000:]) == len(PHOTO)
    pieces = [laptop.hub.fetch_blob(laptop.dev, NAME, start, 1000) for start in range(0, len(PHOTO), 1000)]
    assert b"".join(pieces) == PHOTO


def test_a_piece_that_comes_twice_or_too_early_is_answered_with_what_is_there(laptop: Laptop) -> None:
    put(laptop, 0, PHOTO[:2000])
    assert put(laptop, 0, PHOTO[:2000]) == 2000
    assert put(laptop, 4000, PHOTO[4000:]) == 2000
    assert put(laptop, 2000, PHOTO[2000:]) == len(PHOTO)
    assert put(laptop, 0, b"xyz") == len(PHOTO)


def test_other_bytes_than_the_name_says_are_thrown_away(laptop: Laptop) -> None:
    put(laptop, 0, PHOTO[:2000])
    with pytest.raises(Denied, match="422 hash"):
        put(laptop, 2000, PHOTO[:2000] + PHOTO[4000:])
    assert laptop.hub.have(laptop.dev, NAME) == 0
    assert put(laptop, 0, PHOTO) == len(PHOTO)


def test_another_size_begins_anew(laptop: Laptop) -> None:
    put(laptop, 0, b"wrong", size=9)
    assert put(laptop, 5, b"half", size=len(PHOTO)) == 0
    assert put(laptop, 0, PHOTO) == len(PHOTO)


@pytest.mark.parametrize(("start", "size"), [(0, (2 << 20) + 1), (0, 0), (-1, 9), (8, 9)])
def test_more_than_two_megabytes_and_nonsense_are_refused(laptop: Laptop, start: int, size: int) -> None:
    with pytest.raises(Denied, match="413 size"):
        put(laptop, start, b"abc", size=size)


def test_a_photo_that_is_not_there_yet_is_not_found(laptop: Laptop) -> None:
    put(laptop, 0, PHOTO[:2000])
    with pytest.raises(Denied, match="404 absent"):
        laptop.hub.fetch_blob(laptop.dev, NAME, 0, 10)


def test_a_file_that_no_row_names_is_not_wanted(laptop: Laptop) -> None:
    for name in ("0" * 64, "no name", ""):
        assert laptop.hub.have(laptop.dev, name) == -1
        with pytest.raises(Denied, match="403 scope"):
            laptop.hub.put(laptop.dev, name, 0, 3, b"abc")


def test_a_photo_goes_with_its_household_to_another_village(laptop: Laptop) -> None:
    put(laptop, 0, PHOTO)
    south = join(laptop.hub, "南村", SOUTH)
    laptop.does(edit("household", "h1", NORTH, village=(NORTH, SOUTH)))
    with pytest.raises(Denied):
        laptop.hub.fetch_blob(laptop.dev, NAME, 0, 1)
    assert south.hub.fetch_blob(south.dev, NAME, 0, len(PHOTO)) == PHOTO


def test_a_photo_that_lost_a_conflict_can_still_be_put_back(laptop: Laptop) -> None:
    other = join(laptop.hub, "北村二", NORTH)
    lost = hashlib.sha256(b"lost").hexdigest()
    laptop.does(edit("visit", "v1", NORTH, photos=(f'["{NAME}"]', "[]")), at=2**60)
    other.does(edit("visit", "v1", NORTH, photos=(f'["{NAME}"]', f'["{lost}"]')), at=1)
    assert laptop.hub.put(other.dev, lost, 0, 4, b"lost") == 4


def fetched(laptop: Laptop, name: str = NAME) -> bytes:
    return laptop.hub.fetch_blob(laptop.dev, name, 0, len(PHOTO))


def names_it(laptop: Laptop, visit: str, village: str) -> None:
    """The laptop writes the photo's name into a visit of its own."""
    home = f"h-{visit}"
    laptop.does(
        new("household", home, village, village=village),
        new("visit", visit, village, household=home, photos=f'["{NAME}"]'),
    )


def test_who_only_knows_a_photos_name_gets_nothing_by_writing_it_down(laptop: Laptop) -> None:
    put(laptop, 0, PHOTO)
    thief, mate = join(laptop.hub, "南村", SOUTH), join(laptop.hub, "南村二", SOUTH)
    names_it(thief, "v9", SOUTH)
    thief.does(edit("household", "h-v9", SOUTH, phone=(None, "1")))
    join(laptop.hub, "县里", "*").does(edit("visit", "v9", SOUTH, note=(None, "核对")))
    for each in (thief, mate):
        assert each.hub.have(each.dev, NAME) <= 0
        with pytest.raises(Denied, match="404 absent"):
            fetched(each)
    assert fetched(laptop) == PHOTO


def test_nor_by_making_a_conflict_about_it(laptop: Laptop) -> None:
    put(laptop, 0, PHOTO)
    thief, county = join(laptop.hub, "南村", SOUTH), join(laptop.hub, "县里", "*")
    names_it(thief, "v9", SOUTH)
    county.does(edit("visit", "v9", SOUTH, photos=("[]", '["别的"]')), at=2**60)
    thief.does(edit("visit", "v9", SOUTH, photos=("[]", f'["{NAME}"]')), at=2**61)
    with pytest.raises(Denied):
        fetched(thief)


def test_guessing_its_bytes_piece_by_piece_tells_nothing(laptop: Laptop) -> None:
    put(laptop, 0, PHOTO)
    thief = join(laptop.hub, "南村", SOUTH)
    names_it(thief, "v9", SOUTH)
    assert put(thief, 0, b"x") == 1
    with pytest.raises(Denied, match="422 hash"):
        put(thief, 1, bytes(len(PHOTO) - 1))
    assert fetched(laptop) == PHOTO


def test_who_has_the_photo_himself_shows_it_and_his_village_sees_it(laptop: Laptop) -> None:
    put(laptop, 0, PHOTO)
    south, mate = join(laptop.hub, "南村", SOUTH), join(laptop.hub, "南村二", SOUTH)
    names_it(south, "v9", SOUTH)
    assert put(south, 0, PHOTO[:2000]) == 2000
    assert put(south, 2000, PHOTO[2000:]) == len(PHOTO) == laptop.hub.have(south.dev, NAME)
    assert fetched(mate) == PHOTO
    assert contents_of(laptop) == 1


def contents_of(laptop: Laptop) -> int:
    """How many copies of the photo the county keeps."""
    sql = "SELECT count(*) FROM blob WHERE county = ?"
    return laptop.hub.store.read(lambda link: link.all(sql, (laptop.hub.county,)))[0][0]


def test_a_photo_that_one_may_read_is_put_into_another_visit_without_sending_it_again(laptop: Laptop) -> None:
    put(laptop, 0, PHOTO)
    mate = join(laptop.hub, "北村二", NORTH)
    mate.does(new("visit", "v2", NORTH, household="h1", photos=f'["{NAME}"]'))
    laptop.does(edit("visit", "v1", NORTH, photos=(f'["{NAME}"]', "[]")))
    assert fetched(mate) == PHOTO


def test_a_photo_that_was_taken_out_of_its_visit_or_removed_with_it_is_no_longer_handed_out(laptop: Laptop) -> None:
    put(laptop, 0, PHOTO)
    laptop.does(removal("visit", "v1", NORTH, household="h1", photos=f'["{NAME}"]'))
    with pytest.raises(Denied, match="403 scope"):
        fetched(laptop)


def test_a_visit_that_comes_before_its_household_is_read_where_it_goes_to(laptop: Laptop) -> None:
    put(laptop, 0, PHOTO)
    south = join(laptop.hub, "南村", SOUTH)
    laptop.does(new("visit", "v3", NORTH, household="h3", photos=f'["{NAME}"]'))
    with pytest.raises(Denied):
        fetched(south)
    join(laptop.hub, "县里", "*").does(new("household", "h3", SOUTH, village=SOUTH))
    assert fetched(south) == PHOTO


def test_a_row_brought_back_by_another_laptop_opens_its_photo_when_its_author_comes(either_hub: Hub) -> None:
    author, mate = join(either_hub, "北村", NORTH), join(either_hub, "北村二", NORTH)
    row = Row("visit", "v1", 1, 1, LIVE, {"household": "h1", "photos": f'["{NAME}"]'}, "李建国", 1)
    author.does(new("household", "h1", NORTH, village=NORTH))
    mate.salvages({NORTH: [row]})
    author.does(new("visit", "v1", NORTH, household="h1", photos=f'["{NAME}"]'))
    with pytest.raises(Denied, match="404 absent"):
        fetched(mate)
    assert put(author, 0, PHOTO) == len(PHOTO)
    assert fetched(mate) == PHOTO
