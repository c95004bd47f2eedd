"""Photos that were kept with their place are put right by the self-check, and their rows show the new ones."""

from __future__ import annotations

import hashlib
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image

from nehe_desktop.core import local
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.visits.ledger import ProblemTicket
from nehe_desktop.security import check
from nehe_desktop.security.rights import Actor, Rights


def kept_as_before(store: Store) -> str:
    """A photo with a camera's name, kept as it came."""
    exif, target = Image.Exif(), BytesIO()
    exif[0x0110] = "MADE-UP CAMERA"
    Image.new("RGB", (8, 8)).save(target, "JPEG", exif=exif)
    content = target.getvalue()
    name = hashlib.sha256(content).hexdigest()
    store.database.write(lambda db: local.put_blob(db, name, content, "image/jpeg")).result()
    row = ProblemTicket(id="t", village="v", category="其他", description="灯不亮", raised_on=date(2020, 8, 1),
                        photos_before=(name, "b" * 64))  # fmt: skip
    store.write([Put(row)], "登记")
    return name


def looked(store: Store) -> check.Finding:
    place = check.Place(Path("none"), (), store.clock.now())
    return next(finding for finding in check.check(store, place) if finding.what == "照片")


def test_the_self_check_takes_the_place_out_of_old_photos(store: Store) -> None:
    old = kept_as_before(store)
    assert (looked(store).level, looked(store).level) == ("repaired", "good")
    row = store.find(ProblemTicket, "t")
    assert row is not None
    new, other = row.photos_before
    assert b"MADE-UP CAMERA" not in (store.blob(new) or b"MADE-UP CAMERA")
    assert (store.blob(old), other) == (None, "b" * 64)


def test_who_may_not_change_the_row_leaves_it_to_who_may(store: Store) -> None:
    old = kept_as_before(store)
    store.guard = Rights(Actor("审计", frozenset({"R13"})))
    assert looked(store).level == "warning"
    assert store.blob(old) is not None
