"""Paragraphs of Chinese text: broken by the rules, justified between Chinese characters, typeset once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from nehe_desktop.documents.document import Document
from nehe_desktop.documents.fonts import is_wide
from nehe_desktop.documents.lines import break_lines

MOST_STRETCH = 0.2  # of the size; a line that would need more stays ragged


@dataclass(frozen=True)
class Style:
    """How a paragraph is set: points, but `indent` `left` `right` in characters; `pitch` of the grid or 0."""

    role: str = "fang"
    size: float = 15.75
    leading: float = 28.99
    pitch: float = 0
    indent: float = 2
    left: float = 0
    right: float = 0
    align: str = "justify"


@dataclass(frozen=True)
class Paragraph:
    """A text, or parts of it each in its own role."""

    text: str | tuple[tuple[str, str], ...]
    style: Style = Style()

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """(text, role) in reading order."""
        return ((self.text, self.style.role),) if isinstance(self.text, str) else self.text


@dataclass(frozen=True)
class Line:
    """One typeset line: where it starts, its operators and its width, in points."""

    x: float
    operators: str
    width: float


def typeset(document: Document, paragraph: Paragraph, width: float) -> tuple[Line, ...]:
    """The lines of a paragraph in a measure of `width` points; the same paragraph is set only once."""
    key = (paragraph, width)
    if key not in document.kept:
        document.kept[key] = tuple(_lines(document, paragraph, width))
    return document.kept[key]


def _lines(document: Document, paragraph: Paragraph, width: float) -> Iterable[Line]:
    style = paragraph.style
    glyphs = [document.glyphs(role)[c] for text, role in paragraph.parts for c in text]
    text = "".join(part for part, _ in paragraph.parts)
    square = style.pitch or style.size
    widths = [
        square if is_wide(c) and g[2] > 0.9 else g[2] * style.size for c, g in zip(text, glyphs, strict=True)
    ]
    left, right, indent = (square * n for n in (style.left, style.right, style.indent))
    room = width - left - right
    spans = break_lines(text, widths, room - indent, room) or [(0, 0)]
    for number, (start, end) in enumerate(spans):
        inset = 0 if number else indent
        natural = sum(widths[start:end])
        last = end >= len(text) or text[end] == "\n"
        extra = _extra(text[start:end], room - inset - natural, style, last=last)
        operators = _show(text[start:end], glyphs[start:end], widths[start:end], style.size, extra)
        slack = 0 if extra else room - inset - natural
        shift = {"center": slack / 2, "right": slack}.get(style.align, 0)
        yield Line(left + inset + shift, operators, natural)


def _gaps(text: str) -> int:
    return sum(is_wide(a) or is_wide(b) for a, b in pairwise(text))


def _extra(text: str, slack: float, style: Style, *, last: bool) -> float:
    """What each gap beside a Chinese character gets, so that a justified line fills its measure."""
    gaps = _gaps(text)
    if style.align != "justify" or not gaps or (last and slack > -0.01):
        return 0
    extra = slack / gaps
    return extra if extra <= MOST_STRETCH * style.size else 0


def _show(
    text: str, glyphs: list[tuple[str, str, float]], widths: list[float], size: float, extra: float
) -> str:
    """Operators for a line; spacing stands inside TJ, so that no text state outlives it."""
    pieces: list[str] = []
    current = ""
    for index, (character, (font, code, em)) in enumerate(zip(text, glyphs, strict=True)):
        if font != current:
            pieces.append(f"{'>] TJ ' if current else ''}{font} {size:g} Tf [<")
            current = font
        beside = is_wide(character) or is_wide(text[index + 1 : index + 2] or "a")
        gap = widths[index] - em * size + (extra if beside else 0)
        pieces.append(code if abs(gap) < 0.005 else f"{code}> {-1000 * gap / size:.1f} <")
    return "".join([*pieces, ">] TJ"]) if pieces else ""


def draw_paragraph(document: Document, paragraph: Paragraph, x: float, top: float, width: float) -> float:
    """Draw a paragraph that fits the page with its top at `top`; returns the y below it."""
    return flow(document, [paragraph], x, top, width, 0, lambda: top)


def flow(
    document: Document, paragraphs: Iterable[Paragraph], x: float, top: float, width: float, bottom: float,
    next_page: Callable[[], float],
) -> float:  # fmt: skip
    """Draw paragraphs down to `bottom`, going on at the top that `next_page()` returns; gives the y below."""
    y = top
    for paragraph in paragraphs:
        style = paragraph.style
        for line in typeset(document, paragraph, width):
            if bottom and y - style.leading < bottom - 0.1:
                y = next_page()
            baseline = y - (style.leading + style.size) / 2 + 0.12 * style.size
            if line.operators:
                document.put(f"BT 1 0 0 1 {x + line.x:.2f} {baseline:.2f} Tm {line.operators} ET")
            y -= style.leading
    return y


def height(document: Document, paragraphs: Iterable[Paragraph], width: float) -> float:
    """Height of paragraphs in points when set in a measure of `width`."""
    return sum(len(typeset(document, p, width)) * p.style.leading for p in paragraphs)
