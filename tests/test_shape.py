"""The shape of the project: who imports whom, how large a file may grow, what may stand in it."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted([ROOT / "main.py", *(ROOT / "nehe_desktop").rglob("*.py")])
FOLDERS = ("nehe_desktop", "resources", "tests", ".ci")
LONGEST = 300
LONGER = {
    "nehe_desktop/features/households/household.py",  # one line a column of the national form
}

FACES = {
    "PySide6 shiboken6": r"app|program|screens|ui/.+|features/\w+/page\w*|cli/benches/probe_sync",
    "reportlab pikepdf pypdfium2 zxingcpp fontTools": r"documents/.+",
    "python_calamine xlsxwriter openpyxl msoffcrypto pyzipper": r"spreadsheets/.+",
    "sqlcipher3 sqlite_utils sqlite3": r"core/.+",
    "httpx": r"sync/http",
    "msgspec zstandard": r"(?:sync|hub|core|security)/.+|cli/benches/.+",
    "starlette uvicorn": r"hub/.+|cli/hub_command|cli/benches/.+",
    "psycopg": r"hub/store.*",
    "keyring secretstorage": r"security/keystore",
    "pypinyin chinese_calendar pytest hypothesis schemathesis": r"nobody",
}
"""Foreign libraries, and the only files that may know them."""

LAZY = {
    "main.py": {"nehe_desktop.app", "nehe_desktop.cli"},
    "nehe_desktop/setup/__init__.py": {"nehe_desktop.setup"},
    "nehe_desktop/core/database.py": {"sqlite_utils"},
    "nehe_desktop/hub/store.py": {"nehe_desktop.hub.store_postgres", "nehe_desktop.hub.store_sqlite"},
    "nehe_desktop/security/keystore.py": {"keyring", "secretstorage"},
    "nehe_desktop/spreadsheets/marking.py": {"openpyxl", "openpyxl.comments", "openpyxl.styles"},
    "nehe_desktop/spreadsheets/reading.py": {"email", "email.policy"},
    "nehe_desktop/spreadsheets/unlocking.py": {"msoffcrypto", "msoffcrypto.exceptions"},
    "nehe_desktop/features/papers/work.py": {"nehe_desktop.documents.archive"},
    "nehe_desktop/ui/window.py": {"nehe_desktop.ui.help"},
    "nehe_desktop/ui/printing.py": {"PySide6.QtGui", "PySide6.QtPrintSupport"},
}
"""The only imports inside functions: what start-up must not wait for."""

# fmt: off
HEAVY = [
    "PIL", "asyncio", "cryptography.x509", "fontTools", "http.server", "httpx", "hypothesis", "keyring", "lxml",
    "msoffcrypto", "numpy", "openpyxl", "pikepdf", "psycopg", "pydoc", "pypdfium2", "pypinyin", "pytest",
    "python_calamine", "pyzipper", "rapidfuzz", "reportlab", "secretstorage", "starlette", "uvicorn", "xlsxwriter",
    "zxingcpp",
]
# fmt: on
"""What must not be loaded by the time the first page shows."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def project_texts() -> Iterator[tuple[str, str]]:
    """Every text of the project, with its name."""
    inner = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    for path in (*ROOT.glob("*.[tpm][oyd]*"), *inner):
        if path.is_file() and path.suffix not in {".ttf", ".pyc", ".png"}:
            yield name_of(path), path.read_text("utf-8", "replace")


def imports_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def lazy_imports(path: Path) -> set[str]:
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {name for node in nodes if isinstance(node, functions) for name in imports_in(node)}


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """A fresh Python in the project's folder, which leaves this one's logging and modules alone."""
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, check=False, encoding="utf-8"
    )


def loaded_after(code: str) -> set[str]:
    """The modules that a fresh Python holds after this code."""
    done = run("-c", f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)))")
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def undocumented(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in (tree, *(child for child in tree.body if isinstance(child, named))):
        name = getattr(node, "name", "")
        if not name.startswith("_") and not ast.get_docstring(node):
            yield f"{name_of(path)}: {name or 'module'}"


def pinned(lock: str) -> dict[str, str]:
    """Name and version of every package in a lock."""
    text = (ROOT / "resources" / lock).read_text("utf-8")
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE))


def test_everyone_imports_only_whom_they_may() -> None:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(cache_dir=None))"
    done = run("-c", code)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("libraries", FACES)
def test_a_foreign_library_has_one_face(libraries: str) -> None:
    allowed = re.compile(rf"nehe_desktop/(?:{FACES[libraries]})\.py")
    foreign = {
        name_of(path)
        for path in SOURCES
        if {name.split(".")[0] for name in imports_in(ast.parse(path.read_text("utf-8")))}
        & set(libraries.split())
    }
    assert not [name for name in foreign if not allowed.fullmatch(name)]


def test_a_feature_never_looks_up_its_own_stairs() -> None:
    stairs = ("ledger", "rules", "queries", "document|intake", "page")
    for path in SOURCES:
        step = next((at for at, names in enumerate(stairs) if path.stem in names.split("|")), None)
        if step is None or path.parent.parent.name != "features":
            continue
        above = {name for names in stairs[step + 1 :] for name in names.split("|")}
        own = f"nehe_desktop.features.{path.parent.name}."
        seen = set(imports_in(ast.parse(path.read_text("utf-8"))))
        assert not seen & {own + name for name in above}, name_of(path)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_stand_at_the_top_and_by_name(path: Path) -> None:
    assert lazy_imports(path) <= LAZY.get(name_of(path), set())
    assert " import *" not in path.read_text("utf-8")


def test_the_window_starts_without_the_heavy_libraries() -> None:
    assert not loaded_after("import nehe_desktop.app") & set(HEAVY)


def test_the_command_line_starts_without_qt() -> None:
    assert not loaded_after("import nehe_desktop.cli") & {"PySide6", *HEAVY}


def test_no_file_is_longer_than_a_stranger_reads_in_one_go() -> None:
    long = {name_of(path) for path in SOURCES if path.read_text("utf-8").count("\n") > LONGEST}
    assert not long - LONGER


def test_everything_public_says_what_it_is() -> None:
    assert not [missing for path in SOURCES for missing in undocumented(path)]


def test_no_text_knows_a_machine_or_a_registry() -> None:
    home, host = "/ho" + "me/", "py" + "pi.org|pythonho" + "sted|registry.np" + "mjs|deb.deb" + "ian"
    foreign = re.compile(rf"{host}|(?<![\w.]){home}|/ro{'ot'}/|(?<!\w)/tm{'p'}/\w|/wo{'rk'}/|[A-Z]:\\Users\\")
    found = [f"{name}: {hit.group()}" for name, text in project_texts() if (hit := foreign.search(text))]
    assert not found


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|XX" + r"X)\b")
    assert not [name for name, text in project_texts() if name.endswith(".py") and later.search(text)]


def test_every_declared_package_is_locked_with_checksums() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8").split("[project.optional")[0]
    wanted = re.findall(r'^    "([A-Za-z][\w-]*)', project.split("dependencies = [")[1], re.MULTILINE)
    assert {name.lower() for name in wanted} <= pinned("constraints.txt").keys()
    assert "PySide6-Essentials" in wanted


@pytest.mark.parametrize("lock", ["constraints.txt", "constraints-test.txt"])
def test_every_locked_package_has_a_checksum(lock: str) -> None:
    text = (ROOT / "resources" / lock).read_text("utf-8")
    assert len(re.findall(r"^[\w.-]+==.*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(pinned(lock))


def test_tests_run_on_what_the_office_runs() -> None:
    assert pinned("constraints.txt").items() <= pinned("constraints-test.txt").items()


def test_ruff_finds_nothing() -> None:
    done = run("-m", "ruff", "check", "--output-format", "concise", ".")
    assert done.returncode == 0, done.stdout


def test_every_part_that_is_shipped_has_its_licence_noted() -> None:
    noted = (ROOT / "resources/NOTICES.md").read_text("utf-8")
    assert not [name for name in pinned("constraints.txt") if f"| {name} |" not in noted]
