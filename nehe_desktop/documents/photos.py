"""Photos made small for the ledger: at most 1600 px, JPEG, without EXIF; time and place are read first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from nehe_desktop.core.errors import Trouble
from nehe_desktop.core.pictures import bare, is_turned, refusal

LONGEST = 1600
QUALITY = 80
THUMB = 240


@dataclass(frozen=True)
class Shrunk:
    """A photo as it is kept, with when and where its EXIF said it was taken (local time, degrees)."""

    content: bytes
    taken: datetime | None = None
    lat: Decimal | None = None
    lon: Decimal | None = None


def shrunk(content: bytes) -> Shrunk:
    """The photo at 1600 px at most as JPEG of quality 80; raises Trouble for what is no picture."""
    image = _opened(content)
    exif = image.getexif()
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return Shrunk(_jpeg(upright, QUALITY), _taken(exif), *_where(place))


def thumbnail(content: bytes) -> bytes:
    """A small JPEG of a kept photo for the screen."""
    image = ImageOps.exif_transpose(_opened(content))
    image.thumbnail((THUMB, THUMB))
    return _jpeg(image.convert("RGB"), 75)


def for_paper(content: bytes) -> bytes:
    """A kept photo as it leaves on paper: upright, with nothing but its pixels; raises Refused where it is broken."""
    plain = bare(content)
    return _jpeg(ImageOps.exif_transpose(_opened(plain)).convert("RGB"), 90) if is_turned(plain) else plain


def _opened(content: bytes) -> Image.Image:
    if said := refusal(content):
        raise Trouble("这张照片打不开", said)
    try:
        image = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
        image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Trouble("这张照片打不开", "请选 JPEG 或 PNG 格式的照片") from error
    return image


def _jpeg(image: Image.Image, quality: int) -> bytes:
    target = BytesIO()
    image.save(target, "JPEG", quality=quality, optimize=True)
    return bare(target.getvalue())  # Pillow carries the notes of the old picture over


def _taken(exif: Image.Exif) -> datetime | None:
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    said = inner.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    try:
        return datetime.strptime(str(said), "%Y:%m:%d %H:%M:%S").astimezone()
    except ValueError:
        return None


def _where(place: dict[int, Any]) -> tuple[Decimal | None, Decimal | None]:
    try:
        lat = _degrees(place[ExifTags.GPS.GPSLatitude], place[ExifTags.GPS.GPSLatitudeRef] == "S")
        lon = _degrees(place[ExifTags.GPS.GPSLongitude], place[ExifTags.GPS.GPSLongitudeRef] == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None, None
    return lat, lon


def _degrees(parts: Any, negative: bool) -> Decimal:  # noqa: FBT001
    hours, minutes, seconds = (float(part) for part in parts)
    value = Decimal(hours + minutes / 60 + seconds / 3600).quantize(Decimal("0.000001"))
    return -value if negative else value
