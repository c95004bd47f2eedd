"""No picture of anybody gets on what is for everybody to see, by construction (domain §1.9, §11.3 (6)).

Whoever makes a public paper with pictures has to ask `consents.queries.allowed` for each of them, and to say so here.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import get_args

import pypdfium2
import pytest
from PIL import Image

from nehe_desktop.core.errors import Refused
from nehe_desktop.core.kinds import Photos
from nehe_desktop.core.record import LEDGERS, Ledger
from nehe_desktop.core.store import Put, Store
from nehe_desktop.features.intake.export import Export, export
from nehe_desktop.features.intake.lists import fields_of
from nehe_desktop.features.papers.catalogue import COUNTY, HOUSEHOLD, KINDS, Request
from nehe_desktop.features.papers.posting import Public, posted_columns
from nehe_desktop.features.papers.work import preview_of
from tests.samples import sample

HOME = "household-1"
POSTED = [kind.code for kind in KINDS if kind.use == "posted"]
WITH_PHOTOS = [ledger for ledger in LEDGERS.values() if any(isinstance(f.kind, Photos) for f in ledger.fields.values())]


def is_posted(ledger: Ledger, audience: Public) -> bool:
    try:
        return bool(posted_columns(ledger, audience))
    except Refused:
        return False


LISTS: list[tuple[Ledger, Public]] = [
    (ledger, audience) for ledger in WITH_PHOTOS for audience in get_args(Public) if is_posted(ledger, audience)
]


def photos_of(ledger: Ledger, name: str) -> dict[str, tuple[str, ...]]:
    return {field.name: (name,) for field in ledger.fields.values() if isinstance(field.kind, Photos)}


@pytest.fixture
def pictured(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A row with a picture in every ledger that takes pictures; which of them are read while a paper is made."""
    memory, read = BytesIO(), list[str]()
    Image.new("RGB", (40, 30), "red").save(memory, "JPEG")
    name = store.keep_blob(memory.getvalue(), "image/jpeg")
    store.write([Put(replace(sample(ledger), **photos_of(ledger, name))) for ledger in WITH_PHOTOS], "登记")
    content_of = store.blob
    monkeypatch.setattr(store, "blob", lambda sha256: read.append(sha256) or content_of(sha256))
    return read


def pictures_in(pdf: bytes) -> int:
    """How many pictures stand on the pages."""
    with pypdfium2.PdfDocument(pdf) as document:
        return sum(1 for page in document for _ in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))


def test_there_are_pictures_that_could_get_out(pictured: list[str], store: Store) -> None:
    shown = preview_of(store, Request("D09", HOUSEHOLD, household=HOME, visit="visit-1"), sample=False)
    assert (len(pictured), pictures_in(shown.pdf)) == (1, 1)
    assert {"household", "person", "visit"} <= {ledger.table for ledger in WITH_PHOTOS}
    assert POSTED == ["D07"]


@pytest.mark.parametrize("code", POSTED)
def test_a_posted_paper_takes_no_picture(pictured: list[str], store: Store, code: str) -> None:
    shown = preview_of(store, Request(code, HOUSEHOLD, household=HOME), sample=False)
    assert (pictured, pictures_in(shown.pdf)) == ([], 0)


@pytest.mark.parametrize(("ledger", "audience"), LISTS, ids=lambda each: getattr(each, "table", each))
def test_a_public_list_takes_no_picture(
    pictured: list[str], store: Store, tmp_path: Path, ledger: Ledger, audience: Public
) -> None:
    shown = preview_of(store, Request("LIST", COUNTY, ledger=ledger.table, audience=audience), sample=False)
    export(store, Export(ledger.table, tmp_path / "公开.xlsx", audience=audience))
    assert (pictured, pictures_in(shown.pdf)) == ([], 0)


def test_no_list_that_leaves_has_a_column_of_pictures() -> None:
    assert not [field.name for ledger in LEDGERS.values() for field in fields_of(ledger) if isinstance(field.kind, Photos)]
