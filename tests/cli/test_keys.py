"""The keys of a laptop from the command line: PINs never stand in the words, and every act is in the log."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from nehe_desktop.cli import main
from nehe_desktop.core.clock import Clock
from nehe_desktop.documents.preview import texts
from nehe_desktop.features.custody.ledger import AuditEntry
from nehe_desktop.features.entry.intake import begin
from nehe_desktop.features.entry.rules import Answers
from nehe_desktop.security import escrow, laptop, vault
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop
from tests.keystores import Memory

PIN, NEW = "kx83mm2", "wq27zz9"
Say = Callable[..., str]


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Say:
    """Runs `keys` on a laptop of its own, set up for one person; gives what it prints."""
    made, cheap = vault._holder, Cost(memory=8, passes=1, lanes=1)
    monkeypatch.setattr(vault, "_holder", lambda *words: made(*words[:4], cheap))
    monkeypatch.setenv("NEHE_PIN", PIN)
    monkeypatch.setenv("NEHE_NEW_PIN", NEW)
    here = Laptop(tmp_path)
    key, _ = laptop.set_up(here, "李建国", PIN)
    with closing(laptop.open_store(here, key, "李建国", Clock())) as store:
        begin(store, Answers(township="学田镇", village="明星村", person="李建国", unit="市财政局"))

    def run(*words: str, code: int = 0) -> str:
        assert main(["keys", "--data", str(tmp_path), "--person", "李建国", *words]) == code
        told = capsys.readouterr()
        return told.out + told.err

    return run


def log_of(folder: Path, pin: str = PIN) -> list[str]:
    """What the log says of keys and people, the oldest first."""
    here = Laptop(folder)
    with closing(laptop.open_store(here, vault.unlock(here.vault, "李建国", pin), "李建国")) as store:
        return [each.detail for each in store.all(AuditEntry, "kind IN ('钥匙', '人员和权限')", order="number")]


def test_the_list_says_who_opens_it_and_what_the_county_keeps(say: Say) -> None:
    told = say("list")
    assert "李建国\t可登录" in told
    assert "没有加入县里的网" in told


def test_a_new_pin_opens_and_the_old_one_no_more(say: Say, tmp_path: Path) -> None:
    say("pin")
    assert log_of(tmp_path, NEW)[-1] == "改了自己的口令"
    assert "口令不对" in say("list", code=1)


def test_a_changed_key_keeps_pin_and_work_and_is_in_the_log(say: Say, tmp_path: Path) -> None:
    before = vault.unlock(Laptop(tmp_path).vault, "李建国", PIN)
    assert "--yes" in say("change")
    say("change", "--yes")
    assert vault.unlock(Laptop(tmp_path).vault, "李建国", PIN) != before
    assert log_of(tmp_path)[-1] == "更换了数据密钥"


def test_a_new_sheet_is_a_paper_and_opens_the_laptop(say: Say, tmp_path: Path) -> None:
    say("sheet", str(tmp_path / "恢复单.pdf"))
    text = "".join(texts(tmp_path / "恢复单.pdf"))
    assert "数据恢复码" in text
    assert log_of(tmp_path)[-1].startswith("新恢复单")


def test_a_laptop_without_a_county_leaves_its_key_nowhere(say: Say) -> None:
    assert "还没有加入" in say("deposit", code=3)


def test_the_key_store_is_switched_off_and_on_with_an_entry_each(system: Memory, say: Say, tmp_path: Path) -> None:
    assert "开着：1 人的口令之外，还要" in say("store", "show")
    assert "关着：数据只由口令锁着" in say("store", "off")
    assert not system.secrets
    assert "没有打开，不用关" in say("store", "off", code=1)
    say("store", "on")
    assert len(system.secrets) == 1
    assert [words.partition("：")[0] for words in log_of(tmp_path)] == ["关掉系统钥匙库", "打开系统钥匙库"]


def test_without_its_secret_the_command_line_says_what_to_do(system: Memory, say: Say) -> None:
    system.secrets.clear()
    assert "口令不算输错。请用封存的恢复单，或请县里打开" in say("list", code=1)
    assert "可以试" not in say("list", code=1)


def test_a_computer_without_a_key_store_is_told_so(say: Say) -> None:
    assert "没有能用的系统钥匙库" in say("store", "show")
    assert "没有能用的系统钥匙库" in say("store", "on", code=3)


def test_who_forgot_the_pin_asks_without_it_and_comes_in_by_the_answer(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escrow, "STRONG", Cost(memory=8, passes=1, lanes=1))
    monkeypatch.delenv("NEHE_PIN")
    here, asked, answered = Laptop(tmp_path), tmp_path / "请求.txt", tmp_path / "答复.txt"
    key = vault.unlock(here.vault, "李建国", PIN)
    assert "keys answer" in say("ask", str(asked))
    assert NEW not in asked.read_text("utf-8")
    request = escrow.read_request(asked.read_text("utf-8"))
    answered.write_text("\n".join(escrow.answer(request, key)), "utf-8")
    assert "以后用新口令登录" in say("answer", str(answered))
    assert any("忘了口令" in each for each in log_of(tmp_path, NEW))
    assert "没有等着的请求" in say("answer", str(answered), code=1)


def test_the_new_pin_may_lie_in_a_file_and_is_never_a_word(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escrow, "STRONG", Cost(memory=8, passes=1, lanes=1))
    monkeypatch.delenv("NEHE_NEW_PIN")
    (tmp_path / "pin").write_text("123456\n", "utf-8")
    monkeypatch.setenv("NEHE_NEW_PIN_FILE", str(tmp_path / "pin"))
    assert "123456" in say("ask", code=1)  # the sentence tells why such a PIN will not do
    (tmp_path / "pin").write_text(f"{NEW}\n", "utf-8")
    assert "请县里打开" in say("ask")
    assert "No such file" not in say("answer", str(tmp_path / "none.txt"), code=1)


def test_what_a_restore_put_aside_gets_the_new_key_too(say: Say, tmp_path: Path) -> None:
    file = Laptop(tmp_path).file
    aside = file.with_name("nehe-恢复前-20201020-090000.nhdb")
    aside.write_bytes(file.read_bytes())
    say("change", "--yes")
    assert "另存着 1 份" in (told := say("list"))
    assert "都用现在的密钥" in told
    assert log_of(tmp_path)[-1] == "恢复前另存的数据也换成了现在的密钥"
