"""A thief with the disks of a laptop and of the hub finds nobody's name and no number on them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from nehe_desktop.cli import main
from nehe_desktop.cli.benches.hubs import running_hub
from nehe_desktop.core.store import Store
from nehe_desktop.hub import backups
from nehe_desktop.hub.folder import HubFolder
from nehe_desktop.security import laptop, leaks
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.security.leaks import Words
from nehe_desktop.sync.protocol import EVERY

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Stolen:
    """Everything that was carried off, and the words that must not be readable in it."""

    folder: Path
    words: Words

    @property
    def here(self) -> Laptop:
        return Laptop(self.folder / "laptop", "village")


@pytest.fixture(scope="module")
def stolen(tmp_path_factory: pytest.TempPathFactory) -> Stolen:
    """A laptop after a day's work that ended with `kill -9`, its hub likewise, and their temporary folder."""
    folder, elsewhere = tmp_path_factory.mktemp("stolen"), tmp_path_factory.mktemp("elsewhere")
    (folder / "tmp").mkdir()
    told = {**os.environ, "TMPDIR": str(folder / "tmp"), "TEMP": str(folder / "tmp"), "PYTHONPATH": str(ROOT)}
    workbook = ROOT / "tests/data/office" / "已脱贫户家庭成员信息_20200801.xlsx"
    with running_hub(folder / "hub", [[EVERY]]) as hub:
        words = [str(folder / "laptop"), str(elsewhere), hub.invitations[0].text(), str(workbook)]
        command = [sys.executable, "-m", "tests.security.working", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=told, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.stdout.endswith("done\n"), done.stderr
        hub.process.kill()
    here = HubFolder(folder / "hub")
    with closing(here.open()) as store:
        backups.make(store, here, here.backups, datetime.now().astimezone())
    made = Stolen(folder, Words(()))
    return Stolen(folder, read_by_the_owner(made.here, folder.parent / "copy"))


def read_by_the_owner(here: Laptop, copy: Path) -> Words:
    """The names and numbers of everybody, from a copy: the stolen files stay as they were found."""
    copy.mkdir(exist_ok=True)
    for path in here.file.parent.glob("nehe.*"):
        (copy / path.name).write_bytes(path.read_bytes())
    with closing(Store.open(copy / here.file.name, laptop.sample_key(here), laptop.SAMPLE_PERSON)) as store:
        return leaks.words_of(store)


def found_in(folder: Path, words: Words) -> list[tuple[str, str]]:
    return [(leak.path.name, leak.what) for leak in leaks.leaks(folder, words)]


def test_there_is_something_to_steal(stolen: Stolen) -> None:
    assert len(stolen.words.names) > 100
    assert len(stolen.words.numbers) > 200
    kinds = {path.suffix for path in stolen.folder.rglob("*") if path.is_file()}
    assert {".nhdb", ".nhdb-wal", ".log", ".txt", ".nhpkg", ".db", ".key", ".vault"} <= kinds
    assert stolen.here.file.with_name("nehe.nhdb-wal").stat().st_size > 4096


@pytest.mark.parametrize("part", ["laptop", "hub", "tmp"])
def test_no_file_shows_a_name_or_a_number(stolen: Stolen, part: str) -> None:
    assert found_in(stolen.folder / part, stolen.words) == []


def test_what_somebody_saved_elsewhere_is_found_by_the_same_search(stolen: Stolen, tmp_path: Path) -> None:
    """The search itself is tried: it sees a name in every encoding, also in the middle of noise."""
    name = next(each for each in stolen.words.names if len(each) > 2)
    number = next(iter(stolen.words.numbers)).decode()
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        for what in (name, number):
            (tmp_path / "file").write_bytes(os.urandom(5000) + what.encode(encoding) + os.urandom(5001))
            if not (what == number and encoding == "utf-16-be"):
                assert found_in(tmp_path, stolen.words), (encoding, len(what))


def test_a_paper_that_a_killed_program_left_goes_at_the_next_start(tmp_path: Path) -> None:
    here = Laptop(tmp_path, "village")
    left = here.papers / "tmpx" / "papers.pdf"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"%PDF-1.7")
    os.utime(left, (time.time() - 3600,) * 2)
    laptop.open_store(here, laptop.sample_key(here), laptop.SAMPLE_PERSON).close()
    assert not left.exists()


def test_the_owner_can_look_for_leaks_himself(
    stolen: Stolen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = min(stolen.words.names)
    (tmp_path / "notes.txt").write_text(f"今天去了{name}家", "utf-8")
    data = ["--data", str(stolen.folder / "laptop"), "--demo", "village"]
    assert main(["check", *data, "--leaks", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "notes.txt" in said
    assert name not in said


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX knows them")
def test_other_users_of_the_system_do_not_even_see_the_key_file(stolen: Stolen) -> None:
    assert stolen.here.vault.parent.stat().st_mode & 0o077 == 0
