"""The look: readable in both sets of colours, switched while the program runs, drawn with Chinese."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QFontInfo, QRawFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nehe_desktop.ui import icons, theme
from nehe_desktop.ui.tokens import HIGH_CONTRAST, LIGHT, SIZES, Tokens, contrast
from nehe_desktop.ui.widgets import button, label

TONES = ("red", "orange", "yellow", "blue", "green", "grey", "teal", "gold")


@pytest.mark.parametrize("tokens", [LIGHT, HIGH_CONTRAST])
@pytest.mark.parametrize("tone", TONES)
def test_every_tone_can_be_read_on_its_tint(tokens: Tokens, tone: str) -> None:
    assert contrast(*tokens.tone(tone)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, HIGH_CONTRAST])
@pytest.mark.parametrize("ink", ["text", "text2", "text3"])
def test_every_text_can_be_read_on_the_ground(tokens: Tokens, ink: str) -> None:
    assert contrast(getattr(tokens, ink), tokens.bg) >= 4.5


def test_high_contrast_text_is_seven_to_one() -> None:
    assert contrast(HIGH_CONTRAST.text3, HIGH_CONTRAST.bg) >= 7


def test_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_a_larger_size_makes_buttons_and_columns_larger(qtbot: QtBot, qapp: QApplication) -> None:
    made = button("保存走访记录", icon="check")
    fixed = theme.sized(label("姓名"), width=10)
    qtbot.addWidget(made)
    small = made.sizeHint()
    theme.apply(qapp, "特大")
    assert made.sizeHint().height() > small.height()
    assert made.sizeHint().width() > small.width()
    assert fixed.width() == 10 * SIZES["特大"]


def test_our_own_face_draws_the_characters_of_names() -> None:
    assert theme.load_fonts()
    face = theme.font()
    face.setFamilies(["Nehe Hei"])
    assert QFontInfo(face).family() == "Nehe Hei"
    assert all(QRawFont.fromFont(face).supportsCharacter(ord(each)) for each in "讷河帮扶走访宋桂兰龘䶮")


def test_every_icon_named_in_the_sheet_or_shown_is_there() -> None:
    sheet = theme.style_sheet(LIGHT, icons.ICONS)
    assert all(icons.Path(path).exists() for path in re.findall(r"url\((.*?)\)", sheet))
    assert not icons.pixmap("wheat", "#000000", 20).isNull()


def test_no_two_grounds_are_lost_in_high_contrast(qapp: QApplication) -> None:
    theme.apply(qapp, "标准", high_contrast=True)
    assert qapp.palette().window().color().name().upper() == HIGH_CONTRAST.bg
