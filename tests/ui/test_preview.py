"""The preview of papers shows a paper, or says in its place why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from nehe_desktop.core.errors import Trouble
from nehe_desktop.ui.preview import Pages, Preview
from nehe_desktop.ui.tasks import Tasks


class Sheet:
    """A paper of one white page."""

    def sizes(self) -> list[tuple[float, float]]:
        """A4 in points."""
        return [(595.0, 842.0)]

    def picture(self, page: int, scale: float) -> tuple[int, int, int, bytes]:
        """White."""
        assert page == 0
        width, height = int(595 * scale), int(842 * scale)
        return width, height, width * 3, b"\xff" * (width * 3 * height)


def refused() -> Pages:
    """A paper that cannot be made."""
    raise Trouble("没有可以打印的月考勤表", "请先登记工作队")


@pytest.fixture
def preview(qtbot: Any) -> Iterator[Preview]:
    """An empty preview."""
    tasks = Tasks(lambda trouble: pytest.fail(trouble.sentence), lambda error: pytest.fail(str(error)))
    made = Preview(tasks)
    qtbot.addWidget(made)
    yield made
    tasks.close()


def test_a_paper_that_cannot_be_made_says_why_where_the_paper_would_be(preview: Preview, qtbot: Any) -> None:
    preview.show_paper("承诺书", Sheet)
    qtbot.waitUntil(lambda: preview.place == (1, 1))
    preview.show_paper("月考勤表", refused)
    said = lambda: [each.text() for each in preview.findChildren(QLabel)]  # noqa: E731
    qtbot.waitUntil(lambda: "没有可以打印的月考勤表。请先登记工作队" in said())
    assert preview.place == (0, 0)
