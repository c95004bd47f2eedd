"""What was typed is kept within a second, also by who never pauses."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from nehe_desktop.core.draft import Draft
from nehe_desktop.core.store import Store
from nehe_desktop.features.visits.ledger import Visit
from nehe_desktop.ui.editors import Links
from nehe_desktop.ui.form import Form
from nehe_desktop.ui.tasks import Tasks


def test_typing_without_a_pause_is_kept_within_a_second(qtbot: QtBot) -> None:
    tasks = Tasks(print, print)
    form = Form(Draft(Visit, household="h1"), Links(tasks), only=("visitors",))
    qtbot.addWidget(form)
    kept: list[str] = []
    form.autosave.connect(lambda payload: kept.append(payload["values"]["visitors"]))
    for end in range(1, 12):
        form._edit("visitors", "李建国王淑英刘永福张明"[:end])
        qtbot.wait(100)
    tasks.close()
    assert kept
    assert len(kept[0]) >= 5


def test_a_kept_draft_is_on_the_disk_when_the_future_ends(store: Store) -> None:
    draft = Draft(Visit, household="h1")
    draft.set("note", "家里都好")
    store.keep_draft("visit:h1", draft.to_json()).result()
    back = Draft(Visit)
    back.from_json(store.draft("visit:h1") or {})
    assert back.value("note") == "家里都好"
