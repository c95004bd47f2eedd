"""An open PDF: pages, text in any character, lines, tints, boxes, photos; points from bottom left."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Literal

from PIL import UnidentifiedImageError
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas as pdf

from nehe_desktop.core.errors import Refused, Trouble
from nehe_desktop.documents.fonts import Fonts, bundled, is_invisible, load
from nehe_desktop.documents.photos import for_paper

Align = Literal["left", "center", "right"]
Colour = tuple[float, float, float]
MM = 72 / 25.4  # points in a millimetre
PITCH = 0.562  # ems from digit to digit where figures stand under each other
BLACK: Colour = (0, 0, 0)
RED: Colour = (1, 0, 0)
A4 = (210 * MM, 297 * MM)
A4_LANDSCAPE = (297 * MM, 210 * MM)
A3_LANDSCAPE = (420 * MM, 297 * MM)
A5_LANDSCAPE = (210 * MM, 148 * MM)
_SHARE = {"left": 0.0, "center": 0.5, "right": 1.0}


class Glyphs(dict[str, tuple[str, str, float]]):
    """Of one role in one document: character → (font operator, hex in the subset, width in ems)."""

    def __init__(self, document: Document, role: str) -> None:
        super().__init__()
        self.document, self.role = document, role

    def __missing__(self, character: str) -> tuple[str, str, float]:
        shown = " " if is_invisible(character) or character == "\xa0" else character
        font = self.document.fonts.pick(self.role, shown)
        if font is None:
            raise self.document.unprintable(character)
        ((subset, code),) = font.splitString(shown, self.document.canvas._doc)  # noqa: SLF001
        name = font.getSubsetInternalName(subset, self.document.canvas._doc)  # noqa: SLF001
        glyph = (name, code.hex(), font.face.getCharWidth(ord(shown)) / 1000)
        if is_invisible(character):
            glyph = (name, "", 0.0)
        elif self.role == "figures" and "0" <= character <= "9":
            gap = f"> {(glyph[2] - PITCH) * 500:.0f} <"
            glyph = (name, gap + glyph[1] + gap, PITCH)
        self[character] = glyph
        return glyph


class Document:
    """One PDF being written; fonts and typeset texts are shared by all papers in it."""

    def __init__(
        self, target: Path | BinaryIO, title: str, *, fonts: Fonts | None = None, invariant: bool = False,
        on_page: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self.fonts = fonts or bundled()
        load("NeheSong")
        file = str(target) if isinstance(target, Path) else target
        options: dict[str, Any] = {"initialFontName": "NeheSong", "lang": "zh-CN", "invariant": invariant}
        self.canvas: Any = pdf.Canvas(file, A4, pageCompression=1, **options)
        self.canvas.setTitle(title)
        self.canvas.setCreator("讷河市驻村工作台账")
        self.canvas.setSubject(title)
        self.canvas.setKeywords(self.fonts.profile)
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.place, self.pages = title, 0
        self.row: Sequence[str] = ()
        self.on_page = on_page
        self.hashes: dict[str, str] = {}  # of the content of finished papers, by their number
        self.kept: dict[Hashable, Any] = {}  # typeset once: texts, paragraphs, codes
        self._glyphs: dict[str, Glyphs] = {}

    def unprintable(self, character: str) -> Trouble:
        """What to tell the user about a character that no font has: which one and where it stands."""
        where = self.place + (
            "：" + "，".join(str(cell) for cell in self.row[:4] if cell) if self.row else ""
        )
        return Trouble(f"“{character}”（U+{ord(character):04X}）没有字体可以打印，出现在：{where}",
                       "请改用规范汉字，或在打印设置中选用含有这个字的字体。")  # fmt: skip

    def glyphs(self, role: str) -> Glyphs:
        """The characters of a role in this document."""
        found = self._glyphs.get(role)
        if found is None:
            found = self._glyphs[role] = Glyphs(self, role)
        return found

    def shown(self, text: str, role: str, size: float) -> tuple[str, float]:
        """PDF operators that show a text at the current point, and its width in points; typeset once."""
        key = (text, role, size)
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = self._typeset(text, role, size)
        return found

    def _typeset(self, text: str, role: str, size: float) -> tuple[str, float]:
        glyphs = self.glyphs(role)
        parts = [glyphs[character] for character in text]
        width = size * sum([part[2] for part in parts])
        pieces: list[str] = []
        current, codes = "", []
        for font, code, _ in parts:
            if font != current:
                if codes:
                    pieces.append(f"{current} {size:g} Tf [<{''.join(codes)}>] TJ")
                current, codes = font, []
            codes.append(code)
        if codes:
            pieces.append(f"{current} {size:g} Tf [<{''.join(codes)}>] TJ")
        return " ".join(pieces), width

    def width(self, text: str, role: str, size: float) -> float:
        """Width of a text in points."""
        return self.shown(text, role, size)[1]

    def put(self, operators: str) -> None:
        """Append PDF operators to the page."""
        self.canvas._code.append(operators)  # noqa: SLF001

    def repeat(self, key: Hashable, draw: Callable[[], object]) -> None:
        """Draw what is the same on many pages (text, lines, tints): drawn once, its operators shown again."""
        code = self.canvas._code  # noqa: SLF001
        if key not in self.kept:
            start = len(code)
            draw()
            self.kept[key] = "\n".join(code[start:])
        else:
            code.append(self.kept[key])

    def text(
        self, x: float, y: float, text: str, role: str = "song", size: float = 10.5, align: Align = "left",
        room: float = 0,
    ) -> float:  # fmt: skip
        """Show one line at a baseline, squeezed into `room` points when that is given; returns its width."""
        if not text:
            return 0
        operators, width = self.shown(text, role, size)
        squeeze = room / width if room and width > room else 1
        left = x - width * squeeze * _SHARE[align]
        if squeeze < 1:
            operators = f"{100 * squeeze:.1f} Tz {operators} 100 Tz"  # Tz outlives ET
        self.put(f"BT 1 0 0 1 {left:.2f} {y:.2f} Tm {operators} ET")
        return width * squeeze

    def coloured(self, colour: Colour, draw: Callable[[], object]) -> None:
        """Draw something in a colour and go back to black."""
        red, green, blue = (f"{part:.3g}" for part in colour)
        self.put(f"q {red} {green} {blue} rg {red} {green} {blue} RG")
        draw()
        self.put("Q")

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.4) -> None:
        """A straight line."""
        self.put(f"{width:g} w {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S")

    def box(self, x: float, y: float, width: float, height: float, line: float = 0.4) -> None:
        """The frame of a rectangle whose lower left corner is (x, y)."""
        self.put(f"{line:g} w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def tint(self, x: float, y: float, width: float, height: float, colour: Colour | float = 0.92) -> None:
        """A filled rectangle, in a grey (0 black … 1 white) or a colour."""
        shade = (
            f"{colour:g} g"
            if isinstance(colour, (int, float))
            else f"{colour[0]:g} {colour[1]:g} {colour[2]:g} rg"
        )
        self.put(f"q {shade} {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f Q")

    def hatch(self, x: float, y: float, width: float, height: float, gap: float = 4) -> None:
        """Slanted lines that close a field which must stay empty."""
        steps = int((width + height) / gap) + 1
        lines = " ".join(f"{x + i * gap - height:.2f} {y:.2f} m {x + i * gap:.2f} {y + height:.2f} l"
                         for i in range(steps))  # fmt: skip
        self.put(f"q {x:.2f} {y:.2f} {width:.2f} {height:.2f} re W n 0.6 G 0.3 w {lines} S Q")

    def check_box(self, x: float, y: float, side: float, *, ticked: bool) -> None:
        """□ or ☑ as paths (no font of the office has ☑); (x, y) is the lower left corner."""
        self.box(x, y, side, side, 0.6)
        if ticked:
            points = ((0.15, 0.5), (0.42, 0.18), (0.95, 1.05))
            (a, b), (c, d), (e, f) = ((x + u * side, y + v * side) for u, v in points)
            self.put(f"q 1.3 w 1 J 1 j {a:.2f} {b:.2f} m {c:.2f} {d:.2f} l {e:.2f} {f:.2f} l S Q")

    def slash_cell(self, x: float, y: float, width: float, height: float, upper: str, lower: str,
                   size: float = 8) -> None:  # fmt: skip
        """斜线表头: a head cell cut by a diagonal; `upper` names the columns, `lower` the rows."""
        self.line(x, y + height, x + width, y)
        self.text(x + width - 2, y + height - size, upper, "hei", size, "right", width * 0.6)
        self.text(x + 2, y + size * 0.3, lower, "hei", size, "left", width * 0.6)

    def photo(self, data: bytes, x: float, y: float, width: float, height: float) -> None:
        """A photo fitted into a frame, without place and camera; the pixels of a JPEG pass through untouched."""
        try:
            image = ImageReader(BytesIO(for_paper(data)))
        except (UnidentifiedImageError, OSError, Refused) as error:
            raise Trouble(f"照片已损坏，无法打印：{self.place}", "请重新导入这张照片。") from error
        self.canvas.drawImage(image, x, y, width, height, preserveAspectRatio=True, anchor="c")

    def new_page(self, size: tuple[float, float]) -> None:
        """Open the next page, of a size in points."""
        if self.pages:
            self.canvas.showPage()
        if self.on_page:
            self.on_page()
        self.pages += 1
        self.canvas.setPageSize(size)

    def form(self, name: str, draw: Callable[[], object]) -> None:
        """Define drawing that pages refer to by name, before or after they do (`use`)."""
        self.canvas.beginForm(name)
        draw()
        self.canvas.endForm()

    def use(self, name: str) -> None:
        """Show a form on this page."""
        self.canvas.doForm(name)

    def save(self) -> None:
        """Write the file."""
        self.canvas.save()
