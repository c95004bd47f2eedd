"""The network between laptop and hub: HTTP over TLS 1.3, trusting this county's own authority and nobody else."""

from __future__ import annotations

import hashlib
import ssl
import threading
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from nehe_desktop.core.store import Store
from nehe_desktop.sync import tables, trust, wire
from nehe_desktop.sync.account import Account
from nehe_desktop.sync.admission import Token, TokenRequest
from nehe_desktop.sync.keys import Keys, is_signed
from nehe_desktop.sync.protocol import Refusal
from nehe_desktop.sync.transport import PIECE, Denied, Hello, Transport, Unreachable, authority_words

T = TypeVar("T")
_OPEN = ("/v1/enroll", "/v1/token", "/v1/reincarnate")  # what proves itself without a token
_DIFFERENT = "县里的服务器身份不对，没有发送任何内容"
_BE_CAREFUL = "请不要继续，先打电话向县里核对邀请码；也可能是上网要先登录的网络"


@dataclass(frozen=True)
class Passes:
    """What this program was given for its connections: tokens by county and device, authorities by address."""

    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    authorities: dict[str, str] = field(default_factory=dict)
    renewing: threading.Lock = field(default_factory=threading.Lock)
    codes: list[str] = field(default_factory=list)  # of a phone, for the next token; each is good once
    store: Store | None = None  # where the token is kept from one start of the program to the next

    def token(self, account: Account) -> str:
        """The token that was given to an account; empty where there is none."""
        name = (account.county, account.dev)
        if name not in self.tokens and self.store is not None:
            dev, token = tables.kept(self.store, "token", ["", ""])
            self.tokens[name] = token if dev == account.dev else ""
        return self.tokens.get(name, "")

    def keep(self, account: Account, token: str) -> None:
        """Keeps a token, also for the next start."""
        self.tokens[account.county, account.dev] = token
        if self.store is not None:
            told = [account.dev, token]
            self.store.database.write(lambda writing: tables.keep(writing, "token", told)).result()


class Connector:
    """What makes a way to the hub of an account, and keeps what was given from one to the next."""

    def __init__(self, store: Store | None = None, *, timeout: float = 20.0) -> None:
        """With `store`, the laptop's own, its token outlives the program: two round trips less at each start."""
        self._timeout, self._passes = timeout, Passes(store=store)

    def give(self, code: str) -> None:
        """Takes the six digits of a phone, which the hub asks for by a refusal `otp`, for the next token."""
        self._passes.codes[:] = [code]

    def __call__(self, account: Account) -> HttpTransport:
        """A new connection."""
        return HttpTransport(account, timeout=self._timeout, passes=self._passes)


class HttpTransport:
    """One connection to the hub, used again for every call; it gets its token and renews it by itself."""

    def __init__(self, account: Account, *, timeout: float = 20.0, passes: Passes | None = None) -> None:
        """`timeout` in seconds, for each step of an exchange and not for the whole of it."""
        self._account, self._passes = account, Passes() if passes is None else passes
        self._timeout, self._dictionary = timeout, True
        self._client: httpx.Client | None = None

    def hello(self) -> Hello:
        """Whether somebody answers."""
        told = self._sent("GET", "/v1/hello").headers
        try:
            return Hello(int(told["nehe-now"]), told["nehe-epoch"], told["nehe-county"])
        except (KeyError, ValueError) as error:
            raise _foreign() from error

    def call(self, path: str, message: msgspec.Struct, answer: type[T]) -> T:
        """Posts a message, such as to /v1/sync, and gives the answer."""
        try:
            came = self._posted(path, wire.pack(message, dictionary=self._dictionary))
        except Denied as denied:
            if denied.refusal.error != "dictionary":
                raise
            self._dictionary = False  # an older or newer hub has another one
            came = self._posted(path, wire.pack(message, dictionary=False))
        try:
            return wire.unpack(came.content, answer)
        except wire.Unreadable as error:
            raise _foreign() from error

    def _posted(self, path: str, body: bytes) -> httpx.Response:
        kind = {"content-type": wire.TYPE}
        if path in _OPEN:
            return self._sent("POST", path, kind, body)
        return self._asked("POST", path, kind, body)

    def fetch(self, path: str, start: int, count: int) -> bytes:
        """Part of a file, at most `count` bytes from `start`; fewer only at its end."""
        found = b""
        while len(found) < count:
            first, many = start + len(found), min(PIECE, count - len(found))
            came = self._asked("GET", path, {"range": f"bytes={first}-{first + many - 1}"}, may_be=(416,))
            part = b"" if came.status_code == 416 else came.content
            found += part
            if len(part) < many:
                break
        return found

    def have(self, sha256: str) -> int:
        """How many bytes of an attachment the hub holds; -1 where it does not want it."""
        came = self._asked("HEAD", f"/v1/blob/{sha256}", may_be=(404,))
        return -1 if came.status_code == 404 else _offset(came)

    def put(self, sha256: str, start: int, size: int, content: bytes) -> int:
        """Adds to an attachment of `size` bytes; how many the hub holds then."""
        place = {"upload-offset": str(start), "upload-length": str(size)}
        return _offset(self._asked("PATCH", f"/v1/blob/{sha256}", place, content))

    def close(self) -> None:
        """Ends the connection."""
        if self._client is not None:
            self._client.close()

    def _asked(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        may_be: tuple[int, ...] = (),
    ) -> httpx.Response:
        """The answer to a request with a token; where the hub does not take the token, a new one is tried once."""
        token = self._bearer()
        for last in (False, True):
            try:
                proved = {**(headers or {}), "authorization": f"Bearer {token}"}
                return self._sent(method, path, proved, body, may_be)
            except Denied as denied:
                if denied.status != 401 or last:
                    raise
                token = self._bearer(refused=token)
        raise AssertionError

    def _bearer(self, refused: str = "") -> str:
        me = self._account
        with self._passes.renewing:
            kept = self._passes.token(me)
            if kept and kept != refused:
                return kept
            nonce = self.call("/v1/token", TokenRequest(me.dev), Token).nonce
            words = f"nehe token {me.county} {me.dev} {nonce}".encode()
            code = self._passes.codes.pop() if self._passes.codes else ""
            proof = TokenRequest(me.dev, nonce, me.keys.signature(words), code)
            token = self.call("/v1/token", proof, Token).token
            self._passes.keep(me, token)
            return token

    def _sent(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        may_be: tuple[int, ...] = (),
    ) -> httpx.Response:
        try:
            came = self._opened().request(method, path, headers=headers, content=body or None)
        except httpx.HTTPError as error:
            raise _unreachable(error) from error
        if came.is_success or came.status_code in may_be:
            return came
        raise _denied(came)

    def _opened(self) -> httpx.Client:
        """The connection, made when it is first needed: that may already fail."""
        if self._client is None:
            me = self._account
            self._client = _client(me.url, _trust(me, self._passes, self._timeout), self._timeout)
        return self._client


def first_contact(url: str, fingerprint: str, *, timeout: float = 20.0) -> tuple[str, Transport]:
    """The hub's authority (PEM), if it is the one of the invitation, and a way to /v1/enroll.

    The authority is fetched from whoever answers and is worth nothing until its hash is the one that was
    handed over on paper; everything after that goes to its owner only.
    """
    if urlsplit(url).scheme != "https" and not trust.is_near(url):
        raise Unreachable("县里的服务器地址不安全", "地址要以 https:// 开头，请向县里要一个新的邀请码")
    ca, _ = _shown(url, timeout)
    try:
        seen = hashlib.sha256(ssl.PEM_cert_to_DER_cert(ca)).hexdigest()
    except ValueError as error:
        raise _foreign() from error
    if seen != fingerprint:
        raise Unreachable(_DIFFERENT, _BE_CAREFUL)
    return ca, HttpTransport(Account(url, ca, "", "", "", Keys("", ""), "", ""), timeout=timeout)


def _shown(url: str, timeout: float) -> tuple[str, str]:
    """The certificate that whoever answers calls the hub's authority, and a signature of it."""
    with _client(url, trust.nobody(), timeout) as client:
        try:
            came = client.get("/v1/ca")
        except httpx.HTTPError as error:
            raise _unreachable(error) from error
    if not came.is_success:
        raise _denied(came)
    return came.text, came.headers.get("nehe-signature", "")


def _trust(account: Account, passes: Passes, timeout: float) -> ssl.SSLContext | None:
    """Whom a laptop trusts: the authority it knows, or after joining by stick the one that the hub has signed."""
    if urlsplit(account.url).scheme != "https":
        return None
    ca = account.ca or passes.authorities.get(account.url, "")
    if not ca:
        ca, signature = _shown(account.url, timeout)
        if not is_signed(account.hub_sign, signature, authority_words(ca)):
            raise Unreachable(_DIFFERENT, _BE_CAREFUL)
        passes.authorities[account.url] = ca
    return trust.pinned(ca)


def _client(url: str, context: ssl.SSLContext | None, timeout: float) -> httpx.Client:
    client = httpx.Client(
        base_url=url,
        verify=context or True,
        timeout=httpx.Timeout(timeout, read=3 * timeout),
        trust_env=not trust.is_near(url),  # proxies of the environment, but not to this very computer
        limits=httpx.Limits(max_connections=4, keepalive_expiry=60),
    )
    for name in ("accept", "accept-encoding", "user-agent"):  # bytes on a weak link
        client.headers.pop(name, None)
    return client


def _offset(came: httpx.Response) -> int:
    try:
        return int(came.headers["upload-offset"])
    except (KeyError, ValueError) as error:
        raise _foreign() from error


def _denied(came: httpx.Response) -> Exception:
    try:
        refusal = wire.unpack(came.content, Refusal, 1 << 20)
    except wire.Unreadable:
        return _foreign()
    after = came.headers.get("retry-after", "")
    return Denied(came.status_code, refusal, float(after) if after.isdigit() else 0)


def _foreign() -> Unreachable:
    return Unreachable("收到的不是县里服务器的回答", "可能是上网要先登录的网络或代理拦住了，请换一个网络再试")


def _unreachable(error: httpx.HTTPError) -> Unreachable:
    """What to tell a person when no answer came."""
    causes = [error.__cause__, error.__context__, error]
    causes += [getattr(each, "__cause__", None) or getattr(each, "__context__", None) for each in causes]
    said = " ".join(f"{type(each).__name__} {each}" for each in causes if each)
    if isinstance(error, httpx.TimeoutException):
        return Unreachable("县里的服务器很久没有回答", "网络可能太慢，稍后会自动再试")
    if "CERTIFICATE_VERIFY_FAILED" in said or "SSL" in said:
        return Unreachable(_DIFFERENT, _BE_CAREFUL)
    if "gaierror" in said or "Name or service not known" in said or "getaddrinfo" in said:
        return Unreachable("找不到县里的服务器", "请检查网络是否连通；地址变了要向县里要新的邀请码")
    if isinstance(error, httpx.ProxyError):
        return Unreachable("网络代理不让连县里的服务器", "请检查系统的代理设置")
    if "refused" in said:
        return Unreachable("县里的服务器没有开", "网络是通的，请稍后再试或问县里")
    return Unreachable("连不上县里的服务器", "请检查网络；改动都在本机，连上后会自动上传")
