"""A photo is taken in without its place, camera and owner; what other phones write is refused in a sentence."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageOps, PngImagePlugin

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.pictures import bare, is_turned
from nehe_desktop.core.store import Store

SECRETS = (b"MADE-UP CAMERA 7", b"MADE-UP OWNER", b"MADE-UP NOTE", b"48.4869N 124.8822E")


def picture() -> Image.Image:
    """Wider than high, red at the left and blue at the right."""
    made = Image.new("RGB", (64, 32), "blue")
    made.paste("red", (0, 0, 32, 32))
    return made


def exif(turn: int = 1) -> Image.Exif:
    told = Image.Exif()
    told[0x0110], told[0x013B], told[0x0112] = "MADE-UP CAMERA 7", "MADE-UP OWNER", turn
    told[0x8825] = {1: "N", 2: (48.0, 29.0, 12.0), 3: "E", 4: (124.0, 52.0, 55.0), 29: "48.4869N 124.8822E"}
    return told


def jpeg(turn: int = 1, **more: object) -> bytes:
    """As a phone writes it: EXIF, XMP and a comment, and a second picture with all of it behind the end."""
    target = BytesIO()
    told = {"exif": exif(turn), "comment": SECRETS[2], "xmp": b"<x:xmpmeta>" + SECRETS[3], **more}
    picture().save(target, "JPEG", quality=95, **told)
    return target.getvalue() + target.getvalue()


def png(turn: int = 1) -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "MADE-UP OWNER")
    notes.add_text("Comment", "MADE-UP NOTE", zip=True)
    notes.add_itxt("XML:com.adobe.xmp", "48.4869N 124.8822E")
    target = BytesIO()
    picture().save(target, "PNG", exif=exif(turn), pnginfo=notes)
    return target.getvalue() + SECRETS[0]


@pytest.mark.parametrize("content", [jpeg(), jpeg(6), jpeg(progressive=True), png(), png(6)])
def test_nothing_is_left_of_a_photo_but_what_it_shows(content: bytes) -> None:
    assert any(secret in content for secret in SECRETS)
    plain = bare(content)
    assert not [secret for secret in SECRETS if secret in plain]
    before, after = Image.open(BytesIO(content)), Image.open(BytesIO(plain))
    assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()
    assert ImageOps.exif_transpose(after).size == ImageOps.exif_transpose(before).size
    assert bare(plain) == plain


def test_which_side_is_up_is_the_only_word_that_stays() -> None:
    assert not is_turned(bare(jpeg(1)))
    plain = bare(jpeg(6))
    assert is_turned(plain)
    assert dict(Image.open(BytesIO(plain)).getexif()) == {0x0112: 6}


def test_a_photo_is_kept_bare_whoever_keeps_it(store: Store) -> None:
    name = store.keep_blob(jpeg(), "image/jpeg")
    assert store.blob(name) == bare(jpeg())


@pytest.mark.parametrize("head", [b"\0\0\0\x18ftypheic", b"\0\0\0\x20ftypmif1"])
def test_the_format_of_an_apple_phone_is_refused_with_what_to_do(store: Store, head: bytes) -> None:
    with pytest.raises(Refused, match="兼容性最佳"):
        store.keep_blob(head + bytes(100), "image/jpeg")


@pytest.mark.parametrize("cut", [20, 40, 200])
@pytest.mark.parametrize("content", [jpeg(), png()])
def test_half_a_head_of_a_photo_is_refused(content: bytes, cut: int) -> None:
    with pytest.raises(Refused, match="不完整"):
        bare(content[:cut])
