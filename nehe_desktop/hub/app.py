"""The hub over HTTP: every path of the protocol, health and metrics."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from ipaddress import ip_address

from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nehe_desktop.hub import auth, devices, escrow, packs
from nehe_desktop.hub.factor import Guessed
from nehe_desktop.hub.web import Call, Door, Job, Site, endpoint, laptops_only, not_too_often
from nehe_desktop.sync import wire
from nehe_desktop.sync.admission import Deposit, Enrolled, Enrolment, Reincarnation, TokenRequest
from nehe_desktop.sync.protocol import Refusal, Salvage, SyncRequest
from nehe_desktop.sync.transport import PIECE, Denied, authority_words

_SMALL, _LARGE, _PARCEL = 16 << 10, 8 << 20, 32 << 20  # bytes of a body
_LAST = 2**63 - 1  # the largest number that a scope can reach
_SMALL_UNPACKED = 64 << 10
_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{1,12})?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def make_app(site: Site) -> Starlette:
    """The application of one hub."""

    def route(path: str, method: str, job: Job, most: int = 0, door: Door | None = None) -> Route:
        label = path.partition("{")[0].rstrip("/")  # no name of a scope or file in a log
        return Route(path, endpoint(site, label, job, most, door), methods=[method])

    elsewhere = endpoint(site, "-", _nothing, 0)
    hello, token, pack = (not_too_often(kind) for kind in ("hello", "token", "pack"))
    newcomer = not_too_often("guess", 0)
    routes = [
        route("/v1/hello", "GET", _hello, door=hello),
        route("/v1/ca", "GET", _authority, door=hello),
        route("/v1/enroll", "POST", _enrol, _SMALL, newcomer),
        route("/v1/token", "POST", _token, _SMALL, token),
        route("/v1/reincarnate", "POST", _reincarnate, _SMALL, newcomer),
        route("/v1/pack", "POST", _pack, _PARCEL, pack),
        route("/v1/sync", "POST", _sync, _LARGE, laptops_only),
        route("/v1/salvage", "POST", _salvage, _LARGE, laptops_only),
        route("/v1/escrow", "POST", _escrow, _SMALL, laptops_only),
        route("/v1/snapshot/{scope}@{at:int}", "GET", _snapshot, door=laptops_only),
        route("/v1/blob/{sha256}", "HEAD", _blob_state, door=laptops_only),
        route("/v1/blob/{sha256}", "PATCH", _put_blob, _LARGE, laptops_only),
        route("/v1/blob/{sha256}", "GET", _blob, door=laptops_only),
        route("/health", "GET", _health, door=hello),
        route("/metrics", "GET", _metrics, door=hello),
    ]

    async def missing(request: Request, _: Exception) -> Response:
        return await elsewhere(request)

    return Starlette(routes=routes, exception_handlers={404: missing, 405: missing})


def _hello(call: Call) -> Response:
    site = call.site
    headers = {"nehe-now": str(site.wall()), "nehe-epoch": site.hub.epoch, "nehe-county": site.hub.county}
    return Response(status_code=204, headers=headers)


def _authority(call: Call) -> Response:
    """The certificate with the hub's signature, for a laptop that joined by stick and never saw it."""
    site, words = call.site, authority_words(call.site.authority)
    headers = {"nehe-signature": site.keys.signature(words)}
    return Response(site.authority, headers=headers, media_type="application/x-pem-file")


def _enrol(call: Call) -> Response:
    enrolment, site = wire.unpack(call.body, Enrolment, _SMALL_UNPACKED), call.site
    return _let_in(call, lambda: devices.enrol(site.hub.store, site.hub.county, enrolment, site.wall))


def _reincarnate(call: Call) -> Response:
    asked, site = wire.unpack(call.body, Reincarnation, _SMALL_UNPACKED), call.site
    return _let_in(call, lambda: devices.reincarnate(site.hub.store, site.hub.county, asked, site.wall))


def _let_in(call: Call, job: Callable[[], Enrolled]) -> Response:
    """The answer to who asks to be let in; who was refused often must wait."""
    try:
        told = job()
    except Denied:
        call.site.limits.take("guess", call.address)
        raise
    call.dev = told.dev
    return _packed(call, told)


def _token(call: Call) -> Response:
    site, asked = call.site, wire.unpack(call.body, TokenRequest, _SMALL_UNPACKED)
    store, county, otp = site.hub.store, site.hub.county, site.otp_for_county
    if asked.code:
        _must_not_have_guessed(call, asked.dev)
    try:
        told = auth.answered(store, county, site.keys, asked, site.wall(), otp_for_county=otp)
    except Guessed:
        site.limits.take("otp", asked.dev)
        raise
    return _packed(call, told)


def _must_not_have_guessed(call: Call, dev: str) -> None:
    try:
        call.site.limits.take("otp", dev, 0)
    except Denied as often:
        raise Denied(403, Refusal("otp", "验证码错得太多，请过几分钟再输"), often.after) from often


def _sync(call: Call) -> Response:
    dev = call.prove()
    request = wire.unpack(call.body, SyncRequest)
    _must_be_own(request.dev, dev)
    reply = call.site.hub.sync(dev, request)
    call.counts = call.site.metrics.synced(request, reply)
    return _packed(call, reply)


def _salvage(call: Call) -> Response:
    dev = call.prove()
    message = wire.unpack(call.body, Salvage)
    _must_be_own(message.dev, dev)
    call.site.hub.salvage(dev, message)
    return Response(wire.packed(b"{}", dictionary=False), media_type=wire.TYPE)


def _escrow(call: Call) -> Response:
    dev, site = call.prove(), call.site
    site.limits.take("escrow", dev)
    deposit = wire.unpack(call.body, Deposit, _SMALL_UNPACKED)
    _must_be_own(deposit.dev, dev)
    return _packed(call, escrow.keep(site.hub.store, site.hub.county, deposit, site.wall()))


def _must_be_own(said: str, proved: str) -> None:
    if said != proved:
        raise Denied(403, Refusal("signature", "请求里写的不是这台电脑"))


def _pack(call: Call) -> Response:
    site = call.site
    answer = packs.answered(site.hub, site.keys, call.body, site.wall, relayed=True, otp_for_county=site.otp_for_county)
    if not answer.dev:
        site.limits.take("guess", call.address)
    call.dev = answer.dev
    return Response(answer.package, media_type="application/octet-stream")


def _snapshot(call: Call) -> Response:
    dev, hub = call.prove(), call.site.hub
    scope, at = call.request.path_params["scope"], min(call.request.path_params["at"], _LAST)
    sql = "SELECT sha256 FROM snapshot WHERE county = ? AND scope = ? AND hseq = ?"

    def piece(start: int, count: int) -> bytes:
        return hub.snapshot(dev, scope, at, start, count)

    response = _part(call.request, piece)
    if found := hub.store.read(lambda link: link.one(sql, (hub.county, scope, at))):
        response.headers["etag"] = f'"{found[0]}"'
    return response


def _blob(call: Call) -> Response:
    dev, sha256 = call.prove(), _sha256(call.request)
    return _part(call.request, lambda start, count: call.site.hub.fetch_blob(dev, sha256, start, count))


def _blob_state(call: Call) -> Response:
    have = call.site.hub.have(call.prove(), _sha256(call.request))
    if have < 0:
        return Response(status_code=404)
    return Response(headers={"upload-offset": str(have)})


def _put_blob(call: Call) -> Response:
    dev, sha256 = call.prove(), _sha256(call.request)
    start, size = (_number(call.request, name) for name in ("upload-offset", "upload-length"))
    have = call.site.hub.put(dev, sha256, start, size, call.body)
    return Response(status_code=204, headers={"upload-offset": str(have)})


def _health(call: Call) -> Response:
    call.site.hub.store.read(lambda link: link.one("SELECT 1"))
    return Response(b'{"status":"ok"}', media_type="application/json")


def _metrics(call: Call) -> Response:
    site, headers = call.site, call.request.headers
    told = headers.get("authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(told.encode(), site.metrics_token.encode()) and not _is_near(call):
        raise Denied(401, Refusal("token", "要用 metrics.token 里的令牌"))
    text = site.metrics.text(site.hub.store, site.hub.county, site.wall())
    return Response(text, media_type="text/plain; version=0.0.4")


def _is_near(call: Call) -> bool:
    """Whether somebody on this very computer asks, and not a relay on behalf of another."""
    try:
        return ip_address(call.address).is_loopback and "x-forwarded-for" not in call.request.headers
    except ValueError:
        return False


def _nothing(_: Call) -> Response:
    raise Denied(404, Refusal("nothing", "没有这个地址"))


def _packed(call: Call, message: Struct) -> Response:
    """An answer with the dictionary by which was asked: who has another one can read it too."""
    body = wire.pack(message, dictionary=wire.uses_dictionary(call.body))
    return Response(body, media_type=wire.TYPE)


def _part(request: Request, piece: Callable[[int, int], bytes]) -> Response:
    """A part of a file as asked for; the rest from its start where nobody says."""
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    start = int(asked[1]) if asked else 0
    count = min(int(asked[2]) - start + 1, PIECE) if asked and asked[2] else PIECE
    if count <= 0:
        raise Denied(400, Refusal("unreadable", "Range 写得不对"))
    content = piece(start, count)
    if not content and start:
        return Response(status_code=416)
    headers = {"content-range": f"bytes {start}-{start + len(content) - 1}/*"} if asked else {}
    return Response(content, 206 if asked else 200, headers, media_type="application/octet-stream")


def _number(request: Request, name: str) -> int:
    value = request.headers.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) < 13):
        raise Denied(400, Refusal("unreadable", f"缺少 {name}"))
    return int(value)


def _sha256(request: Request) -> str:
    found = str(request.path_params["sha256"])
    if not _SHA256.fullmatch(found):
        raise Denied(404, Refusal("nothing", "没有这个附件"))
    return found
