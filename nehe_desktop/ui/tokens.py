"""Design tokens: the colours and sizes that every screen is drawn with."""

from __future__ import annotations

from dataclasses import dataclass, replace

SIZES: dict[str, int] = {"标准": 15, "大": 18, "特大": 20}
"""Names of the three text sizes and their base in px."""

BAR: dict[str, str] = {
    "red": "#D33A2C",
    "orange": "#EE7D22",
    "yellow": "#E2B007",
    "blue": "#3B82D6",
    "green": "#3C9A57",
    "teal": "#15897E",
}
"""Fills of chart bars by tone."""

LEVEL_TONES: dict[str, tuple[str, str]] = {
    "一级": ("red", "红"),
    "二级": ("orange", "橙"),
    "三级": ("yellow", "黄"),
    "四级": ("blue", "蓝"),
    "正常": ("green", ""),
}
"""Tone and colour word of each warning level: always word and dot, never colour alone."""


@dataclass(frozen=True)
class Tokens:
    """One complete set of colours and the base text size in px; 秋水青 with 麦穗金."""

    p900: str = "#06302D"
    p800: str = "#0E4A45"
    p700: str = "#0A544E"
    p600: str = "#0B6B63"
    p500: str = "#15897E"
    p200: str = "#A9D6CF"
    p100: str = "#D5ECE8"
    p50: str = "#EDF6F4"
    gold700: str = "#8A5A0B"
    gold500: str = "#D9952B"
    gold100: str = "#FBEFD9"
    bg: str = "#F3F6F5"
    surface: str = "#FFFFFF"
    surface2: str = "#F8FAF9"
    border: str = "#DCE4E1"
    border2: str = "#A9B8B2"
    scroll: str = "#B8C5C0"
    text: str = "#13201D"
    text2: str = "#46564F"
    text3: str = "#62716B"
    on_dark: str = "#FFFFFF"
    on_rail: str = "#C9DEDA"
    on_gold: str = "#2A1B00"
    red: str = "#B42318"
    red_bg: str = "#FDE9E7"
    orange: str = "#B54708"
    orange_bg: str = "#FEEDDC"
    yellow: str = "#7A5D00"
    yellow_bg: str = "#FBF3CC"
    blue: str = "#1B5AA6"
    blue_bg: str = "#E3EEFB"
    green: str = "#24703A"
    green_bg: str = "#E3F3E7"
    grey: str = "#46564F"
    grey_bg: str = "#ECF0EE"
    teal: str = "#0A544E"
    teal_bg: str = "#EDF6F4"
    gold: str = "#8A5A0B"
    gold_bg: str = "#FBEFD9"
    base: int = 15
    radius: int = 8

    def em(self, times: float) -> int:
        """A length in px as a multiple of the base text size."""
        return round(self.base * times)

    def tone(self, name: str) -> tuple[str, str]:
        """Text colour and tint of a tone: red orange yellow blue green grey teal gold."""
        return getattr(self, name), getattr(self, f"{name}_bg")


LIGHT = Tokens()
HIGH_CONTRAST = replace(
    LIGHT,
    p900="#000000",
    p800="#1F2F2C",
    p700="#003B36",
    p600="#004D46",
    p500="#004D46",
    p200="#004D46",
    p50="#E6F2F0",
    bg="#FFFFFF",
    surface2="#FFFFFF",
    border="#5A6662",
    border2="#1A2421",
    scroll="#5A6662",
    text="#000000",
    text2="#101816",
    text3="#27322E",
    on_rail="#FFFFFF",
    red="#8F150C",
    orange="#8A3200",
    yellow="#5A4300",
    blue="#0B3F7D",
    green="#0F5022",
)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2.1 defines it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (_linear(part) for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
