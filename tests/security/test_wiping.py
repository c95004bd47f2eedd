"""A laptop that the county has given up is emptied: keys first, everything of its data, nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nehe_desktop.core.clock import fixed
from nehe_desktop.security import backup, laptop, wiping
from nehe_desktop.security.laptop import Laptop
from tests.conftest import NOW

PIN = "秋水长天-270"


@pytest.fixture
def here(tmp_path: Path) -> Laptop:
    """A laptop with a database, keys and their copy, a backup, a paper, and a log."""
    made = Laptop(tmp_path)
    key, _ = laptop.set_up(made, "李工", PIN)
    store = laptop.open_store(made, key, "李工", fixed(NOW))
    store.keep_draft("visit:a", {"note": "写到一半"}).result()
    backup.make(store.database, key, made.vault, made.backups, fixed(NOW).now())
    store.close()
    for path in (made.papers / "a.pdf", made.logs / "nehe.log", tmp_path / "look.json", tmp_path / "village/nehe.nhdb"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content of " + path.name.encode())
    made.vault.with_name("nehe.vault.previous").write_bytes(made.vault.read_bytes())
    return made


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def blocks(data: bytes) -> set[bytes]:
    return {data[at : at + 64] for at in range(0, len(data), 64)}


def test_everything_of_the_data_is_gone_and_nothing_else(here: Laptop) -> None:
    emptied = wiping.wipe(here)
    assert files(here.folder) == ["logs/nehe.log", "look.json", "village/nehe.nhdb"]
    assert emptied.gone >= 6
    assert "已全部清除" in emptied.sentence
    assert here.is_new


def test_what_is_deleted_was_overwritten_first(here: Laptop) -> None:
    kept = here.folder / "seen.nhdb"
    os.link(here.file, kept)  # another name for the same blocks
    before = kept.read_bytes()
    wiping.wipe(here)
    after = kept.read_bytes()
    assert len(after) == len(before)
    assert not blocks(before) & blocks(after)


def test_the_keys_go_first_and_a_stop_half_way_is_finished_later(here: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    erase = wiping.erase

    def stopped(path: Path) -> None:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(path.name)
        erase(path)

    monkeypatch.setattr(wiping, "erase", stopped)
    with pytest.raises(KeyboardInterrupt):
        wiping.wipe(here)
    assert all(".vault" in name or name.endswith(".key") for name in done)
    assert wiping.is_unfinished(here)
    monkeypatch.undo()
    wiping.wipe(here)
    assert not wiping.is_unfinished(here)
    assert not (here.folder / "work").exists()


def test_a_file_that_resists_is_named_and_tried_again(here: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(path: Path, **_: object) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "unlink", held)
    emptied = wiping.wipe(here)
    assert "nehe.nhdb" in emptied.left
    assert "再打开一次" in emptied.sentence
    monkeypatch.undo()
    assert wiping.is_unfinished(here)
    assert wiping.wipe(here).left == ()


def test_a_link_is_taken_away_and_what_it_points_at_stays(here: Laptop, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "mine.txt"
    elsewhere.write_text("别人的", "utf-8")
    (here.papers / "link").symlink_to(elsewhere)
    wiping.wipe(here)
    assert elsewhere.read_text("utf-8") == "别人的"
