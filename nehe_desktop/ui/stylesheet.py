"""The style sheet, written from the tokens."""

from __future__ import annotations

from pathlib import Path

from nehe_desktop.ui.tokens import Tokens


def style_sheet(tokens: Tokens, icons: Path) -> str:
    """Everything Qt draws for us, in the tokens' colours and multiples of their base size."""
    parts = (_texts, _frames, _buttons, _segments, _inputs, _boxes, _lists, _scroll)
    return "\n".join(part(tokens) for part in parts) + _arrows(icons)


def _texts(t: Tokens) -> str:
    return f"""
* {{ outline: 0; }}
QToolTip {{ background: {t.p900}; color: {t.on_dark}; border: 0; padding: 6px 8px; font-size: {t.em(0.87)}px; }}
QLabel {{ background: transparent; }}
QLabel[role="h1"] {{ font-size: {t.em(1.5)}px; font-weight: 700; color: {t.text}; }}
QLabel[role="h2"] {{ font-size: {t.em(1.2)}px; font-weight: 700; color: {t.text}; }}
QLabel[role="h3"] {{ font-size: {t.em(1.07)}px; font-weight: 700; color: {t.text}; }}
QLabel[role="number"] {{ font-size: {t.em(1.95)}px; font-weight: 700; color: {t.text}; }}
QLabel[role="bold"] {{ font-weight: 700; }}
QLabel[role="caption"] {{ font-size: {t.em(0.87)}px; color: {t.text2}; }}
QLabel[role="muted"] {{ color: {t.text2}; }}
QLabel[role="field"] {{ font-size: {t.em(0.93)}px; color: {t.text2}; }}
QLabel[role="error"] {{ font-size: {t.em(0.87)}px; color: {t.red}; }}
QLabel[role="warning"] {{ font-size: {t.em(0.87)}px; color: {t.orange}; }}
QLabel[role="good"] {{ font-size: {t.em(0.87)}px; color: {t.green}; }}
QLabel[role="hint"] {{ font-size: {t.em(0.87)}px; color: {t.text3}; }}
QLabel[role="key"] {{ font-size: {t.em(0.8)}px; color: {t.text2}; background: {t.surface2};
    border: 1px solid {t.border}; border-bottom: 2px solid {t.border2}; border-radius: 4px; padding: 0 5px; }}
QLabel[role="rail-title"] {{ font-size: {t.em(1.07)}px; font-weight: 700; color: {t.on_dark}; }}
QLabel[role="rail-caption"] {{ font-size: {t.em(0.87)}px; color: {t.on_rail}; }}
""" + "".join(f'QLabel[tone="{n}"] {{ color: {t.tone(n)[0]}; }}\n' for n in TONES)


TONES = ("red", "orange", "yellow", "blue", "green", "grey", "teal", "gold")


def _frames(t: Tokens) -> str:
    notes = "".join(
        f'QFrame[note="{n}"] {{ background: {t.tone(n)[1]}; border: 1px solid {t.tone(n)[0]}; '
        f"border-radius: {t.radius}px; }}\n"
        for n in TONES
    )
    return f"""
QFrame[card="plain"] {{ background: {t.surface}; border: 1px solid {t.border}; border-radius: {t.radius + 2}px; }}
QFrame[card="flat"] {{ background: {t.surface2}; border: 1px solid {t.border}; border-radius: {t.radius}px; }}
QFrame[card="chosen"] {{ background: {t.p50}; border: 2px solid {t.p600}; border-radius: {t.radius}px; }}
QFrame[option="off"] {{ background: {t.surface}; border: 1px solid {t.border2}; margin: 1px;
    border-radius: {t.radius - 2}px; }}
QFrame[option="off"]:hover {{ background: {t.p50}; border-color: {t.p500}; }}
QFrame[option="off"]:focus {{ border: 2px solid {t.p600}; margin: 0; }}
QFrame[option="on"] {{ background: {t.p100}; border: 2px solid {t.p600}; border-radius: {t.radius - 2}px; }}
QFrame[option="on"]:focus {{ border: 2px solid {t.gold500}; }}
QFrame[line="h"] {{ background: {t.border}; border: 0; max-height: 1px; min-height: 1px; }}
QFrame[line="v"] {{ background: {t.border}; border: 0; max-width: 1px; min-width: 1px; }}
QFrame#topbar {{ background: {t.surface}; border: 0; border-bottom: 1px solid {t.border}; }}
QFrame#rail {{ background: {t.p900}; border: 0; }}
QFrame#status {{ background: {t.surface}; border: 0; border-top: 1px solid {t.border}; }}
QFrame#sheet {{ background: {t.surface}; border: 1px solid {t.border2}; border-radius: 12px; }}
QFrame#toast {{ background: {t.p900}; border: 0; border-radius: {t.radius}px; }}
QFrame#toast QLabel {{ color: {t.on_dark}; }}
{notes}"""


def _buttons(t: Tokens) -> str:
    height = t.em(2.4)
    return f"""
QPushButton {{ min-height: {height - 2}px; padding: 0 13px; border: 1px solid {t.border2};
    border-radius: {t.radius - 2}px; background: {t.surface}; color: {t.text}; }}
QPushButton:hover {{ background: {t.p50}; border-color: {t.p500}; }}
QPushButton:pressed {{ background: {t.p100}; }}
QPushButton:focus {{ border: 2px solid {t.p600}; padding: 0 12px; min-height: {height - 4}px; }}
QPushButton:disabled {{ color: {t.text3}; background: {t.surface2}; border-color: {t.border}; }}
QPushButton[kind="primary"] {{ background: {t.p600}; border-color: {t.p600}; color: {t.on_dark}; font-weight: 700; }}
QPushButton[kind="primary"]:hover {{ background: {t.p700}; border-color: {t.p700}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {t.gold500}; }}
QPushButton[kind="primary"]:disabled {{ background: {t.border2}; border-color: {t.border2}; color: {t.surface}; }}
QPushButton[kind="tonal"] {{ background: {t.p50}; border-color: {t.p200}; color: {t.p700}; font-weight: 700; }}
QPushButton[kind="tonal"]:hover {{ background: {t.p100}; }}
QPushButton[kind="ghost"] {{ background: transparent; border-color: transparent; color: {t.p600}; padding: 0 8px; }}
QPushButton[kind="ghost"]:hover {{ background: {t.p50}; }}
QPushButton[kind="ghost"]:focus {{ border: 2px solid {t.p600}; padding: 0 7px; }}
QPushButton[kind="danger"] {{ border-color: {t.red}; color: {t.red}; }}
QPushButton[kind="danger"]:hover {{ background: {t.red_bg}; border-color: {t.red}; }}
QPushButton[kind="chip"] {{ border-radius: {(height - 6) // 2}px; min-height: {height - 8}px; padding: 0 12px;
    border-color: {t.border}; color: {t.text2}; font-size: {t.em(0.93)}px; }}
QPushButton[kind="chip"]:checked {{ background: {t.p100}; border-color: {t.p500}; color: {t.p700}; font-weight: 700; }}
QPushButton[kind="chip"]:focus {{ border: 2px solid {t.p600}; padding: 0 11px; min-height: {height - 10}px; }}
QPushButton[kind="status"] {{ border: 1px solid transparent; background: transparent; padding: 0 6px;
    min-height: {t.em(1.7)}px; font-size: {t.em(0.87)}px; color: {t.text2}; }}
QPushButton[kind="status"]:hover {{ background: {t.p50}; }}
QPushButton[kind="status"]:focus {{ border: 1px solid {t.p600}; }}
QPushButton[kind="toast"] {{ background: transparent; border: 1px solid {t.gold500}; color: {t.gold500};
    font-weight: 700; }}
QPushButton[kind="toast"]:hover {{ background: {t.p800}; }}
QPushButton[kind="row"] {{ border: 1px solid transparent; background: transparent; text-align: left; padding: 0; }}
QPushButton[kind="row"]:checked {{ background: {t.p50}; border-color: {t.p200}; }}
QPushButton[kind="row"]:hover {{ background: {t.p50}; }}
QPushButton[kind="row"]:focus {{ border: 2px solid {t.p600}; }}
""" + "".join(
        f'QPushButton[kind="status"][tone="{n}"] {{ color: {t.tone(n)[0]}; }}\n' for n in TONES
    ) + f"""
QPushButton[kind="status"][tone="gold"] {{ background: {t.gold_bg}; border-radius: {t.radius - 2}px; font-weight: 700; }}
"""


def _segments(t: Tokens) -> str:
    radius = t.radius - 2
    return f"""
QPushButton[seg] {{ border-radius: 0; margin: 0; padding: 0 10px; color: {t.text2}; border-color: {t.border2};
    min-width: {t.em(2.6)}px; }}
QPushButton[seg]:focus {{ padding: 0 9px; color: {t.text}; }}
QPushButton[seg="first"] {{ border-top-left-radius: {radius}px; border-bottom-left-radius: {radius}px; }}
QPushButton[seg="mid"] {{ border-left: 0; }}
QPushButton[seg="last"] {{ border-left: 0; border-top-right-radius: {radius}px;
    border-bottom-right-radius: {radius}px; }}
QPushButton[seg="only"] {{ border-radius: {radius}px; }}
QPushButton[seg]:checked {{ background: {t.p600}; color: {t.on_dark}; font-weight: 700; border-color: {t.p600}; }}
QPushButton[seg]:checked:focus {{ border: 2px solid {t.gold500}; }}
QPushButton[seg][bad="true"]:checked {{ background: {t.red}; border-color: {t.red}; }}
QPushButton[seg][wrong="true"] {{ border-color: {t.red}; background: {t.red_bg}; }}
"""


def _inputs(t: Tokens) -> str:
    height = t.em(2.4)
    one_line = "QLineEdit, QComboBox, QSpinBox"
    return f"""
{one_line} {{ min-height: {height - 2}px; max-height: {height - 2}px; padding: 0 10px;
    border: 1px solid {t.border2}; border-radius: {t.radius - 2}px; background: {t.surface};
    color: {t.text}; selection-background-color: {t.p600}; selection-color: {t.on_dark}; }}
QPlainTextEdit {{ padding: 6px 8px; border: 1px solid {t.border2}; border-radius: {t.radius - 2}px;
    background: {t.surface}; color: {t.text}; selection-background-color: {t.p600};
    selection-color: {t.on_dark}; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus {{ border: 2px solid {t.p600}; padding: 0 9px;
    min-height: {height - 4}px; max-height: {height - 4}px; background: {t.p50}; }}
QPlainTextEdit:focus {{ border: 2px solid {t.p600}; padding: 5px 7px; background: {t.p50}; }}
QLineEdit[wrong="true"], QComboBox[wrong="true"] {{ border: 2px solid {t.red}; padding: 0 9px;
    min-height: {height - 4}px; max-height: {height - 4}px; background: {t.red_bg}; }}
QPlainTextEdit[wrong="true"] {{ border: 2px solid {t.red}; padding: 5px 7px; background: {t.red_bg}; }}
QLineEdit[wrong="true"]:focus, QPlainTextEdit[wrong="true"]:focus, QComboBox[wrong="true"]:focus {{
    background: {t.surface}; }}
QLineEdit:read-only {{ background: {t.surface2}; color: {t.text2}; border-color: {t.border}; }}
QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled {{ background: {t.surface2}; color: {t.text3};
    border-color: {t.border}; }}
QLineEdit[role="search"] {{ padding-left: 4px; }}
QLineEdit[role="round"] {{ border-radius: {height // 2}px; padding-left: 6px; background: {t.surface2};
    border-color: {t.border}; }}
QLineEdit[role="palette"] {{ border: 0; background: transparent; font-size: {t.em(1.33)}px;
    min-height: {t.em(3.2)}px; max-height: {t.em(3.2)}px; padding: 0; }}
QComboBox QLineEdit {{ border: 0; min-height: 0; max-height: 9999px; padding: 0; background: transparent; }}
QComboBox QLineEdit:focus {{ border: 0; padding: 0; min-height: 0; max-height: 9999px; }}
QComboBox::drop-down {{ width: {t.em(1.9)}px; border: 0; }}
QComboBox::down-arrow {{ width: {t.em(1.07)}px; height: {t.em(1.07)}px; }}
QComboBox QAbstractItemView {{ border: 1px solid {t.border2}; background: {t.surface};
    selection-background-color: {t.p100}; selection-color: {t.text}; padding: 4px; }}
"""


def _boxes(t: Tokens) -> str:
    side = t.em(1.2)
    return f"""
QCheckBox, QRadioButton {{ spacing: 8px; min-height: {t.em(2.0)}px; color: {t.text}; background: transparent; }}
QCheckBox::indicator {{ width: {side}px; height: {side}px; border: 1px solid {t.border2}; border-radius: 4px;
    background: {t.surface}; }}
QCheckBox::indicator:checked {{ background: {t.p600}; border-color: {t.p600}; }}
QCheckBox:focus {{ color: {t.p600}; }}
QCheckBox::indicator:focus {{ border: 2px solid {t.p600}; }}
QCheckBox:disabled {{ color: {t.text3}; }}
QProgressBar {{ border: 0; background: {t.grey_bg}; border-radius: 4px; max-height: 8px; min-height: 8px;
    color: transparent; }}
QProgressBar::chunk {{ background: {t.p500}; border-radius: 4px; }}
QTabBar {{ background: transparent; qproperty-drawBase: 0; }}
QTabBar::tab {{ padding: 0 12px; height: {t.em(2.4)}px; border: 0; border-bottom: 3px solid transparent;
    color: {t.text2}; background: transparent; }}
QTabBar::tab:selected {{ color: {t.p600}; border-bottom-color: {t.p600}; font-weight: 700; }}
QTabBar::tab:hover {{ color: {t.p600}; }}
QTabBar::tab:focus {{ background: {t.p50}; }}
QMenu {{ background: {t.surface}; border: 1px solid {t.border2}; padding: 4px; }}
QMenu::item {{ padding: 8px 24px 8px 12px; border-radius: 4px; color: {t.text}; }}
QMenu::item:selected {{ background: {t.p100}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.text3}; }}
QSplitter::handle {{ background: transparent; }}
"""


def _lists(t: Tokens) -> str:
    return f"""
QTableView, QTreeView, QListView, QTextBrowser {{ background: {t.surface}; border: 0; color: {t.text};
    gridline-color: {t.border}; selection-background-color: {t.p100}; selection-color: {t.text};
    alternate-background-color: {t.surface2}; }}
QTextBrowser {{ padding: 4px 12px; }}
QTableView::item {{ border: 0; padding: 0 8px; }}
QHeaderView {{ background: {t.surface2}; border: 0; }}
QHeaderView::section {{ background: {t.surface2}; color: {t.text2}; border: 0;
    border-bottom: 1px solid {t.border}; padding: 0 10px; font-size: {t.em(0.93)}px; font-weight: 700;
    height: {t.em(2.27)}px; }}
QHeaderView::section:hover {{ background: {t.p50}; color: {t.p700}; }}
"""


def _scroll(t: Tokens) -> str:
    return f"""
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {t.scroll}; border-radius: 4px; margin: 2px; min-height: 36px; min-width: 36px; }}
QScrollBar::handle:hover {{ background: {t.text3}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QScrollArea {{ border: 0; background: transparent; }}
QScrollArea > QWidget > QWidget#scrollbody {{ background: transparent; }}
"""


def _arrows(icons: Path) -> str:
    folder = icons.as_posix()
    return f"""
QComboBox::down-arrow {{ image: url({folder}/combo-down.svg); }}
QCheckBox::indicator:checked {{ image: url({folder}/box-check.svg); }}
"""
