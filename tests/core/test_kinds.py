"""Values are read from hands and sheets as an office writes them, and refused with what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from nehe_desktop.core import kinds
from nehe_desktop.core.errors import Refused

HEALTH = kinds.options_of({"01": "健康", "02": "长期慢性病", "03": "患有大病"})


@pytest.mark.parametrize(
    "typed",
    [
        "2020-8-10",
        "2020.08.10",
        "2020/8/10",
        "2020年8月10日",
        "20200810",
        "２０２０－８－１０",
        44053,
        44053.0,
        date(2020, 8, 10),
        datetime(2020, 8, 10, 9, 30, tzinfo=UTC),
    ],
)
def test_a_day_is_read_in_every_way_an_office_writes_it(typed: object) -> None:
    assert kinds.Day().read(typed) == date(2020, 8, 10)


@pytest.mark.parametrize("typed", ["2020-2-30", "去年", "8.10", 12345678901])
def test_what_is_no_day_is_refused(typed: object) -> None:
    with pytest.raises(Refused):
        kinds.Day().read(typed)


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("1,200.5", "1200.50"),
        ("3.2万元", "32000.00"),
        ("￥15", "15.00"),
        (0.005, "0.01"),
        ("2.25亿", "225000000.00"),
    ],
)
def test_money_is_read_with_its_units_and_rounded_half_up(typed: object, yuan: str) -> None:
    assert kinds.Money().read(typed) == Decimal(yuan)


def test_money_is_kept_as_whole_fen() -> None:
    kind = kinds.Money()
    assert (kind.store(Decimal("9806.10")), kind.load(980610), kind.show(Decimal(9806))) == (
        980610,
        Decimal("9806.10"),
        "9,806.00",
    )


@pytest.mark.parametrize("typed", ["02", "长期慢性病", " 长期慢性病 ", "02长期慢性病"])
def test_a_choice_is_read_by_code_or_label(typed: str) -> None:
    assert kinds.Choice(HEALTH).read(typed) == "02"


def test_a_wrong_choice_is_refused_with_what_there_is() -> None:
    with pytest.raises(Refused, match="健康、长期慢性病、患有大病"):
        kinds.Choice(HEALTH).read("感冒")


def test_choices_keep_the_order_of_the_list() -> None:
    kind = kinds.Choices(HEALTH)
    assert kind.read("患有大病、长期慢性病") == ("02", "03")
    assert (kind.store(("02", "03")), kind.load("02,03"), kind.load(None)) == ("02,03", ("02", "03"), ())


@pytest.mark.parametrize(
    ("typed", "said"), [("是", True), ("√", True), (1, True), ("否", False), ("未参加", False)]
)
def test_yes_and_no_are_understood(typed: object, *, said: bool) -> None:
    assert kinds.Flag().read(typed) is said


@pytest.mark.parametrize(
    "typed", ["13800002203", "138-0000-2203", 13800002203.0, "'13800002203", "１３８００００２２０３"]
)
def test_a_phone_number_is_read_from_text_and_from_numbers(typed: object) -> None:
    assert kinds.Phone().read(typed) == "13800002203"


def test_a_short_phone_number_is_told_how_short() -> None:
    with pytest.raises(Refused, match="手机号要 11 位，现在 10 位"):
        kinds.Phone().read("1380000220")


@pytest.mark.parametrize("typed", [2.30281195303080e17, "2.30281E+17", 230281195303080021])
def test_an_id_number_that_excel_rounded_is_refused_never_guessed(typed: object) -> None:
    with pytest.raises(Refused, match="已经丢失"):
        kinds.IdNumber().read(typed)


@pytest.mark.parametrize("typed", ["敖拉·玉华", "汤䶮", "田玉𬍛", "张华囍", "阿尔瓦·O", "𠮷野"])
def test_a_name_keeps_every_character(typed: str) -> None:
    assert kinds.Name().read(f" {typed}\u3000") == typed


def test_layout_spaces_inside_a_chinese_name_go() -> None:
    assert kinds.Name().read("陈　雪") == "陈雪"


@pytest.mark.parametrize("typed", ["张3", "=1+1", "张,三", "王" * 31])
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        kinds.Name().read(typed)


@pytest.mark.parametrize("raw", [None, "", "  ", "\u3000", "\u200b"])
def test_nothing_is_nothing_for_every_kind(raw: object) -> None:
    for kind in (kinds.Day(), kinds.Money(), kinds.Name(), kinds.Flag(), kinds.Choices(HEALTH)):
        assert kind.read(raw) is None


def test_an_area_is_kept_as_hundredths() -> None:
    kind = kinds.Measure(places=2, high=Decimal(500), unit="亩")
    assert (kind.read("12.345亩"), kind.store(Decimal("12.35"))) == (Decimal("12.35"), 1235)
    with pytest.raises(Refused, match="0 到 500"):
        kind.read("501")
