"""讷河市驻村工作台账: the ledgers of the village work teams, kept offline."""

VERSION = "0.1.0"
"""The version of the program, as in pyproject.toml and CHANGELOG.md."""
