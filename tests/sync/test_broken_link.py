"""Laptop and hub over a real TLS socket, with a link between that breaks, swallows and crawls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from nehe_desktop.cli.benches.weak_link import Cut, WeakLink, weak_link
from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features import ledgers
from nehe_desktop.sync.client import Client, enrol
from nehe_desktop.sync.http import Connector, first_contact
from nehe_desktop.sync.rules import rules_of
from tests.hub.serving import ServedHub, served
from tests.sync.direct import KEY, NORTH, household


@dataclass
class Line:
    """A laptop that knows its hub only by the link."""

    hub: ServedHub
    link: WeakLink
    store: Store
    client: Client

    def save(self, count: int) -> None:
        """So many saves of a household."""
        for number in range(count):
            self.store.write([Put(household(NORTH, hamlet=f"{number}屯"))], "登记")

    def tries(self) -> int:
        """How often it takes until a synchronisation comes to its end."""
        for count in range(1, 40):
            try:
                self.client.sync()
            except Trouble:
                continue
            return count
        raise AssertionError("never")

    def agree(self) -> bool:
        """Whether the hub has every household once, as it was made."""
        rows = self.hub.hub.store.read(
            lambda link: link.all("SELECT pk, rev FROM record WHERE tbl = 'household'")
        )
        return sorted(rows) == sorted((id, 1) for (id,) in self.store.rows("SELECT id FROM household"))


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with served(tmp_path, rules_of(ledgers.ALL)) as hub:
        port = int(hub.url.rsplit(":", 1)[1])
        with weak_link(("127.0.0.1", port)) as link:
            store = Store.open(tmp_path / "north.db", KEY, "甲")
            invited = replace(hub.invite("北村", NORTH), url=f"https://127.0.0.1:{link.port}")
            enrol(store, invited, "北村", first_contact)
            yield Line(hub, link, store, Client(store, Connector(timeout=5)))
            store.close()


@pytest.mark.parametrize("after", [0, 300, 900, 1600, 2400, 3500, 5000, 8000])
def test_wherever_a_connection_breaks_everything_arrives_once(line: Line, after: int) -> None:
    line.client.sync()
    line.save(120)
    line.link.cut(Cut(up=after), Cut(down=after), Cut(up=after, down=2 * after))
    line.tries()
    assert line.agree()


def test_a_link_that_breaks_every_few_kilobytes_still_moves_on(line: Line) -> None:
    line.save(200)
    line.link.cut(always=Cut(up=3000, down=3000))
    line.tries()
    assert sum(passage.broken for passage in line.link.passages) > 1
    assert line.agree()


def test_answers_that_never_come_back_do_no_harm(line: Line) -> None:
    """Every request arrives and every answer behind the handshake is swallowed, for a while."""
    line.client.sync()
    line.save(30)
    line.link.cut(*[Cut(down=2000)] * 12)
    line.tries()
    assert line.agree()


def test_a_hub_that_is_away_is_told_at_once_and_nothing_is_lost(line: Line) -> None:
    line.save(3)
    line.link.cut(always=Cut(up=0))
    with pytest.raises(Trouble):
        line.client.sync()
    line.link.cut()
    line.client.sync()
    assert line.agree()
