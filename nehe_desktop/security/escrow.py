"""The way back by the county: a laptop asks in letters, the county answers with its key, sealed to the one who asked.

What a laptop keeps while it waits is locked by the PIN that was chosen when it asked: with the answer alone, or
with the laptop alone, nobody opens anything. An answer opens one vault, for one request, once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from nehe_desktop.core.errors import Refused
from nehe_desktop.security import envelope, pins, recovery, succession, vault
from nehe_desktop.security.durable import write_whole
from nehe_desktop.security.envelope import Cost, Key

_REQUEST, _ANSWER = b"?", b"!"
_STATE = "nehe-escrow/waiting"
STRONG = Cost()
"""What locks a request that waits, and the new PIN."""

_BOX = 48  # bytes of a sealed key


@dataclass(frozen=True)
class Request:
    """Which vault asks for which key (fingerprint), and the one-time public half to seal it to."""

    vault: bytes
    key: bytes
    public: bytes

    def lines(self) -> tuple[str, ...]:
        """The request in letters, with a check character a line."""
        return recovery.lined(_REQUEST + self.vault + self.key + self.public)


def deposit_about(county: str, dev: str, fingerprint: str) -> str:
    """What a deposited key is bound to: one laptop of one county, and which of its keys."""
    return f"nehe-escrow/{county}/{dev}/{fingerprint}"


def ask(path: Path, person: str, pin: str, *, cost: Cost | None = None) -> Request:
    """A new request of a vault, and the PIN that its answer will bring `person`; an older request is void."""
    pin = pins.checked(pin, person)
    private, public = envelope.new_pair()
    number, fingerprint = succession.named(path)
    state = {
        "person": person,
        "public": envelope.text_of(public),
        "lock": envelope.lock(private, pin, _STATE, cost or STRONG),
    }
    write_whole(_waiting(path), json.dumps(state, ensure_ascii=False).encode())
    return Request(bytes.fromhex(number), bytes.fromhex(fingerprint), public)


def waiting(path: Path) -> tuple[str, Request] | None:
    """Who waits for an answer, and the request as it was made; also after the program was closed."""
    try:
        state = json.loads(_waiting(path).read_bytes())
        number, fingerprint = succession.named(path)
        public = envelope.bytes_of(state["public"])
    except (OSError, ValueError, KeyError):
        return None
    return state["person"], Request(bytes.fromhex(number), bytes.fromhex(fingerprint), public)


def give_up(path: Path) -> None:
    """Forgets a request; its answer opens nothing any more."""
    _waiting(path).unlink(missing_ok=True)


def read_request(text: str) -> Request:
    """A request as it was typed or read from a file; raises Refused and names the line with a typing error."""
    data = _read(text, _REQUEST, "请求", "答复")
    if len(data) < 48:
        raise Refused("请求不完整，请对照屏幕再抄一遍。")
    return Request(data[:8], data[8:16], data[16:48])


def answer(request: Request, key: Key) -> tuple[str, ...]:
    """The county's answer in letters: the key, for who made this request and for nobody else."""
    sealed = envelope.seal(key, request.public, _about(request))
    return recovery.lined(
        _ANSWER
        + request.vault
        + b"".join(envelope.bytes_of(sealed[part]) for part in ("sender", "nonce", "box"))
    )


def take(path: Path, text: str, pin: str, *, cost: Cost | None = None) -> tuple[Key, str]:
    """The key by the county's answer, and who opens with the new PIN from now on; raises Refused."""
    found = waiting(path)
    if found is None:
        raise Refused("这台电脑没有等着的请求；答复只能用一次。请重新向县里请求。")
    person, request = found
    data = _read(text, _ANSWER, "答复", "请求")
    if data[:8] != request.vault:
        raise Refused("这是给另一台电脑的答复，请向县里核对。")
    if len(data) < 8 + 32 + 12 + _BOX:
        raise Refused("答复不完整，请再取一次。")
    state = json.loads(_waiting(path).read_bytes())
    private = envelope.unlocked(state["lock"], pins.spelling(pin), _STATE)
    if private is None:
        raise Refused("口令不对：要输请求时定的那个新口令。忘了就重新请求。")
    parts = {"sender": data[8:40], "nonce": data[40:52], "box": data[52 : 52 + _BOX]}
    sealed = {name: envelope.text_of(part) for name, part in parts.items()}
    key = envelope.unsealed(sealed, private, _about(request))
    if key is None:
        raise Refused("这是对以前一次请求的答复，已经没有用了；请等这一次的。")
    vault.add_person(path, key, person, pin, cost=cost or STRONG, without_pin=True)
    give_up(path)
    return key, person


def enter(path: Path, text: str, person: str, pin: str) -> Key:
    """The key by the county's answer or by the printed code, whichever was typed; raises Refused."""
    found = waiting(path)
    if found is None or found[0] != person or not _is_answer(text):
        return vault.recover(path, text, person, pin)
    return take(path, text, pin)[0]


def _is_answer(text: str) -> bool:
    """Whether a text is too long for the printed code."""
    words = (line for line in text.splitlines() if not line.startswith("#"))
    return len(recovery.plain("".join(words))) > recovery.LINES * recovery.LINE_LENGTH


def _read(text: str, kind: bytes, name: str, other: str) -> bytes:
    data = recovery.unlined(text)
    if data[:1] != kind:
        raise Refused(f"这不是{name}；请看看是不是把{other}当成了{name}。")
    return data[1:]


def _about(request: Request) -> str:
    return f"nehe-escrow/answer/{request.vault.hex()}/{request.key.hex()}/{request.public.hex()}"


def _waiting(path: Path) -> Path:
    return path.with_name(path.name + ".asking")
