"""One posted thing as it is read: where it stands, from when to when, its photos, who did what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from nehe_desktop.core.store import Store
from nehe_desktop.documents.photos import thumbnail
from nehe_desktop.features.board.ledger import AUDIENCES, PostingJob
from nehe_desktop.features.board.matters import Term
from nehe_desktop.features.board.queries import term
from nehe_desktop.features.board.rules import OVERDUE, TONES, days_of, photo_missing, state_of
from nehe_desktop.features.papers.queries import household_titles
from nehe_desktop.features.visits.page_side import short_day
from nehe_desktop.ui.layouts import box, row
from nehe_desktop.ui.painted import Pill
from nehe_desktop.ui.theme import em
from nehe_desktop.ui.widgets import label, note_card, pairs


@dataclass(frozen=True)
class Seen:
    """A posted thing with what is shown beside it: the term of its matter, its household, small photos, its history."""

    job: PostingJob
    term: Term | None = None
    home: str = ""
    photos: tuple[tuple[str, bytes], ...] = ()
    trail: str = field(default="", compare=False)

    @classmethod
    def of(cls, store: Store, id: str) -> Seen | None:
        """It as it is stored now; None where it is gone. For a worker."""
        job = store.find(PostingJob, id)
        if job is None:
            return None
        home = household_titles(store, [job.household]).get(job.household, "") if job.household else ""
        events = store.history(PostingJob, id)
        trail = "\n".join(f"{e.at:%Y-%m-%d %H:%M} {e.author} {e.reason}{e.outcome}" for e in events)
        on = job.since or store.clock.today()
        return cls(job, term(store, job.matter, on), home, tuple(_small(store, job)), trail)


def _small(store: Store, job: PostingJob) -> Sequence[tuple[str, bytes]]:
    named = [*(("张贴时", name) for name in job.at_start), *(("撤下时", name) for name in job.at_end)]
    found = [(when, store.blob(name)) for when, name in named]
    return [(when, thumbnail(content)) for when, content in found if content]


def parts(seen: Seen, today: date, steps: QWidget) -> list[QWidget]:
    """What stands at the right of the list, from top to bottom."""
    job, state = seen.job, state_of(seen.job, today)
    title = box(row((label(job.title, "h2", wrap=True), 1), Pill(state, TONES[state], dot=True)))
    written = [label(f"备注：{job.note}", wrap=True)] if job.note else []
    notes = [note_card(words, tone) for words, tone in _notes(job, state, today)]
    trail = label(seen.trail, "caption", wrap=True)
    return [title, *notes, steps, pairs(_facts(seen, today)), *written, *_photos(seen), trail]


def _notes(job: PostingJob, state: str, today: date) -> list[tuple[str, str]]:
    lacking = photo_missing(job, today)
    over = [("公示期已满，请撤下，拍一张撤下后的照片", "red")] if state == OVERDUE else []
    return [*over, *([(f"还没有{lacking}的照片，请拍一张公示栏，加进来", "orange")] if lacking else [])]


def _facts(seen: Seen, today: date) -> list[tuple[str, str | QWidget]]:
    job = seen.job

    def said(on: date | None) -> str:
        return short_day(on, today) if on else ""

    days = f"（{days_of(job)} 天）" if days_of(job) else ""
    least = f"不少于 {seen.term.days} 天" if seen.term else "不定期限"
    printed = " ".join(filter(None, (said(job.printed_on), job.printed_by)))
    return [
        ("公示编号", job.number),
        ("事项", f"{job.matter}，{least}"),
        ("张贴地点", job.place),
        ("给谁看", AUDIENCES[job.audience]),
        ("张贴日期", said(job.since)),
        ("公示到", f"{said(job.until)}{days}"),
        ("撤下", " ".join(filter(None, (said(job.down_on), job.down_by)))),
        ("打印", printed or "手工登记"),
        *([("只和一户有关", seen.home)] if job.household else []),
        *([("要同意的内容", "、".join(job.shows))] if job.shows else []),
    ]


def _photos(seen: Seen) -> list[QWidget]:
    return [pairs([(f"{when}的照片", _picture(small)) for when, small in seen.photos])] if seen.photos else []


def _picture(content: bytes) -> QLabel:
    picture, made = QPixmap(), QLabel()
    picture.loadFromData(content)
    whole, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    made.setPixmap(picture.scaled(em(9), em(7), whole, smooth))
    return made
