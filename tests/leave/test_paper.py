"""D03: what was said of a leave stands on its form; nobody prints another's without the right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.core.store import Store
from nehe_desktop.documents.preview import texts
from nehe_desktop.features.papers.catalogue import MEMBER, TEAM, Request
from nehe_desktop.features.papers.work import preview_of, ready, to_file
from tests.leave.conftest import asked, look, say, sit

TUE, FRI = date(2020, 8, 18), date(2020, 8, 21)


def printed(store: Store, request: Request, folder: Path) -> str:
    path = folder / "请假.pdf"
    to_file(ready(store, request, sample=False), path)
    return "".join(texts(path.read_bytes())).replace("\r\n", "")


def test_the_form_says_who_agreed_and_covers_the_telephone(team: Store, tmp_path: Path) -> None:
    leave = asked(team, "李工", TUE, FRI, phone="13800002203", substitute="m2", kind="病假")
    say(team, leave, "王海波", opinion="快去看病")
    said = printed(sit(team, "王海波"), Request("D03", MEMBER, leave=leave), tmp_path)
    words = ("李工", "2020年8月18日上午至2020年8月21日下午", "共 4 天", "同意。快去看病", "签字：王海波", "138****2203",
             "陈雪", "待乡镇", "实际返村时间")  # fmt: skip
    assert [word for word in words if word not in said] == []
    assert "13800002203" not in said


def test_a_member_prints_his_own_and_no_other(team: Store, tmp_path: Path) -> None:
    mine, other = asked(team, "李工", TUE, TUE), asked(team, "陈雪", FRI, FRI)
    sit(team, "李工")
    assert "事由" in printed(team, Request("D03", MEMBER, leave=mine), tmp_path)
    with pytest.raises(Trouble, match="没有可以打印的"):
        printed(team, Request("D03", MEMBER, leave=other), tmp_path)
    listing = Request("LIST", TEAM, ledger="leave")
    for act in (lambda: preview_of(team, listing, sample=False), lambda: ready(team, listing, sample=False)):
        with pytest.raises(Refused, match="只能看和打印自己的请销假"):
            act()


def test_a_month_of_a_team_is_one_batch_without_drafts(team: Store) -> None:
    asked(team, "李工", TUE, TUE)
    asked(team, "陈雪", FRI, FRI)
    made = ready(sit(team, "王海波"), Request("D03", TEAM, team="team", month="202008"), sample=False)
    assert len(made.papers) == 2
    with pytest.raises(Trouble, match="没有可以打印的请（销）假审批单"):
        ready(team, Request("D03", TEAM, team="team", month="202007"), sample=False)


def test_a_leader_s_own_form_passes_the_leader_s_word_over(team: Store, tmp_path: Path) -> None:
    leave = asked(team, "王海波", TUE, TUE)
    assert look(team, leave).told.chain.words == "乡镇党委"
    said = printed(sit(team, "王海波"), Request("D03", MEMBER, leave=leave), tmp_path)
    assert said.count("按规定不用这一级审批") == 2
