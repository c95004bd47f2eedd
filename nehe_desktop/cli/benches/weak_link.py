"""A weak link between laptop and hub: a TCP proxy that is slow, far, and breaks where it is told to."""

from __future__ import annotations

import contextlib
import queue
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Address = tuple[str, int]
_PIECE = 512  # bytes that are passed on at once: a fifth of a second at 20 kbit/s
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing throws away what is not sent and tells the other side
_HELD = 64  # pieces on their way in each direction; the sender waits beyond


@dataclass(frozen=True)
class Cut:
    """Where a connection breaks: after so many bytes up or down have arrived; 0 down swallows the whole answer."""

    up: int | None = None
    down: int | None = None


@dataclass
class Passage:
    """What passed on one connection; `sent` is what went up, kept only on demand."""

    up: int = 0
    down: int = 0
    broken: bool = False
    sent: bytearray = field(default_factory=bytearray)


class WeakLink:
    """The proxy at `port` of this computer, before the hub at `target`; every connection shares its width."""

    def __init__(self, target: Address, bits: float = 0, rtt: float = 0, *, keep: bool = False) -> None:
        """`bits` a second in each direction (0: no limit), `rtt` seconds there and back."""
        self.target, self.rtt, self.keep = target, rtt, keep
        self.passages: list[Passage] = []
        self._cuts: list[Cut] = []
        self._every: Cut | None = None
        self._lanes = {"up": _Lane(bits), "down": _Lane(bits)}
        self._ended = threading.Event()
        self._open: set[socket.socket] = set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._listen, name="weak link", daemon=True).start()

    def cut(self, *cuts: Cut, always: Cut | None = None) -> None:
        """The next connections break so, one after another, and then all others as `always` says."""
        self._cuts, self._every = list(cuts), always

    def passed(self) -> tuple[int, int]:
        """Bytes that arrived, up and down, on all connections so far."""
        return sum(each.up for each in self.passages), sum(each.down for each in self.passages)

    def replay(self, number: int = -1, times: int = 1) -> list[bytes]:
        """Sends what went up on a connection again, byte for byte, on new ones; the first answer of each."""
        return [_asked(self.target, bytes(self.passages[number].sent)) for _ in range(times)]

    def close(self) -> None:
        """Breaks what is open and takes no more."""
        self._ended.set()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for each in tuple(self._open):
            _reset(each)

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), name="weak link", daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        """One connection; to open one takes a way there and back."""
        cut = self._cuts.pop(0) if self._cuts else self._every or Cut()
        passage = Passage()
        self.passages.append(passage)
        self._ended.wait(self.rtt)
        try:
            far = socket.create_connection(self.target, 10)
        except OSError:
            _reset(near)
            return
        far.settimeout(None)
        self._open |= {near, far}
        down = _Way(far, near, passage, "down", cut.down, self._lanes["down"], self.rtt / 2)
        up = _Way(near, far, passage, "up", cut.up, self._lanes["up"], self.rtt / 2, keep=self.keep)
        other = threading.Thread(target=down.carry, daemon=True)
        other.start()
        up.carry()
        other.join()
        for each in (near, far):
            each.close()
        self._open -= {near, far}


class _Way:
    """One direction of one connection."""

    def __init__(
        self,
        source: socket.socket,
        goal: socket.socket,
        passage: Passage,
        name: str,
        most: int | None,
        lane: _Lane,
        delay: float,
        *,
        keep: bool = False,
    ) -> None:
        self._source, self._goal, self._passage, self._name = source, goal, passage, name
        self._left, self._lane, self._delay, self._keep = most, lane, delay, keep
        self._travelling: queue.Queue[tuple[float, bytes]] = queue.Queue(_HELD)

    def carry(self) -> None:
        """Moves bytes until the end or the cut."""
        arriving = threading.Thread(target=self._arrive, daemon=True)
        arriving.start()
        while data := _received(self._source, _PIECE if self._lane.bits else _PIECE << 7):
            self._lane.occupy(len(data))
            self._travelling.put((time.monotonic() + self._delay, data))
        self._travelling.put((time.monotonic() + self._delay, b""))
        arriving.join()

    def _arrive(self) -> None:
        """Hands over what has travelled long enough, up to the end or the cut; the rest is thrown away."""
        while True:
            due, data = self._travelling.get()
            if data and self._passage.broken:
                continue
            if not self._passage.broken:
                time.sleep(max(0.0, due - time.monotonic()))
            if not data:
                break
            self._hand_over(data)
        with contextlib.suppress(OSError):
            self._goal.shutdown(socket.SHUT_WR)

    def _hand_over(self, data: bytes) -> None:
        given = data if self._left is None else data[: self._left]
        setattr(self._passage, self._name, getattr(self._passage, self._name) + len(given))
        broken = not _sent(self._goal, given)
        if self._keep:
            self._passage.sent += given
        if self._left is not None:
            self._left -= len(given)
            broken |= len(given) < len(data)
        if broken:
            self._passage.broken = True
            _reset(self._source)
            _reset(self._goal)


class _Lane:
    """One direction of the link: what is sent waits until what was sent before is through."""

    def __init__(self, bits: float) -> None:
        self.bits = bits
        self._free = 0.0
        self._lock = threading.Lock()

    def occupy(self, size: int) -> None:
        """Returns when so many bytes are through."""
        if not self.bits:
            return
        with self._lock:
            self._free = max(self._free, time.monotonic()) + size * 8 / self.bits
            until = self._free
        time.sleep(max(0.0, until - time.monotonic()))


@contextmanager
def weak_link(target: Address, bits: float = 0, rtt: float = 0, *, keep: bool = False) -> Iterator[WeakLink]:
    """A weak link until the block ends."""
    link = WeakLink(target, bits, rtt, keep=keep)
    try:
        yield link
    finally:
        link.close()


def _received(source: socket.socket, most: int) -> bytes:
    try:
        return source.recv(most)
    except OSError:
        return b""


def _sent(goal: socket.socket, data: bytes) -> bool:
    try:
        goal.sendall(data)
    except OSError:
        return False
    return True


def _reset(connection: socket.socket) -> None:
    """Ends a connection as a broken link does, also for a thread that waits on it."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _asked(target: Address, words: bytes) -> bytes:
    with socket.create_connection(target, 10) as connection:
        connection.sendall(words)
        return connection.recv(1 << 20)
