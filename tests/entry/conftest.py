"""Whole programs are started and ended here."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _swept(swept: None) -> None:
    """Their windows end with the test."""
