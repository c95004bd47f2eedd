"""Code tables and other reference files shipped under resources/reference (each names its source)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import MappingProxyType

REFERENCE = Path(__file__).resolve().parents[3] / "resources" / "reference"


def shipped(name: str) -> Iterator[dict[str, str]]:
    """The rows of a shipped table such as "divisions"; its first line is the source."""
    with (REFERENCE / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")


@cache
def codes(name: str) -> MappingProxyType[str, str]:
    """Code to label of a code table such as "relation", in the order of the table."""
    return MappingProxyType({row["code"]: row["label"] for row in shipped(f"codes/{name}")})


@cache
def standard_codes(name: str) -> MappingProxyType[str, str]:
    """Code to the national standard's code, for exchange with other systems."""
    return MappingProxyType({row["code"]: row["gb"] for row in shipped(f"codes/{name}") if row["gb"]})
