"""Lines, fonts, amounts and masks."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import samples

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.masks import masked, masked_address, masked_id, masked_name, masked_phone
from nehe_desktop.documents.amount import in_capitals
from nehe_desktop.documents.document import Document
from nehe_desktop.documents.fonts import bundled, missing
from nehe_desktop.documents.lines import NOT_FIRST, NOT_LAST, break_lines
from nehe_desktop.documents.paragraph import Paragraph, Style, typeset
from nehe_desktop.documents.preview import page_sizes, texts
from nehe_desktop.documents.qr import payload, read_payload

PROSE = st.text("讷河市驻村工作队的，。、；：！？“”（）《》 a1", min_size=1, max_size=150)


@given(PROSE)
def test_every_character_stands_on_one_line(text: str) -> None:
    spans = break_lines(text, [1.0] * len(text), 10, 12)
    assert "".join(text[a:b] for a, b in spans).replace(" ", "") == text.replace(" ", "")


@given(st.lists(st.sampled_from(["讷", "河", "，讷", "。河", "（河", "“讷”讷"]), min_size=20, max_size=60))
def test_no_line_starts_with_a_comma_or_ends_with_an_opening_bracket(parts: list[str]) -> None:
    text = "讷" + "".join(parts)
    lines = [text[a:b] for a, b in break_lines(text, [1.0] * len(text), 10, 12)]
    assert not any(line[0] in NOT_FIRST for line in lines[1:])
    assert not any(line[-1] in NOT_LAST for line in lines[:-1])


def test_a_number_is_not_torn_apart() -> None:
    spans = break_lines("联系电话是0452-3331234号", [1.0] * 18, 12, 20)
    assert spans == [(0, 5), (5, 18)]


def test_a_decimal_point_is_not_pulled_onto_the_line_before_its_digits() -> None:
    text = "在岗人次比上年同期增加了占93.18%。"
    lines = [text[a:b] for a, b in break_lines(text, [1.0] * len(text), 15, 20)]
    assert lines == ["在岗人次比上年同期增加了占", "93.18%。"]


@pytest.mark.parametrize("role", ["song", "hei", "fang", "kai", "biao"])
def test_rare_names_have_a_font_in_every_role(role: str) -> None:
    assert all(bundled().pick(role, character) for character in "𬍛䶮囍𠮷𠅤㛃堃·√○◇△＋☆×⊙—")


def test_a_character_without_a_font_is_named() -> None:
    assert missing("王\U00030edd\ufe00，李") == ["\U00030edd"]


def test_a_print_with_such_a_character_says_where_it_stands() -> None:
    with pytest.raises(Trouble, match=r"U\+30EDD.*承诺书 国庆村 王\U00030edd"):
        samples.printed(samples.letter("王\U00030edd"))


def test_a_listing_names_the_row_of_such_a_character() -> None:
    listing = samples.ledger(0)
    rows = [("1", "王\U00030edd", "一屯", "", "3", "", "")]
    with pytest.raises(Trouble, match="国庆村农户台账"):
        samples.printed(type(listing)(listing.stamp, listing.title, listing.columns, rows))


def test_all_figures_are_as_wide_as_each_other() -> None:
    document = Document(BytesIO(), "试")
    assert document.width("1111", "figures", 10) == pytest.approx(document.width("8039", "figures", 10))


def test_a_paragraph_is_set_only_once() -> None:
    document, paragraph = Document(BytesIO(), "试"), Paragraph("讷河" * 40)
    assert typeset(document, paragraph, 400) is typeset(document, paragraph, 400)


def test_a_line_before_a_long_address_stays_ragged() -> None:
    document = Document(BytesIO(), "试")
    lines = typeset(document, Paragraph("邮箱是nehe2026@163.com" * 3, Style(indent=0)), 150)
    gaps = [float(gap) for line in lines for gap in re.findall(r"> (\S+) <", line.operators)]
    assert lines[0].width < 150
    assert min(gaps, default=0) >= -200


def test_a_full_line_reaches_both_edges() -> None:
    document = Document(BytesIO(), "试")
    line, *_ = typeset(document, Paragraph("讷河市2020年" * 9, Style(indent=0, size=10)), 203)
    gaps = [float(gap) for gap in re.findall(r"> (\S+) <", line.operators)]
    assert line.width - sum(gaps) / 100 == pytest.approx(203, abs=2.1)


def test_a_page_holds_22_lines_of_28_characters() -> None:
    assert len(page_sizes(samples.printed(samples.full_page(22 * 28 - 2)))) == 1  # two for the indent
    assert len(page_sizes(samples.printed(samples.full_page(22 * 28 - 1)))) == 2


def test_the_first_line_of_a_page_has_28_characters() -> None:
    (page, *_) = texts(samples.printed(samples.full_page(600)))
    assert [len(line) for line in page.split("\r\n") if set(line) == {"讷"}][:3] == [26, 28, 28]


@pytest.mark.parametrize(
    ("yuan", "said"),
    [("2040", "贰仟零肆拾元整"), ("10005.50", "壹万零伍元伍角"), ("0.05", "伍分"), ("100000", "壹拾万元整"),
     ("1900", "壹仟玖佰元整"), ("0", "零元整"), ("1000000.03", "壹佰万元零叁分"), ("-3.2", "负叁元贰角"),
     ("100001000", "壹亿零壹仟元整"), ("0.005", "壹分")],
)  # fmt: skip
def test_amounts_in_capitals(yuan: str, said: str) -> None:
    assert in_capitals(Decimal(yuan)) == said


def test_a_code_is_read_back_and_a_damaged_one_refused() -> None:
    text = payload("D01", "CNS-2026-00017")
    assert read_payload(text) == ("D01", "CNS-2026-00017")
    assert read_payload(text.replace("00017", "00018")) is None


@pytest.mark.parametrize(
    ("name", "web"), [("张三", "张*"), ("张小山", "张*山"), (samples.LONG, "阿**逊"), ("李", "李")]
)
def test_names_on_the_web_keep_their_ends(name: str, web: str) -> None:
    assert masked_name(name, "web") == web
    assert masked_name(name, "board") == name


def test_numbers_are_never_public_and_half_hidden_at_home() -> None:
    assert masked_id("23028119900101002X", "internal") == "230281********002X"
    assert masked_phone("13812341234") == "138****1234"
    assert masked("bank", "6222020200012345", "internal").endswith("*2345")
    assert {masked(kind, "6222020200012345", "board") for kind in ("id", "phone", "bank", "address")} == {""}


def test_illness_is_never_public() -> None:
    assert masked("health", "因病", "board") == "符合条件"
    assert masked("health", "因病", "internal") == "因病"


def test_the_web_sees_the_village_only() -> None:
    assert [masked_address("国庆村", "三屯", "8号", a) for a in ("web", "board", "internal")] == \
        ["国庆村", "国庆村三屯", "国庆村三屯8号"]  # fmt: skip
