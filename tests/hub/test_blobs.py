"""Photos come in pieces under the SHA-256 of their bytes; a broken line costs only the last piece."""

from __future__ import annotations

import hashlib

import pytest

from nehe_desktop.hub.service import Hub
from nehe_desktop.sync.transport import Denied
from tests.hub.laptops import NORTH, SOUTH, Laptop, edit, join, new

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
