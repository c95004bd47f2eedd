"""Lists go in and out without a window; what is refused is named and nothing is half done."""

from __future__ import annotations

from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
import pyzipper

from nehe_desktop.cli import main
from nehe_desktop.cli.import_command import stored
from nehe_desktop.core.clock import Clock
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.households.ledger import Household, Person
from nehe_desktop.features.intake.errand import Errand, prepare
from nehe_desktop.features.intake.plan import Options
from nehe_desktop.features.reference.ledger import Setting
from nehe_desktop.security import laptop
from nehe_desktop.security.envelope import Cost
from nehe_desktop.security.laptop import Laptop
from nehe_desktop.spreadsheets.reading import open_workbook
from tests.intake.lists import HEAD, HEADINGS, WIFE, home, with_divisions
from tests.spreadsheets.office import OFFICE, xlsx

PIN = "辽河 2020 春耕"
CHEAP = Cost(memory=8, passes=1, lanes=1)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A laptop that is set up for 李工, with two villages."""
    here = Laptop(tmp_path / "data")
    key, _ = laptop.set_up(here, "李工", PIN)
    store = laptop.open_store(here, key, "李工", Clock())
    with_divisions(store)
    store.close()
    monkeypatch.setenv("NEHE_PIN", PIN)
    return here.folder


def opened(data: Path) -> Store:
    here = Laptop(data)
    return laptop.open_store(here, laptop.vault.unlock(here.vault, "李工", PIN), "李工", Clock())


def count(data: Path) -> int:
    store = opened(data)
    found = store.count(Person)
    store.close()
    return found


def call(data: Path, command: str, *words: str | Path) -> int:
    return main([command, *map(str, words), "--data", str(data)])


def names_list(folder: Path, rows: list[list[object]] | None = None) -> Path:
    return xlsx(folder / "名单.xlsx", [HEADINGS, *(rows or home())])


def bad_list(folder: Path) -> Path:
    rows = home("23020001", ("张三", HEAD, "户主"), ("李四", "123", "配偶"))
    return names_list(folder, rows)


def test_a_clean_list_is_stored_at_once(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(data, "import", names_list(tmp_path)) == 0
    assert "新增 2 行" in capsys.readouterr().out
    assert count(data) == 2


def test_a_trial_stores_nothing(data: Path, tmp_path: Path) -> None:
    assert call(data, "import", names_list(tmp_path), "--dry-run") == 0
    assert count(data) == 0


def test_each_refused_cell_is_named_and_nothing_is_stored(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(data, "import", bad_list(tmp_path)) == 1
    assert "Sheet1!3 证件号码 123: " in capsys.readouterr().out
    assert count(data) == 0


def test_the_good_rows_are_stored_when_told(data: Path, tmp_path: Path) -> None:
    assert call(data, "import", bad_list(tmp_path), "--yes") == 1
    assert count(data) == 1


def test_the_marked_list_is_given_back(data: Path, tmp_path: Path) -> None:
    call(data, "import", bad_list(tmp_path), "--errors", tmp_path / "错误.xlsx")
    page = openpyxl.load_workbook(tmp_path / "错误.xlsx").active
    assert page
    assert page.cell(3, 9).value == "未导入"


def test_the_same_file_again_says_so(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = names_list(tmp_path)
    call(data, "import", path)
    assert call(data, "import", path) == 0
    assert "已由 李工 导入过" in capsys.readouterr().out


def test_an_import_is_taken_back_by_its_step(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call(data, "import", names_list(tmp_path))
    step = capsys.readouterr().out.rpartition("undo ")[2].rstrip("）\n")
    assert call(data, "undo", step) == 0
    assert count(data) == 0


def test_the_offices_largest_file_goes_in(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = OFFICE / "已脱贫户家庭成员信息_20200801.xlsx"
    assert call(data, "import", path, "--create-villages", "--yes") == 1
    refused = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Sheet1!")]
    assert len(refused) == 11
    assert count(data) == 1328


def test_a_column_is_mapped_by_hand(data: Path, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "名单.xlsx", [[h if h != "姓名" else "当家人和家属" for h in HEADINGS], *home()])
    assert call(data, "import", path, "--map", "当家人和家属=成员姓名") in (0, 1)
    assert call(data, "import", path, "--map", "当家人和家属=没有这一项") == 1


def test_a_list_without_village_is_of_the_village_told(data: Path, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "名单.xlsx", [row[2:] for row in [HEADINGS, *home()]])
    assert call(data, "import", path) == 1
    assert call(data, "import", path, "--village", "国兴村") == 0
    assert count(data) == 2


def test_only_new_leaves_stored_people_alone(data: Path, tmp_path: Path) -> None:
    call(data, "import", names_list(tmp_path))
    rows = home("23020001", ("张三", HEAD, "户主"), ("李四", WIFE, "其他"))
    call(data, "import", names_list(tmp_path, rows), "--only-new")
    store = opened(data)
    assert {person.relation for person in store.all(Person)} == {"01", "02"}
    store.close()


def test_a_locked_list_needs_its_password(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = locked(names_list(tmp_path), tmp_path / "加密.xlsx", "春风")
    assert call(data, "import", path) == 3
    assert "密码" in capsys.readouterr().err
    monkeypatch.setenv("SHEET", "春风")
    assert call(data, "import", path, "--password-env", "SHEET") == 0


def test_stopping_while_storing_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with_divisions(store)
    plan = prepare(store, open_workbook(names_list(tmp_path)), Errand(options=Options()))
    plan.new = [_Interrupting(), *plan.new]  # type: ignore[list-item]
    with pytest.raises(KeyboardInterrupt):
        stored(store, plan)
    assert (store.count(Household), store.count(Person)) == (0, 0)


class _Interrupting:
    """A record whose making is interrupted, as by Ctrl+C."""

    def record(self) -> None:
        raise KeyboardInterrupt


@pytest.mark.parametrize("encoding", ["utf8", "gb18030"])
def test_a_ledger_goes_out_as_csv_that_excel_reads(data: Path, tmp_path: Path, encoding: str) -> None:
    call(data, "import", names_list(tmp_path))
    assert call(data, "export", "person", "--out", tmp_path / "人.csv", "--csv", encoding) == 0
    text = (tmp_path / "人.csv").read_bytes().decode("gb18030" if encoding == "gb18030" else "utf-8-sig")
    assert f"{HEAD[:4]}{'*' * 10}{HEAD[-4:]}" in text
    assert "李四" in text


def test_an_export_of_one_village_leaves_the_others_out(data: Path, tmp_path: Path) -> None:
    other = home("23020002", ("王五", "", "户主"), village="丰产村")
    call(data, "import", names_list(tmp_path, home() + other))
    call(data, "export", "household", "--out", tmp_path / "户.xlsx", "--village", "丰产村")
    assert len(open_workbook(tmp_path / "户.xlsx").sheets[0].rows) == 3  # title, header, one household


@pytest.mark.parametrize("audience", [(), ("--audience", "board")])
def test_an_export_of_named_rows_leaves_the_others_out(data: Path, tmp_path: Path, audience: tuple[str, ...]) -> None:
    call(data, "export", "division", "--out", tmp_path / "村.xlsx", "--row", "丰产村", *audience)
    cells = [cell for row in open_workbook(tmp_path / "村.xlsx").sheets[0].rows for cell in row]
    assert "丰产村" in cells
    assert "国兴村" not in cells


def test_a_masked_export_covers_numbers(data: Path, tmp_path: Path) -> None:
    call(data, "import", names_list(tmp_path))
    call(data, "export", "person", "--out", tmp_path / "人.xlsx", "--masked")
    cells = [cell for row in open_workbook(tmp_path / "人.xlsx").sheets[0].rows for cell in row]
    assert HEAD not in cells
    assert f"{HEAD[:4]}{'*' * 10}{HEAD[-4:]}" in cells


def test_whole_numbers_go_out_only_as_an_archive_with_a_password(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call(data, "import", names_list(tmp_path))
    assert call(data, "export", "person", "--out", tmp_path / "人.xlsx", "--whole") != 0  # no reason
    why = ("--whole", "--reason", "上报核对")
    assert call(data, "export", "person", "--out", tmp_path / "人.csv", *why) == 0
    password = capsys.readouterr().out.strip().rpartition("：")[2]
    assert HEAD in unzipped(tmp_path / "人.zip", password).decode("utf-8-sig")
    assert [path.name for path in tmp_path.glob("人.*")] == ["人.zip"]
    monkeypatch.setenv("NEHE_EXPORT_PASSWORD", "seven-owls-2020-ride")
    assert call(data, "export", "person", "--out", tmp_path / "再.csv", *why) == 0
    assert HEAD in unzipped(tmp_path / "再.zip", "seven-owls-2020-ride").decode("utf-8-sig")
    assert "seven-owls" not in capsys.readouterr().out


def unzipped(path: Path, password: str) -> bytes:
    with pyzipper.AESZipFile(path) as archive:
        archive.setpassword(password.encode())
        return archive.read(archive.namelist()[0])


def test_above_the_number_of_the_county_a_second_person_confirms(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(data, "import", names_list(tmp_path))
    store = opened(data)
    limit = Setting(name="second_person_above", label="人数", value="1", unit="人", source="试")
    store.give([Put(limit)], "参数")
    key = laptop.vault.unlock(Laptop(data).vault, "李工", PIN)
    laptop.vault.add_person(Laptop(data).vault, key, "王书记", "松花江 2020 秋收", cost=CHEAP)
    store.close()
    words = ("export", "person", "--person", "李工", "--whole", "--reason", "上报核对", "--out", tmp_path / "人.zip")
    monkeypatch.setenv("NEHE_SECOND_PIN", "松花江 2020 秋收")
    assert call(data, *words) != 0
    assert call(data, *words, "--second", "李工") != 0
    assert not (tmp_path / "人.zip").exists()
    assert call(data, *words, "--second", "王书记") == 0


@pytest.mark.parametrize("table", ["household", "visit", "helper"])
def test_a_template_has_a_header(tmp_path: Path, table: str) -> None:
    assert main(["template", table, "--out", str(tmp_path / "模板.xlsx")]) == 0
    assert open_workbook(tmp_path / "模板.xlsx").template.startswith(table)


def locked(source: Path, target: Path, password: str) -> Path:
    """The workbook with a password, as an office sends it."""
    with source.open("rb") as plain, target.open("wb") as sealed:
        file = msoffcrypto.OfficeFile(plain)
        file.encrypt(password, sealed)  # type: ignore[attr-defined]
    return target
