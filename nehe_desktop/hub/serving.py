"""The hub on a socket: TLS 1.3, requests under way are finished before it ends, a log without names."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from nehe_desktop.core.errors import Trouble
from nehe_desktop.hub.app import make_app
from nehe_desktop.hub.web import Site

_GRACE = 30  # seconds for requests under way when it is told to end
_RUBBISH = (100_000, 50, 100)  # new values between two searches for cycles, and how often the older ones are searched
_IDLE = 75  # seconds that a silent connection stays open; longer than any client keeps its own


class Server(uvicorn.Server):
    """A server that ends by itself when told to, so that what follows it is done too."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        """`ready` is called once connections are taken."""
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to take connections."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends idle connections at once, without waiting for the other end's farewell, and the rest when they are done."""
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            if cycle is None or cycle.response_complete:
                connection.transport.abort()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT end the server, and only it; a second one does not wait for requests."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def tls(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.3 with the hub's certificate; loading another chain into it changes what newcomers are shown."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)
    return context


def listening(host: str, port: int) -> socket.socket:
    """A socket that nobody else has; raises Trouble.

    Its protocol is named, or the event loop would not switch Nagle's waiting off and each answer cost 40 ms.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name != "nt":
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(256)
    except OSError as error:
        taken.close()
        advice = "端口可能被占用：换一个 --port，或看看是不是已经在运行"
        raise Trouble(f"不能在 {host} 的 {port} 端口上提供服务", advice) from error
    return taken


def server(site: Site, context: ssl.SSLContext | None, ready: Callable[[], None]) -> Server:
    """A server for a hub, over TLS where there is a context."""
    config = uvicorn.Config(
        make_app(site),
        http="httptools",
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=_GRACE,
        ssl_context_factory=(lambda _, __: context) if context else None,
    )
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    return Server(config, ready)


def serve(
    site: Site, context: ssl.SSLContext | None, taken: socket.socket, ready: Callable[[], None]
) -> None:
    """Serves until it is told to end, then finishes what is under way."""
    gc.collect()
    gc.freeze()  # what was loaded stays; a push makes thousands of small values that go away by themselves
    gc.set_threshold(*_RUBBISH)
    try:
        asyncio.run(server(site, context, ready).serve([taken]))
    finally:
        site.pool.shutdown()
