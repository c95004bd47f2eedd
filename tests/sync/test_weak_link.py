"""The weak link itself: it passes everything on, at its pace, and breaks where it is told to."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest

from nehe_desktop.cli.benches.weak_link import Cut, WeakLink, weak_link

HEARD: list[bytes] = []


class Echo(socketserver.StreamRequestHandler):
    """Says every line back, in capitals."""

    def handle(self) -> None:
        for line in self.rfile:
            HEARD.append(line)
            self.wfile.write(line.upper())


@pytest.fixture
def echo() -> Iterator[tuple[str, int]]:
    HEARD.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield "127.0.0.1", int(server.server_address[1])
        server.shutdown()


def asked(link: WeakLink, words: bytes) -> bytes:
    """What comes back until as many bytes came or the link ends."""
    with socket.create_connection(("127.0.0.1", link.port), 10) as line:
        line.sendall(words)
        return rest(line, len(words))


def rest(line: socket.socket, most: int) -> bytes:
    came = b""
    with contextlib.suppress(ConnectionError):
        while len(came) < most and (more := line.recv(4096)):
            came += more
    return came


def test_everything_arrives(echo: tuple[str, int]) -> None:
    words = b"a line of words\n" * 20_000
    with weak_link(echo) as link:
        assert asked(link, words) == words.upper()
        assert link.passed() == (len(words), len(words))


def test_a_narrow_link_takes_its_time(echo: tuple[str, int]) -> None:
    words = b"x" * 1249 + b"\n"
    with weak_link(echo, bits=100_000) as link:
        began = time.monotonic()
        asked(link, words)
    assert time.monotonic() - began >= 2 * 1250 * 8 / 100_000


def test_a_far_link_takes_a_way_to_open_and_a_way_to_answer(echo: tuple[str, int]) -> None:
    with weak_link(echo, rtt=0.1) as link:
        began = time.monotonic()
        asked(link, b"x\n")
    assert time.monotonic() - began >= 0.2


def test_two_connections_share_the_width(echo: tuple[str, int]) -> None:
    words = b"x" * 1249 + b"\n"
    with weak_link(echo, bits=200_000) as link:
        began = time.monotonic()
        both = [threading.Thread(target=asked, args=(link, words)) for _ in range(2)]
        for each in both:
            each.start()
        for each in both:
            each.join()
    assert time.monotonic() - began >= 3 * 1250 * 8 / 200_000


def test_it_breaks_on_the_way_up_after_so_many_bytes(echo: tuple[str, int]) -> None:
    with weak_link(echo) as link:
        link.cut(Cut(up=9))
        asked(link, b"one\ntwo\nthree\n")
        assert link.passages[0].up == 9
        assert asked(link, b"again\n") == b"AGAIN\n"
    assert b"three\n" not in HEARD


def test_it_breaks_on_the_way_down_after_so_many_bytes(echo: tuple[str, int]) -> None:
    with weak_link(echo) as link:
        link.cut(Cut(down=5))
        assert asked(link, b"one\ntwo\nthree\n") == b"ONE\nT"


def test_an_answer_is_swallowed_though_the_question_arrived(echo: tuple[str, int]) -> None:
    with weak_link(echo) as link:
        link.cut(Cut(down=0))
        assert asked(link, b"hello\n") == b""
    assert HEARD == [b"hello\n"]


def test_every_connection_may_break(echo: tuple[str, int]) -> None:
    with weak_link(echo) as link:
        link.cut(always=Cut(down=2))
        assert [asked(link, b"hello\n") for _ in range(3)] == [b"HE"] * 3


def test_a_question_is_asked_again_byte_for_byte(echo: tuple[str, int]) -> None:
    with weak_link(echo, keep=True) as link:
        asked(link, b"hello\n")
        assert link.replay(times=2) == [b"HELLO\n", b"HELLO\n"]
    assert HEARD == [b"hello\n"] * 3


def test_a_hub_that_is_away_breaks_the_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with weak_link(("127.0.0.1", port)) as link:
        assert asked(link, b"hello\n") == b""


def test_closing_it_breaks_what_is_open(echo: tuple[str, int]) -> None:
    link = WeakLink(echo)
    with socket.create_connection(("127.0.0.1", link.port), 10) as line:
        line.sendall(b"x\n")
        assert rest(line, 2) == b"X\n"
        link.close()
        assert rest(line, 1) == b""
