"""Requests and answers: bodies of bounded size, work off the event loop, errors without detail, lines without names."""

from __future__ import annotations

import asyncio
import logging
import random
import time
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.hub import auth
from nehe_desktop.hub.limits import Limits
from nehe_desktop.hub.metrics import Metrics
from nehe_desktop.hub.service import Hub
from nehe_desktop.sync import wire
from nehe_desktop.sync.keys import Keys
from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.transport import Denied

LOG = logging.getLogger("nehe.hub")
_AT_ONCE = 64  # requests that are worked on or wait for a thread; more are asked to come again
_THREADS = 8
_DIGITS = 13  # of a length, at most: whoever writes more means harm
_LONGEST = 600.0  # seconds that a body may take; a slow link needs half a minute for a usual one


@dataclass(frozen=True)
class Site:
    """A hub and all that answers for it; `wall` is the time in milliseconds, `authority` its certificate (PEM).

    With `otp_for_county` the county's own laptops must show the code of a phone.
    """

    hub: Hub
    keys: Keys
    authority: str
    metrics_token: str
    wall: Callable[[], int]
    limits: Limits = field(default_factory=Limits)
    metrics: Metrics = field(default_factory=Metrics)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_THREADS, "hub"))
    at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    otp_for_county: bool = False


@dataclass
class Call:
    """One request as a job sees it: its body, and what the log may say of it."""

    site: Site
    request: Request
    body: bytes
    dev: str = "-"
    counts: str = ""
    twofold: bool = False

    @property
    def address(self) -> str:
        """Where it comes from."""
        return self.request.client.host if self.request.client else ""

    def prove(self) -> str:
        """The laptop that asks, if it is still welcome; raises Denied."""
        site, dev = self.site, self.dev
        kind = {"twofold": self.twofold, "otp_for_county": site.otp_for_county}
        site.hub.store.read(lambda link: auth.admitted(link, site.hub.county, dev, **kind))
        return dev


Job = Callable[[Call], Response]
Door = Callable[[Call], None]
"""Raises Denied for whom nothing should be read of."""


def laptops_only(call: Call) -> None:
    """The door for laptops: the token tells which one asks; raises Denied."""
    site, header = call.site, call.request.headers.get("authorization", "")
    call.dev = auth.named(site.hub.county, auth.secret_of(site.keys), header, site.wall())
    call.twofold = auth.is_twofold(header)
    site.limits.take("device", call.dev)


def not_too_often(kind: str, count: int = 1) -> Door:
    """The door for anybody, who may come so often from one address; raises Denied."""
    return lambda call: call.site.limits.take(kind, call.address, count)


def endpoint(
    site: Site, path: str, job: Job, most: int, door: Door | None = None
) -> Callable[[Request], Awaitable[Response]]:
    """What answers at a path: asks at the door, then takes at most `most` bytes and does the job in a thread."""

    async def answer(request: Request) -> Response:
        began = time.perf_counter()
        call = Call(site, request, b"")
        try:
            if door is not None:
                door(call)
            call.body = await _body(request, most)
            response = await _answered(call, job)
        except Denied as denied:
            response = refused(denied)
        except ClientDisconnect:
            response = Response(status_code=400)
        took = time.perf_counter() - began
        came, went = len(call.body), len(response.body)
        site.metrics.answered(path, response.status_code, took, came, went)
        words = (call.dev, request.method, path, response.status_code, came, went, call.counts, took * 1000)
        LOG.info("%s %s %s %d in=%d out=%d %s%.0f ms", *words)
        return response

    return answer


async def _answered(call: Call, job: Job) -> Response:
    site = call.site
    if site.at_once.locked():
        raise Denied(503, Refusal("busy", "县里的服务器正忙"), after=random.uniform(3, 15))
    async with site.at_once:
        return await asyncio.get_running_loop().run_in_executor(site.pool, _done, job, call)


def _done(job: Job, call: Call) -> Response:
    """The job's answer; every error becomes one."""
    try:
        return job(call)
    except Denied as denied:
        return refused(denied)
    except wire.Unreadable as error:
        return refused(Denied(400, _unreadable(error)))
    except Refused as refusal:
        return refused(Denied(400, Refusal("refused", refusal.sentence)))
    except Trouble as trouble:
        LOG.warning("%s", trouble.sentence)
        return refused(Denied(503, Refusal("trouble", "县里的服务器暂时不能工作"), after=30))
    except Exception as error:  # noqa: BLE001 - whatever it is, the others go on; nothing of it is told
        places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        LOG.error("%s at %s", type(error).__name__, " ".join(places))  # noqa: TRY400 - a message may hold values
        return refused(Denied(500, Refusal("error", "县里的服务器出错了，已经记下")))


def _unreadable(error: wire.Unreadable) -> Refusal:
    if isinstance(error, wire.UnknownDictionary):
        return Refusal("dictionary", "请不用词典再发一次")
    return Refusal("unreadable", "看不懂这个请求：两边的程序版本可能不一样")


async def _body(request: Request, most: int) -> bytes:
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and len(length) < _DIGITS) or int(length) > most:
        raise too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(_LONGEST):
            async for piece in request.stream():
                body += piece
                if len(body) > most:
                    raise too_large()
    except TimeoutError as error:
        raise Denied(408, Refusal("slow", "网络太慢，没有收完")) from error
    return bytes(body)


def too_large() -> Denied:
    """The answer to a body above its bound."""
    return Denied(413, Refusal("large", "一次发来的内容太大"))


def refused(denied: Denied) -> Response:
    """A refusal as it travels."""
    response = Response(wire.pack(denied.refusal, dictionary=False), denied.status, media_type=wire.TYPE)
    if denied.after:
        response.headers["retry-after"] = str(max(1, round(denied.after)))
    return response
