"""What a visit carries over, asks about and stores."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.documents.document import Document
from nehe_desktop.documents.paper import Stamp, draw
from nehe_desktop.documents.photos import shrunk
from nehe_desktop.documents.visit_record import Photo
from nehe_desktop.features.visits.document import visit_record
from nehe_desktop.features.visits.entry import (
    Entry,
    begun,
    carried,
    changes,
    doubts,
    new_ticket,
    reason_of,
    solved_at,
)
from nehe_desktop.features.visits.ledger import ProblemTicket, Visit
from nehe_desktop.features.visits.screen_queries import (
    Problems,
    Visits,
    case_of,
    due_now,
    problem_ids,
    visit_ids,
)
from tests.visits.conftest import NOTE

TODAY = date(2020, 10, 20)


@pytest.fixture
def entry(village: Store) -> Entry:
    case = case_of(village, "a", TODAY)
    assert case is not None
    return begun(case, "李工", TODAY)


def test_the_last_visit_never_brings_its_date_or_record(entry: Entry) -> None:
    found = carried(entry.draft, entry.last)
    assert found == {"met_person": "本人", "items": ("住房",), "food": "正常", "income_per_head": Decimal(9600)}


def test_what_was_typed_stays_when_the_last_visit_is_brought(entry: Entry) -> None:
    entry.draft.set("met_person", "儿媳")
    assert "met_person" not in carried(entry.draft, entry.last)


def test_an_income_of_six_per_cent_is_asked_about(entry: Entry) -> None:
    entry.draft.set("income_per_head", "540")
    assert "只有上次 9,600 元的 6%，是不是少输了一位？" in [p.sentence for p in doubts(entry)]


def test_a_second_visit_of_the_day_counts_once(entry: Entry) -> None:
    entry.draft.set("day", "2020-07-13")
    entry.draft.set("visitors", "王海波")
    assert any("同一天两次只算一次" in p.sentence for p in doubts(entry))


def test_what_was_confirmed_stands_in_the_journal(entry: Entry) -> None:
    entry.draft.set("income_per_head", "540")
    assert reason_of(entry, doubts(entry)).startswith("走访登记（核对无误：只有上次 9,600 元的 6%")


def test_a_problem_is_stored_with_the_visit_and_has_a_day(entry: Entry) -> None:
    entry.draft.set("water", "有问题")
    entry.draft.set("water_note", "冬季冻管")
    entry.ticket = new_ticket(entry)
    ticket = changes(entry, replace(entry.draft.finished(), id=entry.id))[1].record  # type: ignore[union-attr]
    assert (ticket.category, ticket.description, ticket.due, ticket.visit) == (
        "饮水", "冬季冻管", date(2020, 10, 27), entry.id)  # fmt: skip


def test_a_solved_problem_waits_for_its_check(entry: Entry) -> None:
    visit = entry.draft.finished()
    assert [solved_at(t, visit).state for t in entry.case.problems] == ["已解决待核"]
    assert solved_at(entry.case.problems[0], visit).problems() == []


@pytest.mark.parametrize("state", ["登记", "交办", "办理中", "退回", "上报", "挂起", "已解决待核"])
def test_a_problem_of_any_open_state_can_be_ticked(state: str) -> None:
    ticket = ProblemTicket(village="v", category="饮水", description="冻管", raised_on=TODAY, state=state)
    assert solved_at(ticket, Visit(household="a", day=TODAY, visitors="李工")).state == "已解决待核"


def test_a_kept_draft_comes_back_whole(entry: Entry) -> None:
    entry.draft.set("minutes", "三十")
    entry.ticket, entry.solved = new_ticket(entry), {"t"}
    again = begun(entry.case, "李工", TODAY)
    again.from_json(entry.to_json())
    assert (again.id, again.draft.text("minutes"), again.solved, again.ticket is None) == (entry.id, "三十", {"t"}, False)


def test_the_longest_waiting_is_first(village: Store) -> None:
    assert [due.household for due in due_now(village, "village", TODAY)] == ["b", "a", "c"]


def test_lists_hold_what_is_wanted(village: Store) -> None:
    assert len(visit_ids(village, Visits("village", "2020-07-01"))) == 2
    assert len(visit_ids(village, Visits(household="a"))) == 1
    late = [len(problem_ids(village, Problems("village", late_on=day))) for day in ("2020-07-20", "2020-07-21")]
    assert late == [0, 1]


def test_the_record_on_paper_says_what_was_stored(village: Store) -> None:
    visit = village.find(Visit, "va")
    assert visit is not None
    record = visit_record(village, visit, Stamp("D09", "1"))
    assert (record.household, record.note, record.time) == ("宋桂兰", NOTE, "2020 年 7 月 13 日")
    assert record.guarantees[0].state == "正常"


def photo(**more: object) -> bytes:
    target = BytesIO()
    Image.new("RGB", (3200, 1600), "green").save(target, "JPEG", **more)
    return target.getvalue()


def test_a_photo_is_made_small_and_says_when_and_where() -> None:
    exif = Image.Exif()
    exif[0x0132] = "2020:10:20 09:30:00"
    exif[0x8825] = {1: "N", 2: (48.0, 29.0, 0.0), 3: "E", 4: (124.0, 52.0, 30.0)}
    small = shrunk(photo(exif=exif))
    image = Image.open(BytesIO(small.content))
    assert (image.size, image.format, dict(image.getexif())) == ((1600, 800), "JPEG", {})
    assert (small.lat, small.lon) == (Decimal("48.483333"), Decimal("124.875000"))
    assert small.taken is not None
    assert small.taken.hour == 9


def test_a_small_photo_keeps_no_note_of_the_large_one() -> None:
    assert b"MADE-UP NOTE" not in shrunk(photo(comment=b"MADE-UP NOTE", xmp=b"MADE-UP NOTE")).content


def test_an_old_photo_leaves_on_paper_without_its_place(village: Store) -> None:
    visit, exif = village.find(Visit, "va"), Image.Exif()
    assert visit is not None
    exif[0x0110], exif[0x0112] = "MADE-UP CAMERA", 6
    record = visit_record(village, visit, Stamp("D09", "1"))
    target = BytesIO()
    document = Document(target, "走访记录")
    draw(replace(record, photos=(Photo(photo(exif=exif)),)), document)
    document.save()
    with pikepdf.open(target) as paper:
        (kept,) = paper.pages[-1].get_images().values()
        content = kept.read_raw_bytes()
        assert content.startswith(b"\xff\xd8")
        assert b"MADE-UP CAMERA" not in content
        assert (int(kept.Width), int(kept.Height)) == (1600, 3200)


def test_what_is_no_picture_is_said() -> None:
    with pytest.raises(Trouble, match="打不开"):
        shrunk(b"%PDF-1.7")
