"""From a request to papers with numbers, to a file or a printer, and to the register."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any, overload

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.core.record import LEDGERS
from nehe_desktop.core.store import Put, Store
from nehe_desktop.documents.document import Document
from nehe_desktop.documents.fonts import bundled
from nehe_desktop.documents.job import Printed, never, print_batch
from nehe_desktop.documents.paper import PREVIEW, Stamp, draw
from nehe_desktop.documents.preview import page_sizes, picture
from nehe_desktop.features.custody import audit
from nehe_desktop.features.custody.clear import Release
from nehe_desktop.features.custody.marks import mark
from nehe_desktop.features.papers.catalogue import COUNTY, Request
from nehe_desktop.features.papers.ledger import PrintedPaper
from nehe_desktop.features.papers.makers import Item, first_items, items_of
from nehe_desktop.features.papers.posting import AUDIENCES
from nehe_desktop.features.papers.queries import device_of, reserve
from nehe_desktop.ui.ledger_rows import among
from nehe_desktop.ui.printing import PageImage

Progress = Callable[[int, int], object]
PREVIEWED, PREVIEWED_ROWS = 3, 200
"""Papers of a batch, and rows of a listing, that are drawn for the screen."""


def _quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


class Papers(Sequence[Any]):
    """Papers that are made one after the other as they are printed, so that a county fits into memory."""

    def __init__(self, items: Sequence[Item], stamps: Sequence[Stamp]) -> None:
        self.items, self.stamps = tuple(items), tuple(stamps)

    def __len__(self) -> int:
        return len(self.items)

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> Papers: ...
    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            return Papers(self.items[at], self.stamps[at])
        return self.items[at].make(self.stamps[at])


@dataclass(frozen=True)
class Ready:
    """Papers with their numbers, ready to be printed."""

    papers: Papers
    release: Release | None = None

    @property
    def title(self) -> str:
        """What a file of them is called."""
        first = self.papers.items[0].title
        return first if len(self.papers) == 1 else f"{first}等 {len(self.papers)} 份"


def ready(store: Store, request: Request, *, sample: bool, release: Release | None = None) -> Ready:
    """Gives every paper its number and its stamp; raises Trouble where there is no paper, Refused for the right.

    Whole numbers stand on a paper only with a release for as many people.
    """
    store.guard.require("print", request.about)
    if request.whole:
        if release is None:
            raise Refused("没有打码的纸要写明理由，并再输一次口令")
        release.covers(request.about, people_on(store, request))
    items = items_of(store, request)
    numbers = reserve(store, request.code, store.clock.now().year, len(items))
    return Ready(_stamped(store, request, items, numbers, sample=sample), release)


def people_on(store: Store, request: Request) -> int:
    """How many records of people stand on the papers of a request."""
    if not request.kind.of_ledger:
        return len(items_of(store, replace(request, masked=True)))
    village = "" if request.scope == COUNTY else request.village
    return store.count(LEDGERS[request.about].cls, *among(village, request.rows))


def _stamped(
    store: Store, request: Request, items: Sequence[Item], numbers: Sequence[str], *, sample: bool
) -> Papers:
    now, device = store.clock.now(), device_of(store)
    words = mark(store, now) if request.marked else ""
    stamps = (
        Stamp(request.kind.form, number, 1, data_time=now, device=device, watermark=words, sample=sample)
        for number in numbers
    )
    return Papers(items, tuple(stamps))


def to_file(
    made: Ready,
    path: Path,
    progress: Progress = _quiet,
    cancelled: Callable[[], bool] = never,
    *,
    archive: bool = False,
) -> Printed:
    """Writes the papers into one PDF, as PDF/A-2b with `archive`; a cancelled batch leaves no file."""
    printed = print_batch(made.papers, path, progress, cancelled, title=made.title)
    return _kept_for_long(printed) if archive else printed


def to_folder(
    made: Ready,
    folder: Path,
    progress: Progress = _quiet,
    cancelled: Callable[[], bool] = never,
    *,
    archive: bool = False,
) -> Printed:
    """Writes each paper into its own PDF, named by its number; cancelled, whole files stay and are told of."""
    printed = print_batch(made.papers, folder, progress, cancelled, separate=True)
    return _kept_for_long(printed) if archive else printed


def _kept_for_long(printed: Printed) -> Printed:
    from nehe_desktop.documents.archive import archive  # pikepdf costs a tenth of a second

    for path in printed.files:
        part = path.with_name(f".{path.name}.archive")
        try:
            archive(path, part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return printed


@contextmanager
def for_printer(
    made: Ready, folder: Path, progress: Progress = _quiet, cancelled: Callable[[], bool] = never
) -> Iterator[tuple[Path, Printed]]:
    """A private file of the papers that is gone when the printer has taken it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        path = Path(place) / "papers.pdf"
        yield path, to_file(made, path, progress, cancelled)


def note(
    store: Store, made: Ready, printed: Printed, outcome: str, *, target: str = "", copies: int = 1
) -> list[PrintedPaper]:
    """Enters what was printed into the register, all of it as one step; gives the rows."""
    now, at = store.clock.now(), {stamp.number: n for n, stamp in enumerate(made.papers.stamps)}
    rows = [
        PrintedPaper(
            village=item.village,
            number=each.number,
            kind=made.papers.stamps[0].code,
            title=item.title[:120],
            about=item.about,
            printed_at=now,
            printed_by=store.author or "命令行",
            outcome=outcome,
            printer=target[:120],
            copies=copies,
            pages=each.pages,
            content_hash=each.content_hash,
            fonts=bundled().profile,
            request=_kept(item.request),
        )
        for each in printed.each
        for item in (made.papers.items[at[each.number]],)
    ]
    if rows:
        store.write([Put(row) for row in rows], f"{outcome}：{made.title}")
        _log(store, made, rows, outcome, target)
    return rows


def _kept(request: Request) -> str:
    """The request to print the same again; rows that were marked by the hundred are left out, the hash stands for them."""
    words, room = request.to_json(), getattr(PrintedPaper.ledger.fields["request"].kind, "width", 0)
    return words if len(words) <= room else replace(request, chosen=()).to_json()


def _log(store: Store, made: Ready, rows: Sequence[PrintedPaper], outcome: str, target: str) -> None:
    """Notes in the log that papers went out: how many, of what, covered or not, where to (domain §11.3 (3))."""
    request, given = made.papers.items[0].request, made.release
    first = rows[0].number + (f" 等 {len(rows)} 份" if len(rows) > 1 else "")
    posted = AUDIENCES[request.audience] if request.kind.of_ledger else "上墙"
    covered = posted if request.use == "posted" else "号码未遮盖" if request.whole else "号码遮盖"
    covered += f"，{given.second}确认" if given and given.second else ""
    words = f"{outcome} {request.kind.title} {first}，{covered}"
    one = len(rows) == 1 and not request.kind.of_ledger
    row = rows[0].about if one and request.about in ("household", "visit") else ""
    audit.note(
        store, "打印", tbl=request.about, row=row, count=len(rows), detail=words, target=Path(target).name,
        reason=given.reason if given else "",
    ).result()


# -- for the screen ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A PDF in memory whose pages the window can draw; `papers` is how many the whole request has."""

    pdf: bytes
    title: str
    papers: int = 1

    def sizes(self) -> list[tuple[float, float]]:
        """Width and height of each page in points."""
        return page_sizes(self.pdf)

    def picture(self, page: int, scale: float) -> tuple[int, int, int, bytes]:
        """Width, height, bytes a line and RGB pixels of a page at `scale` px a point."""
        drawn = picture(self.pdf, page, scale * 72)
        rgb = bytearray(drawn.width * drawn.height * 3)
        for part in range(3):
            rgb[part::3] = drawn.rgba[part::4]
        return drawn.width, drawn.height, drawn.width * 3, bytes(rgb)


def preview_of(store: Store, request: Request, *, sample: bool) -> Shown:
    """The first papers of a request as they will look; they say 预览 where the number will stand. Raises Refused.

    The screen never shows whole numbers or an illness this way, whatever will be printed.
    """
    store.guard.require("read", request.about)
    request = replace(request, masked=True)
    items, count = first_items(store, request, PREVIEWED, PREVIEWED_ROWS)
    if not items:
        raise Trouble(f"没有可以打印的{request.kind.title}", "请先登记")
    papers = _stamped(store, request, items, [PREVIEW] * len(items), sample=sample)
    memory = BytesIO()
    document = Document(memory, items[0].title)
    for paper in papers:
        draw(paper, document)
    document.save()
    more = f"等 {count} 份" if count > 1 else ""
    return Shown(memory.getvalue(), f"{items[0].title}{more}", count)


def page_images(path: Path, dots: int) -> list[PageImage]:
    """The pages of a file as pictures at so many dots per inch, where no print server takes the file."""
    drawn = (picture(path, at, dots) for at in range(len(page_sizes(path))))
    return [PageImage(each.rgba, each.width, each.height) for each in drawn]
