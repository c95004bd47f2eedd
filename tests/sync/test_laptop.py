"""The laptop's side of a synchronisation, against a real hub in the same process."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.search import search
from nehe_desktop.core.search_index import pair_token
from nehe_desktop.core.store import Remove
from nehe_desktop.features.divisions.ledger import Division
from nehe_desktop.features.entry.intake import begin
from nehe_desktop.features.entry.rules import Answers
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.teams.ledger import Team
from nehe_desktop.features.visits.ledger import ProblemTicket
from nehe_desktop.security.laptop import profile_of
from nehe_desktop.sync import attachments, outbox, pouring
from nehe_desktop.sync.client import Wiped, enrol
from nehe_desktop.sync.standing import log, row_states, standing, waiting

from .direct import KEY, NORTH, SOUTH, County, Desk, Direct, Faults, household, settle, sqlite_county
from .pages import plain_pages


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    made = sqlite_county(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def desks(county: County, tmp_path: Path) -> Iterator[list[Desk]]:
    """Two laptops of the northern village."""
    made = [Desk(county, tmp_path / f"{name}.db", name).join(NORTH) for name in ("甲", "乙")]
    yield made
    for desk in made:
        desk.close()


def person(home: Household, name: str = "王秀英", **values: Any) -> Person:
    return Person(household=home.id, name=name, relation="02", **values)


def put_on_hub(county: County, table: str, pk: str, **values: Any) -> None:
    """A newer program of another laptop has written fields into a row that this one does not know."""

    def job(link: Any) -> None:
        found = link.one("SELECT data FROM record WHERE county = ? AND tbl = ? AND pk = ?", ("230281", table, pk))
        data = json.dumps({**json.loads(found[0]), **values})
        where = ("230281", table, pk)
        link.run("UPDATE record SET data = ? WHERE county = ? AND tbl = ? AND pk = ?", (data, *where))

    county.store.write("230281", job)


def test_what_one_laptop_saves_the_other_sees(desks: list[Desk]) -> None:
    home = household(NORTH)
    desks[0].save(home, reason="登记")
    settle(desks)
    assert desks[1].store.find(Household, home.id) == home
    assert desks[0].values() == desks[1].values() == desks[0].county.records()


def test_a_row_says_how_far_it_is(desks: list[Desk]) -> None:
    home = household(NORTH)
    desks[0].save(home)
    assert row_states(desks[0].store, "household", [home.id]) == {home.id: "pending"}
    with pytest.raises(Trouble):
        desks[0].sync("lost reply", "lost request", "lost request")
    assert row_states(desks[0].store, "household", [home.id]) == {home.id: "sending"}
    assert standing(desks[0].store).online is False
    desks[0].sync()
    assert row_states(desks[0].store, "household", [home.id]) == {home.id: "synced"}


def test_nothing_is_said_of_rows_where_there_is_no_hub(county: County, tmp_path: Path) -> None:
    alone = Desk(county, tmp_path / "alone.db", "独")
    assert row_states(alone.store, "household", ["x"]) == {"x": ""}
    assert not standing(alone.store).enrolled
    with pytest.raises(Trouble, match="还没有加入"):
        alone.sync()
    alone.close()


def test_what_waits_is_counted_and_named(desks: list[Desk]) -> None:
    desks[0].save(household(NORTH), reason="登记新户")
    now = standing(desks[0].store)
    assert (now.waiting, now.set_aside, now.conflicts) == (1, 0, 0)
    assert [each.reason for each in waiting(desks[0].store, 10)] == ["登记新户"]
    desks[0].sync()
    assert standing(desks[0].store).waiting == 0


def test_a_lost_answer_is_asked_for_again_and_nothing_is_doubled(desks: list[Desk]) -> None:
    home = household(NORTH)
    desks[0].save(home)
    desks[0].sync("lost reply")
    settle(desks)
    assert [row for (table, _), row in desks[0].county.records().items() if table == "household"] == [
        desks[1].values()["household", home.id]
    ]


def test_a_save_that_is_too_large_travels_in_parts_and_arrives_whole(desks: list[Desk]) -> None:
    homes = [household(NORTH, hamlet=f"{number}屯") for number in range(900)]
    desks[0].save(*homes, reason="导入")
    desks[0].sync("lost reply")
    parts = desks[0].store.rows("SELECT final FROM sync_tx")
    assert len(parts) > 1
    assert len(set(parts)) == 1
    settle(desks)
    assert len(desks[1].store.all(Household)) == 900


def test_half_of_a_large_save_is_not_shown_to_others(desks: list[Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "PART", 2000)
    desks[0].save(*(household(NORTH) for _ in range(60)))
    desks[0].store.database.write(lambda writing: outbox.seal(writing, desks[0].dev)).result()
    first = outbox.batch_after(desks[0].store, desks[0].dev, 0, 1)
    assert len(first) == 1
    monkeypatch.setattr(outbox, "unsent", lambda *_: (first, False))
    desks[0].sync()
    desks[1].sync()
    assert not desks[1].store.all(Household)
    assert len(desks[0].store.all(Household)) == 60
    monkeypatch.undo()
    settle(desks)
    assert len(desks[1].store.all(Household)) == 60


def test_both_values_of_a_field_are_kept_and_shown(desks: list[Desk]) -> None:
    home = household(NORTH, hamlet="前屯")
    desks[0].save(home)
    settle(desks)
    desks[0].save(replace(home, hamlet="东屯"))
    desks[1].save(replace(home, hamlet="西屯"))
    settle(desks)
    assert desks[0].store.find(Household, home.id) == desks[1].store.find(Household, home.id)
    conflict = desks[0].store.one("SELECT came, stood, base FROM conflict")
    assert conflict is not None
    assert {json.loads(each)["hamlet"] for each in conflict} == {"前屯", "东屯", "西屯"}


def test_typing_that_waits_lies_on_top_of_what_comes(desks: list[Desk]) -> None:
    home = household(NORTH, hamlet="前屯")
    desks[0].save(home)
    settle(desks)
    desks[1].save(replace(home, hamlet="西屯", group_no="2"))
    desks[1].sync()
    desks[0].save(replace(home, hamlet="东屯"))
    with pytest.raises(Trouble):
        desks[0].sync("lost request", "lost request", "lost request")
    assert desks[0].store.find(Household, home.id).hamlet == "东屯"  # type: ignore[union-attr]
    settle(desks)
    assert desks[0].values() == desks[1].values()


def test_an_edit_of_another_field_meets_no_conflict(desks: list[Desk]) -> None:
    home = household(NORTH)
    desks[0].save(home)
    settle(desks)
    desks[0].save(replace(home, hamlet="东屯"))
    desks[1].save(replace(home, group_no="3"))
    settle(desks)
    found = desks[0].store.find(Household, home.id)
    assert found is not None
    assert (found.hamlet, found.group_no) == ("东屯", "3")
    assert not desks[0].store.count(LEDGERS["conflict"].cls)


def test_histories_tell_what_others_did(desks: list[Desk]) -> None:
    home = household(NORTH)
    desks[0].save(home)
    settle(desks)
    desks[1].save(replace(home, hamlet="西屯"))
    settle(desks)
    last = desks[0].store.history(Household, home.id)[-1]
    assert (last.author, last.patch["hamlet"][1]) == ("乙", "西屯")
    assert "收到" not in {step.reason for step in desks[0].store.steps(50)}


def test_rows_that_are_shipped_are_not_sent_again(county: County, tmp_path: Path) -> None:
    desks = [Desk(county, tmp_path / f"{name}.db", name) for name in ("甲", "乙")]
    for desk in desks:
        begin(desk.store, Answers("同义镇", "同义村", desk.name))
        desk.join(profile_of(desk.store).village)
    for desk in desks:
        desk.sync()
    first, second = (sum(len(body) for dev, body in county.sent if dev == desk.dev) for desk in desks)
    assert desks[1].store.one("SELECT count(*) FROM sync_row WHERE tbl = 'workday'") == (0,)
    assert second < first / 3
    settle(desks)
    assert {name for (name,) in desks[1].store.rows("SELECT state FROM journal WHERE given <> ''")} == {"synced"}
    for desk in desks:
        desk.close()


def test_a_village_that_a_laptop_made_up_takes_the_id_of_the_county(county: County, tmp_path: Path) -> None:
    desk = Desk(county, tmp_path / "new.db", "丙")
    begin(desk.store, Answers("同义镇", "没有名录的村", "张伟"))
    made_up = profile_of(desk.store).village
    desk.join(NORTH)
    assert profile_of(desk.store).village == NORTH
    assert desk.store.find(Division, made_up) is None
    desk.sync()
    assert desk.store.all(Team)[0].village == NORTH
    assert not standing(desk.store).set_aside
    desk.close()


def test_a_laptop_of_another_village_is_not_let_in_by_mistake(county: County, tmp_path: Path) -> None:
    desk = Desk(county, tmp_path / "new.db", "丙")
    begin(desk.store, Answers("同义镇", "同义村", "张伟"))
    with pytest.raises(Refused, match="同义村"):
        desk.join(NORTH)
    assert not standing(desk.store).enrolled
    desk.close()


def test_the_answer_to_joining_may_be_lost_and_the_code_is_not(county: County, tmp_path: Path) -> None:
    desk = Desk(county, tmp_path / "new.db", "丙")
    invitation = county.invitation("丙", NORTH)
    faults = Faults(["lost reply"])
    for _ in range(2):
        with contextlib.suppress(Trouble):
            enrol(desk.store, invitation, "丙村电脑", lambda *_: ("", Direct(county, "", faults)))
    desk.save(household(NORTH))
    assert desk.sync().sent == 1
    assert len(county.rows("SELECT dev FROM device WHERE county = ?")) == 1
    desk.close()


def test_a_laptop_goes_by_the_name_that_the_county_gave_it(county: County, tmp_path: Path) -> None:
    desk = Desk(county, tmp_path / "new.db", "丙")
    invitation = county.invitation("明星村 1 号电脑", NORTH)
    enrol(desk.store, invitation, "我的电脑", lambda *_: ("", Direct(county, "", Faults())))
    assert standing(desk.store).name == "明星村 1 号电脑"
    desk.close()


def test_fields_of_a_newer_program_are_kept_on_the_way(desks: list[Desk]) -> None:
    home = household(NORTH)
    desks[0].save(home)
    settle(desks)
    put_on_hub(desks[0].county, "household", home.id, solar_panel="有")
    desks[0].save(replace(home, hamlet="东屯"))
    settle(desks)
    assert desks[1].store.one("SELECT _extra FROM household") == ('{"solar_panel": "有"}',)
    desks[1].save(replace(home, hamlet="西屯"))
    settle(desks)
    assert desks[1].county.records()["household", home.id]["solar_panel"] == "有"
    assert desks[0].values() == desks[1].values() == desks[0].county.records()


def test_what_was_laid_aside_is_taken_in_after_an_update(desks: list[Desk]) -> None:
    home = household(NORTH)
    desks[0].save(home)
    settle(desks)
    keep = "UPDATE household SET _extra = ?, door_no = NULL"
    desks[0].store.database.write(lambda w: w.execute(keep, ('{"door_no": "12", "solar_panel": "有"}',))).result()
    desks[0].store.database.write(lambda w: w.execute("UPDATE sync_state SET v = '\"\"' WHERE k = 'shape'")).result()
    desks[0].sync()
    assert desks[0].store.one("SELECT door_no, _extra FROM household") == ("12", '{"solar_panel": "有"}')


def test_ledgers_of_a_newer_program_wait_for_the_update(desks: list[Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    home = household(NORTH)
    desks[0].save(home)
    settle(desks[:1])
    known = dict(LEDGERS)
    monkeypatch.delitem(LEDGERS, "household")
    desks[1].sync()
    assert desks[1].store.one("SELECT count(*) FROM household") == (0,)
    monkeypatch.setitem(LEDGERS, "household", known["household"])
    desks[1].store.database.write(lambda w: w.execute("UPDATE sync_state SET v = '\"\"' WHERE k = 'shape'")).result()
    desks[1].sync()
    assert desks[1].store.find(Household, home.id) == home


def test_a_village_that_is_taken_away_leaves_no_trace_in_the_file(desks: list[Desk]) -> None:
    leaving, staying = desks
    county = leaving.county
    county.grant(leaving.dev, SOUTH)
    home = household(NORTH, hamlet="鸳鸯湖屯")
    leaving.save(home, person(home, "尉迟留香", id_no="11010519491231002X"))
    settle(desks)
    leaving.store.keep_draft(f"visit:{home.id}", {"note": "鸳鸯湖屯"}).result()
    county.take_away(leaving.dev, NORTH)
    leaving.sync()
    leaving.store.database.checkpoint()
    assert not leaving.store.all(Household)
    content = plain_pages(leaving.path, KEY)
    assert leaving.name.encode() in content
    for word in ("鸳鸯湖屯", "尉迟留香", "11010519491231002X", "yuchiliuxiang", pair_token("尉", "迟"), home.id):
        assert word.encode() not in content, word
    assert staying.store.find(Household, home.id) == home


def test_work_for_a_village_that_was_taken_away_is_sent_before_it_goes(desks: list[Desk]) -> None:
    leaving, staying = desks
    county = leaving.county
    county.grant(leaving.dev, SOUTH)
    home = household(NORTH)
    leaving.save(home)
    settle(desks)
    leaving.save(replace(home, hamlet="东屯"))
    county.watch.pass_by(minutes=5)
    county.take_away(leaving.dev, NORTH)
    leaving.sync()
    staying.sync()
    assert staying.store.find(Household, home.id).hamlet == "东屯"  # type: ignore[union-attr]
    assert not leaving.store.all(Household)


def test_a_change_that_may_not_be_done_is_set_aside_and_stays_visible(county: County, tmp_path: Path) -> None:
    desk = Desk(county, tmp_path / "a.db", "甲").join(NORTH)
    foreign, own = household(SOUTH), household(NORTH)
    desk.save(foreign)
    desk.save(own)
    report = desk.sync()
    assert report.set_aside == 1
    assert desk.store.find(Household, foreign.id) == foreign
    assert row_states(desk.store, "household", [foreign.id, own.id]) == {foreign.id: "quarantined", own.id: "synced"}
    assert ("household", own.id) in county.records()
    assert ("household", foreign.id) not in county.records()
    desk.close()


def test_rows_that_silently_differ_are_found_and_put_right(desks: list[Desk]) -> None:
    home, lost = household(NORTH), household(NORTH)
    desks[0].save(home, lost)
    settle(desks)
    fake = "UPDATE sync_row SET rev = rev + 7 WHERE pk = ?"
    desks[1].store.database.write(lambda w: w.execute(fake, (lost.id,))).result()
    digest = "UPDATE sync_cursor SET digest = '0000000000000001' WHERE scope = ?"
    desks[1].store.database.write(lambda w: w.execute(digest, (NORTH,))).result()
    desks[1].sync(check=True)
    assert any("核对不一致" in line.sentence for line in log(desks[1].store, 20))
    assert desks[1].values() == desks[0].values()
    assert not desks[1].sync(check=True).read_anew


def test_a_removed_row_is_gone_everywhere_and_does_not_come_back(desks: list[Desk]) -> None:
    home = household(NORTH)
    desks[0].save(home)
    settle(desks)
    desks[0].save(Remove(Household, home.id))
    settle(desks)
    assert desks[1].store.find(Household, home.id) is None
    settle(desks)
    assert ("household", home.id) not in desks[0].county.records()


def test_pictures_follow_their_rows_in_parts(desks: list[Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "CHUNK", 1000)
    content = b"\x89PNG" + hashlib.sha256(b"made up").digest() * 200
    name = desks[0].store.keep_blob(content, "image/png")
    ticket = ProblemTicket(
        village=NORTH, category="其他", description="路灯不亮", raised_on=date(2020, 8, 1), photos_before=(name,)
    )
    desks[0].save(ticket)
    assert desks[0].sync().files == 1
    with pytest.raises(Trouble):
        desks[1].sync(*["", "", ""], "lost reply", "lost reply", "lost reply", "lost reply", "lost reply")
    assert desks[1].store.blob(name) is None
    desks[1].sync()
    assert desks[1].store.blob(name) == content


def test_a_new_laptop_is_filled_with_a_file_that_goes_on_after_a_cut(
    desks: list[Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "CHUNK", 4000)
    desks[0].save(*(household(NORTH, hamlet=f"{number}屯") for number in range(700)))
    settle(desks[:1])
    new = Desk(desks[0].county, tmp_path / "new.db", "新").join(NORTH)
    with pytest.raises(Trouble):
        new.sync("", "", "lost reply")
    assert new.store.one("SELECT count(*) FROM sync_part") == (1,)
    assert standing(new.store).filling is not None
    new.sync()
    assert new.values() == desks[0].values()
    assert standing(new.store).filling is None
    assert new.store.one("SELECT count(*) FROM sync_part") == (0,)
    new.close()


def indexes(desk: Desk) -> set[str]:
    sql = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name IN ('household', 'person')"
    return {name for (name,) in desk.store.rows(sql)}


@pytest.mark.parametrize("faults", [(), ("", "", "", "lost reply")])
def test_a_laptop_that_receives_very_much_makes_its_indexes_afterwards(
    desks: list[Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faults: tuple[str, ...]
) -> None:
    monkeypatch.setattr(pouring, "MUCH", 1)
    monkeypatch.setattr(attachments, "CHUNK", 4000)
    homes = [household(NORTH, hamlet=f"{number}屯", hh_no=f"{2302000000 + number}") for number in range(700)]
    desks[0].save(*homes)
    settle(desks[:1])
    new = Desk(desks[0].county, tmp_path / "new.db", "新").join(NORTH)
    with contextlib.suppress(Trouble):
        new.sync(*faults)
    assert indexes(new) == indexes(desks[0])
    new.sync()
    assert new.values() == desks[0].values()
    assert homes[-1].id in {hit.id for hit in search(new.store, "2302000699")}
    new.close()


def test_a_program_that_is_ended_while_it_receives_makes_its_indexes_later(desks: list[Desk], tmp_path: Path) -> None:
    desk, before = desks[0], indexes(desks[0])
    desk.save(household(NORTH, hh_no="2302000001"))
    desk.sync()
    pouring.loosen(desk.store, pouring.MUCH)
    assert not {name for name in before if name.startswith("ix_")} & indexes(desk)
    desk.keep(tmp_path / "as it was when the power went")
    desk.put_back(tmp_path / "as it was when the power went")
    assert indexes(desk) == before
    desk.sync()
    assert not pouring.is_loose(desk.store)


def test_a_stolen_laptop_learns_that_it_must_be_emptied(desks: list[Desk]) -> None:
    desks[0].county.revoke(desks[0].dev)
    with pytest.raises(Wiped):
        desks[0].sync()


def test_an_order_to_empty_that_the_hub_did_not_sign_is_not_followed(desks: list[Desk]) -> None:
    thief, county = desks[0], desks[0].county
    county.keys = type(county.keys)(desks_keys := county.keys.seal, desks_keys)
    county.revoke(thief.dev)
    with pytest.raises(Trouble) as told:
        thief.sync()
    assert not isinstance(told.value, Wiped)


def test_a_copied_file_takes_a_name_of_its_own_and_loses_nothing(desks: list[Desk], tmp_path: Path) -> None:
    desks[0].save(household(NORTH))
    settle(desks)
    twin = desks[0].copy(tmp_path / "twin.db", "丁")
    mine, its = household(NORTH, hamlet="甲屯"), household(NORTH, hamlet="丁屯")
    desks[0].save(mine)
    twin.save(its)
    settle([*desks, twin])
    assert twin.dev != desks[0].dev
    assert {mine.id, its.id} <= {pk for _, pk in desks[1].values()}
    assert any(line.kind == "fork" for desk in (desks[0], twin) for line in log(desk.store, 20))
    twin.close()


def test_the_receipt_of_both_sides_is_the_same_and_kept(desks: list[Desk]) -> None:
    desks[0].save(household(NORTH))
    report = desks[0].sync()
    assert report.hash
    assert not report.problems
    line = next(line for line in log(desks[0].store, 10) if line.kind == "receipt")
    assert line.detail["hash"] == report.hash
    kept = desks[0].county.rows("SELECT hash FROM receipt WHERE county = ?")
    assert (report.hash,) in kept


def test_a_wrong_clock_neither_wins_nor_stops_anybody(county: County, tmp_path: Path) -> None:
    ahead = Desk(county, tmp_path / "ahead.db", "快", skew=400 * 86_400).join(NORTH)
    right = Desk(county, tmp_path / "right.db", "准").join(NORTH)
    home = household(NORTH, hamlet="前屯")
    ahead.save(home)
    settle([ahead, right])
    ahead.save(replace(home, hamlet="东屯"))
    county.watch.pass_by(minutes=30)
    right.save(replace(home, hamlet="西屯"))
    settle([ahead, right])
    assert right.store.find(Household, home.id).hamlet == "西屯"  # type: ignore[union-attr]
    for desk in (ahead, right):
        desk.close()


def test_an_undone_step_is_undone_everywhere(desks: list[Desk]) -> None:
    receipt = desks[0].save(*(household(NORTH) for _ in range(3)))
    settle(desks)
    desks[0].store.undo(receipt.tx)
    settle(desks)
    assert not desks[1].store.all(Household)


def test_what_was_sent_is_kept_until_the_hub_has_it_in_a_backup_elsewhere(desks: list[Desk]) -> None:
    county, desk = desks[0].county, desks[0]
    for number in range(3):
        desk.save(household(NORTH, hamlet=f"{number}屯"))
    desk.sync()
    county.watch.pass_by(days=40)
    desk.sync()
    assert desk.store.one("SELECT count(*) FROM sync_tx") == (3,)
    durable = json.dumps({desk.dev: 3})
    insert = "INSERT INTO meta (county, k, v) VALUES ('230281', 'durable', ?)"
    county.store.write("230281", lambda link: link.run(insert, (durable,)))
    desk.save(household(NORTH))
    desk.sync()
    assert desk.store.rows("SELECT seq FROM sync_tx") == [(4,)]
