"""ID numbers, credit codes and household codes; the numbers are the standards' own printed examples."""

from datetime import date

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.identity import (
    age_on,
    check_household_code,
    check_uscc,
    household_code,
    id_check_char,
    mod_37_36,
    read_id,
)

WOMAN = "11010519491231002X"  # GB 11643-1999, annex
MAN = "440524188001010014"  # GB 11643-1999, annex
UNIT = "91350100M000100Y43"  # domain §1.7
TODAY = date(2020, 8, 10)


def sentence(raw: str, today: date = TODAY) -> str:
    with pytest.raises(Refused) as refused:
        read_id(raw, today)
    return refused.value.sentence


def test_the_standards_two_examples_have_the_right_check_character() -> None:
    assert [id_check_char(number[:17]) for number in (WOMAN, MAN)] == ["X", "4"]


def test_an_id_number_says_birth_and_sex() -> None:
    holder = read_id(WOMAN, TODAY)
    assert (holder.birth, holder.sex, holder.doubt) == (date(1949, 12, 31), "2", "")


def test_a_man_has_an_odd_seventeenth_digit() -> None:
    assert read_id(MAN, date(1990, 1, 1)).sex == "1"


def test_a_small_x_is_taken_as_a_capital_one() -> None:
    assert read_id(" 11010519491231002x ", TODAY).number == WOMAN


def test_somebody_older_than_120_years_is_a_slip() -> None:
    assert "超过 120 年" in sentence(MAN)


def test_an_old_number_of_15_digits_is_to_be_lengthened_first() -> None:
    assert "升位后再录" in sentence("110105491231002")


def test_17_digits_are_told_from_18() -> None:
    assert "现在 17 位" in sentence(WOMAN[:17])


@pytest.mark.parametrize("place", [0, 5, 9, 16])
def test_one_wrong_digit_is_found_wherever_it_stands(place: int) -> None:
    wrong = WOMAN[:place] + str((int(WOMAN[place]) + 1) % 10) + WOMAN[place + 1 :]
    assert sentence(wrong)


def test_a_placeholder_of_the_system_is_refused() -> None:
    assert "占位号" in sentence("999999" + WOMAN[6:])


def test_a_birth_date_that_never_was_is_refused() -> None:
    assert "19490231" in sentence("110105194902310021")


def test_a_birth_after_today_is_refused() -> None:
    assert "今天之后" in sentence(WOMAN, date(1949, 12, 30))


def test_an_unknown_province_is_only_a_doubt() -> None:
    body = "99" + WOMAN[2:17]
    assert "99 不是省份代码" in read_id(body + id_check_char(body), TODAY).doubt


def test_a_disability_card_says_category_and_grade() -> None:
    card = read_id(f"{WOMAN}42", TODAY)
    assert (card.disability, card.grade, card.sex) == ("4", "2", "2")


def test_a_reissued_disability_card_has_22_characters() -> None:
    assert read_id(f"{WOMAN}42B1", TODAY).grade == "2"


@pytest.mark.parametrize("tail", ["82", "45", "42C1"])
def test_a_disability_card_with_an_impossible_tail_is_refused(tail: str) -> None:
    assert "残疾人证" in sentence(WOMAN + tail)


def test_a_credit_code_is_taken_and_its_slips_are_found() -> None:
    assert check_uscc(UNIT.lower()) == UNIT
    with pytest.raises(Refused, match="校验位"):
        check_uscc("91350100M000100Y44")


def test_a_credit_code_never_has_the_letter_o() -> None:
    with pytest.raises(Refused, match="不会有“O”"):
        check_uscc("9135010OM000100Y43")


def test_the_check_character_of_iso_7064_is_the_standards_example() -> None:
    assert mod_37_36("A12425GABC1234002") == "M"


def test_a_household_code_proves_itself() -> None:
    code = household_code(3, 10, 27)
    assert code.startswith("NH-03-010-0027-")
    assert check_household_code(code.lower()) == code


def test_two_swapped_digits_of_a_household_code_are_found() -> None:
    code = household_code(3, 10, 27)
    with pytest.raises(Refused, match="校验位"):
        check_household_code(code.replace("0027", "0072"))


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1954, 8, 10), date(2020, 8, 9), 65),
        (date(1954, 8, 10), date(2020, 8, 10), 66),
        (date(2004, 2, 29), date(2020, 2, 28), 15),
        (date(2004, 2, 29), date(2021, 3, 1), 17),
    ],
)
def test_age_is_counted_in_full_years(born: date, on: date, age: int) -> None:
    assert age_on(born, on) == age
