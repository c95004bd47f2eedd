from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from nehe_desktop.core.errors import Refused
from nehe_desktop.sync import package
from nehe_desktop.sync.admission import Enrolment
from nehe_desktop.sync.keys import new_keys
from nehe_desktop.sync.package import Parcel, letter, message_of, open_parcel, seal, sealing
from nehe_desktop.sync.protocol import SyncRequest
from nehe_desktop.sync.stream import CHUNK, Sealer

HUB, LAPTOP, OTHER = new_keys(), new_keys(), new_keys()
REQUEST = SyncRequest("d1", "e1", 1_600_000_000_000)
PIECE = CHUNK + 16


def knows(name: str) -> str | None:
    return {"d1": LAPTOP.sign_public, "d2": OTHER.sign_public}.get(name)


def named(*contents: bytes) -> dict[str, bytes]:
    return {hashlib.sha256(each).hexdigest(): each for each in contents}


def parcel(*photos: bytes) -> Parcel:
    return Parcel("讷河", "d1", "hub", 1_600_000_000_000, "up", (letter(REQUEST),), named(*photos))


def packed(*photos: bytes) -> bytes:
    return seal(parcel(*photos), LAPTOP, HUB.seal_public)


def why_not(data: bytes, county: str = "") -> str:
    with pytest.raises(Refused) as refused:
        open_parcel(data, HUB, knows, county)
    return refused.value.sentence


def pieces(data: bytes) -> tuple[bytes, list[bytes]]:
    head, body = data[:46], data[46:]
    return head, [body[at : at + PIECE] for at in range(0, len(body), PIECE)]


BIG = os.urandom(3 * CHUNK + 100)


def test_what_was_packed_comes_out_whole() -> None:
    made = parcel(b"a photo", BIG)
    assert open_parcel(seal(made, LAPTOP, HUB.seal_public), HUB, knows, "讷河") == made
    assert message_of(made.messages[0]) == REQUEST


def test_nothing_can_be_read_outside_the_seal() -> None:
    first, second = packed(), packed()
    assert first.startswith(b"NHPKG\x01")
    assert [at for at in range(len(first)) if first[at] == second[at]][:14] == list(range(14))
    for word in (b"d1", b"hub", "讷河".encode(), b"SyncRequest", LAPTOP.sign_public.encode()):
        assert word not in first[14:]


def test_a_file_that_is_no_package_is_refused() -> None:
    assert why_not("户主姓名".encode()) == "这不是同步数据包（.nhpkg 文件）"
    assert "没有拷完" in why_not(packed()[:20])


def test_a_package_of_a_newer_program_asks_for_an_upgrade() -> None:
    data = bytearray(packed())
    data[5] = 2
    assert "请先升级" in why_not(bytes(data))


def test_a_package_for_another_receiver_says_so() -> None:
    assert "给别的电脑" in why_not(seal(parcel(), LAPTOP, OTHER.seal_public))


def test_whoever_claims_to_be_the_receiver_still_cannot_open_it() -> None:
    other = bytearray(seal(parcel(), LAPTOP, OTHER.seal_public))
    other[6:14] = packed()[6:14]
    assert "损坏" in why_not(bytes(other))


def test_every_changed_byte_is_noticed() -> None:
    data = packed(b"photo")
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 0x10
        assert why_not(bytes(changed))


def test_every_missing_end_is_noticed() -> None:
    data = packed(b"photo")
    assert all(why_not(data[:length]) for length in range(len(data)))


def test_a_package_cut_between_two_chunks_is_incomplete() -> None:
    head, found = pieces(packed(BIG))
    assert why_not(head + b"".join(found[:-1])) == "数据包不完整：后半截没有拷过来，请重新拷贝"
    assert "没有拷完" in why_not((head + b"".join(found))[:-5])


def test_chunks_in_another_order_are_noticed() -> None:
    head, (first, second, *rest) = pieces(packed(BIG))
    assert "次序被打乱" in why_not(head + second + first + b"".join(rest))
    assert "次序被打乱" in why_not(head + first + b"".join(rest))
    assert "次序被打乱" in why_not(head + first + first + second + b"".join(rest))


def test_damage_names_the_place() -> None:
    head, found = pieces(packed(BIG))
    found[1] = bytes(PIECE)
    assert "第 2 段损坏" in why_not(head + b"".join(found))


def test_what_was_added_behind_is_noticed() -> None:
    full = b"x"
    while len(pieces(packed(full))[1][-1]) != PIECE:
        full += os.urandom(PIECE - len(pieces(packed(full))[1][-1]))
    assert "多出了别的内容" in why_not(packed(full) + b"more")


def test_another_countys_package_is_refused() -> None:
    assert why_not(packed(), "克山") == "这个数据包是别的县的，不能在这里接收"


def test_a_stranger_is_refused() -> None:
    assert "没有登记" in why_not(seal(replace(parcel(), sender="d9"), LAPTOP, HUB.seal_public))


def test_nobody_can_write_in_anothers_name() -> None:
    assert "签名不对" in why_not(seal(replace(parcel(), sender="d2"), LAPTOP, HUB.seal_public))


def test_the_receiver_cannot_pass_it_on_as_the_senders_own() -> None:
    """The signature names the receiver and the one seal it was made for."""
    proved: list[bytes] = []
    given = open_parcel(packed(), HUB, knows)
    sealer = Sealer(OTHER.seal_public)
    head = b"NHPKG\x01" + package._key_id(OTHER.seal_public) + sealer.public
    proved.extend(package._signed(given, LAPTOP, packed()[:46], HUB.seal_public))
    forged = head + b"".join(sealer.chunks(package._compressed(iter(proved)), head))
    with pytest.raises(Refused, match="签名不对"):
        open_parcel(forged, OTHER, knows)


def test_a_new_laptop_proves_itself_by_the_key_it_brings() -> None:
    enrolment = letter(Enrolment("code", "新村", OTHER.sign_public, OTHER.seal_public))
    new = Parcel("", "", "hub", 1, "up", (enrolment,))
    assert open_parcel(seal(new, OTHER, HUB.seal_public), HUB, knows, "讷河") == new
    assert "签名不对" in why_not(seal(new, LAPTOP, HUB.seal_public))
    assert "没有登记" in why_not(seal(replace(parcel(), sender=""), LAPTOP, HUB.seal_public))


def test_a_laptop_takes_only_what_its_hub_has_signed() -> None:
    enrolment = letter(Enrolment("code", "新村", OTHER.sign_public, OTHER.seal_public))
    down = Parcel("讷河", "", "d1", 1, "down", (enrolment,))
    assert open_parcel(seal(down, HUB, LAPTOP.seal_public), LAPTOP, lambda _: HUB.sign_public) == down
    with pytest.raises(Refused, match="签名不对"):
        open_parcel(seal(down, OTHER, LAPTOP.seal_public), LAPTOP, lambda _: HUB.sign_public)


def test_an_attachment_under_a_wrong_name_is_refused() -> None:
    wrong = replace(parcel(), blobs={"0" * 64: b"photo"})
    assert "附件" in why_not(seal(wrong, LAPTOP, HUB.seal_public))


def test_a_small_package_cannot_unpack_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST", 1 << 20)
    data = packed(bytes(40 << 20))
    assert len(data) < 1 << 20
    assert "太大" in why_not(data)


class OneByOne(Mapping[str, bytes]):
    """Attachments that are read when they are asked for."""

    def __init__(self, held: dict[str, bytes]) -> None:
        self.held, self.asked = held, list[str]()

    def __getitem__(self, name: str) -> bytes:
        self.asked.append(name)
        return self.held[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)


def test_attachments_are_read_one_after_another_while_the_package_is_written() -> None:
    photos = OneByOne(named(*(os.urandom(4 * CHUNK) for _ in range(3))))
    written = sealing(replace(parcel(), blobs=photos), LAPTOP, HUB.seal_public)
    assert next(written)
    assert next(written)
    assert len(photos.asked) == 1
    assert len(list(written)) > 9
    assert photos.asked == list(photos.held)


def test_a_message_of_no_known_kind_is_refused() -> None:
    for strange in (b"{}", b'{"kind":"Other","body":{}}', b'{"kind":"SyncRequest","body":{}}', b"\xff"):
        with pytest.raises(Refused, match="版本可能不一样"):
            message_of(strange)
