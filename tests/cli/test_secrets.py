"""No password, PIN or key is ever a word of a command, and none is there by default."""

from __future__ import annotations

import argparse
import importlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from nehe_desktop.cli import COMMANDS, main
from nehe_desktop.cli.hub import opening
from nehe_desktop.core.errors import Refused
from tests.cli.test_hub import Say, say  # noqa: F401 - fixtures

SOURCES = Path(__file__).parents[2] / "nehe_desktop"
HARMLESS = {
    "--code": "six digits of a phone that are good once, or a question without a value",
    "--password-env": "the name of a variable",
    "--dsn-file": "the name of a file",
    "--key-file": "the name of a file",
    "--database": "refused with a password in it",
}
"""Options whose name speaks of secrets though they hold none."""

SECRET = re.compile(r"pin$|pass|secret|token|dsn|database|code|credential|-key", re.IGNORECASE)


def actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for part in action.choices.values():
                yield from actions(part)
        else:
            yield action


def options() -> Iterator[tuple[str, argparse.Action]]:
    """Every option of every command, also of those that others add later."""
    for command in COMMANDS:
        parser = argparse.ArgumentParser()
        importlib.import_module(f"nehe_desktop.cli.{command}_command").configure(parser)
        for action in actions(parser):
            for name in action.option_strings or [action.dest]:
                yield name, action


def test_no_option_takes_a_secret() -> None:
    named = {name for name, action in options() if SECRET.search(name)}
    assert named <= HARMLESS.keys(), "take it from a file, the environment or a question"
    assert {"--code", "--dsn-file"} <= named


def test_no_secret_has_a_default() -> None:
    assert not [name for name, action in options() if SECRET.search(name) and action.default]


def test_no_password_is_written_down_in_the_program() -> None:
    """The one that is written is of the made-up people, and says so."""
    said = re.compile(
        r"""\b\w*(?:password|passwd|secret|_pin|token)\b\s*(?::\s*str\s*)?=\s*["'][^"'{]+["']""",
        re.IGNORECASE,
    )
    found = [
        (path.name, hit[0])
        for path in SOURCES.rglob("*.py")
        for hit in said.finditer(path.read_text("utf-8"))
    ]
    assert [each for each in found if "SAMPLE_PIN" not in each[1]] == []


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:geheim@host/db",
        "postgresql://host/db?user=u&password=geheim",
        "postgresql://host/db?PASSWORD=",
        "postgres://host/db?sslpassword=geheim",
    ],
)
@pytest.mark.parametrize("words", [("status", "--database"), ("move", "--to"), ("init", "--database")])
def test_a_password_in_an_address_is_refused_before_anything_happens(
    say: Say,  # noqa: F811
    words: tuple[str, str],
    url: str,
    tmp_path: Path,
) -> None:
    told = say(*words, url, code=1)
    assert "口令不要写在命令里" in told
    assert "geheim" not in told
    assert not (tmp_path / "hub").exists()


def test_an_address_with_its_password_comes_from_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "dsn"
    file.write_text("postgresql://u:geheim@host/db\n")
    file.chmod(0o600)
    assert opening.kept_in(file) == "postgresql://u:geheim@host/db"
    file.write_text("host=x password=geheim")
    with pytest.raises(Refused, match="postgresql://"):
        opening.kept_in(file)
    with pytest.raises(Refused, match="读不了"):
        opening.kept_in(tmp_path / "none")


@pytest.mark.skipif(os.name != "posix", reason="rights of files are of POSIX")
def test_a_file_that_others_may_read_is_refused(say: Say, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "dsn"
    file.write_text("postgresql://u:geheim@host/db")
    file.chmod(0o644)
    told = say("status", "--dsn-file", file, code=1)
    assert "chmod 600" in told
    assert "geheim" not in told


def test_an_address_is_named_once(say: Say, tmp_path: Path) -> None:  # noqa: F811
    assert "只写一个" in say(
        "status", "--dsn-file", tmp_path / "x", "--database", "postgresql://host/db", code=1
    )
    assert main(["hub", "status", "--database", "postgresql://[::1/db"]) == 1
