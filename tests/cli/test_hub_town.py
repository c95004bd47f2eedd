"""A township's laptop: it is let in with its villages, and loses them as one."""

from __future__ import annotations

import pytest

from nehe_desktop.hub import scopes
from nehe_desktop.hub.service import Hub
from tests.cli.test_hub import COUNTY, Say, county, enrolled, hub, say  # noqa: F401 - fixtures


def held(hub: Hub, dev: str) -> scopes.Held:  # noqa: F811
    return hub.store.read(lambda link: scopes.held(link, COUNTY, dev))


def test_a_township_comes_with_its_villages_and_its_level(say: Say, hub: Hub) -> None:  # noqa: F811
    laptop = enrolled(say, hub, "学田镇电脑", "--town", "学田镇")
    assert held(hub, laptop.dev).town
    assert "学田镇（" in say("device", "list")
    assert not held(hub, enrolled(say, hub, "甲", "--village", "明星村").dev).town


def test_a_township_is_taken_away_as_one(say: Say, hub: Hub) -> None:  # noqa: F811
    laptop = enrolled(say, hub, "学田镇电脑", "--town", "学田镇")
    say("scope", "revoke", "学田镇电脑", "--town", "学田镇")
    left = held(hub, laptop.dev)
    assert (left.scopes, left.town) == (("county",), False)
    say("scope", "grant", "学田镇电脑", "--town", "230281102")
    assert held(hub, laptop.dev).town


@pytest.mark.parametrize("words", [("--town", "没有的镇"), ("--town", "学田镇", "--village", "明星村"), ("--town", "学田镇", "--everything")])  # noqa: E501  # fmt: skip
def test_a_township_that_is_none_or_not_alone_is_refused(say: Say, hub: Hub, words: tuple[str, ...]) -> None:  # noqa: F811
    assert hub is not None
    say("device", "enrol", "--name", "乙", *words, code=1)
