"""`hub serve` as a process: told to end, it finishes what is under way; killed, it has lost nothing."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import time
from pathlib import Path

import pytest

from nehe_desktop.cli import main
from nehe_desktop.sync import invitation, wire
from nehe_desktop.sync.admission import Enrolled, Enrolment
from nehe_desktop.sync.http import HttpTransport
from nehe_desktop.sync.keys import new_keys
from nehe_desktop.sync.protocol import Pull, SyncReply, SyncRequest
from tests.cli.hubs import free_port, running, wait_for
from tests.hub.serving import joined

SEPARATOR = b"\r\n\r\n"


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A new hub's folder."""
    port = str(free_port())
    assert (
        main(["hub", "init", "--folder", str(tmp_path / "hub"), "--host", "127.0.0.1", "--port", port]) == 0
    )
    capsys.readouterr()
    return tmp_path / "hub"


def invited(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str = "明星村1号电脑"
) -> invitation.Invitation:
    words = ["hub", "device", "enrol", "--folder", str(folder), "--name", name, "--village", "明星村"]
    assert main(words) == 0
    return invitation.read(capsys.readouterr().out.splitlines()[1])


def refuses(port: int) -> bool:
    """Whether nobody takes connections at a port any more, within some seconds."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            return True
    return False


@pytest.mark.skipif(os.name == "nt", reason="Windows kills at once")
@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_a_hub_that_is_told_to_end_finishes_the_request_under_way(
    folder: Path, capsys: pytest.CaptureFixture[str], word: signal.Signals
) -> None:
    told = invited(folder, capsys)
    keys, port = new_keys(), int(told.url.rpartition(":")[2])
    body = wire.pack(Enrolment(told.code, "甲", keys.sign_public, keys.seal_public))
    trusting = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    with running(folder) as process, socket.create_connection(("127.0.0.1", port)) as bare:
        with trusting.wrap_socket(bare, server_hostname="127.0.0.1") as link:
            link.sendall(
                f"POST /v1/enroll HTTP/1.1\r\nhost: hub\r\ncontent-length: {len(body)}\r\n\r\n".encode()
            )
            link.sendall(body[:10])
            process.send_signal(word)
            assert refuses(port)
            link.sendall(body[10:])
            answer = b""
            while part := link.recv(65_536):
                answer += part
        wait_for(process, "已停止")
        assert process.wait(30) == 0
    head, _, packed = answer.partition(SEPARATOR)
    assert head.startswith(b"HTTP/1.1 200")
    assert wire.unpack(packed, Enrolled).county == "230281"


def test_a_hub_that_was_killed_goes_on_where_it_was(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(folder) as process:
        account = joined(invited(folder, capsys), "甲")
        process.kill()
        process.wait(30)
    with running(folder):
        way = HttpTransport(account)
        reply = way.call("/v1/sync", SyncRequest(account.dev, way.hello().epoch, 1, pull=Pull()), SyncReply)
        way.close()
    assert len(reply.scopes) == 2
