"""The way over the network: who is trusted, and what a person is told when no answer comes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from nehe_desktop.hub import certificates
from nehe_desktop.hub.certificates import Certified
from nehe_desktop.sync import wire
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.http import Connector, HttpTransport, first_contact
from nehe_desktop.sync.keys import Keys, new_keys
from nehe_desktop.sync.protocol import Pull, SyncReply, SyncRequest
from nehe_desktop.sync.transport import Unreachable
from tests.hub.serving import ServedHub, answering, served

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHub]:
    with served(tmp_path_factory.mktemp("hub"), {}) as found:
        yield found


def account_at(url: str, ca: str = "") -> Account:
    return Account(url, ca, "230281", "d", "甲", Keys("", ""), "", "")


def sentence(url: str, ca: str = "", timeout: float = 20) -> str:
    """What a person is told when somebody is asked for a hello."""
    way = HttpTransport(account_at(url, ca), timeout=timeout)
    with pytest.raises(Unreachable) as caught:
        way.hello()
    way.close()
    assert caught.value.advice
    return caught.value.sentence


def show(folder: Path, shown: Certified) -> None:
    (folder / "server.pem").write_text(shown.certificate, "ascii")
    (folder / "server.key").write_text(shown.key, "ascii")


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def somebody(content: bytes, status: int = 200) -> Iterator[str]:
    """A web server that says the same to everything, as the log-in page of a hotel does."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Nothing is printed."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_hub_that_is_switched_off() -> None:
    assert sentence(f"https://127.0.0.1:{closed_port()}") == "县里的服务器没有开"


def test_an_address_that_is_none() -> None:
    assert sentence("https://hub.nehe.invalid:8443") == "找不到县里的服务器"


def test_a_hub_that_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert sentence(url, timeout=0.05) == "县里的服务器很久没有回答"


def test_a_hub_of_another_authority_is_not_talked_to(hub: ServedHub) -> None:
    other = certificates.new_authority("别的县", datetime.now(UTC)).certificate
    assert sentence(hub.url, other) == "县里的服务器身份不对，没有发送任何内容"


def test_somebody_who_speaks_no_tls_is_not_talked_to(hub: ServedHub) -> None:
    with somebody(b"hello") as url:
        told = sentence(url.replace("http:", "https:"), hub.authority.certificate)
    assert told == "县里的服务器身份不对，没有发送任何内容"


@pytest.mark.parametrize("status", [200, 302, 404, 502])
def test_a_page_that_wants_a_log_in_is_not_taken_for_the_hub(status: int) -> None:
    with somebody(b"<html>log in", status) as url:
        assert sentence(url) == "收到的不是县里服务器的回答"
        with pytest.raises(Unreachable, match="不是县里服务器"):
            first_contact(url, "0" * 64)


def test_a_plain_address_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(Unreachable, match="不安全"):
        first_contact("http://hub.nehe.invalid:8443", "0" * 64)


def test_a_hub_may_move_to_an_address_that_its_certificate_does_not_name(
    hub: ServedHub, tmp_path: Path
) -> None:
    show(tmp_path, certificates.new_server(hub.authority, (), datetime.now(UTC)))
    with answering(hub.site, tmp_path, host="127.0.0.2") as port:
        way = HttpTransport(account_at(f"https://127.0.0.2:{port}", hub.authority.certificate))
        assert way.hello().county == "230281"
        way.close()


def test_a_laptop_whose_clock_stands_years_off_is_let_in(
    hub: ServedHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates, "_SINCE", datetime(1999, 1, 1, tzinfo=UTC))
    ended = certificates.new_server(hub.authority, (), LONG_AGO)
    show(tmp_path, ended)
    assert certificates.is_near_end(ended.certificate, datetime.now(UTC))
    with answering(hub.site, tmp_path) as port:
        way = HttpTransport(account_at(f"https://127.0.0.1:{port}", hub.authority.certificate))
        assert way.hello().county == "230281"
        way.close()


def test_a_laptop_that_joined_by_stick_knows_the_hub_by_its_signature(hub: ServedHub) -> None:
    joined_by_stick = replace(hub.enrol("甲", "a1" * 16), ca="")
    connect = Connector()
    for _ in range(2):
        way = connect(joined_by_stick)
        assert way.have("a" * 64) == -1
        way.close()
    with pytest.raises(Unreachable, match="身份不对"):
        Connector()(replace(joined_by_stick, hub_sign=new_keys().sign_public)).hello()


def test_proxies_of_the_environment_do_not_stand_before_this_computer(
    hub: ServedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = f"http://127.0.0.1:{closed_port()}"
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, dead)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert hub.connect(account_at(hub.url, hub.authority.certificate)).hello().county == "230281"
    assert sentence("https://hub.nehe.invalid:8443") in ("网络代理不让连县里的服务器", "县里的服务器没有开")


def test_every_call_goes_over_the_same_connection(hub: ServedHub) -> None:
    way = hub.connect(replace(hub.enrol("甲", "a1" * 16), name="乙"))
    for _ in range(3):
        way.hello()
        way.have("a" * 64)
    assert len(way._opened()._transport._pool.connections) == 1  # pyright: ignore[reportAttributeAccessIssue]


def test_a_hub_with_another_dictionary_is_spoken_to_without(
    hub: ServedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both programs are not always of the same day."""
    account = hub.enrol("词典", "0a" * 16)
    transport, known, me = hub.connect(account), wire.number(), threading.get_ident()
    monkeypatch.setattr(wire, "number", lambda: known if threading.get_ident() == me else known + 1)
    request = SyncRequest(account.dev, hub.hub.epoch, 1, pull=Pull())
    for _ in range(2):
        assert transport.call("/v1/sync", request, SyncReply).epoch == hub.hub.epoch
    assert not transport._dictionary
