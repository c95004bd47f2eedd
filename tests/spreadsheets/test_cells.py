"""What Excel did to a value is undone, and what it destroyed is refused with the reason."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds import (
    Choice,
    Day,
    Flag,
    IdNumber,
    Kind,
    Money,
    Month,
    Name,
    Phone,
    Text,
    Whole,
    options_of,
)
from nehe_desktop.spreadsheets.cells import cell_reader, read_cell
from nehe_desktop.spreadsheets.characters import standard
from nehe_desktop.spreadsheets.sheets import CellError

ID = "11010519491231002X"


@pytest.mark.parametrize(
    "raw",
    [
        ID,
        f" {ID}\u3000",
        f"'{ID}",
        f"{ID}\t",
        "１１０１０５１９４９１２３１００２Ｘ",
        f"\u200b{ID.lower()}",
        "110105 19491231 002X",
    ],
)
def test_an_id_number_is_read_through_every_disguise(raw: str) -> None:
    assert read_cell(IdNumber(), raw) == ID


@pytest.mark.parametrize("raw", [2.302901966111637e17, 230290196611163712, "2.30290196611164E+17", "2.3E+17"])
@pytest.mark.parametrize("kind", [IdNumber(), Text()])
def test_a_number_that_lost_digits_is_refused(raw: object, kind: Kind) -> None:
    with pytest.raises(Refused, match="丢失"):
        read_cell(kind, raw)


@pytest.mark.parametrize(
    "raw",
    [
        13812345678.0,
        13812345678,
        "13812345678.0",
        "138-1234-5678",
        "１３８１２３４５６７８",
        "+8613812345678",
    ],
)
def test_a_phone_is_read_from_a_number_too(raw: object) -> None:
    assert read_cell(Phone(), raw) == "13812345678"


def test_a_code_that_became_a_number_is_text_again() -> None:
    assert read_cell(Text(), 23022676316326.0) == "23022676316326"


@pytest.mark.parametrize(
    "raw",
    [
        datetime(1990, 1, 2),  # noqa: DTZ001
        date(1990, 1, 2),
        32875,
        32875.0,
        "1990.1.2",
        "1990年1月2日",
        "19900102",
        "1990/01/02",
    ],
)
def test_a_day_is_read_in_every_writing(raw: object) -> None:
    assert read_cell(Day(), raw) == date(1990, 1, 2)


@pytest.mark.parametrize(
    ("raw", "answer"),
    [("是", True), ("√", True), ("☑", True), (1.0, True), ("否", False), (0, False), ("×", False)],
)
def test_yes_and_no_are_read_in_every_writing(raw: object, answer: bool) -> None:  # noqa: FBT001
    assert read_cell(Flag(), raw) is answer


@pytest.mark.parametrize(
    ("raw", "yuan"), [("1.5万元", "15000"), ("12,345.60元", "12345.60"), ("￥800", "800"), (7316.0, "7316")]
)
def test_money_is_read_in_every_writing(raw: object, yuan: str) -> None:
    assert read_cell(Money(), raw) == Decimal(yuan)


@pytest.mark.parametrize("raw", ["", "  ", "—", "/", "无数据", None])
def test_signs_for_nothing_are_nothing(raw: object) -> None:
    assert read_cell(Text(), raw) is None


def test_an_error_cell_is_refused_with_its_code() -> None:
    with pytest.raises(Refused, match="#DIV/0!"):
        read_cell(Whole(), CellError("#DIV/0!"))


@pytest.mark.parametrize("name", ["汤䶮", "乔东𬍛", "敖拉·玉华", "胡洋𠅤", "赖囍"])
def test_rare_names_are_kept(name: str) -> None:
    assert read_cell(Name(), f" {name}\u3000") == name


def test_a_character_that_only_the_sender_has_is_refused_and_placed() -> None:
    with pytest.raises(Refused, match="第 2 个字"):
        read_cell(Name(), "王\ue001")


@pytest.mark.parametrize(
    ("private", "char"), [("\ue863", "䶮"), ("\ue81e", "\u9fb4"), ("\ue864", "\u9fbb"), ("\ue816", "𠂇")]
)
def test_private_codes_of_gbk_are_standard_now(private: str, char: str) -> None:
    assert standard(private) == char


def test_a_column_reader_remembers_and_does_not_mix_one_with_true() -> None:
    read = cell_reader(Choice(options_of({"1": "男", "2": "女"})))
    assert [read("男"), read(1.0), read("1"), read(None), read("女")] == ["1", "1", "1", None, "2"]


def test_a_month_of_a_number_cell_is_read() -> None:
    assert read_cell(Month(), 202008.0) == "202008"
