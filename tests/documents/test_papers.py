"""Every form as it is printed: text and geometry against golden files, fonts, totals, archive."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
import samples

from nehe_desktop.core.errors import Trouble
from nehe_desktop.documents.archive import archive, faults
from nehe_desktop.documents.attendance_sheet import days_counted
from nehe_desktop.documents.job import print_batch
from nehe_desktop.documents.leave_form import LeavePair
from nehe_desktop.documents.listing import Count, Tally
from nehe_desktop.documents.preview import page_sizes, picture, texts

GOLDEN = Path(__file__).parent / "golden"
PAPERS: dict[str, Callable[[], object]] = {
    "letter": samples.letter,
    "team_letter": lambda: samples.letter(*samples.RARE, samples.LONG),
    "attendance": lambda: samples.sheet(*samples.RARE, samples.LONG),
    "wall_card": lambda: samples.card(on_wall=True),
    "card_pair": samples.pair,
    "cover": samples.cover,
    "visit": samples.visit,
    "long_visit": lambda: samples.visit("本次走访了解到户主家中情况。" * 90),
    "leave": samples.leave,
    "leave_pair": lambda: LeavePair(samples.stamp("D03", "D03-2020-1230001"), samples.leave()),
    "listing": lambda: samples.ledger(70),
    "red_head": lambda: samples.notice("在岗1,023人次，占93.18%。" * 30, red=True),
}


def geometry(pdf: bytes) -> str:
    """Every run of text with its page and place in whole points."""
    lines: list[str] = []
    for number, page in enumerate(pypdfium2.PdfDocument(pdf), 1):
        text = page.get_textpage()
        for index in range(text.count_rects()):
            box = text.get_rect(index)
            lines.append(
                f"{number} {box[0]:.0f} {box[1]:.0f} {box[2]:.0f} {text.get_text_bounded(*box).strip()}"
            )
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", PAPERS)
def test_a_form_is_printed_as_agreed(name: str) -> None:
    found, golden = geometry(samples.printed(PAPERS[name]())), GOLDEN / f"{name}.txt"
    if os.environ.get("NEHE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAPERS)
def test_nothing_is_printed_outside_the_page(name: str) -> None:
    for page in pypdfium2.PdfDocument(samples.printed(PAPERS[name]())):
        text = page.get_textpage()
        boxes = [text.get_rect(index) for index in range(text.count_rects())]
        assert min(box[0] for box in boxes) > 20
        assert max(box[2] for box in boxes) < page.get_width() - 20


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert samples.printed(samples.sheet("李䶮")) == samples.printed(samples.sheet("李䶮"))


def test_every_font_is_embedded() -> None:
    with pikepdf.open(BytesIO(samples.printed(*(make() for make in PAPERS.values())))) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"]
        assert len(fonts) > 5
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


def test_rare_names_are_copied_as_they_are_written() -> None:
    text = "".join(texts(samples.printed(samples.ledger())))
    assert all(name in text for name in (*samples.RARE, samples.LONG))


def test_the_long_term_copy_is_pdf_a(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(samples.printed(*(make() for make in PAPERS.values())))
    archive(tmp_path / "a.pdf", tmp_path / "b.pdf")
    assert faults(tmp_path / "b.pdf") == []


def test_a_letter_is_one_page_even_with_a_long_name() -> None:
    assert len(page_sizes(samples.printed(samples.letter()))) == 1
    assert len(page_sizes(samples.printed(PAPERS["team_letter"]()))) == 1


def test_a_form_of_leave_is_one_page_and_a_long_one_puts_the_return_on_a_second() -> None:
    assert len(page_sizes(samples.printed(samples.leave()))) == 1
    long = samples.leave("家中情况如下，" * 40, "走访的事已交代。" * 24)
    with pytest.raises(Trouble, match="一页印不下两份"):
        samples.printed(LeavePair(long.stamp, long))
    first, second = texts(samples.printed(long))
    assert "驻村办（组织部）意见" in first
    assert "实际返村时间" in second


def test_a_sixth_member_starts_a_new_sheet_before_the_year() -> None:
    assert len(page_sizes(samples.printed(samples.sheet(*"甲乙丙丁戊")))) == 2
    assert len(page_sizes(samples.printed(samples.sheet(*"甲乙丙丁戊己")))) == 3


def test_days_are_counted_from_the_marks_on_the_sheet() -> None:
    (member,) = samples.sheet("李䶮").members
    assert days_counted(member) == (Decimal(19), Decimal(0), Decimal(9), Decimal("0.5"), Decimal("0.5"))


def test_the_wall_card_keeps_cause_and_income_to_itself() -> None:
    wall, house = ("".join(texts(samples.printed(samples.card(on_wall=w)))) for w in (True, False))
    assert ["因病" in text for text in (wall, house)] == [False, True]
    assert ["工资性收入" in text for text in (wall, house)] == [False, True]


def test_a_listing_counts_the_rows_it_printed() -> None:
    tally = Tally((Count("{} 户", "distinct", 0), Count("{} 人"), Count("{} 元", "sum", 1)))
    for row in (("甲", "1,000.50"), ("甲", ""), ("乙", "—")):
        tally.add(row)
    assert tally.text() == "2 户　3 人　1,000.50 元"


def test_a_listing_repeats_its_heading_and_says_how_many_pages() -> None:
    pages = texts(samples.printed(samples.ledger(120)))
    assert len(pages) > 2
    assert all("人均纯收入" in page and f"共 {len(pages)} 页" in page for page in pages)
    assert "共 120 户" in pages[-1].replace("\r\n", "")


def test_an_empty_listing_prints_its_heading_and_no_rows() -> None:
    (page,) = texts(samples.printed(samples.ledger(0)))
    assert "户主" in page
    assert "共 0 户" in page


def test_a_note_longer_than_a_page_is_continued_to_its_last_word() -> None:
    listing = replace(
        samples.ledger(0), rows=[("1", "李䶮", "一屯", "", "3", "", "情况如下，" * 900 + "完毕")]
    )
    pages = texts(samples.printed(listing))
    assert len(pages) > 2
    assert sum(page.count("况") for page in pages) == 900
    assert "完毕" in pages[-1]


def test_made_up_data_are_marked_on_every_page() -> None:
    marked = replace(samples.ledger(120), stamp=samples.stamp("D10", "TZ-1", sample=True))
    assert all(
        "示例数据" in page.replace("\r\n", "") or "示例" in page for page in texts(samples.printed(marked))
    )


def test_the_code_on_paper_is_read_by_a_camera() -> None:
    seen = picture(samples.printed(samples.letter()), 0, dpi=150)
    image = Image.frombytes("RGBA", (seen.width, seen.height), seen.rgba).convert("L")
    assert [found.text.rsplit(":", 1)[0] for found in zxingcpp.read_barcodes(image)] == [
        "NH1:D01:CNS-2026-00017"
    ]


def test_a_batch_is_one_file_with_progress(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    made = print_batch(
        [samples.letter(), samples.sheet("李䶮")], tmp_path / "批.pdf", lambda n, t: told.append((n, t))
    )
    assert (made.papers, made.pages, told) == (2, 3, [(1, 2), (2, 2)])


def test_a_batch_of_nothing_makes_no_file(tmp_path: Path) -> None:
    assert print_batch([], tmp_path / "批.pdf").files == ()
    assert list(tmp_path.iterdir()) == []


def test_a_batch_may_be_one_file_each(tmp_path: Path) -> None:
    made = print_batch([samples.letter(), samples.sheet("李䶮")], tmp_path, separate=True)
    assert [path.name for path in made.files] == ["D01-CNS-2026-00017.pdf", "D02-KQ-2020-02-007.pdf"]


def test_a_cancelled_batch_leaves_nothing(tmp_path: Path) -> None:
    told: list[int] = []
    made = print_batch(
        [samples.letter()] * 5, tmp_path / "批.pdf", lambda n, _: told.append(n), lambda: len(told) > 2
    )
    assert made.cancelled
    assert list(tmp_path.iterdir()) == []


def test_a_failed_batch_keeps_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "批.pdf").write_bytes(b"old")
    with pytest.raises(Trouble):
        print_batch([samples.letter("王\U00030edd")], tmp_path / "批.pdf")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("批.pdf", b"old")]


def test_a_place_that_cannot_be_written_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Trouble, match="无法写入"):
        print_batch([samples.letter()], tmp_path / "file" / "a.pdf")


def test_a_preview_is_rgba_of_the_size_asked() -> None:
    seen = picture(samples.printed(samples.letter()), 0, dpi=72)
    assert (seen.width, seen.height, len(seen.rgba)) == (596, 842, 596 * 842 * 4)
    assert seen.rgba[3] == 255
