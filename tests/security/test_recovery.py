"""The printed code: what is read, and which line an error is in."""

from __future__ import annotations

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.security.recovery import ALPHABET, line_problem, new_lines, plain, read_code


def test_a_code_has_ten_groups_of_four_unambiguous_characters() -> None:
    lines = new_lines()
    assert [len(group) for line in lines for group in line.split(" ")] == [4] * 10
    assert set(plain("".join(lines))) <= set(ALPHABET)


def test_no_two_codes_are_alike() -> None:
    assert len({new_lines() for _ in range(50)}) == 50


def test_every_single_wrong_character_is_found_in_its_line() -> None:
    line = plain(new_lines()[3])
    for place in range(8):
        for other in set(ALPHABET) - {line[place]}:
            assert line_problem(4, line[:place] + other + line[place + 1 :])


def test_two_swapped_characters_are_found() -> None:
    line = plain(new_lines()[0])
    for place in range(7):
        swapped = line[:place] + line[place + 1] + line[place] + line[place + 2 :]
        assert swapped == line or line_problem(1, swapped)


def test_two_swapped_lines_are_found() -> None:
    first, second, *rest = new_lines()
    with pytest.raises(Refused, match=r"第 1 行.*第 2 行"):
        read_code("\n".join([second, first, *rest]))


def test_small_full_width_and_look_alike_typing_is_understood() -> None:
    lines = new_lines()
    sloppy = "\n".join(lines).lower().replace(" ", "－").replace("0", "o").replace("1", "l")
    assert read_code(sloppy) == read_code("".join(lines))


def test_a_short_line_says_how_many_characters_it_has() -> None:
    lines = [*new_lines()]
    lines[1] = lines[1][:-1]
    with pytest.raises(Refused, match="第 2 行应为 8 个字符，现在是 7 个"):
        read_code("\n".join(lines))


def test_a_missing_line_is_told() -> None:
    with pytest.raises(Refused, match="共 5 行，现在只有 3 行"):
        read_code("\n".join(new_lines()[:3]))


def test_a_strange_character_is_shown() -> None:
    assert "“中”" in line_problem(2, "ABCD 12中4")
