"""Every statement of the hub names the county, so that a county's rows can lie on a server of their own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop import hub
from nehe_desktop.hub.schema import INDEXES, TABLES

SOURCES = sorted(Path(hub.__file__).parent.glob("*.py"))
NAMES = re.findall(r"^(\w+) \((.*?)[,)]", TABLES, re.MULTILINE)
VERBS = re.compile(r"^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b")


def texts(tree: ast.AST) -> Iterator[str]:
    """Every string of a file, with a mark where a value is put in."""
    inside = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside:
            yield node.value


def statements() -> Iterator[tuple[str, str]]:
    for path in SOURCES:
        for text in texts(ast.parse(path.read_text("utf-8"))):
            if VERBS.match(text) and re.search(rf"\b(?:{'|'.join(name for name, _ in NAMES)})\b", text):
                yield path.name, " ".join(text.split())


def test_the_county_leads_every_key() -> None:
    assert len(NAMES) == TABLES.count("PRIMARY KEY (county, ")
    assert all(column.startswith("county") for _, column in NAMES)
    assert all(" (county, " in index for index in INDEXES)


@pytest.mark.parametrize(("file", "sql"), sorted(set(statements())))
def test_a_statement_names_the_county_of_every_table(file: str, sql: str) -> None:
    tables = len(re.findall(rf"\b(?:FROM|JOIN|INTO|UPDATE) (?:{'|'.join(name for name, _ in NAMES)})\b", sql))
    whole_row = re.match(r"INSERT INTO \w+ VALUES \(\?", sql)
    named = len(re.findall(r"\bcounty\b", sql)) + bool(whole_row)
    assert named >= tables, f"{file}: {sql}"
    if not sql.startswith("INSERT"):
        assert re.search(r"\bcounty = \?", sql), f"{file}: {sql}"


def test_a_statement_is_written_for_every_engine() -> None:
    found = list(statements())
    assert len(found) > 60
    foreign = re.compile(
        r"%s|\bOR (?:REPLACE|IGNORE)\b|\browid\b|\bjson_|::|\bILIKE\b|\bRETURNING\b|\bGLOB\b"
    )
    assert not [(file, sql) for file, sql in found if foreign.search(sql)]
