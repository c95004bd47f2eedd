from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import zstandard
from msgspec import Raw

from nehe_desktop.cli.benches.traffic import Traffic
from nehe_desktop.sync import wire
from nehe_desktop.sync.protocol import Pull, Push, SyncRequest, Transaction, encode
from nehe_desktop.sync.wire import UnknownDictionary, Unreadable, pack, packed, unpack, unpacked

VILLAGE = "18289a2d06ef539399a78e9ed9ea7708"


def request(saves: list[Transaction]) -> SyncRequest:
    """A push with what cannot be packed: names, chain and signature are noise."""
    push = Push(1, os.urandom(16).hex(), [Raw(encode(each)) for each in saves], os.urandom(32).hex())
    return SyncRequest(os.urandom(16).hex(), os.urandom(16).hex(), 1, push=push, pull=Pull({VILLAGE: 5310}))


def traffic() -> Traffic:
    made = Traffic(VILLAGE)
    made.take(300)  # who is corrected later is already there
    return made


@pytest.mark.parametrize("dictionary", [True, False])
@pytest.mark.parametrize("count", [0, 1, 10, 500])
def test_what_was_packed_comes_out_as_it_was(count: int, dictionary: bool) -> None:  # noqa: FBT001
    made = request(traffic().take(count))
    assert unpack(pack(made, dictionary=dictionary), SyncRequest) == made


def test_a_hundred_changes_take_at_most_eighty_bytes_each() -> None:
    stream = traffic()
    sizes = [len(pack(request(stream.take(100)))) / 100 for _ in range(5)]
    assert max(sizes) <= 80


def test_one_change_takes_less_than_half_by_the_dictionary() -> None:
    saves = [encode(each) for each in traffic().take(200)]
    known = sum(len(packed(each)) for each in saves) / 200
    plain = sum(len(packed(each, dictionary=False)) for each in saves) / 200
    assert known <= 150
    assert known < plain / 2


def test_the_traffic_is_a_fifth_new_persons_and_a_third_corrections() -> None:
    changes = [each.c[0] for each in traffic().take(2000)]
    kinds = [(change.t, change.o) for change in changes]
    assert 0.17 < kinds.count(("person", "I")) / 2000 < 0.23
    assert 0.42 < kinds.count(("visit", "I")) / 2000 < 0.48
    assert 0.32 < kinds.count(("person", "U")) / 2000 < 0.38


def test_only_who_knows_the_dictionary_is_answered_with_it() -> None:
    small, large = packed(b"{}"), packed(bytes(wire.SMALL + 1))
    assert wire.uses_dictionary(small)
    assert not any(map(wire.uses_dictionary, (packed(b"{}", dictionary=False), large, b"", b"nonsense")))


def test_another_dictionary_is_told_from_damage() -> None:
    samples: list[Any] = [json.dumps({"n": n, "words": "村" * (n % 7)}).encode() * 4 for n in range(2000)]
    other = zstandard.train_dictionary(1024, samples, dict_id=40_000, k=64, d=8)
    with pytest.raises(UnknownDictionary, match="40000"):
        unpacked(zstandard.ZstdCompressor(dict_data=other).compress(b"{}"))


def test_what_is_no_message_is_unreadable() -> None:
    good = packed(b'{"dev":"d"}')
    for bad in (b"", b"\x28\xb5", b"nonsense", good[:-1], good + b"more", good + good, packed(b"{"), good):
        with pytest.raises(Unreadable):
            unpack(bad, SyncRequest)


def test_a_small_body_cannot_unpack_without_end() -> None:
    bomb, nameless = (
        zstandard.ZstdCompressor().compress(bytes(9 << 20)),
        zstandard.ZstdCompressor().compressobj(),
    )
    unknown = nameless.compress(bytes(9 << 20)) + nameless.flush()
    for body in (bomb, unknown):
        with pytest.raises(Unreadable):
            unpacked(body, 8 << 20)
        assert len(unpacked(body, 9 << 20)) == 9 << 20


def test_several_threads_pack_at_once() -> None:
    made = [packed(encode(request(traffic().take(5)))) for _ in range(8)]
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda body: [packed(unpacked(body)) == body for _ in range(50)], made))
    assert all(map(all, again))


def test_the_dictionary_is_small_and_has_its_own_number() -> None:
    assert wire._DICTIONARY.stat().st_size == 32 << 10
    assert 32_768 <= wire.number() < 1 << 31  # free for anybody, by the format's description (RFC 8878)
