"""Glyphs for paper: every character of the document drawn into one small font.

The Noto fonts of four East Asian regions are searched in turn, because no single one has every
character of a Chinese name (𠮷 is only in the Japanese, 𬱖 only in the simplified Chinese one).
They are variable fonts of up to 18 MB; only the characters used are instantiated, and kept for the
next document of the process.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from townshipdesk.domain.errors import DeskError

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

REGULAR: Final = 400
BOLD: Final = 700
EM: Final = 1000
ASCENT: Final = 880

GETA: Final = "〓"
"""Chinese printers set this where they lack a character, so that it is filled in by hand."""

_FILES: Final = (
    "notosanssc/NotoSansSC[wght].ttf",
    "notosansjp/NotoSansJP[wght].ttf",
    "notosanstc/NotoSansTC[wght].ttf",
    "notosanskr/NotoSansKR[wght].ttf",
)
_NOTDEF: Final = ".notdef"
_lock = threading.Lock()


@dataclass(slots=True)
class _Source:
    """One font file, opened when a character was not found in those before it."""

    font: TTFont
    glyph_names: dict[int, str]
    sets: dict[int, Any] = field(default_factory=dict)

    def drawn(self, character: str, weight: int) -> tuple[Any, int]:
        """Give a glyph of a weight and its advance."""
        from fontTools.pens.ttGlyphPen import TTGlyphPen

        if weight not in self.sets:
            self.sets[weight] = self.font.getGlyphSet(location={"wght": weight})
        glyph = self.sets[weight][self.glyph_names[ord(character)]]
        pen = TTGlyphPen(None)
        glyph.draw(pen)
        drawn: Any = pen.glyph()
        drawn.recalcBounds(None)  # without its bounds the glyph would stand shifted to the left
        return drawn, round(glyph.width)


@cache
def _source(index: int) -> _Source:
    from importlib.resources import files

    from fontTools.ttLib import TTFont

    path = Path(str(files("justmytype_intl_cjk"))) / "fonts" / "ofl" / _FILES[index]
    if not path.exists():
        raise DeskError("The fonts for printing are not installed.", code="no-fonts")
    font = TTFont(path, lazy=True)
    return _Source(font, font.getBestCmap() or {})


def _source_with(character: str) -> _Source | None:
    for index in range(len(_FILES)):
        source = _source(index)
        if ord(character) in source.glyph_names:
            return source
    return None


_glyphs: dict[tuple[str, int], tuple[Any, int]] = {}


def _glyph(character: str, weight: int) -> tuple[Any, int]:
    known = _glyphs.get((character, weight))
    if known is None:
        source = _source_with(character) or _source_with(GETA)
        if source is None:
            raise DeskError("The fonts for printing are damaged.", code="no-fonts")
        if ord(character) not in source.glyph_names:
            character = GETA
        known = _glyphs[character, weight] = source.drawn(character, weight)
    return known


def missing(text: str) -> str:
    """Give the characters of a text that no font has, each once, in order."""
    with _lock:
        return "".join(c for c in dict.fromkeys(text) if _source_with(c) is None)


@lru_cache(maxsize=4096)
def width_em(text: str, *, bold: bool = False) -> int:
    """Give how wide a text stands, in thousandths of its size."""
    return sum([advance_em(character, bold) for character in text])


@cache
def advance_em(character: str, bold: bool) -> int:
    """Give how wide one character stands, in thousandths of its size."""
    with _lock:
        return _glyph(character, BOLD if bold else REGULAR)[1]


def font_file(characters: Iterable[str], *, bold: bool = False) -> bytes:
    """Give a TrueType font that has these characters, and no others.

    A character no font has gets the geta mark's shape; say so beside it (see `missing`).
    """
    from fontTools.fontBuilder import FontBuilder

    weight = BOLD if bold else REGULAR
    glyphs: dict[str, Any] = {}
    advances: dict[str, tuple[int, int]] = {}
    names: dict[int, str] = {}
    with _lock:
        for name, character in [
            (_NOTDEF, GETA),
            *((f"u{ord(c):05X}", c) for c in sorted(set(characters))),
        ]:
            glyphs[name], advance = _glyph(character, weight)
            advances[name] = (advance, getattr(glyphs[name], "xMin", 0))
            if name != _NOTDEF:
                names[ord(character)] = name
        make: Any = FontBuilder  # fontTools has no types of its own
        builder = make(EM, isTTF=True)
        builder.setupGlyphOrder(list(glyphs))
        builder.setupCharacterMap(names)
        builder.setupGlyf(glyphs)
        builder.setupHorizontalMetrics(advances)
        builder.setupHorizontalHeader(ascent=ASCENT, descent=ASCENT - EM)
        title = "TownshipDesk" + ("Bold" if bold else "")
        builder.setupNameTable(
            {"familyName": title, "styleName": "Regular", "fullName": title, "psName": title}
        )
        builder.setupOS2(
            sTypoAscender=ASCENT,
            sTypoDescender=ASCENT - EM,
            usWeightClass=weight,
            sCapHeight=733,
        )
        builder.setupPost()
        out = io.BytesIO()
        builder.font.save(out)
    return out.getvalue()
